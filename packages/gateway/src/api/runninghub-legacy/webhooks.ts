import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Caller, TaskService, TaskView } from '../../contract/task.ts';
import type { WebhookDelivery, WebhookService } from '../../contract/webhook.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import type { CanceledStatus } from '../runninghub-v2/render.ts';
import { toTaskId } from '../task-id.ts';
import { toEventData } from '../webhook-bodies.ts';
import { toWireTime } from '../wire-time.ts';
import { type LegacyAnswer, succeeded } from './render.ts';

type Deps = {
  readonly tasks: TaskService;
  readonly webhooks: Pick<WebhookService, 'getDeliveryOfTask' | 'resend'>;
  readonly callers: Callers;
  readonly canceledStatus: CanceledStatus;
};

/** What came of the webhook of a task, and sending it again. */
export function legacyWebhookRoutes(app: FastifyInstance, { tasks, webhooks, callers, canceledStatus }: Deps): void {
  const ask = async (
    request: FastifyRequest,
  ): Promise<{ caller: Caller; fields: Readonly<Record<string, unknown>> }> => {
    const fields = toObject(request.method === 'GET' ? request.query : request.body);
    return { caller: await callers(credentialsOf(request, fields), 'webhooks'), fields };
  };
  const getDetail = async (request: FastifyRequest): Promise<LegacyAnswer> => {
    const { caller, fields } = await ask(request);
    const taskId = toTaskId(fields.taskId);
    const task = await tasks.get({ caller, taskId });
    if (task === undefined) throw new GatewayError('task_not_found', 'no such task');
    const delivery = await webhooks.getDeliveryOfTask({ accountId: caller.accountId, taskId });
    if (delivery === undefined) throw new GatewayError('webhook_not_found', 'the task has no webhook');
    return succeeded(toDetail(delivery, { task, eventData: toEventData(task, { canceledStatus }) }));
  };
  const retry = async (request: FastifyRequest): Promise<LegacyAnswer> => {
    const { caller, fields } = await ask(request);
    const id = toWebhookId(fields.webhookId);
    const url = toUrl(fields.webhookUrl);
    await webhooks.resend({ accountId: caller.accountId, id, url, urlField: 'webhookUrl' });
    return succeeded(null);
  };
  for (const prefix of ['/task/openapi', '/api/task/openapi']) {
    app.route({ method: ['GET', 'POST'], url: `${prefix}/getWebhookDetail`, handler: getDetail });
    app.post(`${prefix}/retryWebhook`, retry);
  }
}

/** There are two words, and they tell of the latest try: before the first one it is `FAILED` with an explanation. */
const toDetail = (delivery: WebhookDelivery, { task, eventData }: { task: TaskView; eventData: string }) => ({
  id: delivery.id,
  userApiKey: '********',
  taskId: task.id,
  webhookUrl: delivery.url,
  event: 'TASK_END',
  eventData,
  callbackStatus: wasTaken(delivery) ? 'SUCCESS' : 'FAILED',
  callbackResponse: toResponse(delivery),
  retryCount: Math.max(0, delivery.attempts - 1),
  createTime: toWireTime(delivery.createdAtMs),
  updateTime: toWireTime(delivery.updatedAtMs),
});

const wasTaken = ({ lastStatus }: WebhookDelivery): boolean =>
  lastStatus !== null && lastStatus >= 200 && lastStatus <= 299;

function toResponse(delivery: WebhookDelivery): string {
  const { lastStatus, lastResponse, lastError } = delivery;
  if (lastError !== null) return lastError;
  if (lastStatus === null) return 'not sent yet';
  const says = lastResponse ?? '';
  return says === '' && !wasTaken(delivery) ? `HTTP ${lastStatus}` : says;
}

/** As a text or a number. @throws {GatewayError} `invalid_input` */
function toWebhookId(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (text !== '') return text;
  throw new GatewayError('invalid_input', 'webhookId must not be null');
}

/** Absent, null and an empty text mean the address it had. @throws {GatewayError} `invalid_input` */
function toUrl(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value.trim();
  throw new GatewayError('invalid_input', 'webhookUrl must be a text');
}
