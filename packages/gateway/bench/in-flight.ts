import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { startChild } from './child.ts';
import { load } from './load.ts';

export const KEY = '0123456789abcdef0123456789abcdef';
const ENDPOINT = '/openapi/v2/rhart-video-s-official/text-to-video-pro';
const SUBMIT = { prompt: 'A paper boat crosses a pond.', size: '720x1280', duration: '4' };
const SUBMITTERS = 64;
const Created = z.object({ id: z.number() });
const Asked = z.object({ endedAtMs: z.number().nullable() });

export type InFlightRow = {
  readonly jobs: string;
  readonly tasks: number;
  readonly noticedLateP50Ms: number;
  readonly noticedLateP95Ms: number;
  readonly pollsPerTask: number;
  readonly kilobytesPerTask: number;
  readonly apiP99Ms: number;
  readonly allEndedAfterS: number;
};

/** Puts many tasks in flight on an upstream that only waits, and looks at what waiting costs. The first round teaches the
 *  gateway how long the endpoint takes; the second is measured. Run with --expose-gc for the memory figure. */
export async function measureInFlight(p: {
  tasks: number;
  medianMs: number;
  /** How much their lengths differ: the standard deviation of the logarithm. */
  spread: number;
}): Promise<InFlightRow> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-bench-'));
  const upstream = await startChild('upstream.ts', [String(p.medianMs), String(p.spread)]);
  const late: number[] = [];
  let polls = 0;
  const agent = new Agent({ connections: 64 });
  const call = async (path: string, method: 'GET' | 'POST', signal: AbortSignal) =>
    (await request(upstream.url + path, { method, dispatcher: agent, signal })).body.json();
  const channel: Channel = {
    name: 'upstream',
    routeOf: everyEndpoint('upstream'),
    provider: {
      name: 'upstream',
      submitIsRepeatable: false,
      submit: async (_job, signal) => ({ handle: Created.parse(await call('/jobs', 'POST', signal)).id }),
      async poll(handle, signal) {
        polls += 1;
        const { endedAtMs } = Asked.parse(await call(`/jobs/${handle}`, 'GET', signal));
        if (endedAtMs === null) return { state: 'pending' };
        late.push(Date.now() - endedAtMs);
        return { state: 'succeeded', outputs: [{ kind: 'text', text: 'done' }] };
      },
    },
  };
  const config = loadConfig({ REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY }, dataDir);
  const server = await startServer(config, { logLevel: 'error', channels: () => [channel] });
  try {
    const untilEnded = async (count: number) => {
      while (late.length < count) await sleep(50);
    };
    await submitMany(server.url, Math.min(100, p.tasks));
    await untilEnded(Math.min(100, p.tasks));
    late.length = 0;
    polls = 0;
    const before = heapBytes();
    const startedAtMs = performance.now();
    await submitMany(server.url, p.tasks);
    const perTask = (heapBytes() - before) / (p.tasks - late.length);
    const api = load({
      url: `${server.url}/openapi/v2/query`,
      key: KEY,
      body: { taskId: '1' },
      clients: 4,
      seconds: 8,
      rate: 200,
    });
    await untilEnded(p.tasks);
    const sorted = late.toSorted((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
    return {
      jobs: `${p.medianMs / 1_000} s ± ${p.spread * 100} %`,
      tasks: p.tasks,
      noticedLateP50Ms: at(0.5),
      noticedLateP95Ms: at(0.95),
      pollsPerTask: Number((polls / p.tasks).toFixed(1)),
      kilobytesPerTask: Number((perTask / 1_000).toFixed(1)),
      apiP99Ms: (await api).p99Ms,
      allEndedAfterS: Number(((performance.now() - startedAtMs) / 1_000).toFixed(1)),
    };
  } finally {
    await server.close();
    await agent.close();
    upstream.child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Heap and external memory after a collection. */
function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Submits so many tasks, as fast as a few dozen clients can. */
export async function submitMany(url: string, count: number): Promise<void> {
  let left = count;
  const submitter = async () => {
    while (left > 0) {
      left -= 1;
      const response = await fetch(url + ENDPOINT, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify(SUBMIT),
      });
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: SUBMITTERS }, submitter));
}
