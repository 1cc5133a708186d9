import { dayOf, hourOf } from '../lib/periods.ts';
import type { Db, Statement } from '../store/db.ts';
import { holdFunds, insertTransfer, settleFunds, type Transfer, unuseKey } from '../store/ledger.ts';

// Money moves between books: `outside`, `revenue`, and of each account what is `available` and what is `held`. Every move
// is one row of the ledger, taken from one book and given to another, so no sum can be made or lost. The row of the
// account is what the ledger says it has; `audit.ts` proves that.

export const REVENUE = 'revenue';
export const OUTSIDE = 'outside';
export const availableOf = (accountId: string): string => `available:${accountId}`;
export const heldOf = (accountId: string): string => `held:${accountId}`;

/** What a task holds, and for whom. */
export type Held = {
  readonly taskId: string;
  readonly accountId: string;
  readonly micros: number;
  readonly currency: string;
};

type Move = Pick<Transfer, 'kind' | 'from_book' | 'to_book' | 'micros'> & { readonly note?: string };

const transferOf = (db: Db, held: Omit<Held, 'micros'>, nowMs: number, move: Move): Statement =>
  insertTransfer(db, {
    id: `${held.taskId}.${move.kind}`,
    account_id: held.accountId,
    task_id: held.taskId,
    currency: held.currency,
    created_at_ms: nowMs,
    note: null,
    reference: null,
    ...move,
  });

/** Sets the prices of tasks of one account aside. The first statement touches no row when it has not enough.
 *  @param p.kind `extra_hold` for what turned out to be needed above the first hold. */
export function holdStatements(
  db: Db,
  all: readonly Held[],
  p: { nowMs: number; kind?: 'hold' | 'extra_hold' },
): readonly Statement[] {
  const priced = all.filter(({ micros }) => micros > 0);
  const [first] = priced;
  if (first === undefined) return [];
  const { accountId } = first;
  const books = { kind: p.kind ?? 'hold', from_book: availableOf(accountId), to_book: heldOf(accountId) };
  const sum = priced.reduce((total, { micros }) => total + micros, 0);
  return [
    holdFunds(db, { account_id: accountId, micros: sum }),
    ...priced.map((held) => transferOf(db, held, p.nowMs, { ...books, micros: held.micros })),
  ];
}

/** What a task holds, and for which key and time it counts. */
export type KeyHeld = Held & { readonly keyId: string | null; readonly createdAtMs: number };

/** Makes the hold of a task another amount, once: `guard` touches no row when the account has not what is missing. */
export function adjustStatements(
  db: Db,
  held: KeyHeld,
  { toMicros, nowMs }: { toMicros: number; nowMs: number },
): { readonly guard: Statement | undefined; readonly moves: readonly Statement[] } {
  const micros = toMicros - held.micros;
  if (micros >= 0) {
    const [guard, ...moves] = holdStatements(db, [{ ...held, micros }], { nowMs, kind: 'extra_hold' });
    return { guard, moves };
  }
  const books = { from_book: heldOf(held.accountId), to_book: availableOf(held.accountId) };
  const moves = [
    settleFunds(db, { account_id: held.accountId, held: -micros, charged: 0 }),
    transferOf(db, held, nowMs, { kind: 'part_release', micros: -micros, ...books }),
    ...unuse(db, held, -micros),
  ];
  return { guard: undefined, moves };
}

/** Gives back to the budgets of a key what it did not spend. */
const unuse = (db: Db, { keyId, createdAtMs }: KeyHeld, micros: number): Statement[] =>
  keyId === null || micros === 0
    ? []
    : [unuseKey(db, { key_id: keyId, hour: hourOf(createdAtMs), day: dayOf(createdAtMs), micros })];

/** Ends the hold of a task: `chargeMicros` of it is paid, the rest released. */
export function settleStatements(
  db: Db,
  held: KeyHeld,
  p: { chargeMicros: number; nowMs: number },
): readonly Statement[] {
  const { accountId, micros } = held;
  if (micros === 0) return [];
  const charged = Math.min(p.chargeMicros, micros);
  const released = micros - charged;
  const from_book = heldOf(accountId);
  const move = (kind: string, to_book: string, amount: number): Statement[] =>
    amount === 0 ? [] : [transferOf(db, held, p.nowMs, { kind, from_book, to_book, micros: amount })];
  return [
    settleFunds(db, { account_id: accountId, held: micros, charged }),
    ...move('charge', REVENUE, charged),
    ...move('release', availableOf(accountId), released),
    ...unuse(db, held, released),
  ];
}
