import type { Json } from '@reelay/catalog';
import { afterEach, describe, expect, test } from 'vitest';
import { mp4Bytes, pngBytes } from '../assets/testing/media.ts';
import type { KeyLimits } from '../contract/key.ts';
import { payIn } from '../store/ledger.ts';
import { OWNER, TEXT_BODY, TEXT_ENDPOINT } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const NO_LIMITS: KeyLimits = {
  maxRunning: null,
  maxWaiting: null,
  tasksPerMinute: null,
  hourBudgetMicros: null,
  dayBudgetMicros: null,
  totalBudgetMicros: null,
};

/** An account that has so much and not more. */
async function openScene(fundsMicros: number, options: Parameters<typeof setScene>[0] = {}) {
  scene = await setScene(options);
  const { db } = scene.house;
  await db.write([
    { sql: `update accounts set is_unlimited = 0 where id = '${OWNER.accountId}'`, parameters: [] },
    payIn(db, { account_id: OWNER.accountId, micros: fundsMicros }),
  ]);
}

const read = <R>(sql: string) => scene.house.db.read<R>({ sql, parameters: [] });
async function funds() {
  const [row] = await read<{ balance: number; held: number }>(
    `select balance_micros as balance, held_micros as held from accounts where id = '${OWNER.accountId}'`,
  );
  return row;
}
const movesOf = async (taskId: string) =>
  (
    await read<{ kind: string; micros: number }>(
      `select kind, micros from transfers where task_id = '${taskId}' order by id`,
    )
  ).map(({ kind, micros }) => `${kind} ${micros}`);

const PRICE = 4_000_000;

describe('a task whose price is known', () => {
  test('is held at submit, and paid once when it succeeds', async () => {
    await openScene(10 * PRICE);
    const { id, priceMicros } = await scene.house.submit();
    expect(await funds()).toEqual({ balance: 10 * PRICE, held: priceMicros });
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ status: 'succeeded', chargeMicros: priceMicros });
    expect(await funds()).toEqual({ balance: 10 * PRICE - priceMicros, held: 0 });
    expect(await movesOf(id)).toEqual([`charge ${priceMicros}`, `hold ${priceMicros}`]);
  });

  test.each([
    ['fails', { canCancel: true }],
    ['is canceled while it waits', { canCancel: true }],
    ['is canceled, and its upstream stops it', { canCancel: true }],
  ])('is given back whole when the task %s', async (how, options) => {
    await openScene(10 * PRICE, options);
    scene.upstream.answer = () => (how === 'fails' ? { status: 'failed', message: 'no' } : { status: 'working' });
    const { id, priceMicros } = await scene.house.submit();
    if (how.includes('stops it')) {
      scene.house.worker.start();
      await scene.clock.runUntil(() => (scene.upstream.jobs[0]?.polls ?? 0) > 0);
    }
    if (how !== 'fails') await scene.house.tasks.cancel({ caller: OWNER, taskId: id });
    await scene.runToEnd(id);
    expect((await scene.house.view(id)).chargeMicros).toBe(0);
    expect(await funds()).toEqual({ balance: 10 * PRICE, held: 0 });
    expect(await movesOf(id)).toEqual([`hold ${priceMicros}`, `release ${priceMicros}`]);
  });

  test('is owed when it is canceled and its job goes on', async () => {
    await openScene(10 * PRICE, { canCancel: false });
    scene.upstream.answer = () => ({ status: 'working' });
    const { id, priceMicros } = await scene.house.submit();
    scene.house.worker.start();
    await scene.clock.runUntil(() => (scene.upstream.jobs[0]?.polls ?? 0) > 0);
    await scene.house.tasks.cancel({ caller: OWNER, taskId: id });
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ status: 'canceled', chargeMicros: priceMicros });
    expect(await funds()).toEqual({ balance: 10 * PRICE - priceMicros, held: 0 });
  });

  test('is given back when the task did not start in time', async () => {
    await openScene(10 * PRICE);
    const task = { endpoint: TEXT_ENDPOINT, body: TEXT_BODY, options: { startWithinMs: 5_000 } };
    const { id } = await scene.house.tasks.submit({ caller: OWNER, ...task });
    await scene.clock.advance(5_001);
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({
      status: 'failed',
      error: { code: 'timed_out' },
      chargeMicros: 0,
    });
    expect(await funds()).toEqual({ balance: 10 * PRICE, held: 0 });
    expect(scene.upstream.jobs).toEqual([]);
  });

  test('is refused where the account has less, and nothing of it is stored', async () => {
    await openScene(1);
    await expect(scene.house.submit()).rejects.toMatchObject({ code: 'insufficient_funds' });
    expect(await read('select id from tasks union all select id from jobs union all select id from transfers')).toEqual(
      [],
    );
    expect(await funds()).toEqual({ balance: 1, held: 0 });
  });

  test('at the same time as many others: as many are taken as can be paid', async () => {
    await openScene(0);
    const price = (await scene.house.tasks.estimate({ caller: OWNER, endpoint: TEXT_ENDPOINT, body: TEXT_BODY })).price;
    await scene.house.db.write([
      payIn(scene.house.db, { account_id: OWNER.accountId, micros: 7 * (price?.micros ?? 0) + 1 }),
    ]);
    const ends = await Promise.allSettled(Array.from({ length: 40 }, () => scene.house.submit()));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await read('select id from tasks')).toHaveLength(7);
  });
});

describe('a task whose price depends on a file at an address', () => {
  const ENDPOINT = 'kling-v2.6-std/motion-control';
  const PER_SECOND = 350_000;
  const QUOTED = PER_SECOND; // Of one second, as long as nothing is known.

  async function submitClip(seconds: number, limits: Partial<KeyLimits> = {}) {
    const { upstream, house } = scene;
    upstream.files.set('dance.mp4', mp4Bytes({ durationMs: seconds * 1_000 }));
    upstream.files.set('face.png', pngBytes({ widthPx: 400, heightPx: 400 }));
    const body: Record<string, Json> = {
      imageUrl: `${upstream.url}/files/face.png`,
      videoUrl: `${upstream.url}/files/dance.mp4`,
      characterOrientation: 'video',
    };
    const caller = { ...OWNER, limits: { ...NO_LIMITS, ...limits } };
    return house.tasks.submit({ caller, endpoint: ENDPOINT, body });
  }

  test('costs what the file says, and the rest is held before the upstream hears of it', async () => {
    await openScene(10 * PRICE);
    const { id, priceMicros } = await submitClip(8);
    expect(priceMicros).toBe(QUOTED);
    scene.upstream.answer = () => ({ status: 'working' });
    scene.house.worker.start();
    await scene.clock.runUntil(() => scene.upstream.jobs.length > 0);
    expect(await funds()).toEqual({ balance: 10 * PRICE, held: 8 * PER_SECOND });
    scene.upstream.answer = () => ({ status: 'done', outputs: [{ text: 'made' }] });
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ priceMicros: 8 * PER_SECOND, chargeMicros: 8 * PER_SECOND });
    expect(await movesOf(id)).toEqual([`charge ${8 * PER_SECOND}`, `extra_hold ${7 * PER_SECOND}`, `hold ${QUOTED}`]);
    expect(await funds()).toEqual({ balance: 10 * PRICE - 8 * PER_SECOND, held: 0 });
  });

  test('is adjusted once, however often its job is not accepted', async () => {
    await openScene(10 * PRICE);
    scene.upstream.manners.push('unavailable', 'busy');
    const { id } = await submitClip(8);
    await scene.restart();
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ status: 'succeeded', chargeMicros: 8 * PER_SECOND });
    expect(await movesOf(id)).toHaveLength(3);
  });

  test.each([
    ['the account', 'insufficient_funds', 3 * PER_SECOND, {}],
    ['the budget of the key', 'budget_exceeded', 100 * PER_SECOND, { dayBudgetMicros: 3 * PER_SECOND }],
  ])(
    'fails where %s has too little for it, is given back, and never reaches the upstream',
    async (_who, code, has, limits) => {
      await openScene(has);
      const { db } = scene.house;
      const day = 'dayBudgetMicros' in limits ? limits.dayBudgetMicros : null;
      await db.write([
        { sql: `update api_keys set day_budget_micros = ${day} where id = '${OWNER.keyId}'`, parameters: [] },
      ]);
      const { id } = await submitClip(8, limits);
      await scene.runToEnd(id);
      expect(await scene.house.view(id)).toMatchObject({ status: 'failed', error: { code }, chargeMicros: 0 });
      expect(await funds()).toEqual({ balance: has, held: 0 });
      expect(await read(`select micros from key_usage where micros <> 0`)).toEqual([]);
      expect(scene.upstream.jobs).toEqual([]);
    },
  );
});
