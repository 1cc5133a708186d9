import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createClient, eachItem, type NewTask } from '@reelay/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startProcess } from '../../gateway/test/server-process.ts';
import { startLine } from './line.ts';

// The client and a gateway in a process of its own, as they meet everywhere.

const KEY = '0123456789abcdef0123456789abcdef';
const TEXT: NewTask = {
  endpoint: 'rhart-text-g-25-flash/text-to-text',
  input: { prompt: 'Three names for a bakery.' },
};
/** Takes the renderer a while. */
const FILM: NewTask = {
  endpoint: 'rhart-video-s-official/text-to-video-pro',
  input: { prompt: 'A paper boat.', size: '720x1280', duration: '4' },
};
/** Resolved while there is a server. */
let isUp: Promise<unknown> = Promise.resolve();
/** Pauses pass quickly, but not while the server starts, however long that takes here. Limits are as ever. */
const clock: Clock = {
  nowMs: () => Date.now(),
  after(ms, callback) {
    let timer: NodeJS.Timeout | undefined;
    let isOff = false;
    const begin = (delayMs: number) => {
      if (!isOff) timer = setTimeout(callback, delayMs);
    };
    if (ms < 30_000) void isUp.then(() => begin(ms / 20));
    else begin(ms);
    return () => {
      isOff = true;
      clearTimeout(timer);
    };
  },
};

let dataDir: string;
let server: ServerProcess;
let line: Awaited<ReturnType<typeof startLine>>;
const start = () => startProcess({ REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY });
const connect = (key = KEY) => createClient({ url: line.url, key, clock });
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-client-'));
  server = await start();
  line = await startLine(server.url);
});
afterAll(async () => {
  await line.close();
  await server.stop('SIGKILL');
  await rm(dataDir, { recursive: true });
});

/** A client with the key of an account of its own. */
async function open(limits = {}) {
  const admin = connect();
  const account = await admin.accounts.create({ name: 'Paper Boats', isUnlimited: true });
  const { key, ...rest } = await admin.keys.create(account.id, { name: 'one', limits });
  return { admin, account, key: rest, client: connect(key) };
}

test('a task is priced, submitted once, followed to its end, and found again', async () => {
  const { client, key } = await open();
  expect(await client.tasks.estimate(TEXT)).toMatchObject({ isValid: true, price: { currency: 'CNY' } });
  expect(await client.tasks.estimate({ ...TEXT, input: {} })).toMatchObject({
    isValid: false,
    problems: [{ field: 'prompt' }],
  });
  const idempotencyKey = 'the one';
  const { id } = await client.tasks.create({ ...TEXT, tags: ['a'] }, { idempotencyKey });
  expect((await client.tasks.create({ ...TEXT, tags: ['a'] }, { idempotencyKey })).id).toBe(id);
  const types: string[] = [];
  const task = await client.tasks.wait(id, { onEvent: ({ type }) => types.push(type) });
  expect(task).toMatchObject({ id, status: 'succeeded', keyId: key.id, input: TEXT.input, isPreview: true });
  expect(task.outputs[0]?.text).toMatch(/\w/);
  expect(types.filter((type) => type !== 'task.progress')).toEqual(['task.queued', 'task.running', 'task.succeeded']);
  expect((await client.events.list(id)).map(({ type }) => type)).toEqual(
    types.filter((one) => one !== 'task.progress'),
  );
  expect((await client.tasks.setTags(id, ['b'])).tags).toEqual(['b']);
  const filter = { status: ['succeeded'], tag: 'b', endpoint: 'rhart-text-*', key: key.id } as const;
  expect((await client.tasks.list(filter)).items).toMatchObject([{ id }]);
  const again = await client.tasks.rerun(id, { input: { prompt: 'Two.' } }, { waitSeconds: 30 });
  expect(again).toMatchObject({ rerunOf: id, status: 'succeeded' });
  const [row] = await client.usage.get({ groupBy: 'endpoint' });
  expect(row).toMatchObject({ group: TEXT.endpoint, tasks: 2, succeeded: 2 });
  expect(await client.account.get()).toMatchObject({ name: 'Paper Boats', held: { micros: 0 } });
  expect((await client.account.listKeys()).items).toMatchObject([{ id: key.id }]);
});

test('a batch is all or nothing; what waits is canceled, and what is canceled is an end', async () => {
  const { client } = await open({ maxRunning: 1 });
  const wrong = client.tasks.createBatch([FILM, { ...FILM, input: { ...FILM.input, prompt: '' } }]);
  await expect(wrong).rejects.toMatchObject({ problems: [{ field: 'tasks[1].prompt' }] });
  const [first, second] = await client.tasks.createBatch([FILM, FILM]);
  expect((await client.tasks.cancel(second?.id ?? '')).status).toBe('canceled');
  expect((await client.tasks.wait(second?.id ?? '')).error).toMatchObject({ code: 'canceled' });
  const ids = [];
  for await (const { id } of eachItem((cursor) => client.tasks.list({ cursor, limit: 1 }))) ids.push(id);
  expect(ids).toEqual([second?.id, first?.id]);
  expect(await client.tasks.cancel(first?.id ?? '')).toMatchObject({ id: first?.id });
});

test('accounts, keys and payments are handled, and the books balance', async () => {
  const { admin, account, key, client } = await open();
  expect((await admin.accounts.get(account.id)).name).toBe('Paper Boats');
  expect((await admin.accounts.list({ limit: 100 })).items.map(({ id }) => id)).toContain(account.id);
  const payment = { micros: 12_500_000, reference: 'invoice 7' };
  const paid = await admin.deposits.create(account.id, payment);
  expect((await admin.deposits.create(account.id, payment)).id).toBe(paid.id);
  expect(paid.amount).toEqual({ micros: 12_500_000, currency: 'CNY', text: '12.50' });
  expect((await admin.deposits.list(account.id)).items).toMatchObject([{ reference: 'invoice 7' }]);
  expect((await admin.keys.update(key.id, { scopes: ['usage'], limits: { maxRunning: 2 } })).scopes).toEqual(['usage']);
  await expect(client.tasks.create(TEXT)).rejects.toMatchObject({ code: 'forbidden', status: 403 });
  await admin.keys.revoke(key.id);
  await expect(client.account.get()).rejects.toMatchObject({ code: 'unauthorized' });
  expect((await admin.keys.list(account.id)).items).toMatchObject([{ id: key.id, revokedAt: expect.any(String) }]);
  expect((await admin.keys.get(key.id)).limits.maxRunning).toBe(2);
  expect((await admin.accounts.update(account.id, { isDisabled: true })).isDisabled).toBe(true);
  expect(await admin.audit.run()).toMatchObject({ isBalanced: true, discrepancies: [] });
});

test('models are registered, described, listed and taken away', async () => {
  const { admin, client } = await open();
  const made = await admin.resources.create({ name: 'Paper', type: 'CHECKPOINT', nodeModelName: 'paper.safetensors' });
  expect(made).toMatchObject({ isShared: true, assetId: null });
  const changed = await admin.resources.update(made.id, { tags: ['craft'], versions: [{ version: '1' }] });
  expect(changed).toMatchObject({ name: 'Paper', tags: [{ name: 'craft' }], versions: [{ version: '1' }] });
  expect((await client.resources.list({ name: 'pap', type: 'CHECKPOINT' })).items).toEqual([changed]);
  expect(await client.resources.get(made.id)).toEqual(changed);
  await expect(client.resources.remove(made.id)).rejects.toMatchObject({ code: 'forbidden' });
  await admin.resources.remove(made.id);
  expect((await client.resources.list()).items).toEqual([]);
});

test('files are sent in one piece or in many, listed, and deleted', async () => {
  const { client } = await open();
  const file = new Blob([Uint8Array.from({ length: 100_000 }, (_, n) => n % 251)]);
  const small = await client.assets.create(file, { fileName: 'numbers.bin' });
  expect(small).toMatchObject({ sizeBytes: 100_000, extension: 'bin', origin: 'upload' });
  const told: number[] = [];
  const sent = await client.uploads.send(file, {
    fileName: 'numbers.bin',
    pieceBytes: 30_000,
    onProgress: ({ offsetBytes }) => {
      told.push(offsetBytes);
      if (offsetBytes === 60_000) line.cut();
    },
  });
  expect(sent.sha256).toBe(small.sha256);
  expect(told).toEqual(expect.arrayContaining([0, 30_000, 60_000, 100_000]));
  expect((await client.assets.list({ kind: 'file' })).items).toMatchObject([{ id: small.id }]);
  await client.assets.delete(small.id);
  await expect(client.assets.get(small.id)).rejects.toMatchObject({ code: 'file_not_found' });
  const begun = await client.uploads.create({ sizeBytes: 10 });
  await client.uploads.delete(begun.id);
  await expect(client.uploads.get(begun.id)).rejects.toMatchObject({ code: 'not_found' });
});

test('events come once and in order through cut lines and a killed server', async () => {
  const { client } = await open();
  const seen: { id: string; type: string; taskId: string }[] = [];
  const made: string[] = [];
  const submit = async () => made.push((await client.tasks.create(TEXT)).id);
  const restart = async () => {
    const up = Promise.withResolvers<void>();
    isUp = up.promise;
    await server.stop('SIGKILL');
    line.cut();
    server = await start();
    line.lead(server.url);
    up.resolve();
  };
  let work: Promise<unknown> = Promise.all([submit(), submit()]);
  for await (const event of client.events.stream({ after: '0-0' })) {
    const { type } = event;
    seen.push(event);
    const ends = seen.filter((one) => one.type === 'task.succeeded').length;
    if (seen.length === 2 || seen.length === 5) line.cut();
    // By then nothing runs: what a crash leaves behind is for other tests.
    if (ends === 2 && type === 'task.succeeded') work = work.then(restart).then(submit);
    if (ends === 3) break;
  }
  await work;
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  const order = seen.map(({ id }) => id.split('-').map(Number) as [number, number]);
  expect(order).toEqual(order.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
  for (const id of made) {
    const types = seen.filter(({ taskId }) => taskId === id).map(({ type }) => type);
    expect(types.filter((type) => type !== 'task.running')).toEqual(['task.queued', 'task.succeeded']);
  }
});
