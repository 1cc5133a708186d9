import type { Money } from '../channels/channels.ts';
import type { Trouble } from '../channels/trouble.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Currency } from '../contract/key.ts';
import type { Failover } from '../contract/routing.ts';
import { backoffMs } from '../lib/backoff.ts';
import { type Attempt as AttemptRow, listAttempts } from '../store/attempts.ts';
import { spentMicros } from './costs.ts';
import type { Failure } from './ending.ts';
import { routingOf } from './routing.ts';
import type { Attempt, Run } from './run.ts';

/** Whether, and for how much, more than one job of the task may be paid for. */
export function consentOf({ deps, task }: Pick<Run, 'deps' | 'task'>): Failover | undefined {
  const { failover } = routingOf(task);
  if (failover !== undefined || deps.failover === undefined) return failover;
  const { maxSpendFactor, ...consent } = deps.failover;
  return { ...consent, maxSpendMicros: Math.floor(task.price_micros * maxSpendFactor) };
}

/** An attempt as the store has it, for the run that goes on with it. */
export const toAttempt = (row: AttemptRow): Attempt => ({
  number: row.number,
  channel: row.channel,
  acceptedAtMs: row.accepted_at_ms,
  model: row.model,
  chargeMicros: row.charge_micros,
  estimate:
    row.estimate_micros === null || row.estimate_currency === null
      ? null
      : { micros: row.estimate_micros, currency: row.estimate_currency },
});

/** What the attempts of a task mean for its next choice. */
export type Tried = {
  readonly exclude: ReadonlyMap<string, string>;
  readonly resting: ReadonlyMap<string, Trouble>;
  readonly maxCost: Money | undefined;
  /** Why the last job that an upstream took, or may have taken, came to nothing. */
  readonly lastFailure: Pick<Failure, 'code' | 'message'> | undefined;
};

const REST = { baseMs: 1_000, maxMs: 60_000 };
/** How long a channel that did not accept the task is left alone by it. */
export const restMs = (p: { failures: number; random: number }): number => backoffMs({ ...REST, ...p });

export async function readTried(run: Run): Promise<Tried | undefined> {
  return run.attempts === 0 ? undefined : toTried(run, await listAttempts(run.deps.db, run.task.id));
}

/** @param rows every attempt, in order. */
export function toTried(run: Run, rows: readonly AttemptRow[]): Tried {
  const { exchange } = run.deps;
  const failover = consentOf(run);
  const exclude = new Map<string, string>();
  const resting = new Map<string, Trouble>();
  const spent = rows.filter(({ outcome }) => outcome !== 'not_accepted');
  for (const { channel, number, error_message, outcome } of spent) {
    const why = outcome === null ? 'it has the task' : (error_message ?? outcome);
    exclude.set(channel, `tried as attempt ${number}: ${why}`);
  }
  for (const [channel, own] of Map.groupBy(rows, (row) => row.channel)) {
    const refusals = own.filter(({ outcome }) => outcome === 'not_accepted');
    const last = refusals.at(-1);
    if (last !== undefined) resting.set(channel, toRest(last, refusals.length));
  }
  const last = spent.filter(({ outcome }) => outcome !== null).at(-1);
  // The column holds what a `Caller` had.
  const currency = run.task.currency as Currency;
  return {
    exclude,
    resting: new Map([...resting].filter(([, { untilMs = 0 }]) => untilMs > run.deps.clock.nowMs())),
    maxCost:
      failover === undefined || spent.length === 0
        ? undefined
        : { micros: failover.maxSpendMicros - spentMicros(spent, { exchange, currency }), currency },
    lastFailure:
      last?.error_code == null
        ? undefined
        : // Written by `ending.ts`.
          { code: last.error_code as ErrorCode, message: last.error_message ?? '' },
  };
}

const toRest = ({ ended_at_ms, error_code, error_message }: AttemptRow, failures: number): Trouble => ({
  kind: error_code === 'rate_limited' ? 'busy' : 'unwell',
  reason: `it did not accept the task: ${error_message ?? error_code}`,
  // The least that `giveBack` waits.
  untilMs: (ended_at_ms ?? 0) + restMs({ failures, random: 0 }),
});
