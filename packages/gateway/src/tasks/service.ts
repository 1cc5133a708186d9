import { type Endpoint, type Input, type Quote, quote, validate } from '@reelay/catalog';
import type { Intake } from '../assets/intake.ts';
import type { AssetService } from '../contract/asset.ts';
import { ERRORS, type ErrorCode, GatewayError } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import type { AttemptView, Caller, OutputView, TaskService, TaskView } from '../contract/task.ts';
import type { Ids } from '../lib/ids.ts';
import type { Queue } from '../queue/queue.ts';
import { listAttempts } from '../store/attempts.ts';
import { type Db, type Statement, WriteLost } from '../store/db.ts';
import { listOutputs } from '../store/outputs.ts';
import { askCancel, getTask, insertTask, moveTask, type TaskRow } from '../store/tasks.ts';
import type { LiveProgress } from './live.ts';
import { TASK_QUEUE } from './queue-name.ts';
import type { References } from './references.ts';
import { CANCELED } from './run.ts';
import { isTerminal, next } from './state.ts';
import type { Alarms } from './waiting.ts';

type Deps = {
  readonly db: Db;
  readonly queue: Pick<Queue, 'enqueue' | 'notify' | 'count'>;
  readonly catalog: { get(id: string): Endpoint | undefined };
  readonly intake: Pick<Intake, 'take'>;
  readonly references: Pick<References, 'check'>;
  readonly assets: Pick<AssetService, 'link'>;
  readonly live: Pick<LiveProgress, 'get'>;
  readonly alarms: Pick<Alarms, 'askCancel'>;
  readonly ids: Pick<Ids, 'taskId' | 'clientId'>;
  readonly clock: { nowMs(): number };
  readonly log: Log;
  readonly limits: { readonly taskDeadlineMs: number };
};

/** Tasks as their owners may make and see them. */
export function createTaskService(deps: Deps): TaskService {
  const { db, queue, clock } = deps;
  const findOwn = async (caller: Caller, taskId: string): Promise<TaskRow | undefined> => {
    const row = await getTask(db, taskId);
    return row?.account_id === caller.accountId ? row : undefined;
  };
  return {
    async submit({ caller, endpoint: id, body }) {
      const endpoint = deps.catalog.get(id);
      if (endpoint === undefined) throw new GatewayError('unknown_route', `there is no endpoint ${id}`);
      const validation = validate(endpoint, body);
      if (!validation.ok) throw toInvalidInput(validation.problems);
      const { accountId } = caller;
      const { input, facts } = await deps.intake.take({ accountId, endpoint, input: validation.input });
      const nowMs = clock.nowMs();
      const problems = await deps.references.check({ accountId, endpoint, input }, nowMs);
      if (problems.length > 0) throw toInvalidInput(problems);
      const row = toRow(deps, { accountId, endpoint, input, price: quote(endpoint, input, facts), nowMs });
      const { id: taskId, created_at_ms } = row;
      const job = { id: taskId, queue: TASK_QUEUE, groupKey: accountId, payload: '' };
      await writeNew(db, taskId, [insertTask(db, row), ...queue.enqueue(job, created_at_ms)]);
      queue.notify(TASK_QUEUE);
      deps.log.debug({ taskId, accountId, endpoint: endpoint.id }, 'task accepted');
      return toView(row, [], undefined);
    },
    async get({ caller, taskId }) {
      const row = await findOwn(caller, taskId);
      if (row === undefined) return undefined;
      const outputs = row.status === 'succeeded' ? await listViews(deps, taskId) : [];
      return toView(row, outputs, deps.live.get(taskId));
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
      const { held, waiting } = await queue.count({ queue: TASK_QUEUE, groupKey: caller.accountId });
      return { running: held, waiting };
    },
    async listAttempts({ caller, taskId }) {
      if ((await findOwn(caller, taskId)) === undefined) return [];
      return (await listAttempts(db, taskId)).map(toAttemptView);
    },
  };
}

/** Cancels a task in the status in which it was seen; `moved` when it has another by now. Its place in the queue is
 *  cleared by whoever claims it next. */
async function cancelFrom(deps: Deps, row: TaskRow): Promise<'canceled' | 'asked' | 'moved'> {
  const { db, clock } = deps;
  const { id, status } = row;
  const nowMs = clock.nowMs();
  if (status === 'queued') {
    const set = { ...CANCELED, ended_at_ms: nowMs };
    const { committed } = await db.write([moveTask(db, { id, from: 'queued', to: 'canceled', set })]);
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

const toInvalidInput = (problems: readonly { message: string }[]): GatewayError =>
  new GatewayError('invalid_input', problems.map(({ message }) => message).join('; '), { details: problems });

type New = {
  accountId: string;
  endpoint: Endpoint;
  input: Input;
  price: Pick<Quote, 'micros' | 'currency'>;
  nowMs: number;
};
const toRow = ({ ids, limits }: Deps, p: New): TaskRow => ({
  id: ids.taskId(),
  account_id: p.accountId,
  endpoint: p.endpoint.id,
  input: JSON.stringify(p.input),
  status: 'queued',
  client_id: ids.clientId(),
  channel: null,
  handle: null,
  progress: 0,
  error_code: null,
  error_message: null,
  price_micros: p.price.micros,
  currency: p.price.currency,
  created_at_ms: p.nowMs,
  started_at_ms: null,
  ended_at_ms: null,
  deadline_at_ms: p.nowMs + limits.taskDeadlineMs,
  cancel_asked_at_ms: null,
});

/** Durable when it resolves. */
async function writeNew(db: Db, taskId: string, batch: readonly Statement[]): Promise<void> {
  try {
    await db.write(batch);
  } catch (error) {
    // The answer to the commit was lost: the row itself tells whether it happened.
    if (error instanceof WriteLost && (await getTask(db, taskId)) !== undefined) return;
    throw error;
  }
}

async function listViews({ db, assets }: Deps, taskId: string): Promise<OutputView[]> {
  return (await listOutputs(db, taskId)).map(({ asset_id: id, text, extension }) => ({
    url: id === null ? null : assets.link({ id, extension }),
    text,
    extension,
  }));
}

function toView(row: TaskRow, outputs: readonly OutputView[], liveProgress: number | undefined): TaskView {
  const error = row.error_code === null ? null : { code: toCode(row.error_code), message: row.error_message ?? '' };
  return {
    id: row.id,
    endpoint: row.endpoint,
    status: row.status,
    clientId: row.client_id,
    progress: row.ended_at_ms === null ? Math.max(row.progress, liveProgress ?? 0) : row.progress,
    error,
    outputs,
    channel: row.channel,
    priceMicros: row.price_micros,
    currency: row.currency,
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
  };
}

/** A row may be older, or newer, than the table of codes. */
const toCode = (code: string): ErrorCode => (Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal');

const toAttemptView = (row: Awaited<ReturnType<typeof listAttempts>>[number]): AttemptView => ({
  number: row.number,
  channel: row.channel,
  startedAtMs: row.started_at_ms,
  acceptedAtMs: row.accepted_at_ms,
  endedAtMs: row.ended_at_ms,
  outcome: row.outcome,
  error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
});
