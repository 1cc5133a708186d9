import { fitsPattern } from '../lib/pattern.ts';
import { isLive, type Route, type RouteTable } from '../providers/route.ts';

/** What the owner of a channel says about its routes. */
export type RouteRules = {
  /** Ids of endpoints in which `*` stands for any text; empty: all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** What may be used that is not the model which the endpoint names. */
  readonly allow: readonly Allowance[];
  /** The owner's own routes, by endpoint: in place of those that the provider comes with. */
  readonly overrides: Readonly<Record<string, RouteOverride>>;
};
export type RouteOverride = { readonly model: string; readonly op?: string | undefined };
export const ALLOWANCES = ['approx', 'substitute'] as const;
export type Allowance = (typeof ALLOWANCES)[number];

/** A route that is switched off. `model` is empty where its owner switched the whole endpoint off. */
export type SwitchedOff = {
  readonly endpoint: string;
  readonly model: string;
  readonly by: 'owner' | 'fault';
  readonly reason: string;
  readonly atMs: number;
};

/** A route and why it is not used; null: it is. `isOff`: because it was switched off. */
export type RouteView = { readonly route: Route; readonly reason: string | null; readonly isOff: boolean };

/** Every way in which a channel knows to serve an endpoint, best first. Empty: it has nothing to do with it. */
export function listRoutes(
  table: RouteTable | undefined,
  endpoint: string,
  p: { rules: RouteRules; off: readonly SwitchedOff[]; today: string },
): readonly RouteView[] {
  const { rules } = p;
  return routesOf(table, endpoint, rules)
    .map((route) => {
      const off = switchOf(route, p.off);
      return { route, reason: off ?? whyNot(route, p), isOff: off !== undefined };
    })
    .sort((a, b) => Number(a.reason !== null) - Number(b.reason !== null) || rankOf(a.route) - rankOf(b.route));
}

/** Whether the owner uses a channel for an endpoint. */
export function isServed({ include, exclude }: RouteRules, endpoint: string): boolean {
  const fits = (pattern: string) => fitsPattern(pattern, endpoint);
  return (include.length === 0 || include.some(fits)) && !exclude.some(fits);
}

function routesOf(table: RouteTable | undefined, endpoint: string, { overrides }: RouteRules): readonly Route[] {
  const known = tableOf(table).get(endpoint) ?? [];
  const own = Object.hasOwn(overrides, endpoint) ? overrides[endpoint] : undefined;
  if (own === undefined) return known;
  const op = own.op ?? known[0]?.op;
  // Whoever names the model answers for it.
  return [{ endpoint, model: own.model, status: 'ok', ...(op === undefined ? {} : { op }) }];
}

const tables = new WeakMap<RouteTable, ReadonlyMap<string, readonly Route[]>>();
/** By endpoint. */
function tableOf(table: RouteTable | undefined): ReadonlyMap<string, readonly Route[]> {
  if (table === undefined) return new Map();
  let byEndpoint = tables.get(table);
  if (byEndpoint === undefined) {
    byEndpoint = Map.groupBy(table.routes, ({ endpoint }) => endpoint);
    tables.set(table, byEndpoint);
  }
  return byEndpoint;
}

function switchOf(route: Route, off: readonly SwitchedOff[]): string | undefined {
  const found = off.find(
    ({ endpoint, model }) => endpoint === route.endpoint && (model === '' || model === route.model),
  );
  if (found === undefined) return undefined;
  return found.by === 'owner' ? 'switched off by its owner' : `switched off after the upstream said: ${found.reason}`;
}

function whyNot(route: Route, { rules, today }: { rules: RouteRules; today: string }): string | null {
  if (!isServed(rules, route.endpoint)) return 'its owner uses it for other endpoints';
  const { status, until } = route;
  if (status === 'retired' || (until !== undefined && until <= today)) {
    return `the model ${route.model} is gone${until === undefined ? '' : ` since ${until}`}`;
  }
  if (isLive(route, today) || rules.allow.some((one) => one === status)) return null;
  return status === 'approx'
    ? `only nearly the same there (${route.model}), which its owner does not allow`
    : `only another model there (${route.model}), which its owner does not allow`;
}

/** How near to the endpoint: 0 exactly, 1 probably exactly, 2 nearly, 3 another model. */
export const rankOf = ({ status }: Pick<Route, 'status'>): number => RANKS[status];
const RANKS = { ok: 0, retiring: 0, unconfirmed: 1, approx: 2, substitute: 3, retired: 4 } as const;

/** Every endpoint that a channel knows a route for. */
export const listEndpoints = (table: RouteTable | undefined, { overrides }: RouteRules): readonly string[] => [
  ...new Set([...tableOf(table).keys(), ...Object.keys(overrides)]),
];
