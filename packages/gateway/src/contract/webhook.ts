import type { Paged } from './account.ts';
import type { TaskView } from './task.ts';

/** What may be told of. A task is `submitting` and `collecting` for a moment only, of which no event tells. */
export const EVENT_TYPES = ['task.queued', 'task.running', 'task.succeeded', 'task.failed', 'task.canceled'] as const;
export type EventType = (typeof EVENT_TYPES)[number];
/** What an endpoint may ask for: types, or every one that is and will be. */
export type EventFilter = EventType | 'task.*';

/** What is sent to try an endpoint out. */
export const TEST_EVENT = 'webhook.test';

/** An address that wants to hear of the events of an account. */
export type WebhookEndpoint = {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly EventFilter[];
  readonly createdAtMs: number;
  /** It hears nothing while it is disabled. */
  readonly disabledAtMs: number | null;
  readonly disabledReason: string | null;
};

/** What a receiver verifies deliveries with. */
export type WebhookSecret = {
  /** `whsec_…`: shared, for signatures `v1`. */
  readonly secret: string;
  /** `whpk_…`: for signatures `v1a`; may be shown to anybody. */
  readonly publicKey: string;
  readonly createdAtMs: number;
  /** Null: it is the current one. Else it was replaced, and signs beside the current one until then. */
  readonly expiresAtMs: number | null;
};

export const DELIVERY_STATES = ['pending', 'succeeded', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** An event on its way to one receiver. */
export type WebhookDelivery = {
  /** 19 digits. */
  readonly id: string;
  /** The header `webhook-id`, the same at every try. */
  readonly messageId: string;
  /** Null for a test. */
  readonly taskId: string | null;
  /** Null: to the address that the task names. */
  readonly endpointId: string | null;
  readonly type: string;
  /** Null: its endpoint was deleted. */
  readonly url: string | null;
  /** `failed` is given up. */
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly nextAttemptAtMs: number | null;
  /** Of the latest attempt. */
  readonly lastStatus: number | null;
  readonly lastResponse: string | null;
  readonly lastError: string | null;
};

export type WebhookAttempt = {
  readonly number: number;
  readonly url: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Null: there was no answer. */
  readonly status: number | null;
  /** The beginning of the answer's body. */
  readonly response: string | null;
  readonly error: string | null;
};

/** Which deliveries of an account. What is left out does not matter. */
export type WebhookDeliveryFilter = {
  readonly accountId: string;
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly endpointId?: string | undefined;
  readonly taskId?: string | undefined;
  /** Of events from here, up to but not at. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/** What a delivery says, for whoever writes it in the words of its receiver. */
export type WebhookMessage = {
  /** `task`: its own address, which hears the words of the API on which it was submitted. */
  readonly to: 'task' | 'endpoint';
  readonly type: string;
  /** When it happened. */
  readonly atMs: number;
  /** As it is now; undefined for a test. */
  readonly task: TaskView | undefined;
};
/** @returns the body: JSON. */
export type RenderWebhook = (message: WebhookMessage) => string;

type Own = { readonly accountId: string; readonly id: string };
type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** Webhooks as an account may handle them. Another account's endpoint or delivery is like one that does not exist.
 *  @throws {GatewayError} `not_found` for an endpoint, `webhook_not_found` for a delivery that does not exist;
 *    `invalid_input` for an address that cannot be sent to, and for a cursor that no page ended with. */
export interface WebhookService {
  /** @throws {GatewayError} also `conflict` above so many endpoints. */
  createEndpoint(p: {
    accountId: string;
    url: string;
    description: string;
    eventTypes: readonly EventFilter[];
  }): Promise<WebhookEndpoint>;
  listEndpoints(p: { accountId: string } & Page): Promise<Paged<WebhookEndpoint>>;
  getEndpoint(p: Own): Promise<WebhookEndpoint>;
  /** What is on its way goes to the new address. */
  updateEndpoint(
    p: Own & {
      url?: string | undefined;
      description?: string | undefined;
      eventTypes?: readonly EventFilter[] | undefined;
      isEnabled?: boolean | undefined;
    },
  ): Promise<WebhookEndpoint>;
  /** What is on its way to it is given up. */
  deleteEndpoint(p: Own): Promise<void>;
  /** Sends it an event that tells of nothing. @throws {GatewayError} also `conflict` while it is disabled. */
  testEndpoint(p: Own): Promise<WebhookDelivery>;
  /** The newest first.
   *  @param p.endpointId absent: what signs deliveries to the addresses that tasks name. */
  listSecrets(p: { accountId: string; endpointId?: string | undefined }): Promise<readonly WebhookSecret[]>;
  /** A new one signs from now on, and the one before beside it for a while. One that was replaced earlier ends.
   *  @throws {GatewayError} also `conflict` when somebody else does so at the same time. */
  rotateSecret(p: {
    accountId: string;
    endpointId?: string | undefined;
    overlapMs: number;
  }): Promise<readonly WebhookSecret[]>;
  /** Newest first. */
  listDeliveries(p: { filter: WebhookDeliveryFilter } & Page): Promise<Paged<WebhookDelivery>>;
  getDelivery(p: Own): Promise<WebhookDelivery>;
  listAttempts(p: Own): Promise<readonly WebhookAttempt[]>;
  /** To the address that a task itself names; undefined where there is none, and before the task has ended. */
  getDeliveryOfTask(p: { accountId: string; taskId: string }): Promise<WebhookDelivery | undefined>;
  /** Sends it anew, with all its tries, to its own address or from now on to another one.
   *  @param p.urlField what the caller calls `url`, if something else.
   *  @throws {GatewayError} also `conflict` when its endpoint was deleted. */
  resend(p: Own & { url?: string | undefined; urlField?: string }): Promise<WebhookDelivery>;
  /** The same for many, oldest first; not for those whose endpoint was deleted.
   *  @param p.cursor `nextCursor` of the call before, to go on after its last one. */
  resendMany(
    p: { filter: WebhookDeliveryFilter; url?: string | undefined } & Page,
  ): Promise<{ readonly count: number; readonly nextCursor: string | null }>;
}
