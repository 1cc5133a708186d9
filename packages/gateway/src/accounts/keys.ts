import { hash } from 'node:crypto';
import { GatewayError } from '../contract/errors.ts';
import type { Caller } from '../contract/task.ts';
import { getActiveKey } from '../store/api-keys.ts';
import type { Db } from '../store/db.ts';

/** Says who calls. @throws {GatewayError} `unauthorized` for a missing, unknown or revoked key. */
export type Callers = (key: string | undefined) => Promise<Caller>;

/** Longer texts cannot be keys and are not hashed. */
const MAX_KEY_CHARS = 256;
/** How long a revoked key may go on. A client that polls would otherwise cost one more read for each answer. */
const TRUST_MS = 1_000;
const MAX_TRUSTED_KEYS = 10_000;

/** SHA-256, hexadecimal: what is stored instead of the key. */
export const hashKey = (key: string): string => hash('sha256', key, 'hex');

/** Keys are found by their hash, so how long the search takes says nothing about how close a guess came. */
export function createCallers({ db, nowMs }: { db: Db; nowMs: () => number }): Callers {
  const trusted = new Map<string, { readonly caller: Caller; readonly untilMs: number }>();
  return async (key) => {
    if (key === undefined || key.length > MAX_KEY_CHARS) throw refusal();
    const keyHash = hashKey(key);
    const known = trusted.get(keyHash);
    if (known !== undefined && nowMs() < known.untilMs) return known.caller;
    const row = await getActiveKey(db, keyHash);
    if (row === undefined) {
      trusted.delete(keyHash);
      throw refusal();
    }
    const caller = { accountId: row.account_id, keyId: row.id, isAdmin: row.is_admin === 1 };
    if (trusted.size >= MAX_TRUSTED_KEYS) trusted.clear();
    trusted.set(keyHash, { caller, untilMs: nowMs() + TRUST_MS });
    return caller;
  };
}

const refusal = (): GatewayError => new GatewayError('unauthorized', 'ApiKey verification failed');
