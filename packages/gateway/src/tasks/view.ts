import { shortNameOf } from '../channels/choice.ts';
import type { Outlook } from '../channels/outlook.ts';
import type { AssetService } from '../contract/asset.ts';
import { ERRORS, type ErrorCode } from '../contract/errors.ts';
import type { Considered, RoutePreferences } from '../contract/routing.ts';
import {
  type AttemptView,
  type Caller,
  type OutputView,
  SURFACES,
  type Surface,
  type TaskGlance,
  type TaskView,
} from '../contract/task.ts';
import type { listAttempts } from '../store/attempts.ts';
import type { Db } from '../store/db.ts';
import { listOutputs } from '../store/outputs.ts';
import type { TaskGlanceRow, TaskRow } from '../store/tasks.ts';
import { routingOf } from './routing.ts';

/** In the provider's order, with fresh links. */
export async function listOutputViews(
  { db, assets }: { readonly db: Db; readonly assets: Pick<AssetService, 'link'> },
  taskId: string,
): Promise<OutputView[]> {
  return (await listOutputs(db, taskId)).map(({ asset_id: id, text, extension }) => ({
    url: id === null ? null : assets.link({ id, extension }),
    text,
    extension,
  }));
}

export const toGlance = (row: TaskGlanceRow, outputs: readonly OutputView[]): TaskGlance => ({
  id: row.id,
  status: row.status,
  clientId: row.client_id,
  error: row.error_code === null ? null : { code: toCode(row.error_code), message: row.error_message ?? '' },
  outputs,
  chargeMicros: row.charge_micros,
});

/** A task as its owner sees it. */
export function toView(row: TaskRow, outputs: readonly OutputView[], liveProgress: number | undefined): TaskView {
  return {
    ...toGlance(row, outputs),
    endpoint: row.endpoint,
    progress: row.ended_at_ms === null ? Math.max(row.progress, liveProgress ?? 0) : row.progress,
    channel: row.channel === null ? null : shortNameOf(row.channel),
    priceMicros: row.price_micros,
    currency: row.currency,
    vendorCost:
      row.vendor_micros === null || row.vendor_currency === null
        ? null
        : { micros: row.vendor_micros, currency: row.vendor_currency, isEstimate: row.vendor_is_estimate === 1 },
    keyId: row.key_id,
    surface: toSurface(row.surface),
    webhookUrl: row.webhook_url,
    priority: row.priority,
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]), // Written by `admit.ts`.
    rerunOf: row.rerun_of,
    routing: toPreferences(row),
    startDeadlineAtMs: row.start_deadline_at_ms,
    deadlineAtMs: row.deadline_at_ms,
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
  };
}

/** How it was paid for is no wish of its caller. */
function toPreferences(row: TaskRow): RoutePreferences | null {
  const { ownShare: _, ...preferences } = routingOf(row);
  return Object.keys(preferences).length === 0 ? null : preferences;
}

const toSurface = (surface: string): Surface => SURFACES.find((one) => one === surface) ?? 'v2';

/** A row may be older, or newer, than the table of codes. */
const toCode = (code: string): ErrorCode => (Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal');

type AttemptRow = Awaited<ReturnType<typeof listAttempts>>[number];

/** A try of a task, as its owner sees it. What was thought of channels that belong to others is told in full to
 *  administrators only. */
export async function toAttemptView(
  { outlook }: { readonly outlook: Pick<Outlook, 'find'> },
  { isAdmin }: Caller,
  row: AttemptRow,
): Promise<AttemptView> {
  const channel = await outlook.find(row.channel);
  const considered = JSON.parse(row.considered ?? '[]') as Considered[]; // Written by `begin.ts`.
  return {
    number: row.number,
    channel: shortNameOf(row.channel),
    provider: channel?.provider ?? null,
    model: row.model,
    reason: row.reason,
    considered: considered.map((one) => toConsidered(one, isAdmin)),
    chargeMicros: row.charge_micros,
    vendorCost:
      row.vendor_micros === null || row.vendor_currency === null
        ? null
        : { micros: row.vendor_micros, currency: row.vendor_currency, isEstimate: row.vendor_is_estimate === 1 },
    startedAtMs: row.started_at_ms,
    acceptedAtMs: row.accepted_at_ms,
    endedAtMs: row.ended_at_ms,
    outcome: row.outcome,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
  };
}

/** @param isAdmin looks after the channels of the gateway. */
export const toConsidered = ({ channel, verdict, reason, said }: Considered, isAdmin: boolean): Considered => ({
  channel: shortNameOf(channel),
  verdict,
  reason: isAdmin ? reason : (said ?? reason),
});
