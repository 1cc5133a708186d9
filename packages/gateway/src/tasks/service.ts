import type { Endpoint, Json, Problem } from '@reelay/catalog';
import type { Exchange } from '../accounts/exchange.ts';
import type { Intake } from '../assets/intake.ts';
import type { Outlook } from '../channels/outlook.ts';
import type { AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import type { Caller, NewTask, TaskService } from '../contract/task.ts';
import type { Bell } from '../lib/bell.ts';
import type { Clock } from '../lib/clock.ts';
import { toIdempotency } from '../lib/idempotency.ts';
import type { Ids } from '../lib/ids.ts';
import { mapLimited } from '../lib/map-limited.ts';
import type { Queue } from '../queue/queue.ts';
import { listKeyIds } from '../store/api-keys.ts';
import { listAttempts } from '../store/attempts.ts';
import type { Db } from '../store/db.ts';
import { askCancel, getTask, glanceAtTask, moveTask, type TaskRow } from '../store/tasks.ts';
import { admit, draft, findEarlier, type Submission, toInvalidInput } from './admit.ts';
import { CANCELED } from './ending.ts';
import { estimate } from './estimate.ts';
import { listPage, retagStatements } from './list.ts';
import type { LiveProgress } from './live.ts';
import { onOwnChannels } from './own-share.ts';
import { TASK_QUEUE } from './queue-name.ts';
import type { References } from './references.ts';
import { endStatements } from './settle.ts';
import { isTerminal, next } from './state.ts';
import { listOutputViews, toAttemptView, toGlance, toView } from './view.ts';
import { waitForEnd } from './wait-for-end.ts';
import type { Alarms } from './waiting.ts';

export type ServiceDeps = {
  readonly db: Db;
  readonly queue: Pick<Queue, 'enqueue' | 'notify' | 'count'>;
  readonly catalog: { get(id: string): Endpoint | undefined };
  readonly intake: Pick<Intake, 'take'>;
  readonly references: Pick<References, 'check'>;
  readonly assets: Pick<AssetService, 'link'>;
  readonly live: Pick<LiveProgress, 'get'>;
  readonly alarms: Pick<Alarms, 'askCancel'>;
  /** Rings when an event was written. */
  readonly bell: Bell;
  readonly exchange: Exchange;
  readonly outlook: Outlook;
  readonly ids: Pick<Ids, 'taskId' | 'clientId'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: { readonly taskDeadlineMs: number };
  /** Whether webhooks may go to private addresses. */
  readonly allowPrivateNetwork: boolean;
  /** Whether callers who are no administrators may agree to second jobs. */
  readonly callersFailover: boolean;
};

/** Tasks as their owners may make and see them. */
export function createTaskService(deps: ServiceDeps): TaskService {
  const { db, queue } = deps;
  const findOwn = async (caller: Caller, taskId: string): Promise<TaskRow | undefined> => {
    const row = await getTask(db, taskId);
    return row?.account_id === caller.accountId ? row : undefined;
  };
  const get: TaskService['get'] = async ({ caller, taskId }) => {
    const row = await findOwn(caller, taskId);
    if (row === undefined) return undefined;
    const outputs = row.status === 'succeeded' ? await listOutputViews(deps, taskId) : [];
    return toView(row, outputs, deps.live.get(taskId));
  };
  return {
    async submit({ caller, idempotencyKey, ...task }) {
      const [row] = await submitAll(deps, {
        caller,
        tasks: [task],
        idempotencyKey,
        toDraft: () => draft(deps, caller, task),
      });
      if (row === undefined) throw new GatewayError('not_found', 'the task that this Idempotency-Key made was deleted');
      return toView(row, [], undefined);
    },
    async submitMany({ caller, tasks, idempotencyKey }) {
      const toDraft = (task: NewTask, place: number) => draftAt(deps, caller, task, place);
      const rows = await submitAll(deps, { caller, tasks, idempotencyKey, toDraft });
      return rows.map((row) => toView(row, [], undefined));
    },
    estimate: ({ caller, ...task }) => estimate(deps, caller, task),
    get,
    async glance({ caller, taskId }) {
      const row = await glanceAtTask(db, taskId);
      if (row?.account_id !== caller.accountId) return undefined;
      return toGlance(row, row.status === 'succeeded' ? await listOutputViews(deps, taskId) : []);
    },
    list: (p) => listPage(deps, p),
    wait: (p) => waitForEnd(deps, p, () => get(p)),
    async getInput(p) {
      const row = await findOwn(p.caller, p.taskId);
      return row === undefined ? undefined : (JSON.parse(row.input) as Record<string, Json>); // Written by `draft`.
    },
    async setTags({ caller, taskId, tags }) {
      const row = await findOwn(caller, taskId);
      if (row === undefined) return undefined;
      await db.write(retagStatements(db, row, tags));
      return get({ caller, taskId });
    },
    async cancel({ caller, taskId }) {
      for (;;) {
        const row = await findOwn(caller, taskId);
        if (row === undefined) return undefined;
        const end = await cancelFrom(deps, row);
        if (end !== 'moved') return end;
      }
    },
    async count({ caller }) {
      const keyIds = await listKeyIds(db, caller.accountId);
      const counts = await Promise.all(keyIds.map((groupKey) => queue.count({ queue: TASK_QUEUE, groupKey })));
      return {
        running: counts.reduce((sum, { held }) => sum + held, 0),
        waiting: counts.reduce((sum, { waiting }) => sum + waiting, 0),
      };
    },
    async listAttempts({ caller, taskId }) {
      if ((await findOwn(caller, taskId)) === undefined) return [];
      return Promise.all((await listAttempts(db, taskId)).map((row) => toAttemptView(deps, caller, row)));
    },
  };
}

type Submits = {
  readonly caller: Caller;
  readonly tasks: readonly NewTask[];
  readonly idempotencyKey: string | undefined;
  readonly toDraft: (task: NewTask, place: number) => Promise<TaskRow | GatewayError>;
};

async function submitAll(deps: ServiceDeps, p: Submits): Promise<readonly TaskRow[]> {
  const { caller, tasks } = p;
  const idempotency = toIdempotency(p.idempotencyKey, tasks);
  const earlier = idempotency === undefined ? undefined : await findEarlier(deps, caller, idempotency);
  if (earlier !== undefined) return earlier;
  const drafts = await mapLimited(tasks, MAX_DRAFTS_AT_ONCE, p.toDraft);
  const errors = drafts.filter((one) => one instanceof GatewayError);
  if (errors.length > 0) throw merge(errors);
  const rows = await admitAny(deps, { caller, rows: drafts.filter(isRow), idempotency });
  for (const { id: taskId, account_id: accountId, endpoint } of rows)
    deps.log.debug({ taskId, accountId, endpoint }, 'task accepted');
  return rows;
}

/** An account that has not the money for channels of others may still use what it brought. */
async function admitAny(deps: ServiceDeps, submission: Submission): Promise<readonly TaskRow[]> {
  try {
    return await admit(deps, submission);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'insufficient_funds') throw error;
    const rows = await onOwnChannels(deps, submission.rows);
    if (rows === undefined) throw error;
    return await admit(deps, { ...submission, rows });
  }
}

const isRow = (one: TaskRow | GatewayError): one is TaskRow => !(one instanceof GatewayError);

/** Of one call, so that a long list does not decode all its files at the same time. */
const MAX_DRAFTS_AT_ONCE = 8;

/** What is wrong with one task of many names its place. */
async function draftAt(
  deps: ServiceDeps,
  caller: Caller,
  task: NewTask,
  place: number,
): Promise<TaskRow | GatewayError> {
  try {
    return await draft(deps, caller, task);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'internal') throw error;
    const problems = Array.isArray(error.details)
      ? (error.details as Problem[])
      : [{ field: 'endpoint', message: error.message }];
    const details = problems.map(({ field, message }) => ({ field: `tasks[${place}].${field}`, message }));
    return new GatewayError(error.code, error.message, { details });
  }
}

/** All that is wrong with a list; the first of them decides what kind of error it is. */
function merge(errors: readonly GatewayError[]): GatewayError {
  const details = errors.flatMap((error) => error.details as Problem[]); // As `draftAt` made them.
  return errors.length === 1 && errors[0] !== undefined ? errors[0] : toInvalidInput(details);
}

/** Cancels a task in the status in which it was seen; `moved` when it has another by now. Its place in the queue is
 *  cleared by whoever claims it next. */
async function cancelFrom(deps: ServiceDeps, row: TaskRow): Promise<'canceled' | 'asked' | 'moved'> {
  const { db, clock } = deps;
  const { id, status } = row;
  const nowMs = clock.nowMs();
  if (status === 'queued') {
    const set = { ...CANCELED, ended_at_ms: nowMs, charge_micros: 0 };
    const end = endStatements(db, row, { status: 'canceled', chargeMicros: 0, nowMs });
    const { committed } = await db.write([moveTask(db, { id, from: 'queued', to: 'canceled', set }), ...end]);
    if (committed) deps.bell.ring();
    if (committed) deps.log.info({ taskId: id, accountId: row.account_id, endpoint: row.endpoint }, 'task canceled');
    return committed ? 'canceled' : 'moved';
  }
  if (next(status, 'cancel') === undefined && status !== 'submitting') {
    const why = isTerminal(status) ? 'it has ended' : 'its result is there and is being fetched';
    throw new GatewayError('cancel_not_allowed', `the task cannot be canceled any more: ${why}`);
  }
  const { committed } = await db.write([askCancel(db, { id, cancel_asked_at_ms: nowMs })]);
  if (!committed) return 'moved';
  deps.alarms.askCancel(id);
  return 'asked';
}
