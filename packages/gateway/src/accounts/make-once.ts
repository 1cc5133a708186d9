import type { Once } from '../contract/account.ts';
import { GatewayError } from '../contract/errors.ts';
import { toIdempotency } from '../lib/idempotency.ts';
import type { Db, Statement } from '../store/db.ts';
import { claimIdempotencyKey, getIdempotencyKey } from '../store/idempotency.ts';

type Making = {
  readonly id: string;
  readonly statements: readonly Statement[];
  readonly nowMs: number;
};

/** Writes what makes something, unless an earlier request with the same key did.
 *  @returns the id of what is there: the new one, or what was made then.
 *  @throws {GatewayError} `idempotency_conflict` when the key was used with another request; `invalid_input`. */
export async function makeOnce(db: Db, once: Once | undefined, { id, statements, nowMs }: Making): Promise<string> {
  const idempotency = once === undefined ? undefined : toIdempotency(once.key, once.request);
  if (once === undefined || idempotency === undefined) {
    await db.write([...statements]);
    return id;
  }
  const { accountId: account_id } = once;
  const row = { ...idempotency, account_id, task_ids: JSON.stringify([id]), created_at_ms: nowMs };
  const { committed } = await db.write([claimIdempotencyKey(db, row), ...statements]);
  if (committed) return id;
  const earlier = await getIdempotencyKey(db, { account_id, key: idempotency.key });
  const [made] = JSON.parse(earlier?.task_ids ?? '[]') as string[]; // Written above, or by a submit.
  if (earlier?.fingerprint === idempotency.fingerprint && made !== undefined) return made;
  throw new GatewayError('idempotency_conflict', 'this Idempotency-Key was used with another request');
}
