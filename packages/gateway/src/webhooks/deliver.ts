import type { Log } from '../contract/log.ts';
import type { TaskView } from '../contract/task.ts';
import { type DeliveryState, type RenderWebhook, TEST_EVENT } from '../contract/webhook.ts';
import type { Clock } from '../lib/clock.ts';
import { CannotOpen } from '../lib/sealed-box.ts';
import type { ClaimedJob, Queue } from '../queue/queue.ts';
import { type Drive, LeaseLost, Stopped } from '../queue/worker.ts';
import type { Db, Statement } from '../store/db.ts';
import {
  type DeliveryOfEndpoint,
  endTry,
  getDelivery,
  giveUp,
  insertAttemptOf,
  type Outcome,
} from '../store/webhook-deliveries.ts';
import { disableEndpoint } from '../store/webhook-endpoints.ts';
import { DELIVERY_QUEUE, fromJobId, toMessageId } from './ids.ts';
import { delayAfter } from './schedule.ts';
import type { Secrets } from './secrets.ts';
import type { Answer, Send } from './sender.ts';
import { toSignatures } from './signing.ts';

export type DeliverDeps = {
  readonly db: Db;
  readonly queue: Pick<Queue, 'guard' | 'complete' | 'reschedule' | 'notify'>;
  readonly secrets: Pick<Secrets, 'keysOf'>;
  readonly send: Send;
  readonly render: RenderWebhook;
  /** Undefined when it was deleted. */
  readonly readTask: (p: { accountId: string; taskId: string }) => Promise<TaskView | undefined>;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
};

const GONE = 410;
const GONE_REASON = 'the receiver answered 410 Gone';

/** Tries one delivery once. What came of it, and when it is tried next, is one batch; a crash before that means that it
 *  is sent again, with the same `webhook-id`. */
export function createDeliver(deps: DeliverDeps): Drive {
  const { db } = deps;
  return async (job, { stop, abort }) => {
    const place = fromJobId(job.id);
    const row = place === undefined ? undefined : await getDelivery(db, place.number);
    // Sent anew meanwhile, which has a job of its own; deleted; or a job that somebody put there by hand.
    const isStale = row === undefined || row.round !== place?.round || row.state !== 'pending';
    if (isStale) return write(deps, job, []);
    const url = row.url ?? row.endpoint_url;
    if (url === null) return abandon(deps, job, row, 'its endpoint was deleted');
    if (row.url === null && row.endpoint_disabled_at_ms !== null) {
      return abandon(deps, job, row, 'its endpoint is disabled');
    }
    if (stop.aborted) throw new Stopped();
    const answer = await attempt(deps, row, { url, signal: abort });
    if (answer !== undefined) await record(deps, job, row, { url, answer });
    // Its deliveries went with the task.
    else await write(deps, job, []);
  };
}

/** @returns undefined when there is nothing to tell of any more. @throws the signal's reason. */
async function attempt(
  deps: DeliverDeps,
  row: DeliveryOfEndpoint,
  { url, signal }: { url: string; signal: AbortSignal },
): Promise<Answer | undefined> {
  const { account_id: accountId, task_id: taskId, endpoint_id: endpointId } = row;
  const task = taskId === null ? undefined : await deps.readTask({ accountId, taskId });
  if (task === undefined && row.type !== TEST_EVENT) return undefined;
  const to = endpointId === null ? 'task' : 'endpoint';
  const body = deps.render({ to, type: row.type, atMs: row.created_at_ms, task });
  const id = toMessageId(row);
  const startedAtMs = deps.clock.nowMs();
  const timestamp = Math.floor(startedAtMs / 1_000);
  try {
    const keys = await deps.secrets.keysOf({ accountId, ownerId: endpointId ?? accountId });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': toSignatures({ id, timestamp, body, keys }),
    };
    return await deps.send({ url, headers, body, signal });
  } catch (error) {
    // Nothing goes out unsigned. Another process may have the key, or this one after its next start.
    if (!(error instanceof CannotOpen)) throw error;
    deps.log.error({ ...fieldsOf(row), err: error }, 'a delivery could not be signed');
    const reason = 'not sent: the secret that signs it cannot be opened with the REELAY_SECRET_KEY of this server';
    return { status: null, response: null, error: reason, retryAfterMs: undefined, startedAtMs, durationMs: 0 };
  }
}

async function record(
  deps: DeliverDeps,
  job: ClaimedJob,
  row: DeliveryOfEndpoint,
  { url, answer }: { url: string; answer: Answer },
): Promise<void> {
  const { db, queue, clock, random, log } = deps;
  const { status, response, error, retryAfterMs } = answer;
  const tries = row.tries + 1;
  const delayMs = isFinal(status) ? undefined : delayAfter({ tries, random: random(), retryAfterMs });
  const nowMs = clock.nowMs();
  const nextAtMs = delayMs === undefined ? null : nowMs + delayMs;
  const state = isSuccess(status) ? 'succeeded' : nextAtMs === null ? 'failed' : 'pending';
  const isGone = status === GONE && row.endpoint_id !== null;
  await write(
    deps,
    job,
    [
      endTry(db, {
        ...toOutcome(row, { state, nowMs, error }),
        next_at_ms: nextAtMs,
        last_status: status,
        last_response: response,
      }),
      insertAttemptOf(db, {
        delivery: row.number,
        url,
        started_at_ms: answer.startedAtMs,
        duration_ms: answer.durationMs,
        status,
        response,
        error,
      }),
      ...(isGone ? [disableEndpoint(db, { id: row.endpoint_id ?? '', url, at_ms: nowMs, reason: GONE_REASON })] : []),
    ],
    nextAtMs ?? undefined,
  );
  // Whoever waits for work may have to wake earlier now.
  if (nextAtMs !== null) queue.notify(DELIVERY_QUEUE);
  const fields = { ...fieldsOf(row), status, error, tries, durationMs: answer.durationMs };
  if (state === 'succeeded') log.debug(fields, 'webhook delivered');
  else if (state === 'pending') log.info({ ...fields, retryInMs: delayMs }, 'a webhook was not taken');
  else log.warn(fields, 'a webhook was given up');
}

const isSuccess = (status: number | null): boolean => status !== null && status >= 200 && status <= 299;
const isFinal = (status: number | null): boolean => isSuccess(status) || status === GONE;

/** Ends it without a try. */
async function abandon(deps: DeliverDeps, job: ClaimedJob, row: DeliveryOfEndpoint, why: string): Promise<void> {
  const outcome = toOutcome(row, { state: 'failed', nowMs: deps.clock.nowMs(), error: `not sent: ${why}` });
  await write(deps, job, [giveUp(deps.db, outcome)]);
  deps.log.info({ ...fieldsOf(row), reason: why }, 'a webhook was given up');
}

const toOutcome = (
  { number, round }: DeliveryOfEndpoint,
  p: { state: DeliveryState; nowMs: number; error: string | null },
): Outcome => ({
  number,
  round,
  state: p.state,
  now_ms: p.nowMs,
  next_at_ms: null,
  last_status: null,
  last_response: null,
  last_error: p.error,
});

/** As the holder of the lease. @param nextAtMs when the job runs again; undefined: never.
 *  @throws {LeaseLost} */
async function write(
  { db, queue }: DeliverDeps,
  { lease }: ClaimedJob,
  statements: readonly Statement[],
  nextAtMs?: number,
): Promise<void> {
  const last = nextAtMs === undefined ? queue.complete(lease) : queue.reschedule(lease, { runAtMs: nextAtMs });
  const { committed } = await db.write([queue.guard(lease), ...statements, last]);
  if (!committed) throw new LeaseLost('the lease is lost');
}

/** Never the address: it may carry a secret. */
const fieldsOf = ({ number, account_id, task_id, endpoint_id, type }: DeliveryOfEndpoint) => ({
  delivery: number,
  accountId: account_id,
  taskId: task_id,
  endpointId: endpoint_id,
  type,
});
