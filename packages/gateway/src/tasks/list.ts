import { GatewayError } from '../contract/errors.ts';
import type { TaskFilter, TaskView } from '../contract/task.ts';
import { mapLimited } from '../lib/map-limited.ts';
import type { Db, Statement } from '../store/db.ts';
import { deleteTaskTags, getWindowEnd, insertTaskTag, listTasks, setTags, type TaskRow } from '../store/tasks.ts';
import type { ServiceDeps } from './service.ts';
import { listOutputViews, toView } from './view.ts';

/** How many tasks one page looks at. */
const WINDOW_ROWS = 5_000;
const MAX_READS_AT_ONCE = 10;
const CURSOR = /^\d{1,19}$/;

/** As `TaskService.list`. The cursor is the id of the last task that was looked at: ids are ordered by time. */
export async function listPage(
  deps: ServiceDeps,
  { filter, limit, cursor }: { filter: TaskFilter; limit: number; cursor?: string | undefined },
): Promise<{ items: TaskView[]; nextCursor: string | null }> {
  if (cursor !== undefined && !CURSOR.test(cursor)) {
    const problem = { field: 'cursor', message: 'cursor must be the nextCursor of an earlier page' };
    throw new GatewayError('invalid_input', problem.message, { details: [problem] });
  }
  const window = { before: cursor, rows: WINDOW_ROWS };
  const rows = await listTasks(deps.db, filter, { ...window, limit: limit + 1 });
  const items = await mapLimited(rows.slice(0, limit), MAX_READS_AT_ONCE, async (row) => {
    const outputs = row.status === 'succeeded' ? await listOutputViews(deps, row.id) : [];
    return toView(row, outputs, deps.live.get(row.id));
  });
  if (rows.length > limit) return { items, nextCursor: items.at(-1)?.id ?? null };
  return { items, nextCursor: (await getWindowEnd(deps.db, filter, window)) ?? null };
}

/** Gives a task other tags. */
export function retagStatements(db: Db, task: TaskRow, tags: readonly string[]): Statement[] {
  const { id, account_id } = task;
  const own = [...new Set(tags)];
  return [
    ...(task.tags === null ? [] : [deleteTaskTags(db, { account_id, task_id: id, tags: task.tags })]),
    setTags(db, { id, tags: own.length === 0 ? null : JSON.stringify(own) }),
    ...own.map((tag) => insertTaskTag(db, { account_id, tag, task_id: id })),
  ];
}
