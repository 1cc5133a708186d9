import type {
  ChannelField,
  ChannelRouteView,
  ChannelState,
  ChannelView,
  ProviderRouteView,
  ProviderView,
} from '../contract/channel.ts';
import { dayOf, EVER, hourOf } from '../lib/periods.ts';
import type { ChannelField as Field, ProviderType } from '../providers/provider-type.ts';
import { isLive } from '../providers/route.ts';
import { getPlaces, listUsage } from '../store/channel-places.ts';
import type { Db } from '../store/db.ts';
import { shortNameOf } from './choice.ts';
import { credentialSetsOf, isRequired, mask, withDefaultSettings } from './definition.ts';
import { healthOf } from './health.ts';
import type { Measures } from './measures.ts';
import type { Entry, Roster } from './roster.ts';
import { listEndpoints } from './routes.ts';

/** More than so many are not counted. */
const MAX_COUNTED = 1_000_000;

type Deps = { readonly db: Db; readonly roster: Roster; readonly measures: Measures; readonly nowMs: () => number };

export async function toView({ db, roster, nowMs }: Deps, entry: Entry): Promise<ChannelView> {
  const { definition, type } = entry;
  const { name, budgets, rules } = definition;
  const atMs = nowMs();
  const [used, places] = await Promise.all([
    listUsage(db, { channel: name, hour: hourOf(atMs), day: dayOf(atMs) }),
    getPlaces(db, { channel: name, max: MAX_COUNTED, perMinute: 0, sinceMs: atMs }),
  ]);
  const usedIn = (period: string, budget: number | null): number | null =>
    budget === null ? null : (used.find((one) => one.period === period)?.micros ?? 0);
  const { state, reason, untilMs } = stateOf(roster, entry, atMs);
  return {
    id: definition.id,
    name: shortNameOf(name),
    provider: definition.provider,
    source: definition.source,
    accountId: definition.accountId,
    credentials: Object.fromEntries(Object.entries(definition.credentials).map(([key, value]) => [key, mask(value)])),
    settings: type === undefined ? definition.settings : withDefaultSettings(type, definition.settings),
    priority: definition.priority,
    weight: definition.weight,
    priceFactor: definition.priceFactor,
    costFactor: definition.costFactor,
    maxConcurrent: definition.maxConcurrent,
    perMinute: definition.perMinute,
    budgets,
    include: rules.include,
    exclude: rules.exclude,
    allow: rules.allow,
    routes: rules.overrides,
    isEnabled: state !== 'disabled',
    state,
    reason,
    untilMs,
    use: {
      open: places.open,
      hourMicros: usedIn(hourOf(atMs), budgets.hourMicros),
      dayMicros: usedIn(dayOf(atMs), budgets.dayMicros),
      totalMicros: usedIn(EVER, budgets.totalMicros),
    },
    createdAtMs: definition.createdAtMs,
    updatedAtMs: definition.updatedAtMs,
  };
}

type State = { readonly state: ChannelState; readonly reason: string | null; readonly untilMs: number | null };

function stateOf(roster: Roster, { definition, broken }: Entry, nowMs: number): State {
  const { name, isEnabled } = definition;
  const switches = roster.switchesOf(name);
  const isOff = !isEnabled || switches.some((one) => one.endpoint === '' && one.by_whom === 'owner');
  if (isOff) return { state: 'disabled', reason: 'switched off by its owner', untilMs: null };
  const { trouble } = healthOf({ switches, health: roster.healthOf(name), broken, endpoint: '' }, nowMs);
  if (trouble === undefined) return { state: 'ok', reason: null, untilMs: null };
  const { reason, untilMs = null } = trouble;
  if (broken !== undefined) return { state: 'broken', reason, untilMs };
  const states = { off: 'off', unwell: 'resting', busy: 'paused' } as const;
  return { state: states[trouble.kind], reason, untilMs };
}

/** Every route of a channel whose endpoint fits. */
export async function toRouteViews(
  { roster, measures, nowMs }: Deps,
  entry: Entry,
  fits: (endpoint: string) => boolean,
): Promise<readonly ChannelRouteView[]> {
  const { definition, type } = entry;
  const off = roster.switchesOf(definition.name);
  const today = new Date(nowMs()).toISOString().slice(0, 10);
  const endpoints = listEndpoints(type?.routes, definition.rules).filter(fits).sort();
  const views = await Promise.all(
    endpoints.map(async (endpoint) => {
      const measure = await measures.of(definition.name, endpoint);
      return entry.routesOf(endpoint, { off, today }).map(({ route, reason, isOff }) => ({
        endpoint,
        model: route.model,
        op: route.op ?? null,
        status: route.status,
        until: route.until ?? null,
        note: route.note ?? null,
        isUsed: reason === null,
        reason,
        isOff,
        offAtMs: isOff ? (off.find((one) => one.endpoint === endpoint)?.at_ms ?? null) : null,
        usualMs: measure.usualMs === undefined ? null : Math.round(measure.usualMs),
        success: measure.success ?? null,
      }));
    }),
  );
  return views.flat();
}

export function toProviderView(type: ProviderType, nowMs: number): ProviderView {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const live = type.routes.routes.filter((route) => isLive(route, today));
  return {
    name: type.name,
    title: type.title,
    credentials: type.credentials.map(toField),
    settings: type.settings.map(toField),
    credentialSets: credentialSetsOf(type),
    endpoints: new Set(live.map(({ endpoint }) => endpoint)).size,
    asOf: type.routes.asOf,
  };
}

export function toProviderRouteViews(
  { routes: { routes } }: ProviderType,
  p: { fits: (endpoint: string) => boolean; nowMs: number },
): readonly ProviderRouteView[] {
  const today = new Date(p.nowMs).toISOString().slice(0, 10);
  return routes
    .filter(({ endpoint }) => p.fits(endpoint))
    .map((route) => ({
      endpoint: route.endpoint,
      model: route.model,
      op: route.op ?? null,
      status: route.status,
      until: route.until ?? null,
      note: route.note ?? null,
      isLive: isLive(route, today),
    }));
}

const toField = (field: Field): ChannelField => ({
  name: field.name,
  env: field.env,
  about: field.about,
  default: field.default ?? null,
  isRequired: isRequired(field),
});
