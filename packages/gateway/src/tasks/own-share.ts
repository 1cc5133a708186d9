import type { TaskRouting } from '../contract/routing.ts';
import type { TaskRow } from '../store/tasks.ts';
import { routingOf } from './routing.ts';
import type { ServiceDeps } from './service.ts';

/** The same tasks for an account that has not their prices, to run on channels that it brought and on no others.
 *  @returns undefined where it brought none for one of them. */
export async function onOwnChannels(
  { outlook }: Pick<ServiceDeps, 'outlook'>,
  rows: readonly TaskRow[],
): Promise<readonly TaskRow[] | undefined> {
  const own: TaskRow[] = [];
  for (const row of rows) {
    const ownShare = await outlook.ownShareOf({ accountId: row.account_id, endpoint: row.endpoint });
    if (ownShare === undefined) return undefined;
    const routing = JSON.stringify({ ...routingOf(row), ownShare } satisfies TaskRouting);
    own.push({ ...row, price_micros: Math.round(row.price_micros * ownShare), routing });
  }
  return own;
}
