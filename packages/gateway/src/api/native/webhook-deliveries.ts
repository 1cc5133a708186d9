import { z } from 'zod';
import type { TaskService } from '../../contract/task.ts';
import {
  DELIVERY_STATES,
  EVENT_TYPES,
  type RenderWebhook,
  TEST_EVENT,
  type WebhookService,
} from '../../contract/webhook.ts';
import { type NativeApi, pageOf, pageQuery } from './route.ts';
import { NativeDelivery, NativeDeliveryAttempt, toNativeDelivery, toNativeDeliveryAttempt } from './webhook-view.ts';

const tag = 'Webhooks';
const scope = 'webhooks';
const MAX_RESENDS = 1_000;

const params = z.object({ id: z.string().describe('The id of the delivery.') });
const instant = z.iso.datetime({ offset: true }).optional();
const url = z.string().optional().describe('To another address, from now on.');
const filter = {
  type: z.enum([...EVENT_TYPES, TEST_EVENT]).optional(),
  endpoint: z.string().max(100).optional().describe('The id of an endpoint.'),
  task: z.string().max(19).optional().describe('The id of a task.'),
  from: instant.describe('Of events then or later.'),
  to: instant.describe('Of events before.'),
};
const status = z.enum(DELIVERY_STATES);

const DeliveryWithAttempts = NativeDelivery.extend({
  history: z.array(NativeDeliveryAttempt).describe('Every attempt, oldest first.'),
  payload: z.unknown().describe('What is sent, with links as fresh as at sending; null when its task was deleted.'),
});

type Filter = { readonly [F in keyof typeof filter]?: string | undefined };
const toFilter = ({ type, endpoint, task, from, to }: Filter) => ({
  type,
  endpointId: endpoint,
  taskId: task,
  fromMs: from === undefined ? undefined : Date.parse(from),
  toMs: to === undefined ? undefined : Date.parse(to),
});

type Deps = { readonly webhooks: WebhookService; readonly tasks: TaskService; readonly renderWebhook: RenderWebhook };

/** What was and is to be told, what came of it, and telling it again. */
export function nativeDeliveryRoutes(api: NativeApi, { webhooks, tasks, renderWebhook }: Deps): void {
  api.add({
    id: 'listWebhookDeliveries',
    method: 'GET',
    url: '/api/v1/webhooks/deliveries',
    tag,
    summary: 'Deliveries, newest first',
    scope,
    query: z.strictObject({ ...pageQuery, status: status.optional(), ...filter }),
    answer: { status: 200, about: 'A page of them.', schema: pageOf(NativeDelivery) },
    async handle({ caller: { accountId }, query: { limit, cursor, status: state, ...query } }) {
      const page = { limit, cursor, filter: { accountId, state, ...toFilter(query) } };
      const { items, nextCursor } = await webhooks.listDeliveries(page);
      return { items: items.map(toNativeDelivery), nextCursor };
    },
  });
  api.add({
    id: 'getWebhookDelivery',
    method: 'GET',
    url: '/api/v1/webhooks/deliveries/:id',
    tag,
    summary: 'A delivery, with every attempt',
    scope,
    params,
    answer: { status: 200, about: 'The delivery.', schema: DeliveryWithAttempts },
    async handle({ caller, params: { id } }) {
      const own = { accountId: caller.accountId, id };
      const delivery = await webhooks.getDelivery(own);
      const attempts = await webhooks.listAttempts(own);
      const { taskId, type, createdAtMs: atMs } = delivery;
      const task = taskId === null ? undefined : await tasks.get({ caller, taskId });
      const to = delivery.endpointId === null ? 'task' : 'endpoint';
      const isGone = taskId !== null && task === undefined;
      return {
        ...toNativeDelivery(delivery),
        history: attempts.map(toNativeDeliveryAttempt),
        payload: isGone ? null : JSON.parse(renderWebhook({ to, type, atMs, task })),
      };
    },
  });
  api.add({
    id: 'resendWebhookDelivery',
    method: 'POST',
    url: '/api/v1/webhooks/deliveries/:id/resend',
    tag,
    summary: 'Send a delivery again',
    description: 'Whatever came of it before, with all its attempts. Its `webhook-id` stays.',
    scope,
    params,
    body: z.strictObject({ url }),
    answer: { status: 202, about: 'The delivery as it is now.', schema: NativeDelivery },
    handle: async ({ caller: { accountId }, params: { id }, body }) =>
      toNativeDelivery(await webhooks.resend({ accountId, id, url: body.url })),
  });
  resendManyRoute(api, webhooks);
}

function resendManyRoute(api: NativeApi, webhooks: WebhookService): void {
  api.add({
    id: 'resendWebhookDeliveries',
    method: 'POST',
    url: '/api/v1/webhooks/deliveries/resend',
    tag,
    summary: 'Send many deliveries again',
    description: `Those that were given up, or those of another status, oldest first. Up to ${MAX_RESENDS} at once: the rest with \`cursor\`.`,
    scope,
    body: z.strictObject({
      status: status.default('failed'),
      ...filter,
      url,
      limit: z.int().min(1).max(MAX_RESENDS).default(MAX_RESENDS),
      cursor: z.string().max(200).optional().describe('`nextCursor` of the call before.'),
    }),
    answer: {
      status: 202,
      about: 'How many are sent again.',
      schema: z.object({ count: z.int(), nextCursor: z.string().nullable().describe('Null when there are no more.') }),
    },
    handle: ({ caller: { accountId }, body: { status: state, url: to, limit, cursor, ...body } }) =>
      webhooks.resendMany({ filter: { accountId, state, ...toFilter(body) }, url: to, limit, cursor }),
  });
}
