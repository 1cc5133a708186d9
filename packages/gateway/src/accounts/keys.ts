import { hash } from 'node:crypto';
import { GatewayError } from '../contract/errors.ts';
import type { Caller } from '../contract/task.ts';
import { getActiveKey } from '../store/api-keys.ts';
import type { Db } from '../store/db.ts';

/** Says who calls. @throws {GatewayError} `unauthorized` for a missing, unknown or revoked key. */
export type Callers = (key: string | undefined) => Promise<Caller>;

/** Longer texts cannot be keys and are not hashed. */
const MAX_KEY_CHARS = 256;

/** SHA-256, hexadecimal: what is stored instead of the key. */
export const hashKey = (key: string): string => hash('sha256', key, 'hex');

/** Keys are found by their hash, so how long the search takes says nothing about how close a guess came.
 *  A revoked key ends with the write that revokes it: nothing is remembered between calls. */
export function createCallers({ db }: { db: Db }): Callers {
  return async (key) => {
    const row = key === undefined || key.length > MAX_KEY_CHARS ? undefined : await getActiveKey(db, hashKey(key));
    if (row === undefined) throw new GatewayError('unauthorized', 'ApiKey verification failed');
    return { accountId: row.account_id, keyId: row.id, isAdmin: row.is_admin === 1 };
  };
}
