import { type Endpoint, type Input, type Problem, quote, validate } from '@reelay/catalog';
import { holdStatements, type KeyHeld } from '../accounts/ledger.ts';
import { allowsModel, type Guard, limitGuards, tooPoor } from '../accounts/limits.ts';
import { assetIdOf, listMediaPlaces } from '../assets/media-places.ts';
import { GatewayError } from '../contract/errors.ts';
import type { TaskRouting } from '../contract/routing.ts';
import type { Caller, NewTask } from '../contract/task.ts';
import type { Idempotency } from '../lib/idempotency.ts';
import { insertTaskInput, useAsset } from '../store/assets.ts';
import { WriteLost } from '../store/db.ts';
import { claimIdempotencyKey, getIdempotencyKey } from '../store/idempotency.ts';
import { getTask, insertTask, insertTaskTag, type TaskRow } from '../store/tasks.ts';
import { announce } from './announce.ts';
import { checkOptions } from './options.ts';
import { TASK_QUEUE } from './queue-name.ts';
import type { ServiceDeps } from './service.ts';

/** Endpoint and input of a new task, checked.
 *  @throws {GatewayError} as `TaskService.submit`. */
export async function draft(deps: ServiceDeps, caller: Caller, task: NewTask): Promise<TaskRow> {
  const endpoint = requireEndpoint(deps, caller, task.endpoint);
  const validation = validate(endpoint, task.body);
  const problems = [...(validation.ok ? [] : validation.problems), ...(await checkOptions(deps, caller, task))];
  if (!validation.ok || problems.length > 0) throw toInvalidInput(problems);
  const { accountId } = caller;
  const { input, facts } = await deps.intake.take({ accountId, endpoint, input: validation.input });
  const nowMs = deps.clock.nowMs();
  const found = await deps.references.check({ accountId, endpoint, input }, nowMs);
  if (found.length > 0) throw toInvalidInput(found);
  return toRow(deps, {
    caller,
    endpoint,
    task,
    input: JSON.stringify(input),
    price: quote(endpoint, input, facts),
    nowMs,
  });
}

export type Submission = {
  readonly caller: Caller;
  readonly rows: readonly TaskRow[];
  readonly idempotency: Idempotency | undefined;
};

/** Makes the tasks durable, with their prices held and their places in the queue: one batch, in which the database
 *  decides every limit.
 *  @returns the tasks, or those that an earlier call with the same idempotency key made.
 *  @throws {GatewayError} as `TaskService.submit`. */
export async function admit(deps: ServiceDeps, { caller, rows, idempotency }: Submission): Promise<readonly TaskRow[]> {
  const { db, queue, bell } = deps;
  const nowMs = deps.clock.nowMs();
  const guards = toGuards(deps, { caller, rows, idempotency }, nowMs);
  const [holdFirst, ...holds] = holdStatements(db, rows.map(toHeld), { nowMs });
  if (holdFirst !== undefined) {
    guards.push({ statement: holdFirst, refusal: tooPoor });
  }
  const files = new Map(rows.map((row) => [row.id, listAssetIds(deps, row)]));
  for (const id of [...new Set([...files.values()].flat())].sort()) {
    const refusal = () => new GatewayError('invalid_input', `the file ${id} is no longer stored`);
    guards.push({ statement: useAsset(db, { id, used_at_ms: nowMs }), refusal });
  }
  const created = rows.flatMap((row) => [
    insertTask(db, row),
    ...queue.enqueue(
      { id: row.id, queue: TASK_QUEUE, groupKey: caller.keyId, priority: row.priority, payload: '' },
      nowMs,
    ),
    ...announce(db, row, { status: 'queued', nowMs }),
    ...tagsOf(row).map((tag) => insertTaskTag(db, { account_id: row.account_id, tag, task_id: row.id })),
    ...(files.get(row.id) ?? []).map((asset_id) => insertTaskInput(db, { task_id: row.id, asset_id })),
  ]);
  try {
    const outcome = await db.write([...guards.map(({ statement }) => statement), ...holds, ...created]);
    if (!outcome.committed) return await explain(deps, { caller, idempotency }, guards[outcome.failed]);
  } catch (error) {
    // The answer to the commit was lost: the row itself tells whether it happened.
    const [first] = rows;
    const happened = error instanceof WriteLost && first !== undefined && (await getTask(db, first.id)) !== undefined;
    if (!happened) throw error;
  }
  queue.notify(TASK_QUEUE);
  bell.ring();
  return rows;
}

/** The files of ours that a task was given. */
function listAssetIds({ catalog }: ServiceDeps, { endpoint: id, input }: TaskRow): readonly string[] {
  const endpoint = catalog.get(id);
  if (endpoint === undefined || !input.includes('asset://')) return [];
  const places = listMediaPlaces(endpoint, JSON.parse(input) as Input); // As `draft` wrote it.
  return [...new Set(places.flatMap(({ address }) => assetIdOf(address) ?? []))];
}

function toGuards({ db }: ServiceDeps, { caller, rows, idempotency }: Submission, nowMs: number): Guard[] {
  const guards: Guard[] = [];
  if (idempotency !== undefined) {
    const { key, fingerprint } = idempotency;
    const task_ids = JSON.stringify(rows.map(({ id }) => id));
    const row = { account_id: caller.accountId, key, fingerprint, task_ids, created_at_ms: nowMs };
    // Who loses this race is answered in `explain`.
    guards.push({
      statement: claimIdempotencyKey(db, row),
      refusal: () => new GatewayError('internal', 'unreachable'),
    });
  }
  if (caller.limits !== undefined) {
    const micros = rows.reduce((sum, { price_micros }) => sum + price_micros, 0);
    const asked = { keyId: caller.keyId, limits: caller.limits, tasks: rows.length, micros, queue: TASK_QUEUE, nowMs };
    guards.push(...limitGuards(db, asked));
  }
  return guards;
}

/** A guard that touched no row: somebody else was first with this idempotency key, or a limit is reached. */
async function explain(
  deps: ServiceDeps,
  { caller, idempotency }: Omit<Submission, 'rows'>,
  guard: Guard | undefined,
): Promise<readonly TaskRow[]> {
  const earlier = idempotency === undefined ? undefined : await findEarlier(deps, caller, idempotency);
  if (earlier !== undefined) return earlier;
  throw guard?.refusal() ?? new Error('a submit was undone by a statement that guards nothing');
}

/** The tasks that a submit with this key made, as they were then: so the same call gets the same answer.
 *  @throws {GatewayError} `idempotency_conflict` */
export async function findEarlier(
  { db }: Pick<ServiceDeps, 'db'>,
  caller: Caller,
  { key, fingerprint }: Idempotency,
): Promise<readonly TaskRow[] | undefined> {
  const row = await getIdempotencyKey(db, { account_id: caller.accountId, key });
  if (row === undefined) return undefined;
  if (row.fingerprint !== fingerprint) {
    throw new GatewayError('idempotency_conflict', 'this Idempotency-Key was used with another request');
  }
  const ids: readonly string[] = JSON.parse(row.task_ids); // Written by `toGuards`.
  const tasks = await Promise.all(ids.map((id) => getTask(db, id)));
  return tasks.flatMap((task) => (task === undefined ? [] : [asNew(task)]));
}

const asNew = (row: TaskRow): TaskRow => ({
  ...row,
  status: 'queued',
  channel: null,
  progress: 0,
  error_code: null,
  error_message: null,
  started_at_ms: null,
  ended_at_ms: null,
  charge_micros: null,
  vendor_micros: null,
  vendor_currency: null,
});

/** @throws {GatewayError} `unknown_route`, `forbidden` */
export function requireEndpoint({ catalog }: Pick<ServiceDeps, 'catalog'>, caller: Caller, id: string): Endpoint {
  const endpoint = catalog.get(id);
  if (endpoint === undefined) throw new GatewayError('unknown_route', `there is no endpoint ${id}`);
  if (allowsModel(caller.models, endpoint.id)) return endpoint;
  throw new GatewayError('forbidden', `Access denied: this key may not use ${endpoint.id}`);
}

export const toInvalidInput = (problems: readonly Problem[]): GatewayError =>
  new GatewayError('invalid_input', problems.map(({ message }) => message).join('; '), { details: problems });

/** What a task holds of its account's money. */
export const toHeld = (row: TaskRow): KeyHeld => ({
  taskId: row.id,
  accountId: row.account_id,
  micros: row.price_micros,
  currency: row.currency,
  keyId: row.key_id,
  createdAtMs: row.created_at_ms,
});

const tagsOf = ({ tags }: TaskRow): readonly string[] => (tags === null ? [] : (JSON.parse(tags) as string[])); // Ours.

type New = {
  readonly caller: Caller;
  readonly endpoint: Endpoint;
  readonly task: NewTask;
  /** JSON. */
  readonly input: string;
  readonly price: { readonly micros: number; readonly currency: string };
  readonly nowMs: number;
};

function toRow({ ids, limits, exchange }: ServiceDeps, p: New): TaskRow {
  const { caller, nowMs } = p;
  const { options = {} } = p.task;
  const currency = caller.currency ?? 'CNY';
  return {
    id: ids.taskId(),
    account_id: caller.accountId,
    endpoint: p.endpoint.id,
    input: p.input,
    status: 'queued',
    client_id: ids.clientId(),
    channel: null,
    handle: null,
    progress: 0,
    error_code: null,
    error_message: null,
    price_micros: exchange(p.price, currency),
    currency,
    created_at_ms: nowMs,
    started_at_ms: null,
    ended_at_ms: null,
    deadline_at_ms: nowMs + (options.endWithinMs ?? limits.taskDeadlineMs),
    cancel_asked_at_ms: null,
    key_id: caller.keyId,
    surface: options.surface ?? 'v2',
    webhook_url: options.webhookUrl ?? null,
    priority: options.priority ?? 0,
    tags: options.tags === undefined || options.tags.length === 0 ? null : JSON.stringify([...new Set(options.tags)]),
    start_deadline_at_ms: options.startWithinMs === undefined ? null : nowMs + options.startWithinMs,
    rerun_of: options.rerunOf ?? null,
    charge_micros: null,
    vendor_micros: null,
    vendor_currency: null,
    hops: options.hops ?? 0,
    vendor_is_estimate: 0,
    upstream_id: null,
    routing: options.routing === undefined ? null : JSON.stringify(options.routing satisfies TaskRouting),
  };
}
