import type { Currency } from './key.ts';

/** By what channels may be put in order. */
export const ROUTE_SORTS = ['price', 'speed', 'success'] as const;
export type RouteSort = (typeof ROUTE_SORTS)[number];

/** By what the owner of the gateway puts channels of the same priority in order. */
export const CHANNEL_ORDERS = ['weight', ...ROUTE_SORTS] as const;
export type ChannelOrder = (typeof CHANNEL_ORDERS)[number];

/** `auto`: for endpoints that no real channel serves, or where it is asked for. `always`: also when every real channel
 *  is out. */
export const PREVIEW_MODES = ['auto', 'always', 'off'] as const;
export type PreviewMode = (typeof PREVIEW_MODES)[number];

/** When a task may be begun elsewhere although an upstream took it, or may have taken it. */
export const FAILOVER_MOMENTS = ['failure', 'failure-or-delay'] as const;

/** The consent to pay for more than one job of a task, and how much for all of them together. */
export type Failover = {
  /** `failure`: when the job has failed, or nobody knows what became of it. `failure-or-delay`: also when it takes long;
   *  it then goes on, and the first result counts. */
  readonly after: (typeof FAILOVER_MOMENTS)[number];
  /** What is long, since the upstream took the job; for `failure-or-delay`. */
  readonly afterSeconds?: number;
  /** In the account's currency: what all jobs of the task may cost the owners of their channels, as far as upstreams say
   *  it, and about where they do not. */
  readonly maxSpendMicros: number;
};

/** The consent that the owner of the gateway gives for tasks whose callers said nothing of it. */
export type FailoverDefault = Omit<Failover, 'maxSpendMicros'> & {
  /** What all jobs of a task may cost, as a multiple of its price. */
  readonly maxSpendFactor: number;
};

/** What a caller wants of the choice of a channel. Names are of channels, or of kinds of provider. */
export type RoutePreferences = {
  /** These first, in this order; the others after them. */
  readonly order?: readonly string[];
  /** No others than these. */
  readonly only?: readonly string[];
  readonly ignore?: readonly string[];
  readonly sort?: RouteSort;
  /** In the account's currency: what the task may cost it. */
  readonly maxPriceMicros?: number;
  /** Absent: what an upstream took is never begun elsewhere. */
  readonly failover?: Failover;
};

/** How a task is to be routed, as it is stored with it. */
export type TaskRouting = RoutePreferences & {
  /** The account had not the list price, and brought channels of its own: only those may run the task. Its price is this
   *  share of the list price. */
  readonly ownShare?: number;
};

/** Why a channel was chosen or not. `next`: would have been taken after those before it. `busy`: at a limit for now.
 *  `unwell`: in trouble for now. `out`: cannot, or may not. */
export const VERDICTS = ['chosen', 'next', 'busy', 'unwell', 'out'] as const;
export type Considered = {
  readonly channel: string;
  readonly verdict: (typeof VERDICTS)[number];
  readonly reason: string;
  /** What those may know who do not look after the channel, where that is less. */
  readonly said?: string;
};

/** What a channel may cost its owner. Null: no limit. */
export type ChannelBudgets = {
  readonly hourMicros: number | null;
  readonly dayMicros: number | null;
  readonly totalMicros: number | null;
  readonly currency: Currency;
};
