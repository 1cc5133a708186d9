import { GatewayError } from '../contract/errors.ts';
import type { DeliveryState, WebhookAttempt, WebhookDelivery, WebhookService } from '../contract/webhook.ts';
import type { Bell } from '../lib/bell.ts';
import type { Db } from '../store/db.ts';
import {
  type DeliveryOfEndpoint,
  getDelivery,
  getDeliveryOfTask,
  listAttemptsOf,
  listDeliveries,
  resend,
} from '../store/webhook-deliveries.ts';
import { checkAddress } from './addresses.ts';
import { toDeliveryId, toMessageId, toNumber } from './ids.ts';

type Deps = {
  readonly db: Db;
  /** Rings when there is something to send. */
  readonly bell: Pick<Bell, 'ring'>;
  readonly nowMs: () => number;
  readonly allowPrivateNetwork: boolean;
};

type Own = { readonly accountId: string; readonly id: string };
type Part = 'listDeliveries' | 'getDelivery' | 'listAttempts' | 'getDeliveryOfTask' | 'resend' | 'resendMany';

export function createDeliveries(deps: Deps): Pick<WebhookService, Part> {
  const { db, bell, nowMs } = deps;
  const require = async ({ accountId, id }: Own): Promise<DeliveryOfEndpoint> => {
    const number = toNumber(id);
    const row = number === undefined ? undefined : await getDelivery(db, number);
    if (row?.account_id === accountId) return row;
    throw new GatewayError('webhook_not_found', `no delivery ${id}`);
  };
  return {
    async listDeliveries({ filter, limit, cursor }) {
      const before = cursor === undefined ? undefined : toPlace(cursor);
      const rows = await listDeliveries(db, filter, { before, limit: limit + 1 });
      const items = rows.slice(0, limit).map(toDelivery);
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    getDelivery: async (own) => toDelivery(await require(own)),
    async listAttempts(own) {
      const { number } = await require(own);
      return (await listAttemptsOf(db, number)).map(toAttempt);
    },
    async getDeliveryOfTask({ accountId, taskId }) {
      const row = await getDeliveryOfTask(db, taskId);
      return row?.account_id === accountId ? toDelivery(row) : undefined;
    },
    async resend({ accountId, id, url, urlField }) {
      if (url !== undefined) checkAddress(deps, url, urlField);
      const { number, endpoint_id: endpointId, endpoint_url: endpointUrl } = await require({ accountId, id });
      if (endpointId !== null && endpointUrl === null) {
        throw new GatewayError('conflict', 'its endpoint was deleted, and with it what signs for it');
      }
      await db.write([resend(db, { accountId, number }, { url, now_ms: nowMs(), limit: 1 })]);
      bell.ring();
      return toDelivery(await require({ accountId, id }));
    },
    async resendMany({ filter, url, limit, cursor }) {
      if (url !== undefined) checkAddress(deps, url);
      const after = cursor === undefined ? undefined : toPlace(cursor);
      const outcome = await db.write([resend(db, filter, { url, after, now_ms: nowMs(), limit })]);
      bell.ring();
      const numbers = outcome.committed ? (outcome.results[0]?.rows ?? []).map(({ number }) => Number(number)) : [];
      const isFull = numbers.length === limit;
      return { count: numbers.length, nextCursor: isFull ? toDeliveryId(Math.max(...numbers)) : null };
    },
  };
}

/** @throws {GatewayError} `invalid_input` */
function toPlace(cursor: string): number {
  const number = toNumber(cursor);
  if (number !== undefined) return number;
  const problem = { field: 'cursor', message: 'cursor must be the nextCursor of an earlier page' };
  throw new GatewayError('invalid_input', problem.message, { details: [problem] });
}

export const toDelivery = (row: DeliveryOfEndpoint): WebhookDelivery => ({
  id: toDeliveryId(row.number),
  messageId: toMessageId(row),
  taskId: row.task_id,
  endpointId: row.endpoint_id,
  type: row.type,
  url: row.url ?? row.endpoint_url,
  state: row.state as DeliveryState, // No other is ever written.
  attempts: row.attempts,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
  nextAttemptAtMs: row.next_at_ms,
  lastStatus: row.last_status,
  lastResponse: row.last_response,
  lastError: row.last_error,
});

const toAttempt = (row: Awaited<ReturnType<typeof listAttemptsOf>>[number]): WebhookAttempt => ({
  number: row.number,
  url: row.url,
  startedAtMs: row.started_at_ms,
  durationMs: row.duration_ms,
  status: row.status,
  response: row.response,
  error: row.error,
});
