import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Policy } from '../channels/definition.ts';
import { createBusyness, createVirtualClock } from '../lib/testing/virtual-clock.ts';
import type { Provider } from '../providers/provider.ts';
import { type House, openHouse } from './testing/house.ts';
import { type Held, mostAtOnce, mostInAMinute } from './testing/most.ts';

type Options = {
  /** How many processes share the store. */
  readonly houses: number;
  readonly tasks: number;
  readonly databaseUrl?: () => Promise<string>;
};

const JOB_MS = 20_000;

/** Takes jobs, and has each done after a while of virtual time. Knows how many it had at once. */
function createUpstream(name: string, nowMs: () => number) {
  const seen = { now: 0, most: 0, starts: [] as number[] };
  const provider: Provider = {
    name,
    submitIsRepeatable: false,
    async submit() {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      seen.starts.push(nowMs());
      return { handle: { untilMs: nowMs() + JOB_MS } };
    },
    async poll(handle) {
      const { untilMs } = handle as { untilMs: number };
      if (nowMs() < untilMs) return { state: 'pending', pollAfterMs: untilMs - nowMs() };
      seen.now -= 1;
      // An end without a file: storing a thousand of them would be most of what is measured.
      return { state: 'failed', code: 'content_refused', message: 'seen' };
    },
  };
  return { provider, seen };
}

async function openScene(options: Options, policies: Readonly<Record<string, Partial<Policy>>>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-limits-'));
  const databaseUrl = await options.databaseUrl?.();
  const busyness = createBusyness();
  const clock = createVirtualClock({ isBusy: busyness.isBusy });
  const upstreams = Object.keys(policies).map((name) => createUpstream(name, clock.nowMs));
  const houses: House[] = [];
  const ends: (() => Promise<void>)[] = [];
  for (let node = 1; node <= options.houses; node += 1) {
    const house = await openHouse({
      dataDir,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      clock,
      node,
      policies,
      providers: upstreams.map(({ provider }) => provider),
      wrap: busyness.watchAll,
      isShared: options.houses > 1,
    });
    houses.push(house);
    ends.push(await house.room.start());
  }
  onTestFinished(async () => {
    await Promise.all(ends.map((end) => end()));
    await Promise.all(houses.map((house) => house.close()));
    await rm(dataDir, { recursive: true });
  });
  const [first] = houses;
  if (first === undefined) throw new Error('unreachable');
  const count = async (where: string) =>
    Number((await first.db.read<{ n: number }>({ sql: `select count(*) as n from ${where}`, parameters: [] }))[0]?.n);
  return {
    clock,
    houses,
    first,
    count,
    seen: Object.fromEntries(upstreams.map(({ provider, seen }) => [provider.name, seen])),
  };
}

type Attempt = Held & { readonly channel: string };

/** Limits of channels hold exactly, however many processes take tasks, and nobody waits for ever. */
export function describeChannelLimits(name: string, options: Options): void {
  describe(`limits of channels: ${name}`, () => {
    test('no place and no rate is exceeded, every task ends, and all that there is gets used', async () => {
      const policies = {
        one: { maxConcurrent: 1, priority: 5 },
        seven: { maxConcurrent: 7, priority: 4 },
        slow: { maxConcurrent: 50, perMinute: 9, priority: 3 },
        brisk: { perMinute: 40, priority: 2 },
        wide: { maxConcurrent: 60, priority: 1 },
      };
      const scene = await openScene(options, policies);
      const { first, houses, clock, count, seen } = scene;
      for (let n = 0; n < options.tasks; n += 50) await Promise.all(Array.from({ length: 50 }, () => first.submit()));
      for (const house of houses) house.worker.start();
      await clock.runUntil(async () => (await count("tasks where status = 'failed'")) === options.tasks);
      const attempts = await first.db.read<Attempt>({
        sql: 'select channel, started_at_ms, ended_at_ms from attempts',
        parameters: [],
      });
      // None was refused a place after it was claimed: each task had one attempt.
      expect(attempts).toHaveLength(options.tasks);
      for (const [channel, policy] of Object.entries(policies)) {
        const own = attempts.filter((attempt) => attempt.channel === channel);
        const { maxConcurrent = Number.POSITIVE_INFINITY, perMinute = Number.POSITIVE_INFINITY } =
          policy as Partial<Policy>;
        expect(mostAtOnce(own), channel).toBeLessThanOrEqual(maxConcurrent ?? 0);
        expect(seen[channel]?.most, channel).toBeLessThanOrEqual(maxConcurrent ?? 0);
        expect(mostInAMinute(own), channel).toBeLessThanOrEqual(perMinute ?? 0);
      }
      expect(mostAtOnce(attempts.filter(({ channel }) => channel === 'one'))).toBe(1);
      expect(mostAtOnce(attempts.filter(({ channel }) => channel === 'seven'))).toBe(7);
      expect(await count('channel_waits')).toBe(0);
    });

    test('a task that waits for a full channel does not hold up one that may go elsewhere', async () => {
      const scene = await openScene(options, { narrow: { maxConcurrent: 1 }, other: { priority: -1 } });
      const { first, houses, clock, count } = scene;
      const route = (only: string) => `update tasks set routing = '{"only":["${only}"]}' where id = `;
      const ids: string[] = [];
      for (let n = 0; n < 20; n += 1) ids.push((await first.submit()).id);
      const [last] = ids.slice(-1);
      for (const id of ids) {
        const sql = `${route(id === last ? 'other' : 'narrow')}'${id}'`;
        await first.db.write([{ sql, parameters: [] }]);
      }
      for (const house of houses) house.worker.start();
      await clock.runUntil(async () => (await first.view(last ?? '')).status === 'failed');
      expect(await count("tasks where status = 'failed'")).toBeLessThan(5);
      await clock.runUntil(async () => (await count("tasks where status = 'failed'")) === 20);
    });
  });
}
