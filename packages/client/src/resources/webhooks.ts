import { type Http, path } from '../http.ts';
import type { Page, PageOptions } from '../pages.ts';
import type { CallOptions } from '../values.ts';

export type WebhookEvent = 'task.queued' | 'task.running' | 'task.succeeded' | 'task.failed' | 'task.canceled';

/** An address that hears of the events of an account. */
export type WebhookEndpoint = {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly (WebhookEvent | 'task.*')[];
  readonly isEnabled: boolean;
  readonly createdAt: string;
  readonly disabledAt: string | null;
  readonly disabledReason: string | null;
};

export type WebhookSecrets = {
  /** The newest first. Deliveries are signed with each of them. */
  readonly items: readonly {
    /** `whsec_…` */
    readonly secret: string;
    /** `whpk_…` */
    readonly publicKey: string;
    readonly createdAt: string;
    readonly expiresAt: string | null;
  }[];
};

/** An event on its way to one receiver. */
export type WebhookDelivery = {
  readonly id: string;
  /** The header `webhook-id`, the same at every try. */
  readonly messageId: string;
  readonly type: string;
  readonly taskId: string | null;
  /** Null: to the address that the task names. */
  readonly endpointId: string | null;
  readonly url: string | null;
  /** `failed` is given up. */
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastResponse: string | null;
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly nextAttemptAt: string | null;
};

export type NewWebhookEndpoint = {
  readonly url: string;
  readonly description?: string | undefined;
  /** Default: every event. */
  readonly eventTypes?: WebhookEndpoint['eventTypes'] | undefined;
};

export type DeliveryFilter = {
  readonly status?: WebhookDelivery['status'] | undefined;
  readonly type?: string | undefined;
  /** The id of an endpoint, or of a task. */
  readonly endpoint?: string | undefined;
  readonly task?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

const ENDPOINTS = '/webhooks/endpoints';

/** Who hears of the events of the account, and what was told. */
export const createWebhooks = (http: Http) => ({
  /** The answer holds its secret, too. Not repeated after a lost answer: the server would add a second one. */
  create: (endpoint: NewWebhookEndpoint, { signal }: CallOptions = {}): Promise<WebhookEndpoint & WebhookSecrets> =>
    http.json({ method: 'POST', path: ENDPOINTS, json: endpoint, signal }),
  /** Oldest first. */
  list: ({ signal, ...query }: PageOptions = {}): Promise<Page<WebhookEndpoint>> =>
    http.json({ method: 'GET', path: ENDPOINTS, query, signal }),
  /** What is on its way to it is given up. */
  remove: (id: string, { signal }: CallOptions = {}): Promise<void> =>
    http.json({ method: 'DELETE', path: path`/webhooks/endpoints/${id}`, isRepeatable: true, signal }),
  /** Newest first. */
  listDeliveries: ({ signal, ...query }: PageOptions & DeliveryFilter = {}): Promise<Page<WebhookDelivery>> =>
    http.json({ method: 'GET', path: '/webhooks/deliveries', query, signal }),
  /** Sends a delivery again, with the same `webhook-id`. @param options.url to another address, from now on. */
  resend: (
    id: string,
    { url, signal }: CallOptions & { readonly url?: string | undefined } = {},
  ): Promise<WebhookDelivery> =>
    http.json({ method: 'POST', path: path`/webhooks/deliveries/${id}/resend`, json: { url }, signal }),
});
