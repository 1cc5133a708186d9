import type { Clock } from '../lib/clock.ts';
import type { Schema } from '../store/schema.ts';

export type Timing = Pick<Schema['timings'], 'samples' | 'mean_log_ms' | 'variance_log_ms' | 'updated_at_ms'>;

/** Fewer tasks say little about the next. */
const MIN_SAMPLES = 3;
/** However old an estimate is, it counts like so many tasks beside new ones. */
const MIN_WEIGHT = 3;
/** What was learnt counts half after so many usual durations, and not sooner than after ten minutes. Tasks that start
 *  together end in the order of their lengths: in less time the slowest of them would be all that is remembered. */
const HALF_LIFE_DURATIONS = 10;
const MIN_HALF_LIFE_MS = 600_000;
/** Of one job alone: two thirds of the next take between three quarters and four thirds of its time. */
const FIRST_VARIANCE = 0.09;
const MIN_DELAY_MS = 250;
/** Around the expected end: the longest that a finished job goes unnoticed, as a share of the time it took. */
const DELAY_NEAR_END = 0.06;
const MAX_DELAY_NEAR_END_MS = 2_000;
/** Less is never assumed of how much durations differ, as a share of them. */
const MIN_DEVIATION = 0.02;
/** Jobs can also fail early, and endpoints become faster: no job goes unseen for longer. */
const MAX_DELAY_MS = 30_000;
const MAX_DELAY_UNKNOWN_MS = 10_000;
const JITTER = 0.1;

/** The estimate after one more duration. Logarithms, because durations are skewed: one slow job in ten should widen the
 *  window upwards without moving its beginning. */
export function learn(
  timing: Timing | undefined,
  { durationMs, nowMs }: { durationMs: number; nowMs: number },
): Timing {
  const logMs = Math.log(Math.max(1, durationMs));
  if (timing === undefined)
    return { samples: 1, mean_log_ms: logMs, variance_log_ms: FIRST_VARIANCE, updated_at_ms: nowMs };
  const { mean_log_ms: mean, variance_log_ms: variance } = timing;
  const halfLifeMs = Math.max(MIN_HALF_LIFE_MS, HALF_LIFE_DURATIONS * Math.exp(mean));
  // Clocks of several processes may differ a little.
  const ageMs = Math.max(0, nowMs - timing.updated_at_ms);
  const old = Math.max(Math.min(timing.samples, MIN_WEIGHT), timing.samples * 0.5 ** (ageMs / halfLifeMs));
  const samples = old + 1;
  const difference = logMs - mean;
  return {
    samples,
    mean_log_ms: mean + difference / samples,
    variance_log_ms: (old * (variance + (difference * difference) / samples)) / samples,
    updated_at_ms: nowMs,
  };
}

/** How long to wait before the next poll. Where the endpoint's durations are known, polls are rare until one job in thirty
 *  has ended, close through the time in which most end, and back off after it. Where they are not, the delay grows with
 *  the time already spent.
 *  @param elapsedMs since the provider accepted the job.
 *  @param floorMs what the provider asked for.
 *  @param random 0 to 1: spreads tasks that started together. */
export function pollDelayMs(p: {
  elapsedMs: number;
  timing: Timing | undefined;
  floorMs?: number;
  random: number;
}): number {
  const delayMs =
    p.timing === undefined || p.timing.samples < MIN_SAMPLES
      ? unknownDelay(p.elapsedMs)
      : knownDelay(p.elapsedMs, p.timing);
  const jittered = delayMs * (1 + JITTER * (2 * p.random - 1));
  return Math.round(Math.max(p.floorMs ?? 0, jittered));
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** A tenth of the time already spent: so late is the end noticed at most. */
const unknownDelay = (elapsedMs: number): number => clamp(elapsedMs * 0.1, 2 * MIN_DELAY_MS, MAX_DELAY_UNKNOWN_MS);

function knownDelay(elapsedMs: number, { mean_log_ms, variance_log_ms }: Timing): number {
  const deviation = Math.max(MIN_DEVIATION, Math.sqrt(variance_log_ms));
  const nearMs = (ms: number) => clamp(ms * DELAY_NEAR_END, MIN_DELAY_MS, MAX_DELAY_NEAR_END_MS);
  const fromMs = Math.exp(mean_log_ms - 2 * deviation);
  const toMs = Math.exp(mean_log_ms + 2 * deviation);
  // What ends as early as that may wait as long as what ends later.
  const firstMs = fromMs + nearMs(fromMs);
  if (elapsedMs < firstMs - nearMs(fromMs) / 2) return clamp(firstMs - elapsedMs, MIN_DELAY_MS, MAX_DELAY_MS);
  if (elapsedMs < toMs) return nearMs(elapsedMs);
  return clamp((elapsedMs - toMs) * 0.1, MAX_DELAY_NEAR_END_MS, MAX_DELAY_MS);
}

/** Lets tasks sleep, and wakes one when there is news of it. A sleeping task costs one timer and one map entry. */
export type Alarms = {
  /** For one run of a task. */
  open(taskId: string): Alarm;
  /** Ends the task's sleep, or the next one where it is not asleep now: news that comes while a driver is busy is not
   *  lost. Of no effect for a task that nobody runs here. */
  wake(taskId: string): void;
  /** Wakes a task because its owner wants it to end. */
  askCancel(taskId: string): void;
};
export type Alarm = {
  /** Resolves after `ms`, or when somebody wakes the task. */
  sleep(ms: number): Promise<void>;
  /** As `wake`, of this run only. */
  ring(): void;
  /** Whether the owner asked for the end of the task while this run had it. */
  isCancelAsked(): boolean;
  close(): void;
};

export function createAlarms(clock: Clock): Alarms {
  const alarms = new Map<string, { ring(): void; askCancel(): void }>();
  return {
    open(taskId) {
      let isRung = false;
      let isCancelAsked = false;
      let end: (() => void) | undefined;
      const alarm = {
        ring() {
          isRung = true;
          end?.();
        },
        askCancel() {
          isCancelAsked = true;
          alarm.ring();
        },
      };
      alarms.set(taskId, alarm);
      return {
        ring: () => alarm.ring(),
        isCancelAsked: () => isCancelAsked,
        sleep: (ms) =>
          new Promise((resolve) => {
            const finish = () => {
              cancel();
              end = undefined;
              isRung = false;
              resolve();
            };
            const cancel = clock.after(ms, finish);
            end = finish;
            if (isRung) finish();
          }),
        close() {
          // A later run of the same task may have opened its own.
          if (alarms.get(taskId) === alarm) alarms.delete(taskId);
        },
      };
    },
    wake: (taskId) => alarms.get(taskId)?.ring(),
    askCancel: (taskId) => alarms.get(taskId)?.askCancel(),
  };
}
