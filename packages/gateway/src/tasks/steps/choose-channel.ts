import { type Endpoint, type Input, quote } from '@reelay/catalog';
import { type Ask, type Chosen, type Decision, PlaceTaken } from '../../channels/channels.ts';
import type { Schema } from '../../store/schema.ts';
import { fail } from '../ending.ts';
import { TASK_QUEUE } from '../queue-name.ts';
import { routingOf } from '../routing.ts';
import { commit, fieldsOf, type Run } from '../run.ts';
import type { Tried } from '../tried.ts';
import { type Prepared, toJob } from './prepare.ts';
import { factsOf } from './requote.ts';

/** How often a task chooses again because others took the place first, before it waits for its turn. */
const MAX_TRIES = 5;

/** What is known of a task when a channel is chosen for it. */
type Known = {
  /** Once its files are there. */
  readonly prepared?: Prepared;
  /** After its first attempt. */
  readonly tried?: Tried | undefined;
};

/** Asks for a channel. */
export function choose(run: Run, endpoint: Endpoint, { prepared, tried }: Known): Promise<Decision> {
  const { task } = run;
  const { micros, currency } =
    prepared === undefined
      ? quote(endpoint, JSON.parse(task.input) as Input) // The store holds what was validated at submit.
      : quote(endpoint, prepared.input, factsOf(prepared));
  const ask: Ask = {
    taskId: task.id,
    endpoint,
    accountId: task.account_id,
    list: { micros, currency },
    held: { micros: task.price_micros, currency: task.currency },
    routing: routingOf(task),
    ...(tried === undefined ? {} : { exclude: tried.exclude, resting: tried.resting, maxCost: tried.maxCost }),
    ...(prepared === undefined ? {} : { toJob: (at) => toJob(prepared.job, at) }),
  };
  return run.deps.channels.choose(ask);
}

/** Chooses, and begins on the channel, until nobody takes the place meanwhile. */
export async function take<T>(
  run: Run,
  p: { choose: () => Promise<Decision>; begin: (chosen: Chosen) => Promise<T>; tried: Tried | undefined },
): Promise<T | 'ended'> {
  for (let tries = 1; ; tries += 1) {
    const decision = await p.choose();
    if (decision.is !== 'chosen') return turnAway(run, decision, p.tried);
    try {
      return await p.begin(decision);
    } catch (error) {
      if (!(error instanceof PlaceTaken)) throw error;
      if (tries >= MAX_TRIES) return park(run, { untilMs: run.deps.clock.nowMs(), waitsFor: [] });
    }
  }
}

/** No channel takes it now: it waits for one that will, or ends; after a job that came to nothing, with what became of that
 *  one. */
export function turnAway(run: Run, decision: Exclude<Decision, Chosen>, tried: Tried | undefined): Promise<'ended'> {
  if (decision.is === 'refused') {
    return fail(run, tried?.lastFailure ?? { code: decision.code, message: decision.message });
  }
  return park(run, decision);
}

async function park(run: Run, { untilMs, waitsFor }: Omit<Extract<Decision, { is: 'wait' }>, 'is'>): Promise<'ended'> {
  const { deps, task, lease } = run;
  const parked = deps.channels.park({ taskId: task.id, waitsFor });
  await commit(run, [...parked, deps.queue.reschedule(lease, { runAtMs: untilMs })]);
  deps.queue.notify(TASK_QUEUE);
  deps.log.debug({ ...fieldsOf(run), waitsFor }, 'the task waits for a channel');
  return 'ended';
}

/** A new attempt on the first of the channels. */
export const toAttemptRow = (
  p: { taskId: string; number: number; nowMs: number },
  { choices: [choice], considered }: Chosen,
): Schema['attempts'] => ({
  task_id: p.taskId,
  number: p.number,
  channel: choice.channel.name,
  started_at_ms: p.nowMs,
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
  considered: JSON.stringify(considered),
  ...choice.row,
});
