import { GatewayError } from '../contract/errors.ts';
import type { EventFilter, WebhookEndpoint, WebhookService } from '../contract/webhook.ts';
import { TEST_EVENT } from '../contract/webhook.ts';
import type { Bell } from '../lib/bell.ts';
import { toPage, toPlace } from '../lib/cursor.ts';
import type { Ids } from '../lib/ids.ts';
import type { Db } from '../store/db.ts';
import { type DeliveryOfEndpoint, failOfEndpoint } from '../store/webhook-deliveries.ts';
import {
  countEndpoints,
  deleteEndpoint,
  type EndpointChanges,
  type EndpointRow,
  getEndpoint,
  insertEndpoint,
  listEndpoints,
  updateEndpoint,
} from '../store/webhook-endpoints.ts';
import { type DeliveryRow, insertDeliveryReturning } from '../store/webhook-outbox.ts';
import { deleteSecrets } from '../store/webhook-secrets.ts';
import { checkAddress } from './addresses.ts';
import { toDelivery } from './deliveries.ts';
import type { Secrets } from './secrets.ts';

/** Of one account: every event of it is written once for each. */
const MAX_ENDPOINTS = 50;
const DISABLED_BY_OWNER = 'disabled by its owner';

export type EndpointDeps = {
  readonly db: Db;
  readonly secrets: Secrets;
  readonly ids: Pick<Ids, 'endpointId'>;
  /** Rings when there is something to send. */
  readonly bell: Pick<Bell, 'ring'>;
  readonly nowMs: () => number;
  readonly allowPrivateNetwork: boolean;
};

type Own = { readonly accountId: string; readonly id: string };
type Part =
  | 'createEndpoint'
  | 'listEndpoints'
  | 'getEndpoint'
  | 'updateEndpoint'
  | 'deleteEndpoint'
  | 'testEndpoint'
  | 'listSecrets'
  | 'rotateSecret';

export function createEndpoints(deps: EndpointDeps): Pick<WebhookService, Part> {
  const { db, secrets, ids, nowMs } = deps;
  const require = async ({ accountId, id }: Own): Promise<EndpointRow> => {
    const row = await getEndpoint(db, id);
    if (row === undefined || row.account_id !== accountId) throw new GatewayError('not_found', `no endpoint ${id}`);
    return row;
  };
  const ownerOf = async ({ accountId, endpointId }: { accountId: string; endpointId?: string | undefined }) => {
    if (endpointId !== undefined) await require({ accountId, id: endpointId });
    return { accountId, ownerId: endpointId ?? accountId };
  };
  return {
    async createEndpoint({ accountId, url, description, eventTypes }) {
      checkAddress(deps, url);
      if ((await countEndpoints(db, accountId)) >= MAX_ENDPOINTS) {
        throw new GatewayError('conflict', `an account may have ${MAX_ENDPOINTS} endpoints`);
      }
      const row: EndpointRow = {
        id: ids.endpointId(),
        account_id: accountId,
        url,
        description,
        event_types: toColumn(eventTypes),
        created_at_ms: nowMs(),
        disabled_at_ms: null,
        disabled_reason: null,
      };
      await db.write([insertEndpoint(db, row), secrets.create({ accountId, ownerId: row.id })]);
      return toEndpoint(row);
    },
    async listEndpoints({ accountId, limit, cursor }) {
      const rows = await listEndpoints(db, { accountId, after: toPlace(cursor), limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit);
      return { items: items.map(toEndpoint), nextCursor };
    },
    getEndpoint: async (own) => toEndpoint(await require(own)),
    async updateEndpoint({ accountId, id, url, description, eventTypes, isEnabled }) {
      const before = await require({ accountId, id });
      if (url !== undefined) checkAddress(deps, url);
      const changes: EndpointChanges = {
        ...(url === undefined ? {} : { url }),
        ...(description === undefined ? {} : { description }),
        ...(eventTypes === undefined ? {} : { event_types: toColumn(eventTypes) }),
        ...toEnabling(before, isEnabled, nowMs()),
      };
      if (Object.keys(changes).length > 0) await db.write([updateEndpoint(db, id, changes)]);
      return toEndpoint(await require({ accountId, id }));
    },
    async deleteEndpoint(own) {
      const { id } = await require(own);
      await db.write([
        deleteEndpoint(db, { id }),
        deleteSecrets(db, { owner_id: id }),
        failOfEndpoint(db, { endpoint_id: id, now_ms: nowMs(), error: 'not sent: its endpoint was deleted' }),
      ]);
    },
    async testEndpoint({ accountId, id }) {
      const { disabled_at_ms, url } = await require({ accountId, id });
      if (disabled_at_ms !== null) throw new GatewayError('conflict', 'the endpoint is disabled: enable it first');
      const row = { account_id: accountId, task_id: null, endpoint_id: id, url: null, type: TEST_EVENT };
      const outcome = await db.write([insertDeliveryReturning(db, { ...row, at_ms: nowMs() })]);
      deps.bell.ring();
      const made = outcome.committed ? outcome.results[0]?.rows[0] : undefined;
      if (made === undefined) throw new Error('a delivery was written but not returned');
      // The statement returns whole rows.
      const delivery: DeliveryOfEndpoint = {
        ...(made as DeliveryRow),
        endpoint_url: url,
        endpoint_disabled_at_ms: null,
      };
      return toDelivery(delivery);
    },
    listSecrets: async (p) => secrets.list(await ownerOf(p)),
    rotateSecret: async (p) => secrets.rotate(await ownerOf(p), p.overlapMs),
  };
}

function toEnabling(before: EndpointRow, isEnabled: boolean | undefined, nowMs: number): EndpointChanges {
  if (isEnabled === undefined) return {};
  if (isEnabled) return { disabled_at_ms: null, disabled_reason: null };
  return before.disabled_at_ms !== null ? {} : { disabled_at_ms: nowMs, disabled_reason: DISABLED_BY_OWNER };
}

const toColumn = (types: readonly EventFilter[]): string => `,${[...new Set(types)].join(',')},`;

const toEndpoint = (row: EndpointRow): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  description: row.description,
  eventTypes: row.event_types.split(',').filter((type) => type !== '') as EventFilter[], // As `toColumn` wrote them.
  createdAtMs: row.created_at_ms,
  disabledAtMs: row.disabled_at_ms,
  disabledReason: row.disabled_reason,
});
