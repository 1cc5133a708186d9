import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Upload } from 'tus-js-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetPeak, memoryOf } from './memory.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const HEADERS = { authorization: `Bearer ${KEY}`, 'tus-resumable': '1.0.0' };
const MEGABYTE = 1_048_576;
/** Each of them is a megabyte. */
const CHUNKS = Number(process.env.REELAY_TEST_UPLOAD_MEGABYTES ?? 256);
const MAX_GROWTH_MEGABYTES = 50;
/** Their pieces wait for a garbage collection, so much less would say little. */
const FORM_CHUNKS = 256;

let dataDir: string;
let server: ServerProcess;
const start = () => startProcess({ REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY });
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-uploads-'));
  server = await start();
});
afterEach(async () => {
  await server.stop('SIGKILL');
  await rm(dataDir, { recursive: true });
});

type View = { offsetBytes: number; asset: null | { id: string; url: string; sha256: string; fileName: string } };
const viewOf = async (path: string): Promise<View> => {
  const answer = await fetch(server.url + path, { headers: HEADERS });
  return (await answer.json()) as View; // As docs/uploads.md has it.
};

/** The n-th megabyte of a file that was never in memory as a whole. */
const SEED = randomBytes(MEGABYTE);
function chunkAt(n: number): Buffer {
  const chunk = Buffer.from(SEED);
  chunk.writeUInt32LE(n);
  return chunk;
}
async function create(sizeBytes: number): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/uploads`, {
    method: 'POST',
    headers: { ...HEADERS, 'upload-length': String(sizeBytes) },
  });
  return answer.headers.get('location') ?? '';
}
/** Sends megabytes up to, but not with, `to`. @returns the status, or undefined when the connection broke. */
async function send(path: string, from: number, to: number, onSent: (n: number) => void = () => undefined) {
  const request = httpRequest(server.url + path, {
    method: 'PATCH',
    headers: {
      ...HEADERS,
      'upload-offset': from * MEGABYTE,
      'content-type': 'application/offset+octet-stream',
      'content-length': (CHUNKS - from) * MEGABYTE,
    },
  });
  const ended = new Promise<number | undefined>((resolve) => {
    request.on('response', (response) => resolve(response.statusCode));
    request.on('error', () => resolve(undefined));
  });
  for (let n = from; n < to && !request.destroyed; n += 1) {
    if (!request.write(chunkAt(n))) await new Promise((go) => void [request.once('drain', go), ended.then(go)]);
    onSent(n);
  }
  if (to < CHUNKS) request.destroy();
  else request.end();
  return ended;
}

/** A broken connection leaves part of a megabyte behind, once the server has noticed; this sends the rest of it.
 *  @returns how many megabytes there are then. */
async function evenOut(path: string): Promise<number> {
  for (;;) {
    const { offsetBytes } = await viewOf(path);
    const n = Math.floor(offsetBytes / MEGABYTE);
    const rest = offsetBytes % MEGABYTE === 0 ? Buffer.alloc(0) : chunkAt(n).subarray(offsetBytes % MEGABYTE);
    const headers = {
      ...HEADERS,
      'upload-offset': String(offsetBytes),
      'content-type': 'application/offset+octet-stream',
    };
    const body = rest as Buffer<ArrayBuffer>; // It is not shared.
    const answer = await fetch(server.url + path, { method: 'PATCH', headers, body });
    if (answer.status === 204) return Math.ceil(offsetBytes / MEGABYTE);
  }
}

test.runIf(process.platform === 'linux')(
  `${CHUNKS} MB pass through without staying in memory, broken off and taken up again`,
  async () => {
    const path = await create(CHUNKS * MEGABYTE);
    // Whatever is loaded at the first upload is loaded before it is measured.
    await send(path, 0, 1);
    const first = await evenOut(path);
    const before = await memoryOf(server.child.pid);
    await forgetPeak(server.child.pid);
    await send(path, first, CHUNKS / 2);
    const second = await evenOut(path);
    expect(second).toBeGreaterThan(first);
    expect(await send(path, second, CHUNKS)).toBe(204);
    const { mostMb } = await memoryOf(server.child.pid);
    const digest = createHash('sha256');
    for (let n = 0; n < CHUNKS; n += 1) digest.update(chunkAt(n));
    expect((await viewOf(path)).asset?.sha256).toBe(digest.digest('hex'));
    expect(mostMb - before.nowMb).toBeLessThan(MAX_GROWTH_MEGABYTES);
  },
);

test
  .runIf(process.platform === 'linux')
  .each(['/openapi/v2/media/upload/binary', '/task/openapi/upload', '/api/v1/assets'])(
  'a form passes through %s without staying in memory',
  async (path) => {
    const [head, tail] = [
      Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'),
      Buffer.from('\r\n--b--\r\n'),
    ];
    const upload = (count: number) =>
      new Promise<number | undefined>((resolve, reject) => {
        const length = head.length + count * MEGABYTE + tail.length;
        const headers = { ...HEADERS, 'content-type': 'multipart/form-data; boundary=b', 'content-length': length };
        const request = httpRequest(server.url + path, { method: 'POST', headers });
        request.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
        Readable.from(
          (function* () {
            yield head;
            for (let n = 0; n < count; n += 1) yield chunkAt(n);
            yield tail;
          })(),
        ).pipe(request);
      });
    await upload(1);
    const { nowMb } = await memoryOf(server.child.pid);
    await forgetPeak(server.child.pid);
    expect([200, 201]).toContain(await upload(FORM_CHUNKS));
    expect((await memoryOf(server.child.pid)).mostMb - nowMb).toBeLessThan(FORM_CHUNKS / 2);
  },
);

test('a client of the protocol goes on where it was after the server was killed, and the file is whole', async () => {
  const bytes = randomBytes(12 * MEGABYTE);
  const upload = (options: { uploadUrl?: string; onProgress?: (sent: number) => void }) =>
    new Promise<string>((resolve, reject) => {
      const one = new Upload(bytes, {
        endpoint: `${server.url}/api/v1/uploads`,
        headers: { authorization: `Bearer ${KEY}` },
        metadata: { filename: 'weights.safetensors' },
        chunkSize: MEGABYTE,
        retryDelays: null,
        ...options,
        onError: reject,
        onSuccess: () => resolve(one.url ?? ''),
        onUploadUrlAvailable: () => {
          known = new URL(one.url ?? '').pathname;
        },
      });
      one.start();
    });
  let known = '';
  const killed = Promise.withResolvers<void>();
  const first = upload({
    onProgress: (sent) => {
      if (sent > 5 * MEGABYTE) server.stop('SIGKILL').then(() => killed.resolve(), killed.reject);
    },
  });
  await expect(first).rejects.toThrow();
  await killed.promise;
  server = await start();
  const { offsetBytes } = await viewOf(known);
  expect(offsetBytes).toBeGreaterThanOrEqual(4 * MEGABYTE);
  expect(offsetBytes).toBeLessThan(bytes.length);
  await upload({ uploadUrl: server.url + known });
  const { asset } = await viewOf(known);
  expect(asset).toMatchObject({
    sha256: createHash('sha256').update(bytes).digest('hex'),
    fileName: expect.stringMatching(/^openapi\/[0-9a-f]{64}\.safetensors$/),
  });
  expect(Buffer.from(await (await fetch(asset?.url ?? '')).arrayBuffer()).equals(bytes)).toBe(true);
  expect(await readdir(join(dataDir, 'blobs', 'parts'))).toEqual([]);
});
