import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makePng } from './png.ts';
import { type Client, createClient, type ServerProcess, startProcess } from './server-process.ts';

/** As a patient client would; asking without a pause would take the core that draws. */
const POLL_MS = 50;
const KEY = '0123456789abcdef0123456789abcdef';
const PHOTO = makePng(720, 1280, (x, y) => [
  (x * 255) / 720,
  (y * 255) / 1280,
  ((x >> 5) + (y >> 5)) % 2 === 0 ? 60 : 200,
]);

let dataDir: string;
let server: ServerProcess;
let client: Client;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-whole-'));
  server = await startProcess({ REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY });
  client = createClient(server.url, KEY);
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await rm(dataDir, { recursive: true });
});

const Ended = z.object({
  taskId: z.string(),
  status: z.string(),
  errorCode: z.string(),
  errorMessage: z.string(),
  results: z
    .array(z.object({ url: z.string().nullable(), text: z.string().nullish(), outputType: z.string() }))
    .nullable(),
});
type Ended = z.infer<typeof Ended>;

async function finish(endpoint: string, body: Record<string, unknown>): Promise<Ended> {
  const submitted = Ended.parse(await client.post(`/openapi/v2/${endpoint}`, body));
  expect(submitted).toMatchObject({ errorCode: '', errorMessage: '', results: null });
  for (;;) {
    const answer = Ended.parse(await client.post('/openapi/v2/query', { taskId: submitted.taskId }));
    if (!['QUEUED', 'RUNNING'].includes(answer.status)) return answer;
    await sleep(POLL_MS);
  }
}

async function upload(bytes: Buffer, name: string): Promise<Record<string, unknown>> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  const response = await fetch(`${server.url}/openapi/v2/media/upload/binary`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: form,
  });
  // The envelope is looked at field by field below.
  return (await response.json()) as Record<string, unknown>;
}
const Uploaded = z.object({ code: z.literal(0), data: z.object({ download_url: z.string(), fileName: z.string() }) });

test('a prompt becomes a playable file behind a link that serves ranges', async () => {
  const { status, results } = await finish('rhart-video-s-official/text-to-video-pro', {
    prompt: 'A paper boat on a pond. Slow push-in.',
    size: '720x1280',
    duration: '4',
  });
  expect(status).toBe('SUCCESS');
  expect(results).toMatchObject([{ outputType: 'mp4' }]);
  const url = results?.[0]?.url ?? '';
  expect(new URL(url).pathname).toMatch(/\.mp4$/);
  const whole = await fetch(url);
  expect(whole.headers.get('content-type')).toBe('video/mp4');
  const bytes = Buffer.from(await whole.arrayBuffer());
  expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
  const part = await fetch(url, { headers: { range: 'bytes=4-7' } });
  expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
});

test('an uploaded photograph, by link, by name and inlined, is taken as the same file', async () => {
  const { data } = Uploaded.parse(await upload(PHOTO, 'photo.jpg'));
  expect(data.fileName).toMatch(/^openapi\/[0-9a-f]{64}\.png$/);
  const inline = `data:image/png;base64,${PHOTO.toString('base64')}`;
  for (const imageUrl of [data.download_url, inline]) {
    const { status } = await finish('rhart-video-s-official/image-to-video', {
      prompt: 'It drifts.',
      duration: '4',
      imageUrl,
    });
    expect(status).toBe('SUCCESS');
  }
  const again = Uploaded.parse(await upload(PHOTO, 'other-name.png'));
  expect(again.data.fileName).toBe(data.fileName);
});

test('a file that does not fit the endpoint is refused at once, with the field and what is allowed', async () => {
  const { data } = Uploaded.parse(
    await upload(
      makePng(640, 640, () => [9, 9, 9]),
      'square.png',
    ),
  );
  const refused = await client.post('/openapi/v2/rhart-video-s-official/image-to-video', {
    prompt: 'x',
    duration: '4',
    imageUrl: data.download_url,
  });
  expect(refused).toMatchObject({ taskId: '', errorCode: '1007' });
  expect(refused.errorMessage).toMatch(/imageUrl.*720x1280/);
});

test('a broken picture is refused at upload, and the gateway lives', async () => {
  expect(await upload(PHOTO.subarray(0, 500), 'cut.png')).toMatchObject({ code: 1013 });
  expect((await client.get('/healthz')).status).toBe(200);
});

test('an address into a private network ends the task, and nothing was fetched', async () => {
  let calls = 0;
  const internal = createServer((_request, response) => {
    calls += 1;
    response.end(PHOTO);
  });
  await new Promise<void>((resolve) => internal.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has such an address.
  const { port } = internal.address() as AddressInfo;
  const answer = await finish('rhart-video-s/image-to-video', {
    prompt: 'x',
    duration: '10',
    aspectRatio: '9:16',
    imageUrl: `http://127.0.0.1:${port}/a.png`,
  });
  internal.close();
  expect(answer).toMatchObject({ status: 'FAILED', errorCode: '1013' });
  expect(answer.errorMessage).toContain('imageUrl');
  expect(calls).toBe(0);
});

test('speech, a face and lip sync go together by the ids that they answer with', async () => {
  const speech = await finish('kling-lip-sync/tts', {
    text: 'A paper boat sets sail at dawn.',
    voiceId: 'uk_man2',
    voiceLanguage: 'en',
  });
  expect(speech.status).toBe('SUCCESS');
  const clip = await finish('kling-v2.5-turbo-std/text-to-video', {
    prompt: 'A portrait of a sailor.',
    aspectRatio: '1:1',
    duration: '5',
  });
  const videoUrl = clip.results?.[0]?.url ?? '';
  const face = await finish('kling-lip-sync/identify-face', { videoUrl });
  expect(face).toMatchObject({ status: 'SUCCESS', results: [{ url: null, outputType: 'txt' }] });
  const found = z.object({ session_id: z.string() }).parse(JSON.parse(face.results?.[0]?.text ?? ''));
  const sync = { sessionId: found.session_id, audioId: speech.taskId, soundStartTime: 0, soundEndTime: 2000 };
  const stranger = await finish('kling-lip-sync/lip-sync-video', { ...sync, faceId: '7', soundInsertTime: 500 });
  expect(stranger).toMatchObject({
    status: 'FAILED',
    errorCode: '1007',
    errorMessage: expect.stringContaining('faceId'),
  });
  const synced = await finish('kling-lip-sync/lip-sync-video', {
    ...sync,
    faceId: '0',
    soundInsertTime: 500,
  });
  expect(synced).toMatchObject({ status: 'SUCCESS', results: [{ outputType: 'mp4' }] });
});

test('our own view of a task tells the channel, the attempts and that it is a preview', async () => {
  const { taskId } = await finish('kling-elements', {
    name: 'boat',
    description: 'a paper boat',
    imageUrl: `data:image/png;base64,${PHOTO.toString('base64')}`,
    elementReferList: [`data:image/png;base64,${PHOTO.toString('base64')}`],
  });
  expect(await (await client.get(`/api/v1/tasks/${taskId}`)).json()).toMatchObject({
    id: taskId,
    status: 'succeeded',
    progress: 1,
    isPreview: true,
    channel: 'preview',
    attempts: [{ number: 1, outcome: 'succeeded' }],
  });
});

test('a second gateway on the same data says who has it, and exits', async () => {
  await expect(startProcess({ REELAY_DATA_DIR: dataDir })).rejects.toThrow(
    new RegExp(`already running.*${server.url}`),
  );
});

test('the first start without a key makes one, prints it once, and it works', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reelay-first-'));
  const first = await startProcess({ REELAY_DATA_DIR: folder });
  const key = /Your key, shown this once: ([0-9a-f]{32})/.exec(first.output().stdout)?.[1] ?? '';
  expect(await createClient(first.url, key).post('/openapi/v2/query', { taskId: '1' })).toMatchObject({
    errorCode: '1004',
  });
  expect((await first.stop('SIGINT')).code).toBe(0);
  const second = await startProcess({ REELAY_DATA_DIR: folder });
  expect(second.output().stdout).not.toMatch(/[0-9a-f]{32}/);
  expect(await createClient(second.url, key).post('/openapi/v2/query', { taskId: '1' })).toMatchObject({
    errorCode: '1004',
  });
  await second.stop('SIGTERM');
  await rm(folder, { recursive: true });
});

test('a wrong setting stops the start with one sentence a name', async () => {
  await expect(startProcess({ REELAY_DATA_DIR: dataDir, REELAY_PORT: 'x', REELAY_ADMIN_KEY: 'short' })).rejects.toThrow(
    /REELAY_PORT: .*\n.*REELAY_ADMIN_KEY: /,
  );
});
