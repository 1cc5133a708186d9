import type { KeyChange, KeyService, KeyView } from '../contract/account.ts';
import { GatewayError } from '../contract/errors.ts';
import { toPage, toPlace } from '../lib/cursor.ts';
import { dayOf, EVER, hourOf, startOfDayMs, startOfHourMs } from '../lib/periods.ts';
import { getAccount } from '../store/accounts.ts';
import {
  getKey,
  insertKey,
  type KeyChanges,
  listKeys,
  requireOtherAdmin,
  revokeKey,
  updateKey,
} from '../store/api-keys.ts';
import type { Db, Statement } from '../store/db.ts';
import { countUse } from '../store/ledger.ts';
import type { Schema } from '../store/schema.ts';
import { hashKey, hintOf, maskOf, toLimits, toRights } from './keys.ts';
import { makeOnce } from './make-once.ts';

type Deps = {
  readonly db: Db;
  readonly randomBytes: (size: number) => Buffer;
  readonly nowMs: () => number;
  /** Statements after which no more tasks of a key run at a time; null: any number. */
  readonly limitRunning: (keyId: string, maxRunning: number | null) => readonly Statement[];
  /** Called when what a key may do has changed. */
  readonly forgetKeys: () => void;
};

const KEY_BYTES = 16;
const ID_BYTES = 12;

export function createKeys({ db, randomBytes, nowMs, limitRunning, forgetKeys }: Deps): KeyService {
  const require = async (id: string) => {
    const row = await getKey(db, id);
    if (row === undefined) throw new GatewayError('not_found', `no key ${id}`);
    return row;
  };
  return {
    async create(accountId, change, once) {
      if ((await getAccount(db, accountId)) === undefined) {
        throw new GatewayError('not_found', `no account ${accountId}`);
      }
      const key = randomBytes(KEY_BYTES).toString('hex');
      const id = `key_${randomBytes(ID_BYTES).toString('hex')}`;
      const own = { id, account_id: accountId, hash: hashKey(key), hint: hintOf(key), created_at_ms: nowMs() };
      const row = { ...EMPTY, ...own, ...toChanges(change) };
      const statements = [insertKey(db, row), ...limitRunning(id, row.max_running)];
      const made = await makeOnce(db, once, { id, statements, nowMs: row.created_at_ms });
      if (made !== id) {
        // Nobody can show it again, so whoever lost the answer makes another.
        const what = `this Idempotency-Key made the key ${made}, which is shown once: revoke it, and make another`;
        throw new GatewayError('conflict', what);
      }
      return { ...toView(row), key };
    },
    async list(accountId, { limit, cursor }) {
      const rows = await listKeys(db, { accountId, after: toPlace(cursor), limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit);
      return { items: items.map(toView), nextCursor };
    },
    get: async (id) => toView(await require(id)),
    async update(id, change) {
      const before = await require(id);
      if (before.revoked_at_ms !== null) throw new GatewayError('conflict', 'the key is revoked');
      const changes = toChanges(change);
      if (Object.keys(changes).length === 0) return toView(before);
      const { max_running: maxRunning } = changes;
      const steps = [
        ...countBudgets(db, { keyId: id, changes, nowMs: nowMs() }),
        updateKey(db, id, changes),
        ...(maxRunning === undefined ? [] : limitRunning(id, maxRunning)),
      ];
      // Whoever takes the last administrator away could never come back.
      const losesAdmin = before.is_admin === 1 && (change.isAdmin === false || typeof change.expiresAtMs === 'number');
      const { committed } = await db.write(losesAdmin ? [requireOtherAdmin(db, id), ...steps] : steps);
      if (!committed)
        throw new GatewayError('conflict', 'it is the last key that administers for ever, or was revoked');
      forgetKeys();
      return toView(await require(id));
    },
    async revoke(id) {
      const { is_admin } = await require(id);
      const end = revokeKey(db, { id, revoked_at_ms: nowMs() });
      const { committed } = await db.write(is_admin === 1 ? [requireOtherAdmin(db, id), end] : [end]);
      if (!committed) throw new GatewayError('conflict', 'it is the last key that administers for ever');
      forgetKeys();
    },
  };
}

const EMPTY: Omit<Schema['api_keys'], 'id' | 'account_id' | 'hash' | 'hint' | 'created_at_ms'> = {
  is_admin: 0,
  revoked_at_ms: null,
  name: '',
  is_from_start: 0,
  expires_at_ms: null,
  scopes: null,
  models: null,
  addresses: null,
  max_running: null,
  max_waiting: null,
  tasks_per_minute: null,
  hour_budget_micros: null,
  day_budget_micros: null,
  total_budget_micros: null,
};

/** Only what is named. */
function toChanges({ limits = {}, ...change }: KeyChange): KeyChanges {
  const toText = (list: readonly string[] | null | undefined) =>
    list === null || list === undefined ? list : JSON.stringify(list);
  const columns = {
    name: change.name,
    is_admin: change.isAdmin === undefined ? undefined : Number(change.isAdmin),
    expires_at_ms: change.expiresAtMs,
    scopes: toText(change.scopes),
    models: toText(change.models),
    addresses: toText(change.addresses),
    max_running: limits.maxRunning,
    max_waiting: limits.maxWaiting,
    tasks_per_minute: limits.tasksPerMinute,
    hour_budget_micros: limits.hourBudgetMicros,
    day_budget_micros: limits.dayBudgetMicros,
    total_budget_micros: limits.totalBudgetMicros,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** Budgets that begin now count what the key has used already. */
function countBudgets(db: Db, { keyId, changes, nowMs }: { keyId: string; changes: KeyChanges; nowMs: number }) {
  const budgets = [
    ['hour_budget_micros', hourOf(nowMs), startOfHourMs(nowMs)],
    ['day_budget_micros', dayOf(nowMs), startOfDayMs(nowMs)],
    ['total_budget_micros', EVER, 0],
  ] as const;
  return budgets.flatMap(([column, period, sinceMs]): Statement[] =>
    typeof changes[column] === 'number' ? [countUse(db, { keyId, period, sinceMs, column })] : [],
  );
}

const toView = (row: Schema['api_keys']): KeyView => ({
  id: row.id,
  accountId: row.account_id,
  name: row.name,
  masked: maskOf(row.hint),
  isAdmin: row.is_admin === 1,
  rights: toRights(row),
  limits: toLimits(row),
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
  revokedAtMs: row.revoked_at_ms,
});
