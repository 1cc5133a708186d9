import type { Log } from '../contract/log.ts';
import type { RenderWebhook, WebhookService } from '../contract/webhook.ts';
import type { Bell } from '../lib/bell.ts';
import type { Clock } from '../lib/clock.ts';
import { type AgentOptions, createGuardedAgent } from '../lib/guarded-agent.ts';
import type { Ids } from '../lib/ids.ts';
import type { SealedBox } from '../lib/sealed-box.ts';
import type { Queue } from '../queue/queue.ts';
import type { Db } from '../store/db.ts';
import { createDeliver, type DeliverDeps } from './deliver.ts';
import { createDeliveries } from './deliveries.ts';
import { createDispatcher, type Dispatcher, type DispatcherLimits } from './dispatcher.ts';
import { createEndpoints } from './endpoints.ts';
import { createSecrets } from './secrets.ts';
import { createSender, type Send } from './sender.ts';

const LIMITS = { maxInFlight: 128, maxPerReceiver: 8, pollMs: 1_000 };

type Deps = {
  readonly db: Db;
  readonly queue: Queue;
  readonly box: SealedBox;
  readonly ids: Pick<Ids, 'endpointId' | 'secretId'>;
  readonly bell: Bell;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly render: RenderWebhook;
  readonly readTask: DeliverDeps['readTask'];
  /** Which addresses may be reached. */
  readonly reach: AgentOptions;
  readonly limits: Pick<DispatcherLimits, 'leaseMs' | 'heartbeatMs'> & Partial<DispatcherLimits>;
  /** May put something around the network, such as a count of what is under way. */
  readonly wrapSend?: (send: Send) => Send;
};

export type Webhooks = {
  readonly service: WebhookService;
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
};

/** Everything that tells others what happened here. */
export async function openWebhooks(deps: Deps): Promise<Webhooks> {
  const { clock, log } = deps;
  const { nowMs } = clock;
  const { allowPrivateNetwork } = deps.reach;
  const secrets = createSecrets({ ...deps, nowMs });
  const { resealed, lost } = await secrets.resealAll();
  if (resealed > 0) log.info({ resealed }, 'webhook secrets were sealed with the newest key');
  if (lost > 0) log.error({ lost }, 'webhook secrets cannot be opened: an older key is missing in REELAY_SECRET_KEY');
  const agent = createGuardedAgent(deps.reach);
  const send = createSender({ agent, clock });
  const deliver = createDeliver({ ...deps, secrets, send: deps.wrapSend?.(send) ?? send });
  const dispatcher = createDispatcher({ ...deps, deliver, limits: { ...LIMITS, ...deps.limits } });
  const common = { ...deps, secrets, nowMs, allowPrivateNetwork };
  return {
    service: { ...createEndpoints(common), ...createDeliveries(common) },
    dispatcher,
    close: () => agent.destroy(),
  };
}
