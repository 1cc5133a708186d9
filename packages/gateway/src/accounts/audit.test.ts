import { afterEach, beforeEach, expect, test } from 'vitest';
import { payIn } from '../store/ledger.ts';
import { OWNER } from '../tasks/testing/house.ts';
import { type Scene, setScene } from '../tasks/testing/scene.ts';
import { audit } from './audit.ts';

let scene: Scene;
const ids: string[] = [];
const run = (sql: string) => scene.house.db.write([{ sql, parameters: [] }]);
const prove = () => audit({ db: scene.house.db, nowMs: scene.clock.nowMs }, { signal: AbortSignal.timeout(30_000) });

/** A task that succeeded, one that failed, one that waits. */
beforeEach(async () => {
  scene = await setScene({ canCancel: true });
  const { house, upstream } = scene;
  await house.db.write([payIn(house.db, { account_id: OWNER.accountId, micros: 90_000_000 })]);
  await run(`insert into transfers (id, account_id, kind, from_book, to_book, micros, currency, created_at_ms)
    values ('1.payment', '${OWNER.accountId}', 'deposit', 'outside', 'available:${OWNER.accountId}', 90000000, 'CNY', 1)`);
  const good = await house.submit();
  await scene.runToEnd(good.id);
  upstream.answer = () => ({ status: 'failed', message: 'no' });
  const bad = await house.submit();
  await scene.runToEnd(bad.id);
  await scene.restart();
  const open = await scene.house.submit();
  ids.splice(0, ids.length, good.id, bad.id, open.id);
});
afterEach(() => scene.close());

test('what nobody touched balances, and says where all money is', async () => {
  const report = await prove();
  expect(report).toMatchObject({
    isBalanced: true,
    discrepancies: [],
    counts: { accounts: 2, tasks: 3, transfers: 6 },
  });
  const [cny] = report.totals;
  expect(cny).toMatchObject({ currency: 'CNY', outside: -90_000_000 });
  expect((cny?.outside ?? 0) + (cny?.revenue ?? 0) + (cny?.available ?? 0) + (cny?.held ?? 0)).toBe(0);
  expect(cny?.revenue).toBeGreaterThan(0);
  expect(cny?.held).toBe(cny?.revenue);
});

test.each<[string, string, () => string]>([
  ['a balance that was edited', 'account', () => `update accounts set balance_micros = balance_micros + 1`],
  ['a hold that was edited', 'account', () => `update accounts set held_micros = held_micros - 1`],
  ['a charge that is missing', 'task', () => `delete from transfers where id = '${ids[0]}.charge'`],
  [
    'a charge of another amount',
    'task',
    () => `update transfers set micros = micros + 1 where id = '${ids[0]}.charge'`,
  ],
  ['a task that says another charge', 'task', () => `update tasks set charge_micros = 1 where id = '${ids[0]}'`],
  ['a release that is missing', 'task', () => `delete from transfers where id = '${ids[1]}.release'`],
  [
    'a failed task that was charged',
    'task',
    () => `update transfers set id = '${ids[1]}.charge', kind = 'charge' where id = '${ids[1]}.release'`,
  ],
  ['an open task without its hold', 'task', () => `delete from transfers where id = '${ids[2]}.hold'`],
  [
    'an open task with another price',
    'task',
    () => `update tasks set price_micros = price_micros - 1 where id = '${ids[2]}'`,
  ],
  ['a deleted task that was never settled', 'orphan', () => `delete from tasks where id = '${ids[2]}'`],
])('%s is found', async (_name, what, statement) => {
  await run(statement());
  const { isBalanced, discrepancies } = await prove();
  expect(isBalanced).toBe(false);
  expect(discrepancies.map((one) => one.what)).toContain(what);
});

test('a budget that counts something else than its tasks is found', async () => {
  await run(`update api_keys set day_budget_micros = 100000000 where id = '${OWNER.keyId}'`);
  expect((await prove()).discrepancies).toMatchObject([{ what: 'budget', id: OWNER.keyId }]);
});

test('an ended task that was deleted balances by itself', async () => {
  await run(`delete from tasks where id = '${ids[0]}'`);
  expect(await prove()).toMatchObject({ isBalanced: true, counts: { tasks: 2, transfers: 6 } });
});
