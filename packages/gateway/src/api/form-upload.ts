import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../accounts/keys.ts';
import type { Asset, AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Caller } from '../contract/task.ts';
import { credentialsOf } from './request-key.ts';

const MEGABYTE = 1_048_576;
/** What boundaries, part headers and form fields may add to the file itself. */
const OVERHEAD_BYTES = MEGABYTE;
/** How much is kept of a file whose sender we do not know yet. */
const MAX_UNKNOWN_SENDER_BYTES = 64 * MEGABYTE;
const FORM_LIMITS = { fields: 32, fieldSize: 65_536, files: 8, parts: 40, fileSize: Number.POSITIVE_INFINITY };

/** Some clients name the part and nothing else. */
const isPartAFile = (field: string | undefined, type: string | undefined, fileName: string | undefined): boolean =>
  fileName !== undefined || type === 'application/octet-stream' || field === 'file';

export type UploadDeps = {
  readonly assets: AssetService;
  readonly callers: Callers;
  readonly maxUploadMegabytes: number;
  /** For a file whose sender says only later who it is. */
  readonly tempDir: string;
};

/** Lets the routes of a scope take forms. The scope is their own: the form reader adds hooks that other routes should not
 *  pay for. */
export async function readForms(scope: FastifyInstance): Promise<void> {
  scope.removeAllContentTypeParsers();
  await scope.register(multipart, { throwFileSizeLimit: false, limits: FORM_LIMITS, isPartAFile });
  // Anything else is not read at all: the handler says what to send instead.
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

/** The one file of a form, under whatever part name, stored for whoever's key is in the header, the form or the query.
 *  @throws {GatewayError} `unauthorized`, `malformed_body`, `body_too_large`, `invalid_input`, `media_unusable`. */
export async function receiveFile(request: FastifyRequest, deps: UploadDeps): Promise<Asset> {
  const maxBytes = deps.maxUploadMegabytes * MEGABYTE;
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + OVERHEAD_BYTES) {
    throw new GatewayError('body_too_large', `a file may have ${deps.maxUploadMegabytes} MB at most`);
  }
  // A key that is already known decides before the file is read.
  const sent = credentialsOf(request);
  const caller = sent.key === undefined ? undefined : await deps.callers(sent, 'assets:write');
  if (!request.isMultipart()) {
    throw new GatewayError('malformed_body', 'send multipart/form-data with one part named file');
  }
  if (request.raw.destroyed) throw new GatewayError('malformed_body', 'the upload was cut off');
  const store = (owner: Caller, stream: Readable, fileName: string | undefined): Promise<Asset> => {
    const { accountId } = owner;
    return deps.assets.store({ accountId, stream, maxBytes, ...(fileName === undefined ? {} : { fileName }) });
  };
  try {
    return await readForm(request, caller, deps, store);
  } catch (error) {
    const isGone = request.raw.destroyed && !request.raw.complete;
    if (isGone || isCutOff(error))
      throw new GatewayError('malformed_body', 'the form is not complete', { cause: error });
    throw error;
  }
}

type Store = (owner: Caller, stream: Readable, fileName: string | undefined) => Promise<Asset>;

async function readForm(
  request: FastifyRequest,
  known: Caller | undefined,
  { callers, tempDir }: UploadDeps,
  store: Store,
): Promise<Asset> {
  const fields = new Map<string, unknown>();
  const sent = () => credentialsOf(request, Object.fromEntries(fields));
  let asset: Asset | undefined;
  let waiting: { path: string; fileName: string | undefined } | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        fields.set(part.fieldname, part.value);
      } else if (asset !== undefined || waiting !== undefined) {
        part.file.resume(); // One file a call; the others are ignored.
      } else if (known !== undefined || sent().key !== undefined) {
        asset = await store(known ?? (await callers(sent(), 'assets:write')), part.file, part.filename);
      } else {
        waiting = { path: await keepForUnknownSender(part.file, tempDir), fileName: part.filename };
      }
    }
    if (asset !== undefined) return asset;
    const caller = known ?? (await callers(sent(), 'assets:write'));
    if (waiting !== undefined) return await store(caller, createReadStream(waiting.path), waiting.fileName);
    const problem = { field: 'file', message: 'file is missing: send multipart/form-data with one part named file' };
    throw new GatewayError('invalid_input', problem.message, { details: [problem] });
  } finally {
    if (waiting !== undefined) await rm(dirname(waiting.path), { recursive: true, force: true });
  }
}

/** Some forms carry the key behind the file. The file then waits on disk for it; a sender who wants more room sends the
 *  key first. */
async function keepForUnknownSender(stream: Readable, tempDir: string): Promise<string> {
  const folder = await mkdtemp(join(tempDir, 'form-'));
  const path = join(folder, 'file');
  let sizeBytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      const isTooMuch = sizeBytes > MAX_UNKNOWN_SENDER_BYTES;
      const message = 'ApiKey verification failed: send the key in the Authorization header';
      done(isTooMuch ? new GatewayError('unauthorized', message) : null, chunk);
    },
  });
  try {
    await pipeline(stream, limit, createWriteStream(path));
    return path;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The form reader has no codes for a form that ends too early or has no boundary; its texts are all there is. */
const isCutOff = (error: unknown): boolean =>
  error instanceof Error && !('code' in error) && /multipart|Premature close/i.test(error.message);
