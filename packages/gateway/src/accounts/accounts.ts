import type { AccountService, AccountView, TransferView } from '../contract/account.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Currency } from '../contract/key.ts';
import { toPage, toPlace } from '../lib/cursor.ts';
import type { Ids } from '../lib/ids.ts';
import { type AccountChanges, getAccount, insertAccount, listAccounts, updateAccount } from '../store/accounts.ts';
import type { Db } from '../store/db.ts';
import { getPayment, insertPayment, listMoves, listPayments, payIn, type Transfer } from '../store/ledger.ts';
import type { Schema } from '../store/schema.ts';
import { availableOf, OUTSIDE } from './ledger.ts';
import { makeOnce } from './make-once.ts';

type Deps = {
  readonly db: Db;
  readonly ids: Pick<Ids, 'taskId' | 'accountId'>;
  readonly nowMs: () => number;
  /** Called when what a key may do has changed. */
  readonly forgetKeys: () => void;
};

export function createAccounts({ db, ids, nowMs, forgetKeys }: Deps): AccountService {
  const require = async (id: string) => {
    const row = await getAccount(db, id);
    if (row === undefined) throw new GatewayError('not_found', `no account ${id}`);
    return row;
  };
  return {
    async create({ name, currency, isUnlimited }, once) {
      const row = {
        id: ids.accountId(),
        name,
        created_at_ms: nowMs(),
        currency,
        is_unlimited: isUnlimited ? 1 : 0,
        balance_micros: 0,
        held_micros: 0,
        disabled_at_ms: null,
      };
      const making = { id: row.id, statements: [insertAccount(db, row)], nowMs: row.created_at_ms };
      return toView(await require(await makeOnce(db, once, making)));
    },
    async list({ limit, cursor }) {
      const { items, nextCursor } = toPage(await listAccounts(db, { after: toPlace(cursor), limit: limit + 1 }), limit);
      return { items: items.map(toView), nextCursor };
    },
    get: async (id) => toView(await require(id)),
    async update(id, { name, isUnlimited, isDisabled }) {
      const before = await require(id);
      const changes: AccountChanges = {
        ...(name === undefined ? {} : { name }),
        ...(isUnlimited === undefined ? {} : { is_unlimited: isUnlimited ? 1 : 0 }),
        ...(isDisabled === undefined ? {} : { disabled_at_ms: isDisabled ? (before.disabled_at_ms ?? nowMs()) : null }),
      };
      if (Object.keys(changes).length > 0) await db.write([updateAccount(db, id, changes)]);
      forgetKeys();
      return toView(await require(id));
    },
    async pay(id, { micros, note = null, reference = null }) {
      const account = await require(id);
      const [from_book, to_book] = micros > 0 ? [OUTSIDE, availableOf(id)] : [availableOf(id), OUTSIDE];
      const row: Transfer = {
        id: `${ids.taskId()}.payment`,
        account_id: id,
        task_id: null,
        kind: micros > 0 ? 'deposit' : 'withdrawal',
        from_book,
        to_book,
        micros: Math.abs(micros),
        currency: account.currency,
        created_at_ms: nowMs(),
        note,
        reference,
      };
      const outcome = await db.write([insertPayment(db, row), payIn(db, { account_id: id, micros })]);
      if (outcome.committed) return toTransfer(row);
      const booked = reference === null ? undefined : await getPayment(db, { account_id: id, reference });
      if (booked === undefined) throw new GatewayError('conflict', 'so much is not free in this account');
      if (booked.kind === row.kind && booked.micros === row.micros) return toTransfer(booked);
      throw new GatewayError('conflict', `the reference was used for a ${booked.kind} of ${booked.micros} micros`);
    },
    async listTransfers(id, { limit, cursor, taskId }) {
      await require(id);
      if (taskId !== undefined) {
        const moves = await listMoves(db, taskId);
        return { items: moves.filter(({ account_id }) => account_id === id).map(toTransfer), nextCursor: null };
      }
      const rows = await listPayments(db, { accountId: id, before: cursor, limit: limit + 1 });
      const items = rows.slice(0, limit).map(toTransfer);
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  };
}

const toView = (row: Schema['accounts']): AccountView => ({
  id: row.id,
  name: row.name,
  currency: row.currency as Currency, // No other is ever written.
  isUnlimited: row.is_unlimited === 1,
  isDisabled: row.disabled_at_ms !== null,
  balanceMicros: row.balance_micros,
  heldMicros: row.held_micros,
  createdAtMs: row.created_at_ms,
});

const toTransfer = (row: Transfer): TransferView => ({
  id: row.id,
  taskId: row.task_id,
  kind: row.kind,
  from: row.from_book,
  to: row.to_book,
  micros: row.micros,
  currency: row.currency,
  note: row.note,
  reference: row.reference,
  atMs: row.created_at_ms,
});
