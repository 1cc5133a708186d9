import type { Json } from '@reelay/catalog';
import { backoffMs } from '../../lib/backoff.ts';
import type { Provider, VendorCost } from '../../providers/provider.ts';
import type { Attempt, Run } from '../run.ts';
import { pollDelayMs } from '../waiting.ts';

/** What is waited at most between two polls that fail, and between two tries to fetch a result. */
export const MAX_BACKOFF_MS = 60_000;

/** What a run remembers between two polls. */
export type Watch = {
  readonly attempt: Attempt;
  readonly provider: Provider;
  /** Of the step that the job is in. */
  handle: Json;
  /** How often a result arrived damaged. */
  damaged: number;
  /** What the upstream said that the result cost. */
  cost: VendorCost | undefined;
  /** Polls that failed, or results that could not be fetched, since the last that went well. */
  failures: number;
  /** The last moment for the state that the task is in. */
  untilMs: number;
  writtenAtMs: number;
  /** When it is to be asked for next. */
  dueAtMs: number;
  /** When the job was last known not to have ended. */
  unfinishedAtMs: number;
  /** What the provider asked for at its last answer. */
  floorMs: number | undefined;
};

type Followed = Pick<Watch, 'attempt' | 'provider' | 'handle'>;

export function createWatch(run: Run, followed: Followed): Watch {
  const { deps, task } = run;
  const nowMs = deps.clock.nowMs();
  return {
    ...followed,
    damaged: 0,
    cost: undefined,
    failures: 0,
    untilMs: task.status === 'collecting' ? collectUntilMs(run) : task.deadline_at_ms,
    writtenAtMs: nowMs,
    dueAtMs: nowMs,
    unfinishedAtMs: followed.attempt.acceptedAtMs ?? nowMs,
    floorMs: undefined,
  };
}

export const collectUntilMs = ({ deps, task }: Run): number =>
  Math.max(task.deadline_at_ms, deps.clock.nowMs() + deps.limits.collectGraceMs);

/** For how long a job had ended when we noticed: since the moment that the upstream says, else at most since it was last
 *  known to go on. Of a clock that is wrong no more is believed than can be true. */
export function lateMsOf(
  { deps }: Run,
  { unfinishedAtMs }: Watch,
  { endedAtMs }: { readonly endedAtMs?: number },
): number {
  const nowMs = deps.clock.nowMs();
  return nowMs - Math.min(nowMs, Math.max(unfinishedAtMs, endedAtMs ?? unfinishedAtMs));
}

/** Until the next poll: never past the moment at which the last one is due. */
export async function nextDelayMs(run: Run, watch: Watch): Promise<number> {
  const { clock, random, timings } = run.deps;
  const nowMs = clock.nowMs();
  const { channel, acceptedAtMs } = watch.attempt;
  const { endpoint } = run.task;
  if (watch.failures > 0) {
    const ms = backoffMs({ failures: watch.failures, baseMs: 1_000, maxMs: MAX_BACKOFF_MS, random: random() });
    // After the last moment there are a few tries more, each after its own wait.
    return nowMs >= watch.untilMs ? ms : Math.min(ms, watch.untilMs - nowMs);
  }
  const timing = await timings.get({ channel, endpoint });
  const elapsedMs = nowMs - (acceptedAtMs ?? nowMs);
  const ms = pollDelayMs({
    elapsedMs,
    timing,
    random: random(),
    ...(watch.floorMs === undefined ? {} : { floorMs: watch.floorMs }),
  });
  return Math.max(0, Math.min(ms, watch.untilMs - nowMs));
}
