import { randomBytes, randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Log } from '../contract/log.ts';
import type { Clock } from '../lib/clock.ts';
import { createFetchGuard } from '../lib/fetch-guard.ts';
import type { Ids } from '../lib/ids.ts';
import type { Db } from '../store/db.ts';
import { openBlobs } from './blobs.ts';
import { createIntake } from './intake.ts';
import { createLinks, loadLinkSecret } from './links.ts';
import { openParts } from './parts.ts';
import { createAssets, createKeeper, type Inspect } from './service.ts';
import { createShelf } from './shelf.ts';
import { createUploads } from './uploads.ts';

type Deps = {
  readonly config: Pick<Config, 'dataDir' | 'limits' | 'keep' | 'allowPrivateNetwork'>;
  readonly db: Db;
  /** Decodes files, in children. */
  readonly renderer: { inspect: Inspect };
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
  readonly origin: () => string;
};

/** Everything that stores, serves and fetches files. */
export async function openFiles({ config, db, renderer, ids, clock, log, origin }: Deps) {
  const { limits, dataDir } = config;
  const secret = await loadLinkSecret(db, randomBytes);
  const links = createLinks({ secret, origin, lifetimeMs: limits.linkLifetimeMs, nowMs: clock.nowMs });
  const blobs = await openBlobs({ dataDir, randomName: randomUUID });
  const parts = await openParts(blobs.root);
  const inspect: Inspect = (path, options) => renderer.inspect(path, options);
  const stored = { db, blobs, inspect, ids, clock, log };
  const assets = createAssets({ ...stored, links });
  const keepMs = config.keep.unfinishedUploadsMs;
  const uploads = createUploads({ ...stored, parts, keepDraft: createKeeper(stored), keepMs, limits });
  const guard = createFetchGuard({ allowPrivateNetwork: config.allowPrivateNetwork });
  const intake = createIntake({ db, assets, links, guard, clock, random: Math.random, limits });
  const shelf = createShelf({ db, blobs });
  return { assets, shelf, uploads, guard, intake, links, linkSecret: secret, blobs, parts, tempDir: blobs.tempDir };
}
