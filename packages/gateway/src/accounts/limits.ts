import { GatewayError } from '../contract/errors.ts';
import type { KeyLimits } from '../contract/key.ts';
import { fitsPattern } from '../lib/pattern.ts';
import { dayOf, EVER, hourOf, minuteOf, msToNextMinute } from '../lib/periods.ts';
import type { Db, Statement } from '../store/db.ts';
import { requireRoom, useKey } from '../store/ledger.ts';

/** A statement that decides something: when it touches no row, the batch is undone and this is why. */
export type Guard = { readonly statement: Statement; readonly refusal: () => GatewayError };

type Asked = {
  readonly keyId: string;
  readonly limits: KeyLimits;
  readonly tasks: number;
  readonly micros: number;
  readonly queue: string;
  readonly nowMs: number;
};

/** What the column can count. */
const MAX_TASKS = 2_147_483_647;

type Used = { readonly tasks: number; readonly micros: number };

/** Counts a use of a key in a period, up to what it may.
 *  @throws {GatewayError} for what could never fit: the first use of a period is not compared in the database. */
function toGuard(
  db: Db,
  use: Used & { readonly keyId: string; readonly period: string },
  max: Partial<Used>,
  refusal: () => GatewayError,
): Guard {
  const { keyId, period, tasks, micros } = use;
  const { tasks: maxTasks = MAX_TASKS, micros: maxMicros = Number.MAX_SAFE_INTEGER } = max;
  if (tasks > maxTasks || micros > maxMicros) throw refusal();
  const row = { key_id: keyId, period, tasks, micros, max_tasks: maxTasks, max_micros: maxMicros };
  return { statement: useKey(db, row), refusal };
}

export type Budgets = Pick<KeyLimits, 'hourBudgetMicros' | 'dayBudgetMicros' | 'totalBudgetMicros'>;

/** What must hold for a key to spend so much.
 *  @param p.atMs decides the hour and the day in which it counts: when the task was submitted.
 *  @throws {GatewayError} `budget_exceeded` for what could never fit. */
export function budgetGuards(
  db: Db,
  p: { keyId: string; budgets: Budgets; micros: number; atMs: number },
): readonly Guard[] {
  const { keyId, budgets, micros, atMs } = p;
  const periods = [
    [hourOf(atMs), 'an hour', budgets.hourBudgetMicros],
    [dayOf(atMs), 'a day', budgets.dayBudgetMicros],
    [EVER, 'altogether', budgets.totalBudgetMicros],
  ] as const;
  return periods.flatMap(([period, words, max]) => {
    if (max === null) return [];
    const refusal = () =>
      new GatewayError('budget_exceeded', `${micros / 1e6} does not fit the budget of this key, ${max / 1e6} ${words}`);
    return [toGuard(db, { keyId, period, tasks: 0, micros }, { micros: max }, refusal)];
  });
}

/** What must hold for a key to submit so many tasks for so much money. The database decides, so that of submits at the
 *  same time none gets past a limit.
 *  @throws {GatewayError} for what could never fit: the first use of a period is not compared in the database. */
export function limitGuards(db: Db, asked: Asked): readonly Guard[] {
  const { keyId, limits, tasks, micros, nowMs } = asked;
  const { tasksPerMinute, maxWaiting } = limits;
  const guards: Guard[] = [];
  if (tasksPerMinute !== null) {
    const refusal = () =>
      new GatewayError('rate_limited', `this key may submit ${tasksPerMinute} tasks a minute`, {
        details: { retryAfterMs: msToNextMinute(nowMs) },
      });
    const use = { keyId, period: minuteOf(nowMs), tasks, micros };
    guards.push(toGuard(db, use, { tasks: tasksPerMinute }, refusal));
  }
  guards.push(...budgetGuards(db, { keyId, budgets: limits, micros, atMs: nowMs }));
  if (maxWaiting !== null) {
    const refusal = () => new GatewayError('queue_full', `${maxWaiting} tasks of this key are waiting already`);
    if (tasks > maxWaiting) throw refusal();
    guards.push({
      statement: requireRoom(db, { key_id: keyId, queue: asked.queue, max: maxWaiting - tasks + 1 }),
      refusal,
    });
  }
  return guards;
}

/** Why a hold touched no account. */
export const tooPoor = (): GatewayError =>
  new GatewayError('insufficient_funds', 'the balance of the account is insufficient');

/** Whether an endpoint is among those that a key may ask for. */
export function allowsModel(models: readonly string[] | null | undefined, endpoint: string): boolean {
  if (models === null || models === undefined) return true;
  return models.some((pattern) => fitsPattern(pattern, endpoint));
}
