import { type Catalog, catalog } from '@reelay/catalog';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import type { Provider } from '../providers/provider.ts';
import { endAttempt, insertAttempt } from '../store/attempts.ts';
import type { Db } from '../store/db.ts';
import { insertTask } from '../store/tasks.ts';
import type { TestDb } from '../store/testing/databases.ts';
import { NOW_MS, taskRow } from '../store/testing/rows.ts';
import { type Ask, type Channel, type Channels, type Choice, everyEndpoint, PlaceTaken } from './channels.ts';
import { DEFAULT_POLICY, type Policy } from './definition.ts';
import { openTestChannels } from './testing/open-test-channels.ts';

const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const MINUTE_MS = 60_000;

/** Never asked: what is claimed here is not run. */
const provider: Provider = {
  name: 'upstream',
  submitIsRepeatable: false,
  submit: async () => ({ handle: null }),
  poll: async () => ({ state: 'pending' }),
};
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

type Attempt = { channel: string; started_at_ms: number; estimate_micros: number };

function mostInAMinute(starts: readonly number[]): number {
  const sorted = [...starts].sort((a, b) => a - b);
  let [first, most] = [0, 0];
  for (const [last, at] of sorted.entries()) {
    while ((sorted[first] ?? 0) <= at - MINUTE_MS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** What channels may have, however many processes claim at the same time. */
export function describeClaims(name: string, create: () => Promise<TestDb>, p: { rooms: number }): void {
  describe(`${name}: claims of places`, () => {
    let store: TestDb;
    let db: Db;
    /** Time moves with the work, so that the tests do not wait for it, and no two steps share an instant. */
    let nowMs: number;
    const tick = () => {
      nowMs += 1;
      return nowMs;
    };
    const clock: Clock = { nowMs: () => nowMs, after: () => silent };
    beforeEach(async () => {
      store = await create();
      db = store.db;
      nowMs = NOW_MS;
    });
    afterEach(() => store.drop());

    /** Each as a process of its own would have it. */
    function openRooms(policies: Readonly<Record<string, Partial<Policy>>>): Channels[] {
      const fixed = Object.entries(policies).map(
        ([channel, policy]): Channel => ({ name: channel, provider, routeOf: everyEndpoint('m'), policy }),
      );
      // Prices of this test are as they are.
      const exchange = ({ micros }: { micros: number }) => micros;
      const queue = { notify: silent };
      return Array.from({ length: p.rooms }, () => {
        const deps = { db, catalog: catalog as Catalog, queue, dataDir: '', clock, random: Math.random, exchange, log };
        return openTestChannels({ ...deps, fixed }).channels;
      });
    }
    async function insertTasks(count: number): Promise<string[]> {
      const ids = Array.from({ length: count }, (_, n) => String(10_000 + n));
      for (let n = 0; n < count; n += 100) {
        await db.write(ids.slice(n, n + 100).map((id) => insertTask(db, taskRow(id, { endpoint: ENDPOINT }))));
      }
      return ids;
    }
    const endpoint = catalog.get(ENDPOINT);
    if (endpoint === undefined) throw new Error('unreachable');
    const ask = (taskId: string, micros = 0): Ask => ({
      taskId,
      endpoint,
      accountId: 'acct_a',
      list: { micros, currency: 'CNY' },
      held: { micros, currency: 'CNY' },
      routing: {},
    });
    /** @returns whether the place was there. */
    async function claim(room: Channels, choice: Choice, taskId: string): Promise<boolean> {
      const atMs = tick();
      const guards = room.claim(choice, { taskId, nowMs: atMs });
      const attempt = insertAttempt(db, {
        task_id: taskId,
        number: 1,
        channel: choice.channel.name,
        started_at_ms: atMs,
        accepted_at_ms: null,
        ended_at_ms: null,
        outcome: null,
        error_code: null,
        error_message: null,
        handle: null,
        vendor_micros: null,
        vendor_currency: null,
        vendor_is_estimate: 0,
        late_ms: null,
        considered: null,
        ...choice.row,
      });
      const outcome = await db.write([...guards.map(({ statement }) => statement), attempt]);
      room.withdraw(taskId);
      if (outcome.committed) return true;
      expect(guards[outcome.failed]?.refusal()).toBeInstanceOf(PlaceTaken);
      return false;
    }
    const end = (task_id: string) =>
      db.write([
        endAttempt(db, {
          task_id,
          number: 1,
          ended_at_ms: tick(),
          outcome: 'succeeded',
          error_code: null,
          error_message: null,
          vendor_micros: 0,
          vendor_currency: 'CNY',
          vendor_is_estimate: 0,
          late_ms: null,
        }),
      ]);
    const attempts = () =>
      db.read<Attempt>({
        sql: 'select channel, started_at_ms, estimate_micros from attempts',
        parameters: [],
      });

    /** How many attempts are open at one moment, as the database sees it. The times in the rows are those at which a claim
     *  set out, which says nothing about the order in which claims and ends were committed. */
    const open = () =>
      db.read<{ channel: string; count: number }>({
        sql: 'select channel, count(*) as count from attempts where outcome is null group by channel',
        parameters: [],
      });

    test('of a thousand tasks on five channels none gets past a limit', async () => {
      const policies = {
        one: { maxConcurrent: 1 },
        five: { maxConcurrent: 5 },
        slow: { perMinute: 30 },
        both: { maxConcurrent: 8, perMinute: 120 },
        wide: { maxConcurrent: 20, perMinute: 600 },
      };
      const rooms = openRooms(policies);
      const waiting = await insertTasks(1_000);
      const most = new Map<string, number>();
      let [refused, lost] = [0, 0];
      const work = async (room: Channels): Promise<void> => {
        for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
          const decision = await room.choose(ask(id));
          if (decision.is === 'chosen' && (await claim(room, decision.choices[0], id))) {
            for (const { channel, count } of await open())
              most.set(channel, Math.max(most.get(channel) ?? 0, Number(count)));
            nowMs += 40;
            await end(id);
            continue;
          }
          if (decision.is === 'chosen') lost += 1;
          else refused += 1;
          nowMs += 40;
          waiting.unshift(id);
        }
      };
      await Promise.all(rooms.flatMap((room) => Array.from({ length: Math.ceil(60 / p.rooms) }, () => work(room))));
      const all = await attempts();
      expect(all).toHaveLength(1_000);
      for (const [channel, { maxConcurrent, perMinute }] of Object.entries({ ...policies } as Record<
        string,
        Partial<Policy>
      >)) {
        const own = all.filter((attempt) => attempt.channel === channel);
        expect(own.length, channel).toBeGreaterThan(0);
        if (typeof maxConcurrent === 'number') expect(most.get(channel), channel).toBeLessThanOrEqual(maxConcurrent);
        if (typeof perMinute === 'number') {
          expect(mostInAMinute(own.map(({ started_at_ms }) => started_at_ms)), channel).toBeLessThanOrEqual(perMinute);
        }
      }
      expect(most.get('one')).toBe(1);
      // The limits were reached, so that there was something to break; and in one process hardly anybody claims in vain.
      expect(refused).toBeGreaterThan(0);
      if (p.rooms === 1) expect(lost).toBeLessThan(100);
    });

    test('a hundred that want the last places at the same time get as many as there are', async () => {
      // Chosen before anybody has claimed, so only the database can tell them apart.
      const rooms = openRooms({ upstream: { maxConcurrent: 7 } });
      const ids = await insertTasks(100);
      const [room = undefined] = rooms;
      if (room === undefined) throw new Error('unreachable');
      const choices = await Promise.all(
        ids.map(async (id) => {
          const decision = await room.choose(ask(id));
          room.withdraw(id);
          return decision.is === 'chosen' ? decision.choices[0] : undefined;
        }),
      );
      const claimed = await Promise.all(
        choices.map((choice, n) => (choice === undefined ? false : claim(room, choice, ids[n] ?? ''))),
      );
      expect(claimed.filter(Boolean)).toHaveLength(7);
      expect((await open()).map(({ count }) => Number(count))).toEqual([7]);
    });

    test('a budget is never exceeded, and its rest is used by what still fits', async () => {
      const budgets = { ...DEFAULT_POLICY.budgets, dayMicros: 1_000 };
      const rooms = openRooms({ upstream: { budgets } });
      const ids = await insertTasks(60);
      const prices = ids.map((_, n) => 10 + (n % 7) * 10);
      await Promise.all(
        ids.map(async (id, n) => {
          const room = rooms[n % rooms.length];
          const decision = await room?.choose(ask(id, prices[n] ?? 0));
          if (room !== undefined && decision?.is === 'chosen') await claim(room, decision.choices[0], id);
        }),
      );
      const spent = (await attempts()).reduce((sum, { estimate_micros }) => sum + estimate_micros, 0);
      expect(spent).toBeLessThanOrEqual(1_000);
      expect(spent).toBeGreaterThan(930);
      const late = await rooms[0]?.choose(ask('x', 100));
      expect(late).toMatchObject({ is: 'wait', waitsFor: [{ awaited: 'upstream' }] });
      expect(await rooms[0]?.choose(ask('x', 1_001))).toMatchObject({ is: 'refused', code: 'no_channel' });
    });
  });
}
