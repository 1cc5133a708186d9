import { randomBytes } from 'node:crypto';
import type { Ids } from '../lib/ids.ts';
import type { Queue } from '../queue/queue.ts';
import type { Db } from '../store/db.ts';
import { createAccounts } from './accounts.ts';
import { audit } from './audit.ts';
import { createKeys } from './key-admin.ts';
import { createCallers } from './keys.ts';
import { createUsage } from './usage.ts';

/** Everything that says who may do what, and what it cost. */
export function openAccounts(p: {
  db: Db;
  ids: Pick<Ids, 'taskId' | 'accountId'>;
  nowMs: () => number;
  queue: Pick<Queue, 'limitGroup' | 'notify'>;
  /** Where tasks wait, in groups of one key each. */
  taskQueue: string;
}) {
  const { queue, taskQueue } = p;
  const callers = createCallers(p);
  const forgetKeys = () => {
    callers.forget();
    // A key that may run more now has tasks that wait.
    queue.notify(taskQueue);
  };
  const limitRunning = (groupKey: string, maxHeld: number | null) =>
    queue.limitGroup({ queue: taskQueue, groupKey, maxHeld });
  const deps = { ...p, randomBytes, forgetKeys, limitRunning };
  return {
    callers,
    accounts: createAccounts(deps),
    keys: createKeys(deps),
    usage: createUsage(p),
    audit: (options: { signal: AbortSignal }) => audit(p, options),
  };
}
