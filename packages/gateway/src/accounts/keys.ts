import { hash } from 'node:crypto';
import { GatewayError } from '../contract/errors.ts';
import type { Currency, KeyLimits, KeyRights, Scope } from '../contract/key.ts';
import type { Caller } from '../contract/task.ts';
import { getActiveKey, type KeyOfAccount } from '../store/api-keys.ts';
import type { Db } from '../store/db.ts';
import type { Schema } from '../store/schema.ts';
import { createAddressList } from './addresses.ts';

/** What a request brings to be recognised by. */
export type Credentials = {
  readonly key: string | undefined;
  /** From where it came: an IPv4 or IPv6 address. */
  readonly address: string;
};

/** Says who calls, and that the key may do what is asked.
 *  @throws {GatewayError} `unauthorized` for a missing, unknown, expired or revoked key, and for one of a disabled
 *    account; `forbidden` for what it may not do, and where it may not be used. */
export type Callers = (credentials: Credentials, scope: Scope | 'admin') => Promise<Caller>;

/** Longer texts cannot be keys and are not hashed. */
const MAX_KEY_CHARS = 256;
/** How long a key that was revoked by another process may go on. A client that polls would otherwise cost one more read
 *  for each answer. */
const TRUST_MS = 1_000;
const MAX_TRUSTED_KEYS = 10_000;

/** SHA-256, hexadecimal: what is stored instead of the key. */
export const hashKey = (key: string): string => hash('sha256', key, 'hex');

/** What is kept of a key for people to know it by. */
export const hintOf = (key: string): string => key.slice(0, 4) + key.slice(-4);

/** A key as it may be shown: 32 characters, of which only those of the hint are its own. */
export const maskOf = (hint: string): string => {
  const first = hint.length === 8 ? hint.slice(0, 4) : '';
  return first + hint.slice(-4).padStart(32 - first.length, '*');
};

type Known = {
  readonly caller: Caller;
  readonly scopes: readonly Scope[] | null;
  readonly isAllowedFrom: ((address: string) => boolean) | undefined;
  /** When it has to be looked up again. */
  readonly untilMs: number;
};

/** Keys are found by their hash, so how long the search takes says nothing about how close a guess came.
 *  @returns also `forget`, after which a change of any key counts at once. */
export function createCallers({ db, nowMs }: { db: Db; nowMs: () => number }): Callers & { forget(): void } {
  const trusted = new Map<string, Known>();
  // Counts what was forgotten: a row that was read before is not trusted after.
  let generation = 0;
  const recognise = async (key: string | undefined): Promise<Known> => {
    if (key === undefined || key.length > MAX_KEY_CHARS) throw refusal();
    const keyHash = hashKey(key);
    const known = trusted.get(keyHash);
    const atMs = nowMs();
    if (known !== undefined && atMs < known.untilMs) return known;
    trusted.delete(keyHash);
    const before = generation;
    const row = await getActiveKey(db, keyHash);
    if (row === undefined || row.disabled_at_ms !== null) throw refusal();
    if (row.expires_at_ms !== null && row.expires_at_ms <= atMs) throw refusal('the key has expired');
    const found = toKnown(row, atMs);
    if (trusted.size >= MAX_TRUSTED_KEYS) trusted.clear();
    if (generation === before) trusted.set(keyHash, found);
    return found;
  };
  const callers: Callers = async ({ key, address }, scope) => {
    const { caller, scopes, isAllowedFrom } = await recognise(key);
    if (isAllowedFrom?.(address) === false) throw forbidden(`this key may not be used from ${address}`);
    if (scope === 'admin') {
      if (!caller.isAdmin) throw forbidden('this takes an administrator key');
    } else if (scopes?.includes(scope) === false) throw forbidden(`this key lacks the scope ${scope}`);
    return caller;
  };
  const forget = () => {
    generation += 1;
    trusted.clear();
  };
  return Object.assign(callers, { forget });
}

function toKnown(row: KeyOfAccount, atMs: number): Known {
  const { scopes, models, addresses } = toRights(row);
  const limits = toLimits(row);
  const isUnlimited = Object.values(limits).every((limit) => limit === null);
  return {
    caller: {
      accountId: row.account_id,
      keyId: row.id,
      isAdmin: row.is_admin === 1,
      currency: row.currency as Currency, // The API takes no other.
      ...(isUnlimited ? {} : { limits }),
      ...(models === null ? {} : { models }),
    },
    scopes,
    isAllowedFrom: addresses === null ? undefined : createAddressList(addresses),
    untilMs: Math.min(atMs + TRUST_MS, row.expires_at_ms ?? Number.POSITIVE_INFINITY),
  };
}

type KeyRow = Schema['api_keys'];

export const toLimits = (row: KeyRow): KeyLimits => ({
  maxRunning: row.max_running,
  maxWaiting: row.max_waiting,
  tasksPerMinute: row.tasks_per_minute,
  hourBudgetMicros: row.hour_budget_micros,
  dayBudgetMicros: row.day_budget_micros,
  totalBudgetMicros: row.total_budget_micros,
});

// The columns hold what the API checked.
export const toRights = (row: KeyRow): KeyRights => ({
  scopes: row.scopes === null ? null : (JSON.parse(row.scopes) as Scope[]),
  models: row.models === null ? null : (JSON.parse(row.models) as string[]),
  addresses: row.addresses === null ? null : (JSON.parse(row.addresses) as string[]),
});

const refusal = (why?: string): GatewayError =>
  new GatewayError('unauthorized', `ApiKey verification failed${why === undefined ? '' : `: ${why}`}`);
const forbidden = (why: string): GatewayError => new GatewayError('forbidden', why);
