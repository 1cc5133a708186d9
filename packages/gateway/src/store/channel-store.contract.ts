import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertAttempt } from './attempts.ts';
import { claimProbe, listHealth, MAX_FAILURES, recordFailure, recordPause, recordSuccess } from './channel-health.ts';
import { listMeasures } from './channel-measures.ts';
import { countChannelUse, getPlaces, listUsage, settleBudget, useBudget } from './channel-places.ts';
import { claimCheck, endFault, listSwitches, switchOff, switchOn } from './channel-switches.ts';
import {
  endWaits,
  insertWait,
  listAwaited,
  listOldest,
  listPriorities,
  listWaits,
  selectWaitingGroups,
  wake,
} from './channel-waits.ts';
import {
  bumpVersion,
  type ChannelRow,
  deleteIdleChannel,
  forgetChannel,
  getChannel,
  getVersion,
  insertChannel,
  listAllChannels,
  listChannelsOfAccount,
  updateChannel,
} from './channels.ts';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { insertTask } from './tasks.ts';
import type { TestDb } from './testing/databases.ts';
import { NOW_MS, taskRow } from './testing/rows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const channelRow = (id: string, changes: Partial<ChannelRow> = {}): ChannelRow => ({
  id,
  name: id,
  account_id: null,
  provider: 'fal',
  settings: '{}',
  credentials: 'sealed',
  rules: '{}',
  priority: 0,
  weight: 1.5,
  price_factor: 1,
  cost_factor: 0.25,
  max_concurrent: null,
  per_minute: null,
  hour_budget_micros: null,
  day_budget_micros: null,
  total_budget_micros: null,
  currency: 'CNY',
  revision: 1,
  created_at_ms: NOW_MS,
  updated_at_ms: NOW_MS,
  ...changes,
});

const attemptRow = (task_id: string, changes: Partial<Schema['attempts']> = {}): Schema['attempts'] => ({
  task_id,
  number: 1,
  channel: 'fal',
  started_at_ms: NOW_MS,
  accepted_at_ms: null,
  ended_at_ms: null,
  outcome: null,
  error_code: null,
  error_message: null,
  handle: null,
  vendor_micros: null,
  vendor_currency: null,
  vendor_is_estimate: 0,
  model: null,
  reason: null,
  considered: null,
  charge_micros: null,
  estimate_micros: null,
  estimate_currency: null,
  is_counted: 0,
  late_ms: null,
  ...changes,
});

/** What every database has to do for channels. */
export function describeChannelStore(name: string, create: () => Promise<TestDb>): void {
  describe(`${name}: the tables of channels`, () => {
    let store: TestDb;
    let db: Db;
    beforeEach(async () => {
      store = await create();
      db = store.db;
    });
    afterEach(() => store.drop());
    const write = async (...statements: Statement[]) => (await db.write(statements)).committed;
    const health = async () => (await listHealth(db))[0];

    test('a channel is read as it was written, and changed only as it was read', async () => {
      const row = channelRow('chan_1', { max_concurrent: 5, total_budget_micros: 9_000_000_000_000_000 });
      expect(await write(insertChannel(db, row))).toBe(true);
      expect(await getChannel(db, 'chan_1')).toEqual(row);
      await expect(write(insertChannel(db, { ...row, id: 'chan_2' }))).rejects.toThrow();
      expect(await write(updateChannel(db, { id: 'chan_1', revision: 1, changes: { priority: 7 } }))).toBe(true);
      expect(await write(updateChannel(db, { id: 'chan_1', revision: 1, changes: { priority: 8 } }))).toBe(false);
      expect(await listAllChannels(db)).toEqual([{ ...row, priority: 7, revision: 2 }]);
      await write(insertChannel(db, channelRow('chan_3', { account_id: 'acct_a' })));
      expect(await listChannelsOfAccount(db, { accountId: 'acct_a', after: undefined, limit: 9 })).toMatchObject([
        { id: 'chan_3' },
      ]);
    });

    test('a channel with jobs is not deleted in passing, and one that is gone leaves nothing', async () => {
      const key = { id: 'chan_1', name: 'fal' };
      await write(insertChannel(db, channelRow(key.id, { name: key.name })), insertAttempt(db, attemptRow('1')));
      await write(recordFailure(db, { channel: 'fal', endpoint: '', nowMs: NOW_MS, reason: 'x' }));
      expect(await write(deleteIdleChannel(db, key))).toBe(false);
      await write({ sql: "update attempts set outcome = 'failed'", parameters: [] });
      expect(await write(deleteIdleChannel(db, key), ...forgetChannel(db, 'fal'))).toBe(true);
      expect([await listAllChannels(db), await listHealth(db)]).toEqual([[], []]);
    });

    test('each change has another version', async () => {
      const seen = [await getVersion(db)];
      for (let n = 0; n < 12; n += 1) {
        await write(bumpVersion(db, {}));
        seen.push(await getVersion(db));
      }
      expect(new Set(seen).size).toBe(13);
    });

    test('failures in a row open the circuit once, later ones do not prolong it, and each rest is longer', async () => {
      let nowMs = NOW_MS;
      const fail = () => write(recordFailure(db, { channel: 'fal', endpoint: '', nowMs, reason: 'busy' }));
      for (let n = 1; n < MAX_FAILURES; n += 1) await fail();
      expect(await health()).toMatchObject({ failures: MAX_FAILURES - 1, open_until_ms: null });
      await fail();
      expect(await health()).toMatchObject({ open_until_ms: nowMs + 30_000, openings: 1 });
      nowMs += 1_000;
      await fail();
      expect(await health()).toMatchObject({ open_until_ms: NOW_MS + 30_000, openings: 1 });
      const rests: number[] = [];
      for (let n = 0; n < 7; n += 1) {
        nowMs = (await health())?.open_until_ms ?? 0;
        await fail();
        rests.push(((await health())?.open_until_ms ?? 0) - nowMs);
      }
      expect(rests).toEqual([60_000, 120_000, 240_000, 480_000, 960_000, 960_000, 960_000]);
    });

    test('failures far apart are none in a row, and a success ends the row', async () => {
      const fail = (nowMs: number) => recordFailure(db, { channel: 'fal', endpoint: 'a/b', nowMs, reason: '' });
      for (let n = 0; n < 2 * MAX_FAILURES; n += 1) await write(fail(NOW_MS + n * 700_000));
      expect(await health()).toMatchObject({ failures: 1, open_until_ms: null });
      await write(recordSuccess(db, { channel: 'fal', endpoint: '', nowMs: NOW_MS }));
      expect(await health()).toMatchObject({ failures: 1 });
      await write(recordSuccess(db, { channel: 'fal', endpoint: 'a/b', nowMs: NOW_MS }));
      expect(await health()).toBeUndefined();
    });

    test('after a rest one job is let through, and another when nothing was heard of it', async () => {
      for (let n = 0; n < MAX_FAILURES; n += 1) {
        await write(recordFailure(db, { channel: 'fal', endpoint: '', nowMs: NOW_MS, reason: '' }));
      }
      const probe = (nowMs: number) =>
        write(claimProbe(db, { channel: 'fal', endpoint: '', nowMs, untilMs: nowMs + MINUTE_MS }));
      expect(await probe(NOW_MS + 29_999)).toBe(false);
      expect(await probe(NOW_MS + 30_000)).toBe(true);
      expect(await health()).toMatchObject({ probe_until_ms: NOW_MS + 90_000 });
      expect(await probe(NOW_MS + 89_999)).toBe(false);
      expect(await probe(NOW_MS + 90_000)).toBe(true);
    });

    test('of several that would be the first after a rest, one is', async () => {
      for (let n = 0; n < MAX_FAILURES; n += 1) {
        await write(recordFailure(db, { channel: 'fal', endpoint: '', nowMs: NOW_MS, reason: '' }));
      }
      const nowMs = NOW_MS + 30_000;
      const probe = () => write(claimProbe(db, { channel: 'fal', endpoint: '', nowMs, untilMs: nowMs + MINUTE_MS }));
      const results = await Promise.all(Array.from({ length: 10 }, probe));
      expect(results.filter(Boolean)).toHaveLength(1);
    });

    test('a pause is as long as the upstream says, never shorter than before, and grows where it does not say', async () => {
      const pause = (nowMs: number, pauseMs: number) =>
        write(recordPause(db, { channel: 'fal', nowMs, pauseMs, reason: 'slow down' }));
      await pause(NOW_MS, 90_000);
      await pause(NOW_MS + 1, 5_000);
      expect(await health()).toMatchObject({ paused_until_ms: NOW_MS + 90_000, failures: 0 });
      // It was accepted all the same: what was asked for stays.
      await write(recordSuccess(db, { channel: 'fal', endpoint: '', nowMs: NOW_MS + 2 }));
      expect(await health()).toMatchObject({ paused_until_ms: NOW_MS + 90_000 });
      await write(recordSuccess(db, { channel: 'fal', endpoint: '', nowMs: NOW_MS + 90_000 }));
      expect(await health()).toBeUndefined();
      let nowMs = NOW_MS;
      const pauses: number[] = [];
      for (let n = 0; n < 4; n += 1) {
        await pause(nowMs, 0);
        const until = (await health())?.paused_until_ms ?? 0;
        pauses.push(until - nowMs);
        nowMs = until;
      }
      expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000]);
    });

    test('what is off stays off for its first reason, until it is switched on', async () => {
      const off = { channel: 'fal', model: '', by_whom: 'fault', at_ms: NOW_MS, checked_at_ms: NOW_MS };
      await write(switchOff(db, { ...off, endpoint: '', reason: 'first' }));
      await write(switchOff(db, { ...off, endpoint: '', reason: 'second' }));
      await write(switchOff(db, { ...off, endpoint: 'a/b', model: 'm', reason: 'gone' }));
      await write(switchOff(db, { ...off, endpoint: 'a/b', by_whom: 'owner', reason: '' }));
      expect((await listSwitches(db)).map(({ reason }) => reason).sort()).toEqual(['', 'first', 'gone']);
      const check = { channel: 'fal', before_ms: NOW_MS, now_ms: NOW_MS + 5 };
      expect([await write(claimCheck(db, check)), await write(claimCheck(db, check))]).toEqual([true, false]);
      await write(endFault(db, { channel: 'fal' }));
      expect((await listSwitches(db)).map(({ endpoint }) => endpoint)).toEqual(['a/b', 'a/b']);
      await write(switchOn(db, { channel: 'fal', endpoint: 'a/b' }));
      expect(await listSwitches(db)).toEqual([]);
    });

    test('places and rates are those of the attempts', async () => {
      const limits = { channel: 'fal', max: 3, perMinute: 2, sinceMs: NOW_MS - MINUTE_MS };
      expect(await getPlaces(db, limits)).toEqual({ open: 0, recent: 0, first_at_ms: null });
      await write(
        insertAttempt(db, attemptRow('1', { started_at_ms: NOW_MS - MINUTE_MS })),
        insertAttempt(db, attemptRow('2', { started_at_ms: NOW_MS - 30_000 })),
        insertAttempt(db, attemptRow('3', { started_at_ms: NOW_MS - 10_000, outcome: 'succeeded' })),
        insertAttempt(db, attemptRow('4', { channel: 'other' })),
      );
      expect(await getPlaces(db, limits)).toEqual({ open: 2, recent: 2, first_at_ms: NOW_MS - 30_000 });
      expect(await getPlaces(db, { ...limits, max: 1, perMinute: 1 })).toEqual({
        open: 1,
        recent: 1,
        first_at_ms: NOW_MS - 10_000,
      });
    });

    test('a budget counts what may be spent, up to its end, and in the end what was', async () => {
      const [hour, day] = [Math.floor(NOW_MS / HOUR_MS), Math.floor(NOW_MS / (24 * HOUR_MS))];
      const periods = { channel: 'fal', hour: `hour:${hour}`, day: `day:${day}` };
      const use = (period: string, micros: number) => useBudget(db, { channel: 'fal', period, micros, max: 100 });
      expect(await write(use(periods.hour, 60), use(periods.day, 60), use('total', 60))).toBe(true);
      expect(await write(use(periods.hour, 41), use('total', 1))).toBe(false);
      expect(await write(use(periods.hour, 40))).toBe(true);
      await write(insertAttempt(db, attemptRow('1', { estimate_micros: 60, is_counted: 1 })));
      await write(...settleBudget(db, { channel: 'fal', task_id: '1', number: 1, micros: 25 }));
      // Saying it again changes nothing.
      await write(...settleBudget(db, { channel: 'fal', task_id: '1', number: 1, micros: 25 }));
      const used = Object.fromEntries((await listUsage(db, periods)).map(({ period, micros }) => [period, micros]));
      expect(used).toEqual({ [periods.hour]: 65, [periods.day]: 25, total: 25 });
      await write(insertAttempt(db, attemptRow('2', { estimate_micros: 7 })));
      await write(...settleBudget(db, { channel: 'fal', task_id: '2', number: 1, micros: 0 }));
      expect((await listUsage(db, periods)).find(({ period }) => period === 'total')?.micros).toBe(25);
    });

    test('a budget that begins counts what was spent before, and what is under way', async () => {
      await write(
        insertAttempt(db, attemptRow('1', { estimate_micros: 10, outcome: 'succeeded' })),
        insertAttempt(db, attemptRow('2', { estimate_micros: 5, started_at_ms: NOW_MS - HOUR_MS })),
        insertAttempt(db, attemptRow('3', { channel: 'other', estimate_micros: 1 })),
        insertAttempt(db, attemptRow('4')),
      );
      const sinceMs = NOW_MS - 1_000;
      const periods = [
        { period: 'hour:1', sinceMs },
        { period: 'total', sinceMs: 0 },
      ];
      for (let n = 0; n < 2; n += 1) await write(...countChannelUse(db, { channel: 'fal', periods }));
      const used = async () => listUsage(db, { channel: 'fal', hour: 'hour:1', day: 'day:1' });
      expect((await used()).map(({ period, micros }) => [period, micros]).sort()).toEqual([
        ['hour:1', 10],
        ['total', 15],
      ]);
      await write(...settleBudget(db, { channel: 'fal', task_id: '2', number: 1, micros: 1 }));
      await write(...settleBudget(db, { channel: 'fal', task_id: '4', number: 1, micros: 3 }));
      expect((await used()).find(({ period }) => period === 'total')?.micros).toBe(14);
    });

    test('those who wait are found by what they wait for, and are due again with their old place', async () => {
      const job = (id: string, group: string, priority = 0): Statement => ({
        sql: `insert into jobs (id, queue, group_key, priority, run_at_ms, attempts, payload, holder, fence, claim, last_error, created_at_ms)
          values ('${id}', 'tasks', '${group}', ${priority}, ${NOW_MS + HOUR_MS}, 1, '', null, 1, null, null, ${NOW_MS - Number(id)})`,
        parameters: [],
      });
      await write(job('1', 'a'), job('2', 'a'), job('3', 'b'), job('4', 'b', 5));
      for (const task_id of ['4', '3', '2', '1'])
        await write(insertWait(db, { task_id, awaited: 'fal', reason: 'full' }));
      await write(insertWait(db, { task_id: '1', awaited: 'fal a/b', reason: 'rests' }));
      await write(insertWait(db, { task_id: '1', awaited: 'fal', reason: 'full again' }));
      await write(insertWait(db, { task_id: 'none', awaited: 'fal', reason: 'no job' }));
      expect(await listAwaited(db)).toEqual(['fal', 'fal a/b']);
      expect(await listPriorities(db, 'fal')).toEqual([5, 0]);
      const level = { awaited: 'fal', priority: 0 };
      const groups = await db.read(selectWaitingGroups(db, { ...level, queue: 'tasks' }));
      expect(groups.map(({ group_key, task_id, held }) => [group_key, task_id, Number(held)])).toEqual([
        ['a', '1', 0],
        ['b', '3', 0],
      ]);
      expect(await listOldest(db, { ...level, group_key: 'a', limit: 5 })).toEqual(['1', '2']);
      expect((await listWaits(db, '1')).map(({ reason }) => reason)).toEqual(['full again', 'rests']);
      const outcome = await db.write([...wake(db, '1', NOW_MS), ...wake(db, '1', NOW_MS)]);
      expect(outcome.committed && outcome.results.map(({ changes }) => changes)).toEqual([1, 2, 0, 0]);
      expect(await db.read({ sql: "select run_at_ms from jobs where id = '1'", parameters: [] })).toEqual([
        { run_at_ms: NOW_MS - 1 },
      ]);
      await write(endWaits(db, '2'));
      expect(await listOldest(db, { ...level, group_key: 'a', limit: 5 })).toEqual([]);
    });

    test('how the latest attempts ended is counted by endpoint, and what users did wrong is not', async () => {
      const outcomes = [
        ['1', 'succeeded', null],
        ['2', 'failed', 'generation_failed'],
        ['3', 'failed', 'content_refused'],
        ['4', 'outcome_unknown', 'outcome_unknown'],
        ['5', null, null],
      ] as const;
      for (const [id, outcome, error_code] of outcomes) {
        const vendor = outcome === 'succeeded' ? { vendor_micros: 9, vendor_currency: 'USD' } : {};
        await write(
          insertTask(db, taskRow(id, { endpoint: 'a/b', price_micros: 20 })),
          insertAttempt(db, attemptRow(id, { outcome, error_code, ...vendor })),
        );
      }
      const rows = await listMeasures(db, { channel: 'fal', sinceMs: 0 });
      expect(rows.reduce((sum, { good }) => sum + good, 0)).toBe(1);
      expect(rows.reduce((sum, { bad }) => sum + bad, 0)).toBe(2);
      expect(rows.find(({ vendor_currency }) => vendor_currency === 'USD')).toMatchObject({
        endpoint: 'a/b',
        price_micros: 20,
        vendor_micros: 9,
      });
      expect(await listMeasures(db, { channel: 'fal', sinceMs: NOW_MS })).toEqual([]);
    });
  });
}
