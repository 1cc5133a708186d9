import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { APIError, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';
import { makePng } from './png.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const PHOTO = makePng(720, 1280, (x, y) => [x & 255, y & 255, 90]);

let dataDir: string;
let server: Server;
let client: OpenAI;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-openai-'));
  const env = { REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY };
  server = await startServer(loadConfig(env, dataDir), { logLevel: 'error' });
  client = new OpenAI({ apiKey: KEY, baseURL: `${server.url}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** What a call was refused with. */
async function refusalOf(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(APIError);
  return error as APIError;
}
const countTasks = async (): Promise<number> => {
  const response = await fetch(`${server.url}/api/v1/tasks?limit=100`, { headers: { authorization: `Bearer ${KEY}` } });
  const { items } = (await response.json()) as { items: unknown[] };
  return items.length;
};
const isPng = (base64: string | undefined): boolean =>
  Buffer.from(base64 ?? '', 'base64').toString('latin1', 1, 4) === 'PNG';

describe('models', () => {
  test('short names and endpoints are listed, and one is shown', async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toEqual(expect.arrayContaining(['gpt-image-2', 'sora-2', 'veo-3.1', 'vidu/text-to-video']));
    expect(await client.models.retrieve('sora-2')).toMatchObject({ id: 'sora-2', object: 'model' });
    expect((await refusalOf(client.models.retrieve('no-such-model'))).code).toBe('model_not_found');
  });
});

describe('images', () => {
  test('a picture comes as base64, of the shape that was asked for', async () => {
    const { data } = await client.images.generate({
      model: 'gpt-image-2',
      prompt: 'A paper boat.',
      size: '1536x1024',
      quality: 'low',
    });
    expect(data).toHaveLength(1);
    const bytes = Buffer.from(data?.[0]?.b64_json ?? '', 'base64');
    expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
    expect(bytes.readUInt32BE(16) / bytes.readUInt32BE(20)).toBeCloseTo(1.5, 1);
  });

  test('or as an address, several at once, and repeating the call makes nothing new', async () => {
    const ask = () =>
      client.images.generate(
        { model: 'gpt-image-2', prompt: 'A paper boat.', n: 2, response_format: 'url', size: '1024x1024' },
        { headers: { 'idempotency-key': 'two-boats' } },
      );
    const first = await ask();
    expect(first.data).toHaveLength(2);
    for (const { url } of first.data ?? []) expect((await fetch(url ?? '')).status).toBe(200);
    const before = await countTasks();
    expect((await ask()).data).toHaveLength(2);
    expect(await countTasks()).toBe(before);
  });

  test('pictures to edit are sent in a form, or named in JSON', async () => {
    const image = [
      await toFile(PHOTO, 'one.png', { type: 'image/png' }),
      await toFile(PHOTO, 'two.png', { type: 'image/png' }),
    ];
    const edited = await client.images.edit({
      model: 'gpt-image-2',
      prompt: 'Make it blue.',
      image,
      size: '1024x1024',
    });
    expect(isPng(edited.data?.[0]?.b64_json)).toBe(true);
    const body = {
      model: 'gpt-image-2',
      prompt: 'Make it blue.',
      images: [{ image_url: `data:image/png;base64,${PHOTO.toString('base64')}` }],
    };
    const named = (await client.post('/images/edits', { body })) as { data: { b64_json: string }[] };
    expect(isPng(named.data[0]?.b64_json)).toBe(true);
  });

  test('a client that goes away leaves its task running', async () => {
    const gone = new AbortController();
    const before = await countTasks();
    const asked = client.images.generate({ model: 'gpt-image-2', prompt: 'A lighthouse.' }, { signal: gone.signal });
    asked.catch(() => undefined);
    await expect.poll(countTasks).toBe(before + 1);
    gone.abort();
    await expect(asked).rejects.toThrow();
    const newest = async () => {
      const response = await fetch(`${server.url}/api/v1/tasks?limit=1`, {
        headers: { authorization: `Bearer ${KEY}` },
      });
      const { items } = (await response.json()) as { items: { status: string }[] };
      return items[0]?.status;
    };
    await expect.poll(newest).toBe('succeeded');
  });
});

describe('videos', () => {
  test('from a prompt to a file, and away again', async () => {
    const made = await client.videos.create({
      model: 'sora-2',
      prompt: 'A paper boat.',
      seconds: '4',
      size: '1280x720',
    });
    expect(made).toMatchObject({
      object: 'video',
      model: 'sora-2',
      seconds: '4',
      size: '1280x720',
      prompt: 'A paper boat.',
    });
    expect(made.id).toMatch(/^video_\d{19}$/);
    await expect.poll(async () => (await client.videos.retrieve(made.id)).status).toBe('completed');
    expect(await client.videos.retrieve(made.id)).toMatchObject({ progress: 100, error: null });
    const content = await client.videos.downloadContent(made.id);
    expect(content.headers.get('content-type')).toBe('video/mp4');
    expect(Buffer.from(await content.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp');
    const ids: string[] = [];
    for await (const { id } of client.videos.list({ limit: 1 })) ids.push(id);
    expect(ids).toEqual([made.id]);
    expect(await client.videos.delete(made.id)).toEqual({ id: made.id, object: 'video.deleted', deleted: true });
    expect((await refusalOf(client.videos.retrieve(made.id))).status).toBe(404);
  });

  test('a picture to begin with chooses the endpoint that takes one', async () => {
    const input_reference = await toFile(PHOTO, 'first.png', { type: 'image/png' });
    const made = await client.videos.create({ model: 'sora-2', prompt: 'It drifts.', seconds: '4', input_reference });
    expect(made.status).toMatch(/queued|in_progress/);
    const refused = await refusalOf(client.videos.delete(made.id));
    expect([refused.status, refused.code]).toEqual([409, 'conflict']);
    expect((await refusalOf(client.videos.downloadContent(made.id))).status).toBe(400);
  });
});

test('speech comes as a recording', async () => {
  const response = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Mind the step.' });
  expect(response.headers.get('content-type')).toBe('audio/mpeg');
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
});

describe('refusals', () => {
  const image = (changes: object) => client.images.generate({ model: 'gpt-image-2', prompt: 'x', ...changes });
  test.each([
    ['an unknown model', () => image({ model: 'no-such' }), 404, 'model_not_found', null],
    ['a model of another kind', () => image({ model: 'sora-2' }), 400, 'invalid_value', 'model'],
    ['an unknown parameter', () => image({ wings: 2 }), 400, 'unknown_parameter', 'wings'],
    ['a shape that is not there', () => image({ size: '1000x100' }), 400, 'invalid_value', 'size'],
    ['a wrong word', () => image({ quality: 'best' }), 400, 'invalid_value', 'quality'],
    ['too many', () => image({ n: 11 }), 400, 'invalid_value', 'n'],
    ['a stream', () => image({ stream: true }), 400, 'invalid_value', 'stream'],
    [
      'a length that is not there',
      () => client.videos.create({ model: 'sora-2', prompt: 'x', seconds: '7' as '8' }),
      400,
      'invalid_value',
      'seconds',
    ],
    [
      'another format',
      () => client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'x', response_format: 'wav' }),
      400,
      'invalid_value',
      'response_format',
    ],
  ])('%s', async (_name, call, status, code, param) => {
    const error = await refusalOf(call());
    expect([error.status, error.code, error.param]).toEqual([status, code, param]);
    expect(error.headers?.get('x-should-retry')).toBe('false');
  });

  test('a wrong key', async () => {
    const stranger = new OpenAI({ apiKey: 'f'.repeat(32), baseURL: `${server.url}/v1`, maxRetries: 0 });
    const error = await refusalOf(stranger.images.generate({ model: 'gpt-image-2', prompt: 'x' }));
    expect([error.status, error.code]).toEqual([401, 'invalid_api_key']);
  });

  test('a path that is not there', async () => {
    const response = await fetch(`${server.url}/v1/engines`, { headers: { authorization: `Bearer ${KEY}` } });
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: { message: expect.any(String), type: 'invalid_request_error', param: null, code: 'unknown_url' } },
    ]);
  });
});
