import Replicate, { validateWebhook } from 'replicate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStandin, type Standin } from '../../kit/standin.ts';
import { stillClock } from '../../kit/time.ts';
import { type Receiver, startReceiver } from '../../testing/receiver.ts';
import { replicate } from './replicate.ts';

// With Replicate's own client, so that the stand-in is judged by somebody who never saw it.

const MODEL = 'minimax/hailuo-2.3';
const input = { prompt: 'a red kite', duration: 6, resolution: '768p' };

let standin: Standin;
let receiver: Receiver;
beforeEach(async () => {
  standin = await createStandin(replicate, { clock: stillClock(), pace: { queuedMs: 1_000, runningMs: 4_000 } });
  receiver = await startReceiver();
});
afterEach(async () => {
  await standin.close();
  await receiver.close();
});

const client = (auth = standin.env.REPLICATE_API_TOKEN ?? '') =>
  new Replicate({ auth, baseUrl: standin.env.REPLICATE_BASE_URL ?? '', useFileOutput: false });

test('create, get, and the file', async () => {
  const { predictions } = client();
  const { id, status } = await predictions.create({ model: MODEL, input });
  expect([status, id]).toEqual(['starting', expect.stringMatching(/^[a-z0-9]{26}$/)]);
  await standin.control.advance(1_000);
  expect(await predictions.get(id)).toMatchObject({ status: 'processing', output: null });
  await standin.control.advance(4_000);
  const done = await predictions.get(id);
  expect(done).toMatchObject({ status: 'succeeded', metrics: { predict_time: 4 }, data_removed: false });
  expect((await fetch(done.output)).headers.get('content-type')).toBe('video/mp4');
  expect((await predictions.list()).results.map((one) => one.id)).toEqual([id]);
});

test('the result is removed an hour after the end', async () => {
  const { predictions } = client();
  const { id } = await predictions.create({ model: MODEL, input });
  await standin.control.advance(5_000);
  await standin.control.advance(3_600_001);
  expect(await predictions.get(id)).toMatchObject({ status: 'succeeded', output: null, data_removed: true });
});

test('run follows a prediction to its end', async () => {
  const run = client().run(MODEL, { input, wait: { mode: 'poll', interval: 1 } }, () => {
    void standin.control.advance(1_000);
  });
  expect(await run).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/_files\//);
});

test('cancel', async () => {
  const { predictions } = client();
  const { id } = await predictions.create({ model: MODEL, input });
  expect(await predictions.cancel(id)).toMatchObject({ status: 'canceled' });
  const other = await predictions.create({ model: MODEL, input });
  await standin.control.advance(5_000);
  expect(await predictions.cancel(other.id)).toMatchObject({ status: 'succeeded' });
});

test('a callback is signed with the secret of the account, a forged one is not', async () => {
  const replicateClient = client();
  standin.control.fault('forged-callback');
  await replicateClient.predictions.create({
    model: MODEL,
    input,
    webhook: receiver.url,
    webhook_events_filter: ['completed'],
  });
  await standin.control.advance(1_000);
  await standin.control.advance(4_000);
  const { key: secret } = await replicateClient.webhooks.default.secret.get();
  const isGenuine = await Promise.all(
    receiver.received.map(({ headers, body }) =>
      validateWebhook({
        id: headers['webhook-id'] ?? '',
        timestamp: headers['webhook-timestamp'] ?? '',
        signature: headers['webhook-signature'] ?? '',
        body,
        secret,
      }),
    ),
  );
  expect(isGenuine).toEqual([false, true]);
  expect(JSON.parse(receiver.received[1]?.body ?? '')).toMatchObject({ status: 'succeeded' });
});

test('what the service would refuse is refused', async () => {
  const statusOf = async (work: Promise<unknown>): Promise<number> =>
    work.then(
      () => 0,
      // The client keeps the answer with its error.
      (error: { response?: { status: number } }) => error.response?.status ?? -1,
    );
  const { predictions } = client();
  expect(await statusOf(client('r8_wrong').predictions.create({ model: MODEL, input }))).toBe(401);
  expect(await statusOf(predictions.create({ model: 'nobody/nothing', input }))).toBe(404);
  expect(await statusOf(predictions.create({ model: MODEL, input: { ...input, duration: '6' } }))).toBe(422);
  expect(await statusOf(predictions.create({ model: MODEL, input: { ...input, colour: 'red' } }))).toBe(422);
  const shots = { prompt: 'a kite', duration: 5, multi_prompt: '[{"prompt":"up","duration":2}]' };
  expect(await statusOf(predictions.create({ model: 'kwaivgi/kling-v3-video', input: shots }))).toBe(422);
});

test('a file is uploaded, and a model describes what it takes', async () => {
  const { files, models } = client();
  const { urls } = await files.create(new Blob(['a picture'], { type: 'image/png' }));
  expect(await (await fetch(urls.get)).text()).toBe('a picture');
  const { latest_version: version } = await models.get('minimax', 'hailuo-2.3');
  expect(version?.openapi_schema).toMatchObject({
    components: { schemas: { Input: { required: ['prompt'], properties: { duration: { enum: [6, 10] } } } } },
  });
});
