import { z } from 'zod';
import type { WebhookService } from '../../contract/webhook.ts';
import { type NativeApi, pageOf, pageQuery } from './route.ts';
import {
  eventFilter,
  NativeDelivery,
  NativeEndpoint,
  NativeSecrets,
  toNativeDelivery,
  toNativeEndpoint,
  toNativeSecrets,
} from './webhook-view.ts';

const tag = 'Webhooks';
const scope = 'webhooks';
const HOUR_MS = 3_600_000;

const params = z.object({ id: z.string().describe('The id of the endpoint.') });
const url = z.string().describe('An http or https address.');
const description = z.string().trim().max(500);
const eventTypes = z
  .array(eventFilter)
  .min(1)
  .max(20)
  .describe('Which events; `task.*` is all that there are and will be.');
const rotation = z.strictObject({
  overlapHours: z
    .number()
    .min(0)
    .max(7 * 24)
    .default(24)
    .describe('How long the former secret signs beside the new one.'),
});

/** Addresses that want to hear of the events of an account, and what they verify with. */
export function nativeEndpointRoutes(api: NativeApi, { webhooks }: { webhooks: WebhookService }): void {
  api.add({
    id: 'createWebhookEndpoint',
    method: 'POST',
    url: '/api/v1/webhooks/endpoints',
    tag,
    summary: 'Add an endpoint',
    description: 'It hears of every event of the account, whoever submitted the task. Up to 50 of an account.',
    scope,
    body: z.strictObject({ url, description: description.default(''), eventTypes: eventTypes.default(['task.*']) }),
    answer: { status: 201, about: 'The endpoint, and its secret.', schema: NativeEndpoint.extend(NativeSecrets.shape) },
    async handle({ caller: { accountId }, body, reply }) {
      const endpoint = await webhooks.createEndpoint({ accountId, ...body });
      reply.header('location', `/api/v1/webhooks/endpoints/${endpoint.id}`);
      const secrets = await webhooks.listSecrets({ accountId, endpointId: endpoint.id });
      return { ...toNativeEndpoint(endpoint), ...toNativeSecrets(secrets) };
    },
  });
  api.add({
    id: 'listWebhookEndpoints',
    method: 'GET',
    url: '/api/v1/webhooks/endpoints',
    tag,
    summary: 'Endpoints, oldest first',
    scope,
    query: z.strictObject(pageQuery),
    answer: { status: 200, about: 'A page of them.', schema: pageOf(NativeEndpoint) },
    async handle({ caller: { accountId }, query }) {
      const { items, nextCursor } = await webhooks.listEndpoints({ accountId, ...query });
      return { items: items.map(toNativeEndpoint), nextCursor };
    },
  });
  api.add({
    id: 'getWebhookEndpoint',
    method: 'GET',
    url: '/api/v1/webhooks/endpoints/:id',
    tag,
    summary: 'An endpoint',
    scope,
    params,
    answer: { status: 200, about: 'The endpoint.', schema: NativeEndpoint },
    handle: async ({ caller: { accountId }, params: { id } }) =>
      toNativeEndpoint(await webhooks.getEndpoint({ accountId, id })),
  });
  api.add({
    id: 'updateWebhookEndpoint',
    method: 'PATCH',
    url: '/api/v1/webhooks/endpoints/:id',
    tag,
    summary: 'Change, disable or enable an endpoint',
    description:
      'What is on its way goes to the new address. While it is disabled no events are written for it, and what is on its way is given up.',
    scope,
    params,
    body: z.strictObject({
      url: url.optional(),
      description: description.optional(),
      eventTypes: eventTypes.optional(),
      isEnabled: z.boolean().optional(),
    }),
    answer: { status: 200, about: 'The endpoint as it is now.', schema: NativeEndpoint },
    handle: async ({ caller: { accountId }, params: { id }, body }) =>
      toNativeEndpoint(await webhooks.updateEndpoint({ accountId, id, ...body })),
  });
  api.add({
    id: 'deleteWebhookEndpoint',
    method: 'DELETE',
    url: '/api/v1/webhooks/endpoints/:id',
    tag,
    summary: 'Delete an endpoint',
    description: 'What is on its way to it is given up.',
    scope,
    params,
    answer: { status: 204, about: 'It is gone.' },
    handle: ({ caller: { accountId }, params: { id } }) => webhooks.deleteEndpoint({ accountId, id }),
  });
  api.add({
    id: 'testWebhookEndpoint',
    method: 'POST',
    url: '/api/v1/webhooks/endpoints/:id/test',
    tag,
    summary: 'Send a test event',
    description: 'Of the type `webhook.test`, whatever the endpoint asks for. What came of it is said by the delivery.',
    scope,
    params,
    answer: { status: 202, about: 'The delivery.', schema: NativeDelivery },
    handle: async ({ caller: { accountId }, params: { id } }) =>
      toNativeDelivery(await webhooks.testEndpoint({ accountId, id })),
  });
  secretRoutes(api, webhooks);
}

function secretRoutes(api: NativeApi, webhooks: WebhookService): void {
  api.add({
    id: 'getWebhookEndpointSecrets',
    method: 'GET',
    url: '/api/v1/webhooks/endpoints/:id/secrets',
    tag,
    summary: 'What an endpoint verifies with',
    scope,
    params,
    answer: { status: 200, about: 'Its secrets.', schema: NativeSecrets },
    handle: async ({ caller: { accountId }, params: { id: endpointId } }) =>
      toNativeSecrets(await webhooks.listSecrets({ accountId, endpointId })),
  });
  api.add({
    id: 'rotateWebhookEndpointSecret',
    method: 'POST',
    url: '/api/v1/webhooks/endpoints/:id/secrets/rotate',
    tag,
    summary: 'Give an endpoint a new secret',
    scope,
    params,
    body: rotation,
    answer: { status: 200, about: 'Its secrets.', schema: NativeSecrets },
    handle: async ({ caller: { accountId }, params: { id: endpointId }, body: { overlapHours } }) =>
      toNativeSecrets(await webhooks.rotateSecret({ accountId, endpointId, overlapMs: overlapHours * HOUR_MS })),
  });
  api.add({
    id: 'getWebhookSecrets',
    method: 'GET',
    url: '/api/v1/webhooks/secrets',
    tag,
    summary: 'What deliveries to the `webhookUrl` of tasks are verified with',
    scope,
    answer: { status: 200, about: 'The secrets of the account.', schema: NativeSecrets },
    handle: async ({ caller: { accountId } }) => toNativeSecrets(await webhooks.listSecrets({ accountId })),
  });
  api.add({
    id: 'rotateWebhookSecret',
    method: 'POST',
    url: '/api/v1/webhooks/secrets/rotate',
    tag,
    summary: 'Make a new secret for the `webhookUrl` of tasks',
    scope,
    body: rotation,
    answer: { status: 200, about: 'The secrets of the account.', schema: NativeSecrets },
    handle: async ({ caller: { accountId }, body: { overlapHours } }) =>
      toNativeSecrets(await webhooks.rotateSecret({ accountId, overlapMs: overlapHours * HOUR_MS })),
  });
}
