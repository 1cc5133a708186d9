import type { RouteSort } from '../contract/routing.ts';
import type { Route } from '../providers/route.ts';
import type { Db } from '../store/db.ts';
import type { Ask } from './channels.ts';
import type { Candidate, NoRoute } from './choice.ts';
import type { Policy } from './definition.ts';
import { healthOf } from './health.ts';
import type { Exchange, Measure, Measures } from './measures.ts';
import { budgetTrouble, hasBudget, type Places } from './places.ts';
import type { Entry, Roster } from './roster.ts';
import { isServed } from './routes.ts';
import type { Trouble } from './trouble.ts';

export const PREVIEW = 'preview';

/** A candidate, with what the claim needs of it. */
export type Known = Candidate & {
  readonly entry: Entry;
  readonly estimateMicros: number;
  readonly probes: readonly string[];
  /** How many more jobs it may have, as the store says. */
  readonly room: number;
};

type Deps = {
  readonly db: Db;
  readonly roster: Roster;
  readonly measures: Measures;
  readonly places: Places;
  readonly exchange: Exchange;
};

/** What is known, for one task, of every channel that has something to do with its endpoint and may serve its account. */
export async function listCandidates(
  deps: Deps,
  ask: Ask,
  p: { nowMs: number; sorts: ReadonlySet<RouteSort> },
): Promise<readonly Known[]> {
  const entries = deps.roster.listFor(ask.accountId);
  const found = await Promise.all(entries.map((entry) => toCandidate(deps, entry, ask, p)));
  return found.filter((one) => one !== undefined);
}

async function toCandidate(
  deps: Deps,
  entry: Entry,
  ask: Ask,
  p: { nowMs: number; sorts: ReadonlySet<RouteSort> },
): Promise<Known | undefined> {
  const { channel, definition, broken } = entry;
  const { name, accountId } = definition;
  const endpoint = ask.endpoint.id;
  const switches = deps.roster.switchesOf(name);
  const today = new Date(p.nowMs).toISOString().slice(0, 10);
  const views = entry.routesOf(endpoint, { off: switches, today });
  if (views.length === 0 || !isServed(definition.rules, endpoint)) return undefined;
  const usable = views.filter(({ reason }) => reason === null).map(({ route }) => route);
  const { route, refusals } = pickRoute(entry, usable, ask);
  const noRoute = whyNone(entry, views, deps.roster);
  const { trouble, probes } = healthOf({ switches, health: deps.roster.healthOf(name), broken, endpoint }, p.nowMs);
  // A limit on the cost is kept as well as the cost is known.
  const isNeeded = p.sorts.size > 0 || hasBudget(definition) || ask.maxCost !== undefined;
  const measure = isNeeded ? await deps.measures.of(name, endpoint) : UNKNOWN;
  // Nobody is paid for a preview.
  const costFactor = name === PREVIEW ? 0 : (measure.costFactor ?? definition.costFactor);
  const estimateMicros = Math.round(deps.exchange(ask.list, definition.budgets.currency) * costFactor);
  const isOut = noRoute !== undefined || route === undefined || trouble !== undefined;
  return {
    entry,
    name,
    provider: definition.provider,
    isOwn: accountId !== null,
    isPreview: name === PREVIEW,
    priority: definition.priority,
    weight: definition.weight,
    route: noRoute ?? route ?? { reason: 'it has no route', isOff: false },
    refusals,
    // An account that holds nothing for channels of others pays here what it holds.
    chargeMicros:
      ask.routing.ownShare === undefined
        ? Math.round(ask.held.micros * channelFactor(channel.priceFactor))
        : ask.held.micros,
    costMicros: deps.exchange({ micros: estimateMicros, currency: definition.budgets.currency }, 'CNY'),
    usualMs: measure.usualMs,
    success: measure.success,
    estimateMicros,
    probes,
    ...(isOut
      ? { trouble, room: 0 }
      : await limitsOf(deps, definition, { micros: estimateMicros, nowMs: p.nowMs, isProbing: probes.length > 0 })),
  };
}

const channelFactor = (factor: number | undefined): number => factor ?? 1;

/** The best route of which the provider does not say that it cannot do it; else what it says of the best. */
function pickRoute(
  { channel: { name, provider } }: Entry,
  usable: readonly Route[],
  { toJob }: Ask,
): { readonly route: Route | undefined; readonly refusals: readonly string[] } {
  const [best] = usable;
  if (toJob === undefined || provider.refuses === undefined) return { route: best, refusals: [] };
  let first: readonly string[] | undefined;
  for (const route of usable) {
    const refusals = provider.refuses(toJob({ channel: name, route }));
    if (refusals.length === 0) return { route, refusals };
    first ??= refusals;
  }
  return { route: best, refusals: first ?? [] };
}

/** Why a channel has no route; undefined: it has one. */
function whyNone({ definition }: Entry, views: ReturnType<Entry['routesOf']>, roster: Roster): NoRoute | undefined {
  const isOff = roster.switchesOf(definition.name).some((one) => one.endpoint === '' && one.by_whom === 'owner');
  if (isOff || !definition.isEnabled) return { reason: 'switched off by its owner', isOff: true };
  const [best] = views;
  if (best === undefined || views.some(({ reason }) => reason === null)) return undefined;
  return { reason: best.reason ?? '', isOff: views.some((view) => view.isOff) };
}

/** Only what somebody asks for is read. */
const UNKNOWN: Measure = { usualMs: undefined, success: undefined, costFactor: undefined };

async function limitsOf(
  { db, places }: Deps,
  definition: Policy & { name: string },
  p: { micros: number; nowMs: number; isProbing: boolean },
): Promise<{ readonly trouble: Trouble | undefined; readonly room: number }> {
  const limited = { name: definition.name, policy: definition };
  const trouble = await budgetTrouble(db, limited, p);
  if (trouble !== undefined) return { trouble, room: 0 };
  const found = await places.roomOf(limited, p.nowMs);
  // After a rest one job shows whether it works.
  return p.isProbing ? { ...found, room: Math.min(found.room, 1) } : found;
}
