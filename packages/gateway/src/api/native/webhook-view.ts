import { z } from 'zod';
import {
  DELIVERY_STATES,
  EVENT_TYPES,
  TEST_EVENT,
  type WebhookAttempt,
  type WebhookDelivery,
  type WebhookEndpoint,
  type WebhookSecret,
} from '../../contract/webhook.ts';

const instant = z.iso.datetime();

export const eventFilter = z.enum([...EVENT_TYPES, 'task.*']);

export const NativeEndpoint = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string(),
  eventTypes: z.array(eventFilter),
  isEnabled: z.boolean(),
  createdAt: instant,
  disabledAt: instant.nullable(),
  disabledReason: z.string().nullable().describe('Why it hears nothing: its owner, or its answer 410.'),
});

export const toNativeEndpoint = (endpoint: WebhookEndpoint): z.input<typeof NativeEndpoint> => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  eventTypes: [...endpoint.eventTypes],
  isEnabled: endpoint.disabledAtMs === null,
  createdAt: new Date(endpoint.createdAtMs).toISOString(),
  disabledAt: toIso(endpoint.disabledAtMs),
  disabledReason: endpoint.disabledReason,
});

export const NativeSecrets = z.object({
  items: z
    .array(
      z.object({
        secret: z.string().describe('`whsec_…`, shared: for signatures `v1`.'),
        publicKey: z.string().describe('`whpk_…`, for signatures `v1a`.'),
        createdAt: instant,
        expiresAt: instant.nullable().describe('Null: the current one. Else it signs beside it until then.'),
      }),
    )
    .describe('The newest first. Deliveries are signed with each of them.'),
});

export const toNativeSecrets = (secrets: readonly WebhookSecret[]): z.input<typeof NativeSecrets> => ({
  items: secrets.map(({ secret, publicKey, createdAtMs, expiresAtMs }) => ({
    secret,
    publicKey,
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: toIso(expiresAtMs),
  })),
});

export const NativeDelivery = z.object({
  id: z.string(),
  messageId: z.string().describe('The header `webhook-id`, the same at every try.'),
  type: z.string().describe(`An event of a task, or \`${TEST_EVENT}\`.`),
  taskId: z.string().nullable(),
  endpointId: z.string().nullable().describe('Null: to the address that the task names.'),
  url: z.string().nullable().describe('Null: its endpoint was deleted.'),
  status: z.enum(DELIVERY_STATES).describe('`failed` is given up.'),
  attempts: z.int(),
  lastStatus: z.int().nullable().describe('The HTTP status of the latest attempt.'),
  lastResponse: z.string().nullable().describe('The beginning of its body.'),
  lastError: z.string().nullable().describe('Why there was no answer, or nothing was sent.'),
  createdAt: instant,
  updatedAt: instant,
  nextAttemptAt: instant.nullable(),
});

export const toNativeDelivery = (delivery: WebhookDelivery): z.input<typeof NativeDelivery> => ({
  id: delivery.id,
  messageId: delivery.messageId,
  type: delivery.type,
  taskId: delivery.taskId,
  endpointId: delivery.endpointId,
  url: delivery.url,
  status: delivery.state,
  attempts: delivery.attempts,
  lastStatus: delivery.lastStatus,
  lastResponse: delivery.lastResponse,
  lastError: delivery.lastError,
  createdAt: new Date(delivery.createdAtMs).toISOString(),
  updatedAt: new Date(delivery.updatedAtMs).toISOString(),
  nextAttemptAt: toIso(delivery.nextAttemptAtMs),
});

export const NativeDeliveryAttempt = z.object({
  number: z.int(),
  url: z.string(),
  startedAt: instant,
  durationMs: z.int(),
  status: z.int().nullable(),
  response: z.string().nullable(),
  error: z.string().nullable(),
});

export const toNativeDeliveryAttempt = (attempt: WebhookAttempt): z.input<typeof NativeDeliveryAttempt> => ({
  number: attempt.number,
  url: attempt.url,
  startedAt: new Date(attempt.startedAtMs).toISOString(),
  durationMs: attempt.durationMs,
  status: attempt.status,
  response: attempt.response,
  error: attempt.error,
});

const toIso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
