import { type Endpoint, type FactsByParam, quote } from '@reelay/catalog';
import { adjustStatements } from '../../accounts/ledger.ts';
import { budgetGuards, type Guard, tooPoor } from '../../accounts/limits.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Currency } from '../../contract/key.ts';
import { getKey } from '../../store/api-keys.ts';
import { getTask, moveTask } from '../../store/tasks.ts';
import { toHeld } from '../admit.ts';
import { routingOf } from '../routing.ts';
import { commit, fieldsOf, type Run } from '../run.ts';
import type { Prepared } from './prepare.ts';

/** `queued`, and every file that was named by an address is ours now. A price that counts the seconds of such a file was
 *  a guess at submit; here the hold becomes what the files say, before anything is spent. It happens once, because the
 *  input is stored with it, and an input without addresses has nothing left to tell.
 *  @returns what the account or its key lacks: `insufficient_funds` or `budget_exceeded`. */
export async function requote(run: Run, endpoint: Endpoint, prepared: Prepared): Promise<GatewayError | undefined> {
  const { deps, task } = run;
  const input = JSON.stringify(prepared.input);
  const price = quote(endpoint, prepared.input, factsOf(prepared));
  // The column holds what a `Caller` had.
  const inFull = deps.exchange(price, task.currency as Currency);
  const { ownShare = 1 } = routingOf(task);
  const toMicros = Math.round(inFull * ownShare);
  if (input === task.input || toMicros === task.price_micros) return undefined;
  const { db, clock, log } = deps;
  const { guard, moves } = adjustStatements(db, toHeld(task), { toMicros, nowMs: clock.nowMs() });
  const set = { input, price_micros: toMicros };
  try {
    const funds = guard === undefined ? [] : [{ statement: guard, refusal: tooPoor }];
    await commit(run, [moveTask(db, { id: task.id, from: 'queued', to: 'queued', set }), ...moves], {
      guards: [...(await budgetsOf(run, toMicros - task.price_micros)), ...funds],
      isDone: async () => (await getTask(db, task.id))?.input === input,
    });
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  log.info({ ...fieldsOf(run), fromMicros: task.price_micros, toMicros }, 'the price was adjusted to the files');
  run.task = { ...task, ...set };
  return undefined;
}

/** What the files of a task say of themselves. */
export const factsOf = ({ job }: Prepared): FactsByParam =>
  Object.fromEntries(Object.entries(job.media).map(([name, files]) => [name, files.map(({ facts }) => facts)]));

/** The budgets of the key as they are now.
 *  @throws {GatewayError} as `budgetGuards`. */
async function budgetsOf({ deps: { db }, task }: Run, micros: number): Promise<readonly Guard[]> {
  const key = task.key_id === null ? undefined : await getKey(db, task.key_id);
  if (key === undefined || micros < 0) return [];
  const budgets = {
    hourBudgetMicros: key.hour_budget_micros,
    dayBudgetMicros: key.day_budget_micros,
    totalBudgetMicros: key.total_budget_micros,
  };
  return budgetGuards(db, { keyId: key.id, budgets, micros, atMs: task.created_at_ms });
}
