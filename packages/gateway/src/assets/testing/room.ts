import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Asset, AssetService, Shelf } from '../../contract/asset.ts';
import type { UploadService } from '../../contract/upload.ts';
import type { Clock } from '../../lib/clock.ts';
import { createFetchGuard, type FetchGuard } from '../../lib/fetch-guard.ts';
import { createIds } from '../../lib/ids.ts';
import type { Db } from '../../store/db.ts';
import { createSqliteDb } from '../../store/testing/databases.ts';
import { type Blobs, openBlobs } from '../blobs.ts';
import { createIntake, type Intake } from '../intake.ts';
import { createLinks, type Links } from '../links.ts';
import { openParts, type Parts } from '../parts.ts';
import { createAssets, createKeeper, type Inspect } from '../service.ts';
import { createShelf } from '../shelf.ts';
import { createUploads } from '../uploads.ts';
import { inspectByHead } from './media.ts';

export type Room = {
  readonly dataDir: string;
  readonly db: Db;
  readonly blobs: Blobs;
  readonly links: Links;
  readonly linkSecret: Buffer;
  readonly guard: FetchGuard;
  readonly assets: AssetService;
  readonly intake: Intake;
  readonly shelf: Shelf;
  readonly parts: Parts;
  readonly uploads: UploadService;
  /** As after a restart: with nothing in memory. */
  openUploads(): Promise<UploadService>;
  readonly time: { nowMs: number };
  /** How long the intake meant to wait between tries. */
  readonly delays: number[];
  /** How often a file was decoded. */
  readonly inspected: string[];
  readonly logged: string[];
  put(bytes: Buffer | string, p?: { accountId?: string; fileName?: string }): Promise<Asset>;
  close(): Promise<void>;
};

export const LINK_LIFETIME_MS = 86_400_000;
export const KEEP_UPLOAD_MS = 86_400_000;
export const STALLED_MS = 10_000;
export const MAX_FETCH_MEGABYTES = 4;

/** The rooms of the gateway that hold files, on a store and a folder of their own. Waits take no time. */
export async function openRoom(p: { inspect?: Inspect; allowPrivateNetwork?: boolean } = {}): Promise<Room> {
  const { db, drop } = await createSqliteDb();
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-assets-'));
  const time = { nowMs: Date.UTC(2026, 0, 2) };
  const nowMs = () => time.nowMs;
  const delays: number[] = [];
  const clock: Clock = {
    nowMs,
    after(ms, callback) {
      delays.push(ms);
      setImmediate(callback);
      return () => {};
    },
  };
  const inspected: string[] = [];
  const logged: string[] = [];
  const note = (_fields: unknown, message: string) => void logged.push(message);
  const log = { debug: note, info: note, warn: note, error: note };
  const inspect: Inspect = (path, options) => {
    inspected.push(path);
    return (p.inspect ?? inspectByHead)(path, options);
  };
  const origin = () => 'http://reelay.test';
  const linkSecret = Buffer.alloc(32, 1);
  const links = createLinks({ secret: linkSecret, origin, lifetimeMs: LINK_LIFETIME_MS, nowMs });
  const blobs = await openBlobs({ dataDir, randomName: randomUUID });
  const ids = createIds({ nowMs, node: 1, randomBytes });
  const stored = { db, blobs, inspect, ids, clock, log };
  const assets = createAssets({ ...stored, links });
  const limits = { maxFetchMegabytes: MAX_FETCH_MEGABYTES, fetchTimeoutMs: 30_000 };
  const uploadLimits = { maxResumableUploadMegabytes: 5_120, maxUnfinishedUploads: 5, stalledUploadMs: STALLED_MS };
  const parts = await openParts(blobs.root);
  const openUploads = async (over: Parts) =>
    createUploads({
      ...stored,
      parts: over,
      keepDraft: createKeeper(stored),
      keepMs: KEEP_UPLOAD_MS,
      limits: uploadLimits,
    });
  const guard = createFetchGuard({ allowPrivateNetwork: p.allowPrivateNetwork ?? true });
  const intake = createIntake({ db, assets, links, guard, clock, random: () => 1, limits });
  return {
    dataDir,
    db,
    blobs,
    links,
    linkSecret,
    guard,
    assets,
    intake,
    shelf: createShelf({ db, blobs }),
    parts,
    uploads: await openUploads(parts),
    openUploads: async () => openUploads(await openParts(blobs.root)),
    time,
    delays,
    inspected,
    logged,
    put: (bytes, { accountId = 'acct_owner', fileName } = {}) =>
      assets.store({
        accountId,
        stream: Readable.from([Buffer.from(bytes as Buffer)]),
        maxBytes: 10_000_000,
        ...(fileName === undefined ? {} : { fileName }),
      }),
    async close() {
      await drop();
      await rm(dataDir, { recursive: true });
    },
  };
}
