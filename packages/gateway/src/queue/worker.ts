import type { Log } from '../contract/log.ts';
import { backoffMs } from '../lib/backoff.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import type { Db } from '../store/db.ts';
import type { ClaimedJob, Lease, Queue } from './queue.ts';

/** Somebody else holds the job now, so nothing may be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
/** The process stops; the job goes on at the next start. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Takes one job from where it stands to its end, or to where another holder can go on.
 *  @param signals.stop fires when the process stops: ends at the next step from which another start can go on. `abort`
 *    fires when the lease is lost, or the time to stop is up: ends at once.
 *  @throws {LeaseLost} when another holder has the job; {Stopped} when the process stops; anything else when something
 *    broke, and the job should be tried again later. */
export type Drive = (job: ClaimedJob, signals: { stop: AbortSignal; abort: AbortSignal }) => Promise<void>;

export type Worker = {
  start(): void;
  /** Claims no more, lets jobs come to a point from which the next start can go on, and gives their leases back. After
   *  `graceMs` whatever is still busy is cut off; its leases then lapse. */
  stop(p: { graceMs: number }): Promise<void>;
  stats(): { readonly inFlight: number };
};

export type WorkerDeps = {
  readonly db: Db;
  readonly queue: Queue;
  readonly drive: Drive;
  /** Called when a signal of a job has fired, for drivers that sleep. */
  readonly wake?: (jobId: string) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly limits: WorkerLimits;
};

export type WorkerLimits = {
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly maxInFlight: number;
  /** As `groupLimit` of a claim. */
  readonly maxPerGroup?: number;
  /** The longest without a look, in case a notification went astray; default 5 s. */
  readonly maxWaitMs?: number;
};

type Deps = WorkerDeps & {
  readonly queueName: string;
  /** What the log calls a job, and the field that names it there. */
  readonly noun: string;
  readonly idField: string;
};

/** More at once would make the first of them wait for the last. */
const MAX_CLAIM = 500;
const MAX_WAIT_MS = 5_000;

/** A driver at work. */
type Holding = {
  readonly job: ClaimedJob;
  readonly stop: AbortController;
  readonly abort: AbortController;
  readonly done: Promise<void>;
};

/** Claims jobs of one queue and drives them, many at once, under one heartbeat. */
export function createWorker(deps: Deps): Worker {
  const { clock } = deps;
  const holdings = new Map<string, Holding>();
  const stopping = new AbortController();
  const ended = new AbortController();
  let roomMade = () => {};

  const end = (holding: Holding, which: 'stop' | 'abort', reason: Error) => {
    holding[which].abort(reason);
    deps.wake?.(holding.job.id);
  };
  const begin = (job: ClaimedJob) => {
    // Claimed again while an earlier claim still runs here: that one has lost its lease.
    const earlier = holdings.get(job.id);
    if (earlier !== undefined) end(earlier, 'abort', new LeaseLost('the lease is lost'));
    const [stop, abort] = [new AbortController(), new AbortController()];
    const done = runOne(deps, job, { stop: stop.signal, abort: abort.signal, ended: ended.signal }).finally(() => {
      if (holdings.get(job.id) === holding) holdings.delete(job.id);
      roomMade();
      // A group that was full has room again.
      if (deps.limits.maxPerGroup !== undefined) deps.queue.notify(deps.queueName);
    });
    const holding: Holding = { job, stop, abort, done };
    holdings.set(job.id, holding);
  };
  const claimMore = async () => {
    const { queue, queueName, limits } = deps;
    const room = limits.maxInFlight - holdings.size;
    if (room <= 0) {
      await new Promise<void>((resolve) => {
        roomMade = resolve;
      });
      return;
    }
    const { leaseMs, maxPerGroup, maxWaitMs = MAX_WAIT_MS } = limits;
    const jobs = await queue.claim({
      queue: queueName,
      limit: Math.min(room, MAX_CLAIM),
      ...(maxPerGroup === undefined ? {} : { groupLimit: maxPerGroup }),
      leaseMs,
      nowMs: clock.nowMs(),
    });
    for (const job of jobs) begin(job);
    if (jobs.length > 0) return;
    await queue.wait({ queue: queueName, maxWaitMs, nowMs: clock.nowMs(), signal: stopping.signal });
  };
  const beat = createHeartbeat(deps, {
    list: () => [...holdings.values()],
    drop: (holding) => end(holding, 'abort', new LeaseLost('the lease is lost')),
  });

  let loops: { readonly claim: Promise<void>; readonly beat: Promise<void> } | undefined;
  return {
    start() {
      loops ??= {
        claim: repeat(deps, { name: 'claim', work: claimMore, signal: stopping.signal }),
        beat: repeat(deps, { name: 'heartbeat', work: () => beat(ended.signal), signal: ended.signal }),
      };
    },
    async stop({ graceMs }) {
      stopping.abort(new Stopped());
      roomMade();
      const cutOff = clock.after(graceMs, () => {
        for (const holding of holdings.values()) end(holding, 'abort', new Stopped());
        // Nor is a store waited for that does not come back.
        ended.abort(new Stopped());
      });
      await loops?.claim;
      const all = [...holdings.values()];
      for (const holding of all) end(holding, 'stop', new Stopped());
      await Promise.all(all.map(({ done }) => done));
      cutOff();
      ended.abort(new Stopped());
      await loops?.beat;
    },
    stats: () => ({ inFlight: holdings.size }),
  };
}

type Signals = { readonly stop: AbortSignal; readonly abort: AbortSignal; readonly ended: AbortSignal };

/** Never throws: what a driver leaves unfinished goes back into the queue. */
async function runOne(deps: Deps, job: ClaimedJob, { stop, abort, ended }: Signals): Promise<void> {
  const { clock, random, log, noun } = deps;
  const fields = { [deps.idField]: job.id };
  try {
    await deps.drive(job, { stop, abort });
  } catch (error) {
    if (error instanceof LeaseLost) return log.warn(fields, `another holder has the ${noun}`);
    const isStop = error instanceof Stopped;
    if (!isStop)
      log.error({ ...fields, err: error, claims: job.attempts }, `a ${noun} broke its driver and is tried again`);
    const delayMs = isStop ? 0 : backoffMs({ failures: job.attempts, baseMs: 1_000, maxMs: 60_000, random: random() });
    await giveBack(deps, job.lease, { runAtMs: clock.nowMs() + delayMs, ended });
  }
}

/** The heartbeat keeps every lease of this process alive, so a job that nobody works on must not be kept: giving it back
 *  is tried until it works, or until the process ends and its leases lapse. */
async function giveBack(deps: Deps, lease: Lease, p: { runAtMs: number; ended: AbortSignal }): Promise<void> {
  const { db, queue, clock, random, log } = deps;
  for (let failures = 1; !p.ended.aborted; failures += 1) {
    try {
      // Not committed: somebody else has the job already.
      await db.write([queue.reschedule(lease, { runAtMs: p.runAtMs })]);
      return queue.notify(deps.queueName);
    } catch (error) {
      log.error({ [deps.idField]: lease.jobId, err: error }, `a ${deps.noun} could not be given back`);
      const ms = backoffMs({ failures, baseMs: 500, maxMs: 10_000, random: random() });
      await sleep(clock, ms, p.ended).catch(() => undefined);
    }
  }
}

type Holdings = { list(): Holding[]; drop(holding: Holding): void };

/** Extends all leases once in a while, and drops what was lost: when others hold it, or may, because the store has not
 *  heard of us for as long as a lease lasts. */
function createHeartbeat({ queue, clock, limits, log }: Deps, holdings: Holdings) {
  const { heartbeatMs, leaseMs } = limits;
  let heardAtMs = clock.nowMs();
  return async (signal: AbortSignal): Promise<void> => {
    await sleep(clock, heartbeatMs, signal);
    const held = holdings.list();
    const nowMs = clock.nowMs();
    try {
      const leases = held.map(({ job }) => job.lease);
      const kept = new Set((await queue.heartbeat(leases, { leaseMs, nowMs })).map(nameOf));
      heardAtMs = nowMs;
      for (const holding of held) if (!kept.has(nameOf(holding.job.lease))) holdings.drop(holding);
    } catch (error) {
      log.error({ err: error }, 'the heartbeat failed');
      if (clock.nowMs() - heardAtMs >= leaseMs) for (const holding of held) holdings.drop(holding);
    }
  };
}
const nameOf = ({ jobId, fence }: Lease): string => `${jobId} ${fence}`;

/** Does the work again and again until the signal fires. What fails is logged and done again a little later. */
async function repeat(
  { clock, random, log }: Deps,
  p: { name: string; work: () => Promise<void>; signal: AbortSignal },
): Promise<void> {
  for (let failures = 0; !p.signal.aborted; ) {
    try {
      await p.work();
      failures = 0;
    } catch (error) {
      if (p.signal.aborted) return;
      failures += 1;
      log.error({ err: error, failures }, `the ${p.name} failed`);
      const ms = backoffMs({ failures, baseMs: 200, maxMs: 10_000, random: random() });
      await sleep(clock, ms, p.signal).catch(() => undefined);
    }
  }
}
