import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makePng } from './png.ts';
import { type Client, createClient, type ServerProcess, startProcess } from './server-process.ts';

// What helper endpoints answer with, later calls take; and what nobody answered with, they refuse.

const KEY = '0123456789abcdef0123456789abcdef';
const POLL_MS = 50;
const NOBODYS = '1900000000000000001';
const SPEECH = { enable_base64_output: false, english_normalization: false };
const toUri = (png: Buffer): string => `data:image/png;base64,${png.toString('base64')}`;
const PICTURE = toUri(makePng(64, 48, (x, y) => [x * 4, y * 5, 90]));
/** Short enough for a parameter that is a text. */
const TINY = toUri(makePng(12, 9, (x, y) => [x * 20, y * 20, 90]));

let dataDir: string;
let server: ServerProcess;
let client: Client;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-ids-'));
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
  results: z.array(z.object({ url: z.string().nullable(), text: z.string().nullish() })).nullable(),
});

async function finish(endpoint: string, body: Record<string, unknown>): Promise<z.infer<typeof Ended>> {
  const { taskId, ...first } = Ended.parse(await client.post(`/openapi/v2/${endpoint}`, body));
  if (taskId === '') return { taskId, ...first };
  for (;;) {
    const answer = Ended.parse(await client.post('/openapi/v2/query', { taskId }));
    if (!['QUEUED', 'RUNNING'].includes(answer.status)) return answer;
    await sleep(POLL_MS);
  }
}
const made = async (endpoint: string, body: Record<string, unknown>) => {
  const ended = await finish(endpoint, body);
  expect(ended).toMatchObject({ status: 'SUCCESS', errorMessage: '' });
  return ended;
};
const speak = (voice_id: string) =>
  finish('rhart-audio/text-to-audio/speech-02-hd', { text: 'Hello again.', voice_id, ...SPEECH });
const textOf = ({ results }: z.infer<typeof Ended>): string => results?.find(({ text }) => text)?.text ?? '';

test('a cloned voice is called by the name that its caller gave it', async () => {
  const sample = await made('rhart-audio/text-to-audio/speech-02-turbo', {
    text: 'The quick brown fox jumps over the lazy dog.',
    voice_id: 'Wise_Woman',
    ...SPEECH,
  });
  await made('rhart-audio/text-to-audio/voice-clone', {
    audio: sample.results?.[0]?.url,
    custom_voice_id: 'narrator-anna-1',
    text: 'A test.',
    model: 'speech-02-hd',
    need_noise_reduction: false,
    need_volume_normalization: false,
  });
  expect(await speak('narrator-anna-1')).toMatchObject({ status: 'SUCCESS' });
});

test('a designed voice is called by the id that the answer names', async () => {
  const design = await made('minimax/voice-design', { prompt: 'A warm old storyteller.', previewText: 'Once.' });
  const { voice_id } = z.object({ voice_id: z.string() }).parse(JSON.parse(textOf(design)));
  expect(await speak(voice_id)).toMatchObject({ status: 'SUCCESS' });
});

test('a voice of the maker’s own needs no task before it; an id that nobody got is refused', async () => {
  expect(await speak('Wise_Woman')).toMatchObject({ status: 'SUCCESS' });
  const refused = await speak(NOBODYS);
  expect(refused).toMatchObject({ status: 'FAILED', errorCode: '1007' });
  expect(refused.errorMessage).toContain('voice_id');
});

test('a world takes the id of an uploaded picture, its address or its bytes, and nobody else’s id', async () => {
  const upload = await made('marble/upload-media-asset', { fileName: 'x', kind: 'image', imageUrl: PICTURE });
  const { media_asset_id } = z.object({ media_asset_id: z.string() }).parse(JSON.parse(textOf(upload)));
  for (const imageUrl of [media_asset_id, TINY]) await made('marble-1.1/image-to-world', { imageUrl });
  for (const imageUrl of [NOBODYS, 'nonsense']) {
    const refused = await finish('marble-1.1/image-to-world', { imageUrl });
    expect(refused).toMatchObject({ status: 'FAILED', errorCode: '1007' });
    expect(refused.errorMessage).toContain('imageUrl');
  }
});

test('an id of another kind of task is refused at once, with what should be named', async () => {
  const { taskId } = await made('kling-elements', {
    name: 'boat',
    description: 'a boat',
    imageUrl: PICTURE,
    elementReferList: [PICTURE],
  });
  const refused = await finish('marble-1.1/image-to-world', { imageUrl: taskId });
  expect(refused).toMatchObject({ taskId: '', errorCode: '1007' });
  expect(refused.errorMessage).toMatch(/imageUrl.*media-upload/);
});
