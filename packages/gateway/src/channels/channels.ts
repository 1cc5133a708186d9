import type { Endpoint } from '@reelay/catalog';
import { type ErrorCode, GatewayError } from '../contract/errors.ts';
import type { Considered, TaskRouting } from '../contract/routing.ts';
import type { Fault } from '../providers/fault.ts';
import type { Job, Provider, VendorCost } from '../providers/provider.ts';
import type { Route } from '../providers/route.ts';
import type { Statement } from '../store/db.ts';
import type { Schema } from '../store/schema.ts';
import type { Policy } from './definition.ts';
import type { Trouble } from './trouble.ts';

/** A configured use of a provider. */
export type Channel = {
  /** Stored with each task: it must keep its meaning over restarts. Those that an account brought are called
   *  `<account>/<name>`. */
  readonly name: string;
  readonly provider: Provider;
  /** How it serves an endpoint; undefined where it does not. */
  readonly routeOf: (endpoint: Pick<Endpoint, 'id'>) => Route | undefined;
  /** Where the owner of the channel said that the upstream is: results may be fetched from there, also in a private
   *  network. */
  readonly trustedOrigin?: string;
  /** What a task costs its account here, as a share of its price: 0 to 1, default 1. */
  readonly priceFactor?: number;
  /** Of channels that are made by code: their limits and their rank. With it, they rest after failures, too. */
  readonly policy?: Partial<Policy>;
};

export type Money = { readonly micros: number; readonly currency: string };

/** A task for which a channel is wanted. */
export type Ask = {
  readonly taskId: string;
  readonly endpoint: Endpoint;
  readonly accountId: string;
  /** What the catalog says that it costs. */
  readonly list: Money;
  /** What the task holds for it. */
  readonly held: Money;
  readonly routing: TaskRouting;
  /** The job as a channel would get it. Absent while its files are not there: then no provider is asked whether it can do
   *  it, and the answer only says whether it is worth going on. */
  readonly toJob?: (at: { channel: string; route: Route }) => Job;
  /** By name: why it is not taken again. */
  readonly exclude?: ReadonlyMap<string, string>;
  /** By name: why it is not taken again yet. */
  readonly resting?: ReadonlyMap<string, Trouble>;
  /** What the attempt may cost the owner of its channel. */
  readonly maxCost?: Money | undefined;
};

/** A channel for one attempt. */
export type Choice = {
  readonly channel: Channel;
  readonly route: Route;
  readonly reason: string;
  /** What the task will cost its account if it ends well here; never more than it holds. */
  readonly chargeMicros: number;
  /** What of its channel's health this attempt puts to the test; for `claim`. */
  readonly probes: readonly string[];
  /** For the row of the attempt. */
  readonly row: Pick<
    Schema['attempts'],
    'model' | 'reason' | 'charge_micros' | 'estimate_micros' | 'estimate_currency' | 'is_counted'
  >;
};

/** What a task waits for, and why. */
export type Awaited = { readonly awaited: string; readonly reason: string };

export type Decision =
  /** The first is the one; the others are where it may go when that fails, in order. Each comes with what it would cost
   *  the account. */
  | {
      readonly is: 'chosen';
      readonly choices: readonly [Choice, ...Choice[]];
      readonly considered: readonly Considered[];
    }
  /** Something will take it, but not now: `park` it. */
  | { readonly is: 'wait'; readonly untilMs: number; readonly waitsFor: readonly Awaited[] }
  | {
      readonly is: 'refused';
      readonly code: Extract<ErrorCode, 'no_channel' | 'invalid_input'>;
      readonly message: string;
    };

export type Chosen = Extract<Decision, { is: 'chosen' }>;

/** A statement that decides something: when it touches no row, the batch is undone and this is why. */
export type Guard = { readonly statement: Statement; readonly refusal: () => GatewayError };

/** What became of an attempt, for the health of its channel.
 *  - `accepted`: the upstream took the job. `succeeded`: it was made.
 *  - a fault: what the upstream said instead, at the submit or at the end. */
export type Report = {
  readonly channel: string;
  readonly route: Pick<Route, 'endpoint' | 'model'>;
  readonly is: 'accepted' | 'succeeded' | Fault;
  /** The upstream's words. */
  readonly message?: string;
  readonly retryAfterMs?: number | undefined;
};

export type Channels = {
  /** What is chosen is kept for the task, among the tasks of this process, until it is withdrawn. */
  choose(ask: Ask): Promise<Decision>;
  /** The task has begun, or will not: an attempt that is written counts by itself. */
  withdraw(taskId: string): void;
  /** The channel that holds a task already; undefined when it is configured no more. */
  get(name: string): Promise<Channel | undefined>;
  /** What must hold for an attempt to begin on this channel: a place, the rate, its budgets, its health. First in the
   *  batch that inserts the attempt. `refusal` of each is a `PlaceTaken`: choose again. */
  claim(choice: Choice, p: { taskId: string; nowMs: number }): readonly Guard[];
  /** For the batch that learns it. */
  report(report: Report): readonly Statement[];
  /** What an attempt cost in the end, for the budgets of its channel: for the batch that ends it. Without it, what was
   *  estimated stays counted, as it should where the upstream may charge for it. Places need no release: an attempt that
   *  has not ended holds one. */
  settle(p: { channel: string; taskId: string; number: number; cost: VendorCost | 'nothing' }): readonly Statement[];
  /** For the batch that gives the task back to the queue until `untilMs`: it is woken when one of what it waits for can
   *  take it. */
  park(p: { taskId: string; waitsFor: readonly Awaited[] }): readonly Statement[];
  /** After the commit of a batch that ended an attempt: somebody may be waiting for its place. */
  freed(channel: string): void;
};

/** For a provider that does every endpoint in a way of its own. */
export const everyEndpoint =
  (model: string): Channel['routeOf'] =>
  ({ id }) => ({ endpoint: id, model, status: 'ok' });

/** A limit of the chosen channel was reached, or its health changed, between the choice and the claim. */
export class PlaceTaken extends GatewayError {
  constructor(channel: string) {
    super('rate_limited', `the place on ${channel} was taken meanwhile`);
  }
}
