import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Db, WriteLost } from '../store/db.ts';
import { getTask, insertTask } from '../store/tasks.ts';
import type { TestDb } from '../store/testing/databases.ts';
import { NOW_MS, taskRow } from '../store/testing/rows.ts';
import type { createEmbeddedQueue } from './embedded.ts';
import type { ClaimedJob, Lease, NewJob, Queue } from './queue.ts';
import { createQueueModel } from './testing/queue-model.ts';

type Create = typeof createEmbeddedQueue;
const LEASE_MS = 1_000;
const ids = (jobs: readonly ClaimedJob[]) => jobs.map(({ id }) => id);

/** What every driver promises, on every store. Each test uses a queue of its own. */
export function describeQueue(name: string, p: { create: () => Promise<TestDb>; createQueue: Create }): void {
  describe(name, () => {
    let opened: TestDb;
    let db: Db;
    let tests = 0;
    beforeAll(async () => {
      opened = await p.create();
      db = opened.db;
    });
    afterAll(() => opened.drop());

    /** Holders of their own for one test; what they hold is free again after it. */
    async function withQueues(
      run: (t: {
        queue: string;
        open: (options?: Partial<Parameters<Create>[0]>) => Queue;
        add: (queue: Queue, ...jobs: (Partial<NewJob> & { id: string })[]) => Promise<void>;
        claim: (queue: Queue, options?: Partial<Parameters<Queue['claim']>[0]>) => Promise<ClaimedJob[]>;
      }) => Promise<void>,
    ): Promise<void> {
      tests += 1;
      const queue = `queue-${tests}`;
      const queues: Queue[] = [];
      const open = (options: Partial<Parameters<Create>[0]> = {}) => {
        const one = p.createQueue({ db, holder: `${queue}-${queues.length}`, ...options });
        queues.push(one);
        return one;
      };
      try {
        await run({
          queue,
          open,
          add: async (on, ...jobs) => {
            await db.write(
              jobs.flatMap((job) =>
                on.enqueue({ queue, groupKey: 'g', payload: `p-${job.id}`, ...job, id: `${queue}/${job.id}` }, NOW_MS),
              ),
            );
          },
          claim: async (on, options) =>
            (await on.claim({ queue, limit: 100, leaseMs: LEASE_MS, nowMs: NOW_MS, ...options })).map((job) => ({
              ...job,
              id: job.id.slice(queue.length + 1),
            })),
        });
      } finally {
        for (const one of queues) await one.close();
      }
    }
    const committed = async (...statements: Parameters<Db['write']>[0]) => (await db.write(statements)).committed;

    test('a task and its job are one transaction', () =>
      withQueues(async ({ queue, open, claim }) => {
        const one = open();
        const job = { id: `${queue}/1`, queue, groupKey: 'g', payload: 'x' };
        await db.write([insertTask(db, taskRow(`${queue}-task`)), ...one.enqueue(job, NOW_MS)]);
        const doomed = { ...job, id: `${queue}/2` };
        await expect(
          db.write([...one.enqueue(doomed, NOW_MS), insertTask(db, taskRow(`${queue}-task`))]),
        ).rejects.toThrow();
        expect(await getTask(db, `${queue}-task`)).toBeDefined();
        expect(ids(await claim(one))).toEqual(['1']);
      }));

    test('jobs come by priority, then longest waiting, no earlier than they are due, and no more than asked for', () =>
      withQueues(async ({ open, add, claim }) => {
        const one = open();
        await add(
          one,
          { id: 'late', runAtMs: NOW_MS - 1 },
          { id: 'early', runAtMs: NOW_MS - 9 },
          { id: 'urgent', priority: 5 },
          { id: 'idle', priority: -5, runAtMs: NOW_MS - 100 },
          { id: 'future', priority: 9, runAtMs: NOW_MS + 1 },
        );
        expect(ids(await claim(one, { limit: 2 }))).toEqual(['urgent', 'early']);
        expect(ids(await claim(one))).toEqual(['late', 'idle']);
        const [future, ...others] = await claim(one, { nowMs: NOW_MS + 1 });
        expect(others).toEqual([]);
        expect(future).toMatchObject({ id: 'future', payload: 'p-future', attempts: 1 });
      }));

    test('the jobs of a group are counted: what is held, and what waits', () =>
      withQueues(async ({ queue, open, add, claim }) => {
        const one = open();
        await add(one, ...['1', '2', '3'].map((id) => ({ id, groupKey: 'a' })), { id: '4', groupKey: 'b' });
        const of = (groupKey: string) => one.count({ queue, groupKey });
        expect([await of('a'), await of('b'), await of('c')]).toEqual([
          { held: 0, waiting: 3 },
          { held: 0, waiting: 1 },
          { held: 0, waiting: 0 },
        ]);
        await claim(one, { limit: 2 });
        expect(await of('a')).toEqual({ held: 1, waiting: 2 });
      }));

    test('what stands before a job is about what will be claimed before it', () =>
      withQueues(async ({ queue, open, add, claim }) => {
        const one = open();
        const many = (groupKey: string, count: number, priority = 0) =>
          Array.from({ length: count }, (_, i) => ({ id: `${groupKey}${i + 100}`, groupKey, priority }));
        await add(one, ...many('a', 50), ...many('b', 5), ...many('u', 3, 9));
        const ahead = (id: string) => one.ahead({ queue, jobId: `${queue}/${id}` });
        // Before the first of each: what is urgent. Before a later one: as many of each other group as of its own.
        expect([await ahead('u100'), await ahead('u102'), await ahead('a100')]).toEqual([0, 2, 4]);
        const order = ids(await claim(one, { limit: 58 })).indexOf('a110');
        expect(await ahead('a110')).toBeUndefined();
        await add(one, ...many('c', 50), ...many('d', 5), ...many('v', 3, 9));
        expect(Math.abs(((await ahead('c110')) ?? 0) - order)).toBeLessThanOrEqual(1);
        expect(await ahead('nothing')).toBeUndefined();
      }));

    test('many claimers at once share the jobs: each has one holder', () =>
      withQueues(async ({ open, add, claim }) => {
        const all = Array.from({ length: 120 }, (_, i) => `${i}`);
        const queues = Array.from({ length: 6 }, () => open());
        await add(queues[0] ?? open(), ...all.map((id) => ({ id })));
        const takes = await Promise.all(queues.flatMap((one) => [claim(one, { limit: 9 }), claim(one, { limit: 16 })]));
        const rest = await claim(open());
        expect([...takes.flat(), ...rest].map(({ id }) => id).sort()).toEqual([...all].sort());
      }));

    test('a group never runs more than its limit, and does not stand in the way of the others', () =>
      withQueues(async ({ open, add, claim }) => {
        const [one, two] = [open(), open()];
        // More of the crowd than one look takes in.
        const crowd = Array.from({ length: 300 }, (_, i) => ({
          id: `crowd-${String(i).padStart(3, '0')}`,
          groupKey: 'crowd',
          runAtMs: NOW_MS - 50,
        }));
        await add(one, ...crowd, { id: 'other-1', groupKey: 'other' }, { id: 'other-2', groupKey: 'other' });
        const first = await claim(one, { groupLimit: 2, limit: 10 });
        expect(ids(first)).toEqual(['crowd-000', 'other-1', 'crowd-001', 'other-2']);
        expect(await claim(two, { groupLimit: 2 })).toEqual([]);
        expect(await committed(...first.slice(2, 3).map(({ lease }) => one.complete(lease)))).toBe(true);
        const both = await Promise.all([claim(one, { groupLimit: 2 }), claim(two, { groupLimit: 2 })]);
        expect(ids(both.flat())).toEqual(['crowd-002']);
      }));

    test('a thousand jobs of one group do not delay the first of another, whatever is held', () =>
      withQueues(async ({ open, add, claim }) => {
        const one = open();
        const crowd = Array.from({ length: 1_000 }, (_, i) => ({
          id: `a${i + 1_000}`,
          groupKey: 'a',
          runAtMs: NOW_MS - 50,
        }));
        await add(one, ...crowd);
        const running = await claim(one, { limit: 2 });
        await add(one, { id: 'b1', groupKey: 'b' });
        const [first] = await claim(one, { limit: 1 });
        expect(first?.id).toBe('b1');
        for (const { lease } of [...running, required(first)]) await committed(one.complete(lease));
        // Also where only one job is held at a time, so that nothing is held when the next is chosen.
        await add(one, { id: 'c1', groupKey: 'c' }, { id: 'c2', groupKey: 'c' });
        for (const expected of ['c1', 'a1002', 'c2', 'a1003']) {
          const [job] = await claim(one, { limit: 1 });
          expect(job?.id).toBe(expected);
          await committed(one.complete(required(job).lease));
        }
      }));

    test('of groups with a backlog none is ever ahead of another by more than one', () =>
      withQueues(async ({ open, add, claim }) => {
        const one = open();
        const jobs = Array.from({ length: 10_000 }, (_, i) => ({
          id: String(i).padStart(5, '0'),
          // One after the other: a queue that went by age would serve the first group alone for a while.
          groupKey: `g${Math.floor(i / 200)}`,
        }));
        await add(one, ...jobs);
        const counts = new Map<string, number>();
        for (let taken = 0; taken < 10_000; ) {
          const limit = 1 + ((taken * 7) % 301);
          for (const { id } of await claim(one, { limit })) {
            const group = `g${Math.floor(Number(id) / 200)}`;
            counts.set(group, (counts.get(group) ?? 0) + 1);
            taken += 1;
            const fewest = counts.size < 50 ? 0 : Math.min(...counts.values());
            expect(counts.get(group)).toBeLessThanOrEqual(fewest + 1);
          }
        }
        expect([...counts.values()]).toEqual(Array.from({ length: 50 }, () => 200));
      }));

    test('a group with a limit of its own waits at it, also when many claim at once, until it has room or no limit', () =>
      withQueues(async ({ queue, open, add, claim }) => {
        const queues = Array.from({ length: 6 }, () => open());
        const [one = open()] = queues;
        const limit = (maxHeld: number | null) => db.write(one.limitGroup({ queue, groupKey: 'few', maxHeld }));
        await limit(3);
        await add(
          one,
          ...Array.from({ length: 20 }, (_, i) => ({ id: `f${i + 10}`, groupKey: 'few', runAtMs: NOW_MS - 5 })),
          ...Array.from({ length: 20 }, (_, i) => ({ id: `m${i + 10}`, groupKey: 'many' })),
        );
        const takes = (await Promise.all(queues.map((two) => claim(two, { limit: 5 })))).flat();
        expect(takes.filter(({ id }) => id.startsWith('f'))).toHaveLength(3);
        const others = await claim(one);
        expect([...takes, ...others].filter(({ id }) => id.startsWith('m'))).toHaveLength(20);
        expect(await claim(one)).toEqual([]);
        const [first] = takes.filter(({ id }) => id.startsWith('f'));
        await committed(one.complete(required(first).lease));
        expect(await claim(one)).toHaveLength(1);
        await limit(null);
        expect(await claim(one)).toHaveLength(16);
      }));

    test('a holder that is heard of keeps its jobs; one that is not loses them all, and learns it', () =>
      withQueues(async ({ open, add, claim }) => {
        const [alive, dead] = [open(), open()];
        await add(alive, { id: '1' }, { id: '2' }, { id: '3' });
        const kept = await claim(alive, { limit: 1 });
        const lost = await claim(dead);
        const beat = { leaseMs: LEASE_MS, nowMs: NOW_MS + LEASE_MS - 1 };
        expect(await alive.heartbeat(leases(kept), beat)).toEqual(leases(kept));
        const later = NOW_MS + LEASE_MS;
        const taken = await claim(alive, { nowMs: later });
        expect(taken).toMatchObject([
          { id: '2', attempts: 2 },
          { id: '3', attempts: 2 },
        ]);
        expect(await dead.heartbeat(leases(lost), { leaseMs: LEASE_MS, nowMs: later })).toEqual([]);
        for (const lease of leases(lost)) {
          expect(await committed(dead.guard(lease))).toBe(false);
          expect(await committed(dead.complete(lease))).toBe(false);
          expect(await committed(dead.reschedule(lease, { runAtMs: 0 }))).toBe(false);
        }
        // Having new jobs does not bring the old ones back.
        await add(dead, { id: '4' });
        const fresh = await claim(dead, { nowMs: later });
        expect(ids(fresh)).toEqual(['4']);
        const heard = await dead.heartbeat(leases([...lost, ...fresh]), { leaseMs: LEASE_MS, nowMs: later });
        expect(heard).toEqual(leases(fresh));
        expect(await committed(...leases([...kept, ...taken]).map((lease) => alive.guard(lease)))).toBe(true);
      }));

    test('a lease that lapsed while nobody looked is renewed', () =>
      withQueues(async ({ open, add, claim }) => {
        const one = open();
        await add(one, { id: '1' });
        const held = leases(await claim(one));
        const wokenMs = NOW_MS + 100 * LEASE_MS;
        expect(await one.heartbeat(held, { leaseMs: LEASE_MS, nowMs: wokenMs })).toEqual(held);
        expect(await claim(open(), { nowMs: wokenMs })).toEqual([]);
      }));

    test('a job given back runs again when it is due, with its error on record', () =>
      withQueues(async ({ open, add, claim }) => {
        const one = open();
        await add(one, { id: '1' });
        const [job] = await claim(one);
        expect(job && (await committed(one.reschedule(job.lease, { runAtMs: NOW_MS + 10, error: 'busy' })))).toBe(true);
        expect(job && (await committed(one.guard(job.lease)))).toBe(false);
        expect(await claim(one, { nowMs: NOW_MS + 9 })).toEqual([]);
        const [again] = await claim(one, { nowMs: NOW_MS + 10 });
        expect(again?.attempts).toBe(2);
        expect(again && job && again.lease.fence > job.lease.fence).toBe(true);
      }));

    test('a lease of an earlier claim is worth nothing, also to the holder of the new one', () =>
      withQueues(async ({ open, add, claim }) => {
        const one = open();
        await add(one, { id: '1' });
        const old = leases(await claim(one));
        await committed(...old.map((lease) => one.reschedule(lease, { runAtMs: NOW_MS })));
        const fresh = leases(await claim(one));
        expect(fresh).toMatchObject([{ holder: old[0]?.holder }]);
        for (const lease of old) {
          expect(await committed(one.guard(lease))).toBe(false);
          expect(await committed(one.reschedule(lease, { runAtMs: 0 }))).toBe(false);
          expect(await committed(one.complete(lease))).toBe(false);
        }
        expect(await committed(...fresh.map((lease) => one.complete(lease)))).toBe(true);
      }));

    test('closing frees what is held, for the next to take at once', () =>
      withQueues(async ({ open, add, claim }) => {
        const one = open();
        await add(one, { id: '1' });
        await claim(one);
        await one.close();
        expect(ids(await claim(open()))).toEqual(['1']);
      }));

    test('a claim whose answer was lost holds nothing for longer than until the next one', () =>
      withQueues(async ({ open, add, claim }) => {
        let isLosing = false;
        const losing: Db = {
          ...db,
          write: async (batch) => {
            const outcome = await db.write(batch);
            if (isLosing) throw new WriteLost('cut');
            return outcome;
          },
        };
        const one = open({ db: losing });
        await add(one, { id: '1' }, { id: '2' });
        const first = await claim(one, { limit: 1 });
        isLosing = true;
        await expect(claim(one)).rejects.toThrow(WriteLost);
        isLosing = false;
        expect(await claim(one)).toMatchObject([{ id: '2', attempts: 2 }]);
        expect(await committed(...leases(first).map((lease) => one.guard(lease)))).toBe(true);
      }));

    test('a claim that fails half way answers what it has', () =>
      withQueues(async ({ open, add, claim }) => {
        let writesLeft = Number.POSITIVE_INFINITY;
        const failing: Db = {
          ...db,
          write: async (batch) => {
            if (writesLeft-- <= 0) throw new Error('the store is away');
            return db.write(batch);
          },
        };
        const one = open({ db: failing });
        await add(one, { id: 'first' });
        await claim(one);
        await add(one, { id: 'high', priority: 2 }, { id: 'middle', priority: 1 }, { id: 'low' });
        writesLeft = 2;
        expect(ids(await claim(one))).toEqual(['high', 'middle']);
        writesLeft = 0;
        await expect(claim(one)).rejects.toThrow('away');
        writesLeft = Number.POSITIVE_INFINITY;
        expect(ids(await claim(one))).toEqual(['low']);
      }));

    test('claiming where nothing is due writes nothing', () =>
      withQueues(async ({ open, add, claim }) => {
        let writes = 0;
        const counting: Db = {
          ...db,
          write: (batch) => {
            writes += 1;
            return db.write(batch);
          },
        };
        const one = open({ db: counting });
        await add(one, { id: '1', runAtMs: NOW_MS + 1 });
        expect(await claim(one)).toEqual([]);
        expect(writes).toBe(0);
      }));

    test('whatever happens, a job has one holder at most, and an old lease changes nothing', () =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) =>
          withQueues(async ({ queue, open }) => {
            const workers = [open(), open(), open()];
            const model = createQueueModel(workers.length);
            const leasesOf = workers.map((): Lease[] => []);
            let nowMs = NOW_MS;
            let added = 0;
            for (const [kind, who, a, b] of steps) {
              const worker = workers[who] ?? open();
              const known = leasesOf[who] ?? [];
              const lease = known[a % Math.max(1, known.length)];
              const at = { leaseMs: LEASE_MS, nowMs };
              if (kind === 'pass') nowMs += a * 40;
              else if (kind === 'add') {
                const job = {
                  id: `${queue}/${String(added++).padStart(3, '0')}`,
                  queue,
                  payload: '',
                  groupKey: `${a % 3}`,
                };
                const details = { priority: b % 3, runAtMs: nowMs + (a % 4) * 100 };
                await db.write(worker.enqueue({ ...job, ...details }, nowMs));
                model.add({ id: job.id, group: job.groupKey, ...details });
              } else if (kind === 'limit') {
                const maxHeld = b % 3 === 0 ? null : b % 3;
                await db.write(worker.limitGroup({ queue, groupKey: `${a % 3}`, maxHeld }));
                model.limit(`${a % 3}`, maxHeld);
              } else if (kind === 'claim') {
                const limits = { limit: 1 + (a % 4), ...(b % 2 === 0 ? { groupLimit: 1 + (b % 3) } : {}) };
                const claimed = await worker.claim({ queue, ...limits, ...at });
                expect(ids(claimed)).toEqual(model.claim(who, { ...limits, ...at }));
                for (const { id, lease: got } of claimed) model.take(id, got);
                known.push(...claimed.map((job) => job.lease));
              } else if (kind === 'beat') {
                expect(await worker.heartbeat(known, at)).toEqual(known.filter(model.beat(who, known.length, at)));
              } else if (lease !== undefined) {
                const runAtMs = nowMs + (b % 3) * 100;
                const statement = kind === 'reschedule' ? worker.reschedule(lease, { runAtMs }) : worker[kind](lease);
                expect(await committed(statement)).toBe(model.write(kind, lease, runAtMs));
              }
            }
          }),
        ),
        { numRuns: 60 },
      ));
  });
}

const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('a job was expected');
  return value;
};
const leases = (jobs: readonly ClaimedJob[]): Lease[] => jobs.map(({ lease }) => lease);

const step = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('add' as const) },
    { weight: 4, arbitrary: fc.constant('claim' as const) },
    { weight: 1, arbitrary: fc.constant('limit' as const) },
    { weight: 6, arbitrary: fc.constantFrom('beat', 'guard', 'complete', 'reschedule', 'pass') },
  ),
  fc.nat({ max: 2 }),
  fc.nat({ max: 30 }),
  fc.nat({ max: 30 }),
);
