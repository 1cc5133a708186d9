import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import type { MediaFacts } from '@reelay/catalog';
import { RenderError } from '@reelay/preview';
import { fileTypeFromFile } from 'file-type';
import type { Asset, AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import { findAsset, getAsset, insertAsset, restoreAsset } from '../store/assets.ts';
import type { Db } from '../store/db.ts';
import type { Schema } from '../store/schema.ts';
import type { Blobs, Draft } from './blobs.ts';
import type { Links } from './links.ts';
import { MEDIA_FORMATS, plainTypeOf, toFormat } from './media-types.ts';

/** Sniffing reads little; a file made to keep it busy is given up on. */
const MAX_SNIFF_MS = 5_000;
/** What may stand in a link and in a folder anywhere. The longest in use is `safetensors`. */
const EXTENSION = /^[0-9a-z]{1,12}$/;

export type Inspect = (path: string, options: { signal: AbortSignal }) => Promise<MediaFacts>;
type Deps = {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly links: Links;
  /** Decodes the file, in a child process. */
  readonly inspect: Inspect;
  readonly ids: { assetId(): string };
  readonly clock: { nowMs(): number };
  readonly log: Log;
};
type Row = Schema['assets'];

/** Uploads and outputs over a folder of blobs and a table. */
export function createAssets(deps: Deps): AssetService {
  const { db, blobs, links } = deps;
  const toAsset = (row: Row): Asset => fromRow(row, blobs.pathOf(row.sha256));
  const keepDraft = createKeeper(deps);
  return {
    async store({
      accountId,
      stream,
      fileName = '',
      maxBytes,
      unreadable = 'refuse',
      expects,
      isOpaque = false,
      origin = 'upload',
    }) {
      const draft = await blobs.receive(stream, { maxBytes });
      try {
        return await keepDraft(draft, { accountId, fileName, unreadable, expects, isOpaque, origin });
      } finally {
        await draft.discard();
      }
    },
    async get(id) {
      const row = await getAsset(db, id);
      return row === undefined ? undefined : toAsset(row);
    },
    link: (asset) => links.sign(asset),
    async open(p) {
      const link = links.check(p);
      if (link.is === 'forged') throw new GatewayError('file_not_found', 'file not found');
      if (link.is === 'expired') throw new GatewayError('link_expired', 'the link has expired');
      const row = await getAsset(db, link.assetId);
      if (row === undefined || !(await blobs.has(row.sha256)))
        throw new GatewayError('file_not_found', 'file not found');
      return toAsset(row);
    },
  };
}

/** How a draft becomes a file of an account. */
export type KeepDraft = (
  draft: Draft,
  p: {
    accountId: string;
    fileName: string;
    unreadable: 'refuse' | 'keep';
    expects?: 'media' | 'file' | undefined;
    isOpaque?: boolean;
    origin: 'upload' | 'output';
  },
) => Promise<Asset>;

/** @throws {GatewayError} `media_unusable`; the draft is still there then. */
export function createKeeper(deps: Omit<Deps, 'links'>): KeepDraft {
  const { db, blobs } = deps;
  return async (draft, { accountId, fileName, unreadable, expects, isOpaque = false, origin }) => {
    const { sha256, sizeBytes } = draft;
    const nowMs = deps.clock.nowMs();
    const sniffed = isOpaque ? believe(fileName) : await sniff(draft, fileName);
    if (expects === 'media' && WORDS_OR_NOTHING.has(sniffed.extension)) {
      throw new GatewayError('media_unusable', 'the file is neither a picture, a clip nor sound');
    }
    if (expects === 'file' && (await isPageOrFalse(draft.path, sniffed))) {
      throw new GatewayError('media_unusable', 'the file is not what its name says');
    }
    const known = await findAsset(db, { account_id: accountId, sha256, extension: sniffed.extension });
    if (known !== undefined && (await blobs.has(sha256))) {
      // Unless it is being deleted this moment.
      const { committed } = await db.write([restoreAsset(db, { id: known.id, origin, used_at_ms: nowMs })]);
      if (committed) return fromRow((await getAsset(db, known.id)) ?? known, blobs.pathOf(sha256));
    }
    const type = await look(deps, draft, sniffed, unreadable);
    const row = toRow({ id: deps.ids.assetId(), accountId, sha256, sizeBytes, nowMs, origin }, type);
    return draft.keep(async (path) => {
      await db.write([insertAsset(db, row)]);
      // Somebody may have stored the same bytes meanwhile: the first row holds.
      return fromRow((await findAsset(db, row)) ?? row, path);
    });
  };
}

/** What a page of an error is, and bytes that nobody knows. Makers deliver archives and documents of their own, too. */
const WORDS_OR_NOTHING: ReadonlySet<string> = new Set(['bin', 'txt', 'html', 'htm', 'json', 'xml']);

/** What the start of a page of HTML looks like. */
const PAGE = /^\uFEFF?\s*<(?:!doctype html|html|head|body)\b/i;
const PAGE_BYTES = 256;

/** Most formats of solids say nothing of what they are; a GLB does. */
async function isPageOrFalse(path: string, { extension, mediaType }: Sniffed): Promise<boolean> {
  if (extension === 'glb') return mediaType === undefined;
  if (mediaType !== undefined) return false;
  const head = await text(createReadStream(path, { end: PAGE_BYTES - 1 }));
  return PAGE.test(head);
}

type Sniffed = { readonly extension: string; readonly mediaType: string | undefined };
type FileType = Pick<Asset, 'kind' | 'extension' | 'mediaType' | 'facts'>;

/** Formats that are gzip from their first byte: Gaussian splats. */
const PACKED: ReadonlySet<string> = new Set(['spz']);

/** What the bytes say; the name where they say nothing. */
async function sniff(draft: Draft, fileName: string): Promise<Sniffed> {
  const found = await fileTypeFromFile(draft.path, { signal: AbortSignal.timeout(MAX_SNIFF_MS) }).catch(
    () => undefined,
  );
  const { extension: fallback } = believe(fileName);
  // XML says too little of what it is: its name keeps it an SVG, say, though never served as one.
  if (found === undefined || found.mime.endsWith('/xml')) return { extension: fallback, mediaType: found?.mime };
  if (found.ext === 'gz' && PACKED.has(fallback)) return { extension: fallback, mediaType: found.mime };
  const extension = toFormat(found.ext);
  return { extension: EXTENSION.test(extension) ? extension : fallback, mediaType: found.mime };
}

/** What the name says. It may not make media of bytes that are none: they would be served as such. */
function believe(fileName: string): Sniffed {
  const declared = extname(fileName).slice(1).toLowerCase();
  const safe = EXTENSION.test(declared) ? declared : 'bin';
  return { extension: MEDIA_FORMATS[toFormat(safe)] === undefined ? safe : 'bin', mediaType: undefined };
}

async function look(
  { inspect, log }: Pick<Deps, 'inspect' | 'log'>,
  draft: Draft,
  { extension, mediaType }: Sniffed,
  unreadable: 'refuse' | 'keep',
): Promise<FileType> {
  const format = MEDIA_FORMATS[extension];
  const asFile: FileType = { kind: 'file', extension, mediaType: plainTypeOf(extension, mediaType), facts: null };
  if (format === undefined) return asFile;
  const { sizeBytes, path, sha256 } = draft;
  const unchecked: FileType = {
    kind: format.kind,
    extension,
    mediaType: format.mediaType,
    facts: { kind: format.kind, format: extension, sizeBytes },
  };
  try {
    const facts = await inspect(path, { signal: new AbortController().signal });
    const { kind } = facts;
    // The inspection looks deeper: an MP4 that holds sound only is an M4A.
    const known = MEDIA_FORMATS[facts.format] ?? format;
    const type = kind === 'audio' ? known.mediaType.replace(/^video\//, 'audio/') : known.mediaType;
    return { kind, extension: facts.format, mediaType: type, facts };
  } catch (error) {
    const code = error instanceof RenderError ? error.code : undefined;
    // Without the media libraries nothing can be previewed, but files can still be handed on.
    if (code === 'unavailable') return unchecked;
    if (unreadable === 'keep') {
      log.warn({ sha256, sizeBytes, extension, reason: code }, 'kept a file that cannot be read as media');
      return unchecked;
    }
    if (code === undefined || code === 'canceled') throw error;
    const reason = error instanceof Error && code === 'bad_media' ? error.message : 'reading it took too much';
    const message = `the ${extension} file cannot be read: ${reason}`;
    throw new GatewayError('media_unusable', message, { cause: error });
  }
}

type Identity = Pick<Asset, 'id' | 'accountId' | 'sha256' | 'sizeBytes' | 'origin'> & { nowMs: number };
const toRow = (p: Identity, { kind, extension, mediaType, facts }: FileType): Row => ({
  id: p.id,
  account_id: p.accountId,
  sha256: p.sha256,
  size_bytes: p.sizeBytes,
  media_type: mediaType,
  extension,
  kind,
  width_px: facts?.widthPx ?? null,
  height_px: facts?.heightPx ?? null,
  duration_ms: facts?.durationMs ?? null,
  has_audio: facts?.hasAudio === undefined ? null : Number(facts.hasAudio),
  created_at_ms: p.nowMs,
  origin: p.origin,
  used_at_ms: p.nowMs,
});

/** A row as the rest of us sees it. */
export function fromRow(row: Row, path: string): Asset {
  const { kind, extension, size_bytes: sizeBytes } = row;
  const isMedia = kind === 'image' || kind === 'video' || kind === 'audio';
  return {
    id: row.id,
    accountId: row.account_id,
    sha256: row.sha256,
    sizeBytes,
    mediaType: row.media_type,
    extension,
    kind: isMedia ? kind : 'file',
    origin: row.origin === 'output' || row.origin === 'both' ? row.origin : 'upload',
    createdAtMs: row.created_at_ms,
    facts: isMedia
      ? {
          kind,
          format: extension,
          sizeBytes,
          ...(row.width_px === null ? {} : { widthPx: row.width_px }),
          ...(row.height_px === null ? {} : { heightPx: row.height_px }),
          ...(row.duration_ms === null ? {} : { durationMs: row.duration_ms }),
          ...(row.has_audio === null ? {} : { hasAudio: row.has_audio === 1 }),
        }
      : null,
    path,
  };
}
