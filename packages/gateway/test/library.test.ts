import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { forgetPeak, memoryOf } from './memory.ts';
import { makePng } from './png.ts';
import { type Client, createClient, type ServerProcess, startProcess } from './server-process.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const MEGABYTE = 1_048_576;
const LORA_MEGABYTES = 128;
const MAX_GROWTH_MEGABYTES = 50;

let dataDir: string;
let server: ServerProcess;
let client: Client;
const start = async () => {
  const env = { REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY, REELAY_ALLOW_PRIVATE_NETWORK: 'true' };
  server = await startProcess(env);
  client = createClient(server.url, KEY);
};
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-library-'));
  await start();
});
afterEach(async () => {
  await server.stop('SIGKILL');
  await rm(dataDir, { recursive: true });
});

/** A server that sends half of a file, and the rest only to the second who asks. */
async function startSlowWeb(bytes: Buffer) {
  const asked = Promise.withResolvers<void>();
  let times = 0;
  const web = createServer((_request, response: ServerResponse) => {
    times += 1;
    response.writeHead(200, { 'content-length': bytes.length });
    if (times > 1) return void response.end(bytes);
    response.write(bytes.subarray(0, bytes.length / 2), () => asked.resolve());
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  onTestFinished(() => {
    web.closeAllConnections();
    web.close();
  });
  const { port } = web.address() as AddressInfo; // It listens on TCP.
  return { url: `http://127.0.0.1:${port}/face.png`, asked: asked.promise };
}

test('a managed asset whose fetch a killed server left is there after the next start, and a task takes it', async () => {
  const web = await startSlowWeb(makePng(512, 512, (x, y) => [x % 256, y % 256, 50]));
  const fields = { groupId: 'group-20260327004931-dvjbj', name: 'RHas01', url: web.url, assetType: 'Image' };
  const made = (await client.post('/openapi/v2/assets/create', fields)) as { data: { assetId: string } };
  const { assetId } = made.data;
  await web.asked;
  await server.stop('SIGKILL');
  await start();
  const query = async () =>
    (await client.post('/openapi/v2/assets/query', { assetId })).data as { status: string; previewUrl: string };
  let asset = await query();
  while (asset.status === 'PROCESSING') asset = await query();
  expect(asset).toMatchObject({ status: 'ACTIVE', assetType: 'Image', name: 'RHas01' });
  expect((await fetch(asset.previewUrl)).headers.get('content-type')).toBe('image/png');
  const body = {
    prompt: 'a wave of the hand',
    imageUrl: `asset://${assetId}`,
    aspectRatio: '16:9',
    resolution: '720p',
  };
  const task = await client.post('/openapi/v2/rhart-video-v3.1-pro/image-to-video', body);
  expect(task).toMatchObject({ errorCode: '', errorMessage: '', taskId: expect.stringMatching(/^\d{19}$/) });
});

test.runIf(process.platform === 'linux')('a LoRA passes through without staying in memory', async () => {
  const seed = randomBytes(MEGABYTE);
  const chunks = function* (count: number) {
    for (let n = 0; n < count; n += 1) {
      const chunk = Buffer.from(seed);
      chunk.writeUInt32LE(n);
      yield chunk;
    }
  };
  const upload = async (megabytes: number) => {
    const digest = createHash('md5');
    for (const chunk of chunks(megabytes)) digest.update(chunk);
    const fields = { apiKey: KEY, loraName: 'ink', md5Hex: digest.digest('hex') };
    const { url } = (await client.post('/api/openapi/getLoraUploadUrl', fields)).data as { url: string };
    return new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(url, { method: 'PUT', headers: { 'content-length': megabytes * MEGABYTE } });
      request.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      Readable.from(chunks(megabytes)).pipe(request);
    });
  };
  // Whatever is loaded at the first upload is loaded before it is measured.
  expect(await upload(1)).toBe(200);
  const { nowMb } = await memoryOf(server.child.pid);
  await forgetPeak(server.child.pid);
  expect(await upload(LORA_MEGABYTES)).toBe(200);
  expect((await memoryOf(server.child.pid)).mostMb - nowMb).toBeLessThan(MAX_GROWTH_MEGABYTES);
  const { data } = await client.post('/openapi/v2/resource/list', { resourceType: 'LORA' });
  expect(data).toMatchObject({ total: 2 });
});
