import { statfs } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { ERRORS, type ErrorCode, GatewayError } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import type { Checksum, Upload, UploadService } from '../contract/upload.ts';
import { getAsset } from '../store/assets.ts';
import type { Db } from '../store/db.ts';
import {
  deleteUpload,
  extendUpload,
  finishUpload,
  getUpload,
  insertUpload,
  refuseUpload,
  setUploadContent,
  type UploadRow,
} from '../store/uploads.ts';
import type { Blobs } from './blobs.ts';
import type { Parts } from './parts.ts';
import { fromRow, type KeepDraft } from './service.ts';

const MEGABYTE = 1_048_576;

type Deps = {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly parts: Parts;
  readonly keepDraft: KeepDraft;
  readonly ids: { uploadId(): string };
  readonly clock: { nowMs(): number };
  readonly log: Log;
  /** How long one that is not touched is kept. */
  readonly keepMs: number;
  readonly limits: {
    readonly maxResumableUploadMegabytes: number;
    readonly maxUnfinishedUploads: number;
    readonly stalledUploadMs: number;
  };
};
/** Who writes into an upload now. */
type Writer = { readonly controller: AbortController; lastAtMs: number; readonly ended: Promise<void> };

/** Uploads in pieces, over a table and a folder. The folder has one owner, so who may write is decided here. */
export function createUploads(deps: Deps): UploadService {
  const { db, parts, clock, limits } = deps;
  const writers = new Map<string, Writer>();
  const finishing = new Map<string, Promise<void>>();

  const find = async ({ accountId, id }: { accountId: string; id: string }): Promise<UploadRow> => {
    const row = await getUpload(db, id);
    if (row?.account_id !== accountId || row.expires_at_ms <= clock.nowMs()) throw noUpload(id);
    return row;
  };
  /** Once, whoever asks at the same time. */
  const finish = (row: UploadRow): Promise<void> => {
    const running = finishing.get(row.id) ?? finishFrom(deps, row).finally(() => finishing.delete(row.id));
    finishing.set(row.id, running);
    return running;
  };
  const read = async (own: { accountId: string; id: string }): Promise<Upload> => {
    const row = await find(own);
    const offset = await offsetOf(deps, row);
    if (row.asset_id !== null || offset < row.size_bytes || writers.has(row.id)) return toUpload(deps, row, offset);
    await finish(row);
    const finished = await find(own);
    return toUpload(deps, finished, await offsetOf(deps, finished));
  };
  const stop = async (id: string): Promise<void> => {
    const writer = writers.get(id);
    writer?.controller.abort(new GatewayError('conflict', 'another request goes on with this upload'));
    await writer?.ended;
  };
  const claim = async (id: string): Promise<{ writer: Writer; end: () => void }> => {
    for (let writer = writers.get(id); writer !== undefined; writer = writers.get(id)) {
      if (clock.nowMs() - writer.lastAtMs < limits.stalledUploadMs) {
        throw new GatewayError('conflict', 'another request is sending this upload; ask for its offset and try again');
      }
      await stop(id);
    }
    const ended = Promise.withResolvers<void>();
    const writer = { controller: new AbortController(), lastAtMs: clock.nowMs(), ended: ended.promise };
    writers.set(id, writer);
    const end = () => {
      writers.delete(id);
      ended.resolve();
    };
    return { writer, end };
  };

  return {
    async create({ accountId, sizeBytes, fileName, metadata }) {
      await requireRoom(deps, sizeBytes);
      const id = deps.ids.uploadId();
      const nowMs = clock.nowMs();
      const row = { id, account_id: accountId, size_bytes: sizeBytes, file_name: fileName, metadata };
      // The file first: one without a row is removed some day, a row without its file would be a lie.
      await parts.create(id);
      const { maxUnfinishedUploads: max } = limits;
      const times = { created_at_ms: nowMs, expires_at_ms: nowMs + deps.keepMs };
      const { committed } = await db.write([insertUpload(db, { ...row, ...times, max })]);
      if (!committed) {
        await parts.remove(id);
        throw new GatewayError('rate_limited', `this account has ${max} unfinished uploads: finish or delete one`);
      }
      return read({ accountId, id });
    },
    require: read,
    async append({ accountId, id, offsetBytes, stream, checksum }) {
      const { writer, end } = await claim((await find({ accountId, id })).id);
      try {
        // Asked again: the one before may have finished it.
        const row = await find({ accountId, id });
        await write(deps, row, { offsetBytes, stream, checksum, writer });
      } finally {
        end();
      }
      return read({ accountId, id });
    },
    async remove(own) {
      const { id } = await find(own);
      await stop(id);
      await finishing.get(id)?.catch(() => undefined);
      const { committed } = await db.write([deleteUpload(db, { id })]);
      if (!committed) throw noUpload(id);
      await parts.remove(id);
    },
  };
}

const noUpload = (id: string): GatewayError => new GatewayError('not_found', `no upload ${id}`);

/** @throws {GatewayError} for what could never fit. */
async function requireRoom({ limits, blobs }: Deps, sizeBytes: number): Promise<void> {
  const { maxResumableUploadMegabytes: megabytes } = limits;
  if (sizeBytes > megabytes * MEGABYTE) {
    throw new GatewayError('body_too_large', `an upload may have ${megabytes} MB at most`);
  }
  const { bavail, blocks, bsize } = await statfs(blobs.root);
  // Some network filesystems do not know how large they are.
  if (blocks > 0 && sizeBytes > bavail * bsize)
    throw new GatewayError('storage_full', 'the server has no room left for this file');
}

/** How much of it is there. @throws {GatewayError} why the whole was refused; `not_found` when its file is lost. */
async function offsetOf({ parts, blobs }: Deps, row: UploadRow): Promise<number> {
  if (row.error_code !== null) throw new GatewayError(toCode(row.error_code), row.error_message ?? '');
  if (row.asset_id !== null) return row.size_bytes;
  const size = await parts.sizeOf(row.id);
  if (size !== undefined) return size;
  // A crash came between the move of its bytes and the row of its asset.
  if (row.sha256 !== null && (await blobs.has(row.sha256))) return row.size_bytes;
  throw noUpload(row.id);
}

const toCode = (code: string): ErrorCode => (Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal');

type Piece = { offsetBytes: number; stream: Readable; checksum: Checksum | undefined; writer: Writer };

async function write(deps: Deps, row: UploadRow, { offsetBytes, stream, checksum, writer }: Piece): Promise<void> {
  const { db, parts, clock, keepMs } = deps;
  const offset = await offsetOf(deps, row);
  if (offset !== offsetBytes) throw new GatewayError('conflict', `the upload goes on at ${offset}`);
  const { signal } = writer.controller;
  addAbortSignal(signal, stream);
  if (row.asset_id !== null) return expectNothing(row, stream);
  const extend = () => db.write([extendUpload(db, { id: row.id, expires_at_ms: clock.nowMs() + keepMs })]);
  await extend();
  try {
    const onBytes = () => {
      writer.lastAtMs = clock.nowMs();
    };
    await parts.append(row.id, { offset, stream, maxBytes: row.size_bytes - offset, checksum, onBytes });
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'body_too_large') throw tooMuch(row);
    throw signal.aborted ? signal.reason : error;
  } finally {
    await extend();
  }
}

/** A finished upload takes the empty piece only. */
async function expectNothing(row: UploadRow, stream: Readable): Promise<void> {
  for await (const chunk of stream) if (chunk.length > 0) throw tooMuch(row);
}

const tooMuch = ({ size_bytes }: UploadRow): GatewayError =>
  new GatewayError('body_too_large', `the upload was announced with ${size_bytes} bytes`);

/** Makes an asset of a whole upload. Every step may be repeated after a crash: the hash is written down before the bytes
 *  move, and the asset before the upload says that it is finished. */
async function finishFrom(deps: Deps, row: UploadRow): Promise<void> {
  const { db, blobs, parts, clock, keepMs, log } = deps;
  const { id, account_id: accountId, size_bytes: sizeBytes } = row;
  const startedAtMs = clock.nowMs();
  const isPart = (await parts.sizeOf(id)) !== undefined;
  const sha256 = row.sha256 ?? (await parts.hash(id));
  const { committed } = await db.write([setUploadContent(db, { id, sha256 })]);
  if (!committed) throw noUpload(id);
  const draft = isPart
    ? blobs.adopt({ path: parts.pathOf(id), sha256, sizeBytes })
    : blobs.existing({ sha256, sizeBytes });
  const expires_at_ms = clock.nowMs() + keepMs;
  try {
    const fileName = row.file_name ?? '';
    const asset = await deps.keepDraft(draft, { accountId, fileName, unreadable: 'refuse', origin: 'upload' });
    await db.write([finishUpload(db, { id, asset_id: asset.id, expires_at_ms })]);
    // Where the account had these bytes already, they are still here.
    await parts.remove(id);
    log.info({ uploadId: id, accountId, sizeBytes, elapsedMs: clock.nowMs() - startedAtMs }, 'upload finished');
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'media_unusable') throw error;
    await db.write([refuseUpload(db, { id, error_code: error.code, error_message: error.message, expires_at_ms })]);
    await parts.remove(id);
    throw error;
  }
}

async function toUpload({ db, blobs }: Deps, row: UploadRow, offsetBytes: number): Promise<Upload> {
  const asset = row.asset_id === null ? undefined : await getAsset(db, row.asset_id);
  return {
    id: row.id,
    sizeBytes: row.size_bytes,
    offsetBytes,
    fileName: row.file_name,
    metadata: row.metadata,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    asset: asset === undefined ? null : fromRow(asset, blobs.pathOf(asset.sha256)),
  };
}
