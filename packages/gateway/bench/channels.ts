import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { mostAtOnce, mostInAMinute } from '../src/tasks/testing/most.ts';
import { startChild } from './child.ts';
import { KEY, submitMany } from './in-flight.ts';

const Created = z.object({ id: z.number() });
const Asked = z.object({ endedAtMs: z.number().nullable() });
const Attempts = z.array(z.object({ started_at_ms: z.number(), ended_at_ms: z.number() }));

/** As shares of all tasks: together there is a place for every one, and rates that are reached. */
const CHANNELS = [
  { name: 'wide', places: 0.4, perMinute: undefined },
  { name: 'brisk', places: 0.3, perMinute: 0.3 },
  { name: 'steady', places: 0.15, perMinute: 0.1 },
  { name: 'narrow', places: 0.1, perMinute: undefined },
  { name: 'slow', places: 0.05, perMinute: 0.02 },
] as const;
/** How much jobs differ, as a share of the median: what can be learnt of them is when they end. */
const SPREAD = 0.05;
/** Of each channel, before anything is measured. */
const LESSONS = 100;

export type ChannelsRow = {
  readonly tasks: number;
  readonly inFlightAtMost: number;
  readonly limitsBroken: number;
  readonly pollsPerTask: number;
  readonly noticedLateP50Ms: number;
  readonly noticedLateP95Ms: number;
  readonly allEndedAfterS: number;
};
export type ChannelRow = {
  readonly channel: string;
  readonly jobs: number;
  readonly atOnce: number;
  readonly maxConcurrent: number;
  readonly inAMinute: number;
  readonly perMinute: number | '-';
};

type Upstream = { readonly channel: Channel; readonly seen: { polls: number; readonly late: number[] } };

/** Puts many tasks in flight over five channels with limits, on an upstream that only waits. The first round teaches the
 *  gateway how long jobs take on each of them; the second is measured. Limits are judged by the rows of the attempts, which
 *  hold a place from their start to their end. */
export async function measureChannels(p: {
  tasks: number;
  medianMs: number;
}): Promise<{ row: ChannelsRow; channels: readonly ChannelRow[] }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-bench-'));
  const { url, child } = await startChild('upstream.ts', [String(p.medianMs), String(SPREAD)]);
  const agent = new Agent({ connections: 64 });
  const limits = CHANNELS.map(({ name, places, perMinute }) => ({
    name,
    maxConcurrent: Math.round(places * p.tasks),
    perMinute: perMinute === undefined ? null : Math.round(perMinute * p.tasks),
  }));
  const upstreams = limits.map((limit) => createUpstream(limit, { url, agent }));
  const noticed = () => upstreams.reduce((sum, { seen }) => sum + seen.late.length, 0);
  const config = loadConfig({ REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY }, dataDir);
  const server = await startServer(config, {
    logLevel: 'error',
    channels: () => upstreams.map(({ channel }) => channel),
  });
  try {
    const run = async (count: number) => {
      await submitMany(server.url, count);
      while (noticed() < count) await sleep(50);
    };
    await run(LESSONS * CHANNELS.length);
    for (const { seen } of upstreams) Object.assign(seen, { polls: 0 }).late.length = 0;
    // What the lessons began counts against no rate of the round that is measured.
    await sleep(Math.max(0, 60_000 - p.medianMs));
    const beganAtMs = Date.now();
    await run(p.tasks);
    const allEndedAfterS = (Date.now() - beganAtMs) / 1_000;
    const late = upstreams.flatMap(({ seen }) => seen.late).sort((a, b) => a - b);
    const at = (share: number) => Math.round(late[Math.floor(share * (late.length - 1))] ?? Number.NaN);
    const polls = upstreams.reduce((sum, { seen }) => sum + seen.polls, 0);
    const { channels, inFlightAtMost } = readAttempts(dataDir, limits, beganAtMs);
    const row = {
      tasks: p.tasks,
      inFlightAtMost,
      limitsBroken: channels.filter(isBroken).length,
      pollsPerTask: Number((polls / p.tasks).toFixed(1)),
      noticedLateP50Ms: at(0.5),
      noticedLateP95Ms: at(0.95),
      allEndedAfterS: Number(allEndedAfterS.toFixed(1)),
    };
    return { row, channels };
  } finally {
    await server.close();
    await agent.close();
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
}

type Limit = { readonly name: string; readonly maxConcurrent: number; readonly perMinute: number | null };

function createUpstream({ name, maxConcurrent, perMinute }: Limit, p: { url: string; agent: Agent }): Upstream {
  const seen: Upstream['seen'] = { polls: 0, late: [] };
  const call = async (path: string, method: 'GET' | 'POST', signal: AbortSignal) =>
    (await request(p.url + path, { method, dispatcher: p.agent, signal })).body.json();
  const provider: Channel['provider'] = {
    name,
    submitIsRepeatable: false,
    submit: async (_job, signal) => ({ handle: Created.parse(await call('/jobs', 'POST', signal)).id }),
    async poll(handle, signal) {
      seen.polls += 1;
      const { endedAtMs } = Asked.parse(await call(`/jobs/${handle}`, 'GET', signal));
      if (endedAtMs === null) return { state: 'pending' };
      seen.late.push(Date.now() - endedAtMs);
      return { state: 'succeeded', outputs: [{ kind: 'text', text: 'done' }] };
    },
  };
  // Of one priority, so that all get their lessons.
  return {
    seen,
    channel: { name, provider, routeOf: everyEndpoint(name), policy: { maxConcurrent, perMinute, priority: 0 } },
  };
}

function readAttempts(dataDir: string, limits: readonly Limit[], sinceMs: number) {
  const store = new DatabaseSync(join(dataDir, 'reelay.db'), { readOnly: true });
  try {
    const read = (where: string, ...values: (string | number)[]) =>
      Attempts.parse(
        store
          .prepare(
            `select started_at_ms, coalesce(ended_at_ms, ${Date.now()}) as ended_at_ms from attempts where ${where}`,
          )
          .all(...values),
      );
    const channels = limits.map(({ name, maxConcurrent, perMinute }): ChannelRow => {
      const own = read('channel = ?', name);
      return {
        channel: name,
        jobs: own.length,
        atOnce: mostAtOnce(own),
        maxConcurrent,
        inAMinute: mostInAMinute(own),
        perMinute: perMinute ?? '-',
      };
    });
    return { channels, inFlightAtMost: mostAtOnce(read('started_at_ms >= ?', sinceMs)) };
  } finally {
    store.close();
  }
}

const isBroken = ({ atOnce, maxConcurrent, inAMinute, perMinute }: ChannelRow): boolean =>
  atOnce > maxConcurrent || (perMinute !== '-' && inAMinute > perMinute);
