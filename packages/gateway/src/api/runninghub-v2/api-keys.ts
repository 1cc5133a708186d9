import type { FastifyInstance } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import type { KeyService, KeyView, UsageService } from '../../contract/account.ts';
import { credentialsOf } from '../request-key.ts';
import { type LegacyAnswer, succeeded } from '../runninghub-legacy/render.ts';
import { toWireTime } from '../wire-time.ts';

const MINUTE_MS = 60_000;
/** The list has no pages. */
const MAX_KEYS = 1_000;

type Deps = {
  readonly callers: Callers;
  readonly keys: Pick<KeyService, 'list'>;
  readonly usage: UsageService;
  readonly nowMs: () => number;
};

/** `GET /openapi/v2/api-key/list`: the keys of the account that are not revoked, and what each has used. */
export function apiKeyRoutes(app: FastifyInstance, { callers, keys, usage, nowMs }: Deps): void {
  app.get('/openapi/v2/api-key/list', async (request): Promise<LegacyAnswer> => {
    const { accountId } = await callers(credentialsOf(request), 'usage');
    const { items } = await keys.list(accountId, { limit: MAX_KEYS });
    const used = await usage.read({ accountId, groupBy: 'key', fromMs: 0, toMs: nowMs() + 1 });
    const microsOf = new Map(used.map((row) => [row.group, row.chargedMicros + row.heldMicros]));
    const active = items.filter(({ revokedAtMs }) => revokedAtMs === null);
    return succeeded(active.map((key) => toRow(key, (microsOf.get(key.id) ?? 0) / 1_000_000, nowMs())));
  });
}

const toRow = (key: KeyView, quotaUsed: number, nowMs: number) => ({
  key: key.masked,
  apiKeyName: key.name,
  status: key.expiresAtMs !== null && key.expiresAtMs <= nowMs ? 0 : 1,
  quotaLimit: key.limits.totalBudgetMicros === null ? null : key.limits.totalBudgetMicros / 1_000_000,
  quotaUsed,
  visible: true,
  expireAt: key.expiresAtMs === null ? null : toWireTime(key.expiresAtMs),
  expireInMinute: key.expiresAtMs === null ? null : Math.max(0, Math.floor((key.expiresAtMs - nowMs) / MINUTE_MS)),
  createdAt: toWireTime(key.createdAtMs),
});
