import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { ApiError, createFalClient } from '@fal-ai/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStandin, type Standin } from '../../kit/standin.ts';
import { stillClock } from '../../kit/time.ts';
import { type Receiver, startReceiver } from '../../testing/receiver.ts';
import { fal } from './fal.ts';

// With fal's own client, so that the stand-in is judged by somebody who never saw it.

const MODEL = 'fal-ai/kling-video/v3/pro/image-to-video';
const input = { prompt: 'a red kite', start_image_url: 'https://files.test/in.png', duration: '5' };

let standin: Standin;
let receiver: Receiver;
beforeEach(async () => {
  standin = await createStandin(fal, { clock: stillClock(), pace: { queuedMs: 1_000, runningMs: 4_000 } });
  receiver = await startReceiver();
});
afterEach(async () => {
  await standin.close();
  await receiver.close();
});

const client = (credentials = standin.env.FAL_KEY ?? '') =>
  createFalClient({
    credentials,
    retry: { maxRetries: 0 },
    requestMiddleware: async (request) => ({
      ...request,
      url: request.url.replace(/^https:\/\/(queue\.fal\.run|rest\.fal\.ai)/, standin.url),
    }),
  });
const refusalOf = async (work: Promise<unknown>): Promise<ApiError<{ detail: unknown }>> => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError<{ detail: unknown }>;
};

test('submit, status, result', async () => {
  const { queue } = client();
  const { request_id: requestId, status, status_url } = await queue.submit(MODEL, { input } as never);
  expect(status).toBe('IN_QUEUE');
  expect(status_url).toBe(`${standin.url}/fal-ai/kling-video/requests/${requestId}/status`);
  await standin.control.advance(1_000);
  expect(await queue.status(MODEL, { requestId, logs: true })).toMatchObject({ status: 'IN_PROGRESS', logs: [{}] });
  expect((await refusalOf(queue.result(MODEL, { requestId }))).status).toBe(400);
  await standin.control.advance(4_000);
  expect(await queue.status(MODEL, { requestId })).toMatchObject({ status: 'COMPLETED' });
  const { data } = await queue.result(MODEL, { requestId });
  // The type of the answer is the model's own.
  const { video } = data as { video: { url: string; content_type: string; file_size: number } };
  const file = await fetch(video.url);
  expect([video.content_type, (await file.bytes()).length]).toEqual(['video/mp4', video.file_size]);
});

test('subscribe follows a job to its end', async () => {
  const states: string[] = [];
  const work = client().subscribe(MODEL, {
    input,
    pollInterval: 1,
    onQueueUpdate: ({ status }: { status: string }) => {
      states.push(status);
      void standin.control.advance(1_000);
    },
  } as never);
  expect(await work).toMatchObject({ data: { video: { content_type: 'video/mp4' } } });
  expect(states).toEqual(expect.arrayContaining(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']));
});

test('a failed job is completed, and its result is the refusal', async () => {
  const { queue } = client();
  standin.control.fault('fail-moderation');
  const { request_id: requestId } = await queue.submit(MODEL, { input } as never);
  await standin.control.advance(5_000);
  expect(await queue.status(MODEL, { requestId })).toMatchObject({ status: 'COMPLETED' });
  const error = await refusalOf(queue.result(MODEL, { requestId }));
  expect([error.status, error.body.detail]).toMatchObject([422, [{ type: 'content_policy_violation' }]]);
});

test('cancel', async () => {
  const { queue } = client();
  const { request_id: requestId } = await queue.submit(MODEL, { input } as never);
  await queue.cancel(MODEL, { requestId });
  expect(standin.control.jobs[0]).toMatchObject({ state: 'failed', failure: 'canceled' });
  expect((await refusalOf(queue.cancel(MODEL, { requestId }))).status).toBe(400);
});

test('a wrong key, an unknown model, a field of the wrong type, a field too many', async () => {
  expect((await refusalOf(client('wrong:key').queue.submit(MODEL, { input } as never))).status).toBe(401);
  const { queue } = client();
  expect((await refusalOf(queue.submit('fal-ai/not-a-model', { input: {} } as never))).status).toBe(404);
  for (const wrong of [{ duration: 5 }, { colour: 'red' }, { start_image_url: 'in.png' }]) {
    const error = await refusalOf(queue.submit(MODEL, { input: { ...input, ...wrong } } as never));
    expect([error.status, error.body.detail]).toMatchObject([422, [{ loc: ['body', Object.keys(wrong)[0]] }]]);
  }
});

test('a callback is signed with a key of the key set, a forged one is not', async () => {
  standin.control.fault('forged-callback');
  await client().queue.submit(MODEL, { input, webhookUrl: receiver.url } as never);
  await standin.control.advance(1_000);
  await standin.control.advance(4_000);
  const answer = await fetch(`${standin.env.FAL_REST_URL}/.well-known/jwks.json`);
  const { keys } = (await answer.json()) as { keys: [JsonWebKey] };
  const key = createPublicKey({ key: keys[0], format: 'jwk' });
  const isGenuine = receiver.received.map(({ headers, body }) => {
    const digest = createHash('sha256').update(body).digest('hex');
    const parts = ['request-id', 'user-id', 'timestamp'].map((name) => headers[`x-fal-webhook-${name}`]);
    const signature = Buffer.from(headers['x-fal-webhook-signature'] ?? '', 'hex');
    return verify(null, Buffer.from([...parts, digest].join('\n')), key, signature);
  });
  expect(isGenuine).toEqual([false, true]);
  expect(JSON.parse(receiver.received[1]?.body ?? '')).toMatchObject({ status: 'OK', payload: { video: {} } });
});

test('a file is uploaded whole, and read again at the address that was given', async () => {
  const url = await client().storage.upload(new Blob(['a picture'], { type: 'image/png' }));
  expect(await (await fetch(url)).text()).toBe('a picture');
});
