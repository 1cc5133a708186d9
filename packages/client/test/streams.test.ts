import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMessages } from '../src/event-stream.ts';
import { problem, startStub } from './stub.ts';

const streamOf = (chunks: readonly Uint8Array[]) => ReadableStream.from(chunks) as ReadableStream<Uint8Array>;
async function read(chunks: readonly Uint8Array[]) {
  const messages = [];
  for await (const message of readMessages(streamOf(chunks), () => {})) messages.push(message);
  return messages;
}

test('messages are the same wherever their bytes are cut, and whatever ends their lines', async () => {
  // biome-ignore format: a stream
  const lines = [': hello', 'retry: 1000', 'id: 1-1', 'event: task.queued', 'data: {"name":"纸船"}', '', 'id: 1-2', '', ': still here', 'id', 'data:x', 'data: y', 'data', '', 'data: never ends'];
  const expected = [
    { id: '1-1', type: 'task.queued', data: '{"name":"纸船"}' },
    { id: '1-2', type: 'message', data: '' },
    { id: '', type: 'message', data: 'x\ny\n' },
  ];
  const cuts = fc.array(fc.nat(200), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('\n', '\r\n', '\r'), cuts, fc.boolean(), async (end, places, hasMark) => {
      const bytes = new TextEncoder().encode(`${hasMark ? '\uFEFF' : ''}${lines.join(end)}`);
      const sorted = [0, ...places.toSorted((a, b) => a - b), bytes.length];
      expect(await read(sorted.slice(1).map((to, n) => bytes.subarray(sorted[n], to)))).toEqual(expected);
    }),
  );
});

test('a message without end is not collected for ever', async () => {
  const bytes = new TextEncoder().encode(`data: ${'x'.repeat(500_000)}\n`);
  await expect(read([bytes, bytes, bytes])).rejects.toMatchObject({ code: 'bad_answer' });
});

const event = (n: number, type = 'task.running') =>
  `id: 1-${n}\nevent: ${type}\ndata: ${JSON.stringify({ id: `1-${n}`, type, taskId: '7', createdAt: '' })}\n\n`;
const send = (text: string, then: (response: ServerResponse) => void) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(text, () => then(response));
};
const breaks = (response: ServerResponse) => setImmediate(() => response.destroy());
const ends = (response: ServerResponse) => response.end();
const stays = () => {};

test('a stream that breaks or ends goes on after the last id, also one that came without an event', async () => {
  const { client, received, clock } = await startStub([
    send(event(1) + event(2), breaks),
    send('id: 1-5\n\n', ends),
    problem(503, 'no_channel', { retryable: true }),
    send(`: here\n\n${event(6)}id: 1-7\ndata: {"cut`, breaks),
    send(event(7, 'task.succeeded'), stays),
  ]);
  const ids = [];
  for await (const { id, type } of client.events.stream({ after: '0-0', types: ['task.*'] })) {
    ids.push(id);
    if (type === 'task.succeeded') break;
  }
  expect(ids).toEqual(['1-1', '1-2', '1-6', '1-7']);
  const lastIds = received.map(({ headers }) => headers['last-event-id']);
  expect(lastIds).toEqual(['0-0', '1-2', '1-5', '1-5', '1-6']);
  expect(new Set(received.map(({ path }) => path))).toEqual(new Set(['/api/v1/events/stream?types=task.*']));
  // Whatever arrives makes the next pause a short one again.
  expect(clock.pauses).toEqual([375, 375, 750, 375]);
});

test('a stream that falls silent is taken up anew', async () => {
  const { client, received, clock } = await startStub([send(event(1), stays), send(event(2), stays)]);
  const ids = [];
  for await (const { id } of client.events.stream()) {
    if (ids.push(id) === 2) break;
    setImmediate(() => clock.expire(45_000));
  }
  expect(ids).toEqual(['1-1', '1-2']);
  expect(received.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1-1']);
});

test('leaving the loop, or the signal, closes the connection', async () => {
  let closed = Promise.withResolvers<void>();
  const { client } = await startStub([send(event(1), (response) => void response.on('close', () => closed.resolve()))]);
  for await (const _ of client.events.stream()) break;
  await closed.promise;
  closed = Promise.withResolvers();
  const stop = new AbortController();
  const reading = (async () => {
    for await (const _ of client.events.stream({ signal: stop.signal })) stop.abort(new Error('enough'));
  })();
  await expect(reading).rejects.toThrow('enough');
  await closed.promise;
});

test('a stream that cannot be had is an error: at once where asking again is no use, soon where nobody was ever there', async () => {
  const refused = await startStub([problem(401, 'unauthorized')]);
  await expect(refused.client.events.stream().next()).rejects.toMatchObject({ code: 'unauthorized' });
  expect(refused.received).toHaveLength(1);
  const absent = await startStub([(response) => response.destroy()]);
  await expect(absent.client.events.stream().next()).rejects.toMatchObject({ code: 'connection_failed' });
  expect(absent.clock.pauses).toEqual([375, 750, 1_500]);
  const gone = await startStub((_request, n) => (n === 0 ? send(event(1), breaks) : (response) => response.destroy()));
  const reading = async () => {
    for await (const _ of gone.client.events.stream());
  };
  await expect(reading()).rejects.toMatchObject({ code: 'connection_failed' });
  expect(gone.received).toHaveLength(11);
});

test('too many streams are waited for as long as the server says', async () => {
  const headers = { 'retry-after': '5', 'content-type': 'application/problem+json' };
  const full = { ...problem(429, 'rate_limited', { retryable: true }), headers };
  const { client, clock } = await startStub([full, send(event(1), stays)]);
  for await (const _ of client.events.stream()) break;
  expect(clock.pauses).toEqual([5_000]);
});

test('a task is followed with its progress until nothing is left, and waited for', async () => {
  const progress = 'event: task.progress\ndata: {"taskId":"7","progress":0.5}\n\n';
  const { client, received } = await startStub(({ path }, n) => {
    if (path === '/api/v1/tasks/7') return { body: { id: '7', status: 'failed' } };
    return n === 0 ? send(event(1) + progress + event(2, 'task.failed'), ends) : { status: 204 };
  });
  const told: unknown[] = [];
  expect(await client.tasks.wait('7', { onEvent: (one) => told.push(one) })).toEqual({ id: '7', status: 'failed' });
  expect(told).toMatchObject([
    { id: '1-1', type: 'task.running' },
    { type: 'task.progress', taskId: '7', progress: 0.5 },
    { id: '1-2', type: 'task.failed' },
  ]);
  expect(received.map(({ path }) => path)).toEqual([
    '/api/v1/tasks/7/events',
    '/api/v1/tasks/7/events',
    '/api/v1/tasks/7',
  ]);
});

test('a wait ends when its time is up, and the task goes on; a status that we do not know is waited out, not spun on', async () => {
  const { client, clock, received } = await startStub(({ path }, n) => {
    if (n === 20) setImmediate(() => clock.expire(90_000));
    return path === '/api/v1/tasks/7' ? { body: { id: '7', status: 'polishing' } } : { status: 204 };
  });
  const waiting = client.tasks.wait('7', { timeoutMs: 90_000 });
  await expect(waiting).rejects.toMatchObject({ code: 'still_running', message: expect.stringContaining('90 s') });
  const pauses = clock.pauses.slice(0, 6);
  expect(pauses).toEqual([375, 750, 1_500, 3_000, 6_000, 6_000]);
  expect(received.length).toBeGreaterThanOrEqual(20);
});
