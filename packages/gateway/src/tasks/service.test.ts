import type { Input, Json } from '@reelay/catalog';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mp4Bytes, pngBytes } from '../assets/testing/media.ts';
import { WriteLost } from '../store/db.ts';
import { getTask } from '../store/tasks.ts';
import { DEADLINE_MS, OWNER, STRANGER, TEXT_BODY, TEXT_ENDPOINT } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await setScene();
});
afterEach(() => scene.close());

const submit = (endpoint: string, body: Record<string, Json>) =>
  scene.house.tasks.submit({ caller: OWNER, endpoint, body });
const toUri = (bytes: Buffer) => `data:application/octet-stream;base64,${bytes.toString('base64')}`;
const storedInput = async (taskId: string): Promise<Input> =>
  JSON.parse((await getTask(scene.house.db, taskId))?.input ?? 'null');

test('a submit is durable when it is answered: the task, and its place in the queue', async () => {
  const { house, clock } = scene;
  const task = await house.submit();
  expect(task).toMatchObject({
    id: expect.stringMatching(/^\d{19}$/),
    endpoint: TEXT_ENDPOINT,
    status: 'queued',
    clientId: expect.stringMatching(/^[0-9a-f]{32}$/),
    priceMicros: expect.any(Number),
    currency: 'CNY',
    createdAtMs: clock.nowMs(),
  });
  await scene.restart();
  expect(await scene.house.view(task.id)).toEqual(task);
  expect(await getTask(scene.house.db, task.id)).toMatchObject({ deadline_at_ms: clock.nowMs() + DEADLINE_MS });
  const claimed = await scene.house.queue.claim({ queue: 'tasks', limit: 9, leaseMs: 1_000, nowMs: clock.nowMs() });
  expect(claimed.map(({ id }) => id)).toEqual([task.id]);
});

test('an endpoint that does not exist is not found', async () => {
  await expect(submit('no/such/endpoint', {})).rejects.toMatchObject({ code: 'unknown_route' });
});

test('everything that is wrong is said at once, and nothing is stored', async () => {
  const body = { prompt: '', size: '1x1', duration: 12 };
  await expect(submit(TEXT_ENDPOINT, body)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(/prompt.*; .*size.*; .*duration/s),
    details: [{ field: 'prompt' }, { field: 'size' }, { field: 'duration' }],
  });
  expect(await scene.house.db.read({ sql: 'select id from tasks', parameters: [] })).toEqual([]);
});

test('an inlined file is stored with the account and named in the task', async () => {
  const picture = pngBytes({ widthPx: 720, heightPx: 1_280 });
  const { id } = await submit('rhart-video-v3.1-pro/image-to-video', {
    prompt: 'a boat',
    imageUrl: toUri(picture),
    duration: '8',
    resolution: '720p',
    aspectRatio: '9:16',
  });
  const input = await storedInput(id);
  expect(input.imageUrl).toMatch(/^asset:\/\/asset_/);
  const asset = await scene.house.assets.get(String(input.imageUrl).slice('asset://'.length));
  expect(asset).toMatchObject({ accountId: OWNER.accountId, sizeBytes: picture.length });
});

test('what the driver fetched is named in the task, so that nothing is fetched twice', async () => {
  const { upstream, house } = scene;
  upstream.files.set('a.png', pngBytes({ widthPx: 720, heightPx: 1_280 }));
  const { id } = await submit('rhart-video-v3.1-pro/image-to-video', {
    prompt: 'a boat',
    imageUrl: `${upstream.url}/files/a.png`,
    duration: '8',
    resolution: '720p',
    aspectRatio: '9:16',
  });
  upstream.manners.push('unavailable', 'unavailable');
  await scene.runToEnd(id);
  expect((await house.view(id)).status).toBe('succeeded');
  expect(upstream.fetches.get('a.png')).toBe(1);
  expect((await storedInput(id)).imageUrl).toMatch(/^asset:\/\/asset_/);
});

test('a file that cannot be fetched ends the task with its field and its reason', async () => {
  const { id } = await submit('rhart-video-v3.1-pro/image-to-video', {
    prompt: 'a boat',
    imageUrl: `${scene.upstream.url}/files/none.png`,
    duration: '8',
    resolution: '720p',
    aspectRatio: '9:16',
  });
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject({
    status: 'failed',
    error: { code: 'media_unusable', message: expect.stringMatching(/^imageUrl: .*404/) },
  });
  expect(scene.upstream.jobs).toEqual([]);
});

test('tasks are counted by whether they run or wait', async () => {
  const { house, clock, upstream } = scene;
  upstream.answer = () => ({ status: 'working' });
  const count = (caller = OWNER) => house.tasks.count({ caller });
  expect(await count()).toEqual({ running: 0, waiting: 0 });
  await house.submit();
  await house.submit();
  expect(await count()).toEqual({ running: 0, waiting: 2 });
  house.worker.start();
  await clock.runUntil(() => upstream.jobs.length === 2);
  expect([await count(), await count(STRANGER)]).toEqual([
    { running: 2, waiting: 0 },
    { running: 0, waiting: 0 },
  ]);
});

test('another account sees nothing of a task', async () => {
  const { tasks } = scene.house;
  const { id } = await scene.house.submit();
  expect(await tasks.get({ caller: STRANGER, taskId: id })).toBeUndefined();
  expect(await tasks.listAttempts({ caller: STRANGER, taskId: id })).toEqual([]);
  expect(await tasks.get({ caller: OWNER, taskId: '1' })).toBeUndefined();
});

test('a commit whose answer was lost is looked up: what is durable was accepted', async () => {
  const { house } = scene;
  const write = house.db.write.bind(house.db);
  house.db.write = async (batch) => {
    await write(batch);
    throw new WriteLost('the connection broke');
  };
  const task = await house.submit();
  house.db.write = write;
  expect((await house.view(task.id)).status).toBe('queued');
  house.db.write = () => Promise.reject(new WriteLost('the connection broke before'));
  await expect(house.submit()).rejects.toBeInstanceOf(WriteLost);
  house.db.write = write;
});

describe('ids of earlier tasks', () => {
  /** A task of the owner that ended with these files. */
  async function make(endpoint: string, body: Record<string, Json>, outputs: Buffer[] = []) {
    const { upstream } = scene;
    outputs.forEach((bytes, index) => void upstream.files.set(`made-${index}`, bytes));
    upstream.answer = () => ({
      status: 'done',
      outputs: [{ text: 'made' }, ...outputs.map((_bytes, index) => ({ url: `${upstream.url}/files/made-${index}` }))],
    });
    const { id } = await submit(endpoint, body);
    await scene.runToEnd(id);
    expect((await scene.house.view(id)).status).toBe('succeeded');
    return id;
  }
  const clip = (durationMs: number) => mp4Bytes({ durationMs });
  const findFace = (body: Record<string, Json>) => make('kling-lip-sync/identify-face', body);

  test('a clip that is too long for what names it is refused at submit', async () => {
    const long = await make(TEXT_ENDPOINT, TEXT_BODY, [clip(90_000)]);
    await expect(submit('kling-lip-sync/identify-face', { videoId: long })).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ field: 'videoId', message: expect.stringMatching(/^videoId: names a file of 90 s; at most 60 s/) }],
    });
  });

  test('a task that is older than its id may be is refused', async () => {
    const old = await make(TEXT_ENDPOINT, TEXT_BODY, [clip(5_000)]);
    await scene.house.worker.stop({ graceMs: 1_000 });
    await scene.clock.advance(31 * 86_400_000);
    await expect(submit('kling-lip-sync/identify-face', { videoId: old })).rejects.toMatchObject({
      details: [{ field: 'videoId', message: expect.stringMatching(/has expired: it was usable for 30 days/) }],
    });
  });

  test('a session expires after a day', async () => {
    const session = await findFace({ videoUrl: toUri(clip(7_000)) });
    await scene.house.worker.stop({ graceMs: 1_000 });
    const body = { faceId: '0', audioUrl: 'https://example.com/a.mp3', soundStartTime: 0, soundEndTime: 3_000 };
    const sync = () => submit('kling-lip-sync/lip-sync-video', { ...body, sessionId: session, soundInsertTime: 0 });
    expect((await sync()).status).toBe('queued');
    await scene.clock.advance(24 * 3_600_000 + 1_000);
    await expect(sync()).rejects.toMatchObject({
      details: [{ field: 'sessionId', message: expect.stringMatching(/expired: it was usable for 24 hours/) }],
    });
  });

  test('an id of another kind of result is refused, and so is one that has not ended', async () => {
    const film = await make(TEXT_ENDPOINT, TEXT_BODY, [clip(5_000)]);
    const speech = { faceId: '0', audioUrl: 'https://example.com/a.mp3', soundStartTime: 0, soundEndTime: 3_000 };
    const sync = (sessionId: string) =>
      submit('kling-lip-sync/lip-sync-video', { ...speech, sessionId, soundInsertTime: 0 });
    await expect(sync(film)).rejects.toMatchObject({
      details: [
        { field: 'sessionId', message: expect.stringMatching(/names a text-to-video task; name a face-identify/) },
      ],
    });
    await scene.house.worker.stop({ graceMs: 1_000 });
    const { id } = await submit('kling-lip-sync/identify-face', { videoId: film });
    await expect(sync(id)).rejects.toMatchObject({
      details: [{ field: 'sessionId', message: expect.stringMatching(/has not ended yet/) }],
    });
  });

  test('a character in a prompt leads to the clip that showed it', async () => {
    const character = await make('rhart-video-s/sora-upload-character', { videoUrl: toUri(clip(3_000)) });
    const seen = await mediaOf('rhart-video-s/text-to-video', {
      prompt: `@${character} dances with @1234567890123456789 and writes to a@example.com.`,
      duration: '10',
      aspectRatio: '16:9',
    });
    expect(seen).toMatchObject({ prompt: [{ facts: { durationMs: 3_000 } }] });
  });

  test('ids that are not of the caller’s tasks are left to the provider', async () => {
    const { house } = scene;
    const { id } = await house.tasks.submit({ caller: STRANGER, endpoint: TEXT_ENDPOINT, body: TEXT_BODY });
    for (const videoId of [id, '1234567890123456789', 'whatever']) {
      expect((await submit('kling-lip-sync/identify-face', { videoId })).status).toBe('queued');
    }
  });

  test('a session leads to the clip in which the face was found, through the task that made the clip', async () => {
    const made = await make(TEXT_ENDPOINT, TEXT_BODY, [clip(5_000)]);
    const given = await findFace({ videoUrl: toUri(clip(7_000)) });
    const named = await findFace({ videoId: made });
    for (const [sessionId, durationMs] of [
      [given, 7_000],
      [named, 5_000],
    ] as const) {
      const seen = await mediaOf('kling-lip-sync/lip-sync-video', {
        sessionId,
        faceId: '0',
        audioId: 'a voice of the provider’s',
        soundStartTime: 0,
        soundEndTime: 3_000,
        soundInsertTime: 0,
      });
      expect(seen).toMatchObject({ sessionId: [{ facts: { durationMs } }] });
      expect(Object.keys(seen)).toEqual(['sessionId']);
    }
  });

  test('elements lead to the pictures they were made of', async () => {
    const element = await make('kling-elements', {
      name: 'Boat',
      description: 'A paper boat',
      imageUrl: toUri(pngBytes({ widthPx: 900, heightPx: 900 })),
      elementReferList: [toUri(pngBytes({ widthPx: 800, heightPx: 800 }))],
    });
    const seen = await mediaOf('kling-v3-4k/text-to-video', {
      prompt: 'The boat sails.',
      aspectRatio: '16:9',
      duration: '5',
      sound: false,
      elementList: [{ element_id: element }, { element_id: 'of another service' }],
    });
    const pictures = [{ facts: { widthPx: 900 } }, { facts: { widthPx: 800 } }];
    expect(seen).toMatchObject({ elementList: pictures, 'elementList[0].element_id': pictures });
    expect(Object.keys(seen)).toHaveLength(2);
  });

  /** The files that a provider is given. */
  async function mediaOf(endpoint: string, body: Record<string, Json>) {
    const given: object[] = [];
    await scene.restart([
      {
        name: 'witness',
        submitIsRepeatable: false,
        submit: async ({ media }) => {
          given.push(media);
          return { handle: null };
        },
        poll: async () => ({ state: 'succeeded', outputs: [{ kind: 'text', text: 'seen' }] }),
      },
    ]);
    const { id } = await submit(endpoint, body);
    await scene.runToEnd(id);
    await scene.restart();
    return given[0] ?? {};
  }
});
