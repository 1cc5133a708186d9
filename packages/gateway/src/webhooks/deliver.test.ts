import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deleteTasks } from '../store/retention.ts';
import { createSqliteDb } from '../store/testing/databases.ts';
import { ACCOUNT, type Options, openPostOffice, type PostOffice } from './testing/post-office.ts';
import { type Received, type Receiver, startReceiver } from './testing/receiver.ts';
import { expectSigned, isSignedWith } from './testing/verify.ts';

let office: PostOffice;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await office.close();
  await receiver.close();
});
const open = async (options: Partial<Options> = {}): Promise<PostOffice> => {
  office = await openPostOffice(createSqliteDb, options);
  return office;
};
const idOf = ({ headers }: Received) => headers['webhook-id'];
test('what fails is tried ten times over three days, then given up; every try is signed, and says the same id', async () => {
  await open();
  receiver.answer = () => ({ status: 500, body: 'out of \0order' });
  await office.endTask({ url: receiver.url });
  const startMs = office.clock.nowMs();
  await office.runOut();
  expect(receiver.requests).toHaveLength(10);
  const attempts = await office.attempts();
  const waitsMs = attempts.map(({ startedAtMs }) => startedAtMs - startMs);
  const minutes = waitsMs.map((ms) => Math.round(ms / 60_000));
  expect(minutes).toEqual([0, 0, 5, 35, 155, 455, 1_055, 1_895, 3_095, 4_535]);
  expect(attempts[3]).toMatchObject({
    number: 4,
    url: receiver.url,
    status: 500,
    response: 'out of \ufffdorder',
    error: null,
  });
  expect(await office.only()).toMatchObject({ state: 'failed', attempts: 10, nextAttemptAtMs: null, lastStatus: 500 });
  expect(new Set(receiver.requests.map(idOf))).toEqual(new Set([(await office.only()).messageId]));
  const timestamps = receiver.requests.map(({ headers }) => Number(headers['webhook-timestamp']) * 1_000);
  expect(timestamps).toEqual(attempts.map(({ startedAtMs }) => Math.floor(startedAtMs / 1_000) * 1_000));
});

test('what fails and then works is done', async () => {
  await open();
  receiver.answer = (_request, n) => (['break', 503, { status: 201, body: 'thanks' }] as const)[n] ?? 500;
  await office.endTask({ url: receiver.url });
  await office.runOut();
  const attempts = await office.attempts();
  expect(attempts.map(({ status, error }) => [status, error])).toEqual([
    [null, 'the connection failed: UND_ERR_SOCKET'],
    [503, null],
    [201, null],
  ]);
  expect(await office.only()).toMatchObject({
    state: 'succeeded',
    lastStatus: 201,
    lastResponse: 'thanks',
    lastError: null,
  });
});

test('nobody there is a failure like any other', async () => {
  await open();
  const gone = await startReceiver();
  await gone.close();
  await office.endTask({ url: gone.url });
  office.dispatcher.start();
  await office.clock.runUntil(async () => (await office.only()).attempts === 2);
  expect(await office.only()).toMatchObject({ state: 'pending', lastError: 'the connection failed: ECONNREFUSED' });
});

test.each([
  ['seconds', () => '600'],
  ['a date', (nowMs: number) => new Date(nowMs + 600_000).toUTCString()],
])('a receiver that asks for patience in %s gets it', async (_name, header) => {
  await open();
  receiver.answer = (_request, n) =>
    n === 0 ? { status: 429, headers: { 'retry-after': header(office.clock.nowMs()) } } : 200;
  await office.endTask({ url: receiver.url });
  await office.runOut();
  const [first, second] = (await office.attempts()).map(({ startedAtMs }) => startedAtMs);
  const waitedMs = (second ?? 0) - (first ?? 0);
  expect(waitedMs).toBeGreaterThanOrEqual(599_000);
  expect(waitedMs).toBeLessThan(602_000);
});

test('patience has a bound of a day', async () => {
  await open();
  receiver.answer = (_request, n) => (n === 0 ? { status: 503, headers: { 'retry-after': '99999999999' } } : 200);
  await office.endTask({ url: receiver.url });
  await office.runOut();
  const [first, second] = (await office.attempts()).map(({ startedAtMs }) => startedAtMs);
  expect((second ?? 0) - (first ?? 0)).toBe(24 * 3_600_000);
});

test('a redirect is a failure, and is not followed', async () => {
  await open();
  const inside = await startReceiver();
  receiver.answer = (_request, n) => (n === 0 ? { status: 307, headers: { location: inside.url }, body: '' } : 200);
  await office.endTask({ url: receiver.url });
  await office.runOut();
  expect(inside.requests).toEqual([]);
  expect((await office.attempts()).map(({ status }) => status)).toEqual([307, 200]);
  await inside.close();
});

describe('slow and endless answers', () => {
  test('no answer within ten seconds is a failure', async () => {
    await open();
    receiver.answer = (_request, n) => (n === 0 ? 'hang' : 200);
    await office.endTask({ url: receiver.url });
    office.dispatcher.start();
    await office.passTime(10, () => receiver.requests.length === 1);
    await office.clock.advance(9_000);
    expect((await office.only()).attempts).toBe(0);
    await office.clock.advance(1_500);
    expect(await office.only()).toMatchObject({ attempts: 1, lastStatus: null, lastError: 'no answer within 10 s' });
    await office.runOut();
    expect(await office.only()).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(receiver.stats().open).toBe(0);
  });

  test('a body that never ends changes nothing about the status, and is cut off in time', async () => {
    await open();
    receiver.answer = () => 'drip';
    await office.endTask({ url: receiver.url });
    office.dispatcher.start();
    await office.passTime(500, async () => (await office.only()).state === 'succeeded');
    expect((await office.attempts())[0]).toMatchObject({ status: 200, response: 'so far' });
    await expect.poll(() => receiver.stats().open).toBe(0);
  });

  test('of gigabytes a few kilobytes are read, and then the connection is dropped', async () => {
    await open();
    receiver.answer = () => 'endless';
    for (let n = 0; n < 20; n += 1) await office.endTask({ url: receiver.url });
    const before = process.memoryUsage();
    await office.runOut();
    const grownBytes = process.memoryUsage().arrayBuffers - before.arrayBuffers;
    expect((await office.deliveries()).map(({ state }) => state)).toEqual(Array(20).fill('succeeded'));
    const [delivery] = await office.deliveries();
    expect((await office.attempts(delivery?.id))[0]?.response).toBe('x'.repeat(1_000));
    await expect.poll(() => receiver.stats().open).toBe(0);
    // What fits the buffers of both sockets was on its way already.
    expect(receiver.stats().sentBytes / 20).toBeLessThan(16 * 1_048_576);
    expect(grownBytes).toBeLessThan(64 * 1_048_576);
  });
});

describe('410 Gone', () => {
  test('disables the endpoint, which is shown, and gives up what else was on its way to it', async () => {
    await open();
    receiver.answer = () => 410;
    const id = await office.addEndpoint(receiver.url);
    await office.endTask();
    await office.runOut();
    expect(await office.service.getEndpoint({ accountId: ACCOUNT, id })).toMatchObject({
      disabledAtMs: office.clock.nowMs(),
      disabledReason: 'the receiver answered 410 Gone',
    });
    expect(await office.only()).toMatchObject({ state: 'failed', attempts: 1, lastStatus: 410 });
    await office.endTask();
    expect(await office.deliveries()).toHaveLength(1);
    receiver.answer = () => 200;
    await office.service.updateEndpoint({ accountId: ACCOUNT, id, isEnabled: true });
    await office.endTask();
    await office.runOut();
    expect((await office.deliveries()).map(({ state }) => state)).toEqual(['succeeded', 'failed']);
  });

  test('from the address of a task only gives it up', async () => {
    await open();
    receiver.answer = () => 410;
    await office.endTask({ url: receiver.url });
    await office.runOut();
    expect(await office.only()).toMatchObject({ state: 'failed', attempts: 1 });
  });
});

describe('addresses', () => {
  test('inside are refused where they are not allowed, and nothing arrives', async () => {
    await open({ reach: { allowPrivateNetwork: false } });
    await office.endTask({ url: receiver.url });
    await office.runOut();
    expect(receiver.requests).toEqual([]);
    expect(await office.only()).toMatchObject({
      state: 'failed',
      attempts: 10,
      lastError: '127.0.0.1 is not on the public internet',
    });
  });

  test('behind a name that now leads inside are refused, and the address is not told', async () => {
    await open({ reach: { allowPrivateNetwork: false, resolve: async () => [{ address: '10.9.8.7', family: 4 }] } });
    await office.endTask({ url: 'http://hooks.test/' });
    await office.runOut();
    expect(await office.only()).toMatchObject({ lastError: 'hooks.test is not on the public internet' });
  });
});

describe('signatures', () => {
  test('of every delivery verify, by libraries of others too, and an altered one does not', async () => {
    await open();
    await office.addEndpoint(receiver.url);
    await office.endTask({ url: receiver.url });
    await office.runOut();
    expect(receiver.requests).toHaveLength(2);
    const [endpoint] = (await office.service.listEndpoints({ accountId: ACCOUNT, limit: 9 })).items;
    const own = await office.service.listSecrets({ accountId: ACCOUNT });
    const ofEndpoint = await office.service.listSecrets({ accountId: ACCOUNT, endpointId: endpoint?.id });
    expect(own[0]?.secret).not.toBe(ofEndpoint[0]?.secret);
    for (const request of receiver.requests) {
      const { endpointId } = (await office.deliveries()).find(({ messageId }) => messageId === idOf(request)) ?? {};
      const [right, wrong] = endpointId === null ? [own[0], ofEndpoint[0]] : [ofEndpoint[0], own[0]];
      if (right === undefined || wrong === undefined) throw new Error('no secret');
      expectSigned(request, right);
      expect(isSignedWith(request, wrong)).toBe(false);
    }
  });

  test('are two of each kind while a secret is replaced, and one afterwards', async () => {
    await open();
    const hour = 3_600_000;
    const [before] = await office.service.listSecrets({ accountId: ACCOUNT });
    const rotated = await office.service.rotateSecret({ accountId: ACCOUNT, overlapMs: hour });
    expect(rotated.map(({ expiresAtMs }) => expiresAtMs)).toEqual([null, office.clock.nowMs() + hour]);
    expect(rotated[1]).toMatchObject({ secret: before?.secret, publicKey: before?.publicKey });
    const deliver = async (): Promise<Received> => {
      await office.endTask({ url: receiver.url });
      await office.runOut();
      return receiver.requests.at(-1) as Received;
    };
    const during = await deliver();
    for (const keys of rotated) expectSigned(during, keys);
    await office.clock.advance(hour + 1_000);
    const after = await deliver();
    expect(rotated.map((keys) => isSignedWith(after, keys))).toEqual([true, false]);
    expect(String(during.headers['webhook-signature']).split(' ')).toHaveLength(4);
    expect(String(after.headers['webhook-signature']).split(' ')).toHaveLength(2);
    // A second replacement ends what the first one left.
    await office.service.rotateSecret({ accountId: ACCOUNT, overlapMs: hour });
    const [, second] = await office.service.rotateSecret({ accountId: ACCOUNT, overlapMs: hour });
    expect(second?.secret).not.toBe(rotated[0]?.secret);
  });

  test('of a try that is repeated are made anew, and verify too', async () => {
    await open();
    receiver.answer = (_request, n) => (n < 3 ? 500 : 200);
    await office.endTask({ url: receiver.url });
    await office.runOut();
    const [keys] = await office.service.listSecrets({ accountId: ACCOUNT });
    expect(receiver.requests).toHaveLength(4);
    for (const request of receiver.requests) if (keys !== undefined) expectSigned(request, keys);
  });

  test('nothing is sent unsigned: where the key is missing that is said, and it works once it is there', async () => {
    await open();
    await office.service.listSecrets({ accountId: ACCOUNT });
    const lost = await office.openBranch({ secretKeys: ['b'.repeat(64)] });
    expect(lost.logged.map(({ message }) => message)).toEqual([
      'webhook secrets cannot be opened: an older key is missing in REELAY_SECRET_KEY',
    ]);
    await office.endTask({ url: receiver.url });
    lost.dispatcher.start();
    await office.clock.runUntil(async () => (await office.only()).attempts === 1);
    expect(receiver.requests).toEqual([]);
    expect(await office.only()).toMatchObject({ lastError: expect.stringMatching(/^not sent: .*REELAY_SECRET_KEY/) });
    await lost.dispatcher.stop({ graceMs: 0 });
    await office.runOut();
    expect(receiver.requests).toHaveLength(1);
    // With both keys given, the newer one seals what the older one had sealed.
    await office.openBranch({ secretKeys: ['b'.repeat(64), 'a'.repeat(64)] });
    await office.openBranch({ secretKeys: ['b'.repeat(64)] });
  });
});

test('a receiver that hangs holds up only itself', async () => {
  await open({ limits: { maxInFlight: 20, maxPerReceiver: 4 } });
  const stuck = await startReceiver();
  stuck.answer = () => 'hang';
  for (let n = 0; n < 30; n += 1) await office.endTask({ url: stuck.url });
  office.dispatcher.start();
  await office.passTime(10, () => stuck.stats().open === 4);
  for (let n = 0; n < 10; n += 1) await office.endTask({ url: receiver.url });
  await office.passTime(10, () => receiver.requests.length === 10);
  expect(stuck.requests).toHaveLength(4);
  await office.passTime(1_000, () => stuck.requests.length >= 12);
  expect(stuck.stats().most).toBe(4);
  await stuck.close();
});

describe('sent again', () => {
  const states = async () => (await office.deliveries()).map(({ state }) => state);

  test('to another address from now on, with all its tries and the same id', async () => {
    await open();
    const other = await startReceiver();
    other.answer = (_request, n) => (n === 0 ? 500 : 200);
    receiver.answer = () => 410;
    await office.endTask({ url: receiver.url });
    await office.runOut();
    const before = await office.only();
    expect(before).toMatchObject({ state: 'failed', url: receiver.url, attempts: 1 });
    const again = await office.service.resend({ accountId: ACCOUNT, id: before.id, url: other.url });
    expect(again).toMatchObject({ state: 'pending', url: other.url, messageId: before.messageId, attempts: 1 });
    await office.runOut();
    expect(await office.only()).toMatchObject({ state: 'succeeded', attempts: 3, url: other.url });
    expect((await office.attempts()).map(({ number, url, status }) => [number, url, status])).toEqual([
      [1, receiver.url, 410],
      [2, other.url, 500],
      [3, other.url, 200],
    ]);
    expect(new Set([...receiver.requests, ...other.requests].map(idOf))).toEqual(new Set([before.messageId]));
    await other.close();
  });

  test('while a try is on its way: that one is kept, and another follows', async () => {
    await open();
    receiver.answer = (_request, n) => (n === 0 ? 'hang' : 200);
    await office.endTask({ url: receiver.url });
    office.dispatcher.start();
    await office.passTime(10, () => receiver.requests.length === 1);
    await office.service.resend({ accountId: ACCOUNT, id: (await office.only()).id });
    await office.passTime(100, () => receiver.requests.length === 2);
    await office.passTime(1_000, async () => (await office.only()).attempts === 2);
    expect(await office.only()).toMatchObject({ state: 'succeeded', nextAttemptAtMs: null });
    expect((await office.attempts()).map(({ status }) => status).sort()).toEqual([200, null]);
  });

  test('many at once, oldest first, in pieces; not those whose endpoint is gone', async () => {
    await open();
    receiver.answer = () => 410;
    const id = await office.addEndpoint(`${receiver.url}/endpoint`);
    for (let n = 0; n < 5; n += 1) await office.endTask({ url: receiver.url });
    await office.runOut();
    expect(await states()).toEqual(Array(10).fill('failed'));
    await office.service.deleteEndpoint({ accountId: ACCOUNT, id });
    receiver.answer = () => 200;
    const filter = { accountId: ACCOUNT, state: 'failed' as const };
    const first = await office.service.resendMany({ filter, limit: 3 });
    expect(first).toEqual({ count: 3, nextCursor: expect.stringMatching(/^\d{19}$/) });
    const cursor = first.nextCursor ?? undefined;
    expect(await office.service.resendMany({ filter, limit: 3, cursor })).toEqual({ count: 2, nextCursor: null });
    await office.runOut();
    expect((await states()).filter((state) => state === 'succeeded')).toHaveLength(5);
    expect(await office.service.resendMany({ filter, limit: 3 })).toEqual({ count: 0, nextCursor: null });
    const orphan = (await office.deliveries()).find(({ endpointId }) => endpointId !== null);
    const again = office.service.resend({ accountId: ACCOUNT, id: orphan?.id ?? '' });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });
});

test('what is on its way goes to the new address of its endpoint, and nowhere once that is disabled or deleted', async () => {
  await open();
  const moved = await startReceiver();
  receiver.answer = () => 500;
  const id = await office.addEndpoint(receiver.url);
  await office.endTask();
  office.dispatcher.start();
  await office.clock.runUntil(() => receiver.requests.length === 1);
  await office.service.updateEndpoint({ accountId: ACCOUNT, id, url: moved.url });
  await office.runOut();
  expect([moved.requests.length, (await office.only()).state]).toEqual([1, 'succeeded']);
  moved.answer = () => 500;
  for (const end of ['disable', 'delete'] as const) {
    await office.endTask();
    await office.clock.runUntil(async () => ((await office.deliveries())[0]?.attempts ?? 0) > 0);
    const before = moved.requests.length;
    if (end === 'disable') await office.service.updateEndpoint({ accountId: ACCOUNT, id, isEnabled: false });
    else await office.service.deleteEndpoint({ accountId: ACCOUNT, id });
    await office.runOut();
    expect(moved.requests.length).toBe(before);
    const why = `not sent: its endpoint ${end === 'disable' ? 'is disabled' : 'was deleted'}`;
    expect((await office.deliveries())[0]).toMatchObject({ state: 'failed', lastError: why, attempts: 1 });
    if (end === 'disable') await office.service.updateEndpoint({ accountId: ACCOUNT, id, isEnabled: true });
  }
  await moved.close();
});

test('a test event goes to its endpoint whatever that asks for, and says that nothing has happened', async () => {
  await open();
  const id = await office.addEndpoint(receiver.url, ['task.failed']);
  await office.endTask();
  const sent = await office.service.testEndpoint({ accountId: ACCOUNT, id });
  expect(sent).toMatchObject({ type: 'webhook.test', taskId: null, endpointId: id, url: receiver.url });
  await office.runOut();
  expect(receiver.requests.map(({ body }) => JSON.parse(body).type)).toEqual(['webhook.test']);
  await office.service.updateEndpoint({ accountId: ACCOUNT, id, isEnabled: false });
  await expect(office.service.testEndpoint({ accountId: ACCOUNT, id })).rejects.toMatchObject({ code: 'conflict' });
});

test('of a task that was deleted nothing is told any more', async () => {
  await open();
  receiver.answer = () => 500;
  const id = await office.endTask({ url: receiver.url });
  office.dispatcher.start();
  await office.clock.runUntil(() => receiver.requests.length === 1);
  await office.db.write(deleteTasks(office.db, [id]));
  const countJobs = async () => (await office.db.read({ sql: 'select id from jobs', parameters: [] })).length;
  await office.passTime(1_000, async () => (await countJobs()) === 0);
  expect([receiver.requests.length, await office.deliveries()]).toEqual([1, []]);
});
