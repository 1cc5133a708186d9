import type { Status } from '../contract/task.ts';
import type { Db, Statement } from '../store/db.ts';
import { insertEvent } from '../store/events.ts';
import type { TaskRow } from '../store/tasks.ts';
import { insertDelivery } from '../store/webhook-outbox.ts';
import { isTerminal } from './state.ts';

/** What is to be known of a change of a task, in its batch: the event, with which come the deliveries for the endpoints of
 *  the account, and, of an end, one for the address that the task names. */
export function announce(
  db: Db,
  { id: task_id, account_id, webhook_url: url }: Pick<TaskRow, 'id' | 'account_id' | 'webhook_url'>,
  { status, nowMs }: { status: Status; nowMs: number },
): readonly Statement[] {
  const event = { account_id, task_id, type: `task.${status}`, at_ms: nowMs };
  return [
    insertEvent(db, event),
    ...(url === null || !isTerminal(status) ? [] : [insertDelivery(db, { ...event, endpoint_id: null, url })]),
  ];
}
