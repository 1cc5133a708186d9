import type { Currency } from './key.ts';
import type { ChannelBudgets } from './routing.ts';

/** Where a channel comes from: the API, the file `reelay.channels.json`, the environment by itself, or our own code. */
export type ChannelSource = 'api' | 'file' | 'environment' | 'built-in';

export type ChannelState =
  /** `resting`: it failed too often, and gets no jobs for a while. `paused`: the upstream wants none for a while. `off`: the
   *  upstream refuses its credentials, or has no money left for it. `broken`: its credentials cannot be read here. */
  'ok' | 'resting' | 'paused' | 'off' | 'disabled' | 'broken';

export type ChannelView = {
  /** Of channels that are not made by the API, the name. */
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly source: ChannelSource;
  /** Whose it is; null: of the gateway. */
  readonly accountId: string | null;
  /** What is there, with all but the last characters hidden. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly weight: number;
  readonly priceFactor: number;
  readonly costFactor: number;
  readonly maxConcurrent: number | null;
  readonly perMinute: number | null;
  readonly budgets: ChannelBudgets;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly allow: readonly string[];
  readonly routes: Readonly<Record<string, { readonly model: string; readonly op?: string | undefined }>>;
  readonly isEnabled: boolean;
  readonly state: ChannelState;
  /** Why it is not `ok`. */
  readonly reason: string | null;
  /** When that may be over. */
  readonly untilMs: number | null;
  /** How many jobs are there now, and what its attempts cost, where it has a budget for that. */
  readonly use: {
    readonly open: number;
    readonly hourMicros: number | null;
    readonly dayMicros: number | null;
    readonly totalMicros: number | null;
  };
  readonly createdAtMs: number | null;
  readonly updatedAtMs: number | null;
};

/** What may be said of a channel. What is left out stays, or is the default. */
export type ChannelChange = {
  /** By name; null takes an optional one away. */
  readonly credentials?: Readonly<Record<string, string | null>> | undefined;
  readonly settings?: Readonly<Record<string, string | null>> | undefined;
  readonly priority?: number | undefined;
  readonly weight?: number | undefined;
  readonly priceFactor?: number | undefined;
  readonly costFactor?: number | undefined;
  readonly maxConcurrent?: number | null | undefined;
  readonly perMinute?: number | null | undefined;
  readonly budgets?:
    | {
        readonly hourMicros?: number | null | undefined;
        readonly dayMicros?: number | null | undefined;
        readonly totalMicros?: number | null | undefined;
        readonly currency?: Currency | undefined;
      }
    | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly allow?: readonly ('approx' | 'substitute')[] | undefined;
  /** By endpoint; null takes one away. */
  readonly routes?: Readonly<Record<string, { model: string; op?: string | undefined } | null>> | undefined;
  readonly isEnabled?: boolean | undefined;
};
export type NewChannel = ChannelChange & { readonly provider: string; readonly name?: string | undefined };

/** A way of a channel to serve an endpoint. */
export type ChannelRouteView = {
  readonly endpoint: string;
  readonly model: string;
  readonly op: string | null;
  readonly status: string;
  /** The day from which it is gone. */
  readonly until: string | null;
  readonly note: string | null;
  readonly isUsed: boolean;
  /** Why it is not used. */
  readonly reason: string | null;
  readonly isOff: boolean;
  /** When it was switched off. */
  readonly offAtMs: number | null;
  /** How long it usually takes, and the share that ended well; null while that is not known. */
  readonly usualMs: number | null;
  readonly success: number | null;
};

export type ChannelField = {
  readonly name: string;
  readonly env: string;
  readonly about: string;
  readonly default: string | null;
  readonly isRequired: boolean;
};

export type ProviderView = {
  readonly name: string;
  readonly title: string;
  readonly credentials: readonly ChannelField[];
  readonly settings: readonly ChannelField[];
  /** The names of credentials that are enough together. */
  readonly credentialSets: readonly (readonly string[])[];
  /** How many endpoints it serves now, and the day on which that was read. */
  readonly endpoints: number;
  readonly asOf: string;
};

/** A way in which a kind of provider serves an endpoint, whoever's channel it is. */
export type ProviderRouteView = Pick<ChannelRouteView, 'endpoint' | 'model' | 'op' | 'status' | 'until' | 'note'> & {
  /** It is served now, without an allowance. */
  readonly isLive: boolean;
};

/** What a test said. */
export type ChannelCheck =
  | { readonly isWorking: true; readonly isProven: boolean; readonly message: string }
  | { readonly isWorking: false; readonly fault: string; readonly message: string };

/** Whose channels: an account's, or null, those of the gateway. */
type Owner = { readonly accountId: string | null };
type One = Owner & { readonly id: string };

/** Channels as their owners handle them. `id` may be the name. Another owner's channel is like one that does not exist.
 *  @throws {GatewayError} `not_found`; `invalid_input` with `details: Problem[]`; `conflict` for a name that is taken, and
 *    for what is said in the file or the environment and cannot be changed here. */
export interface ChannelService {
  listProviders(): readonly ProviderView[];
  /** Undefined for a kind that there is not.
   *  @param p.endpoint an id in which `*` stands for any text. */
  listProviderRoutes(p: { provider: string; endpoint: string }): readonly ProviderRouteView[] | undefined;
  list(owner: Owner): Promise<readonly ChannelView[]>;
  get(p: One): Promise<ChannelView>;
  create(p: Owner & { channel: NewChannel }): Promise<ChannelView>;
  /** Whatever is said puts a channel back into use that was `off`. */
  update(p: One & { change: ChannelChange }): Promise<ChannelView>;
  /** @param p.force also while tasks run there: they end as `outcome_unknown`. */
  remove(p: One & { force: boolean }): Promise<void>;
  /** Asks the upstream whether the credentials work. Puts a channel back into use that was `off`, if they do. */
  check(p: One & { signal: AbortSignal }): Promise<ChannelCheck>;
  /** @param p.endpoint an id in which `*` stands for any text. */
  listRoutes(p: One & { endpoint: string }): Promise<readonly ChannelRouteView[]>;
  /** Switches an endpoint of a channel on or off. */
  switchRoute(p: One & { endpoint: string; isOn: boolean }): Promise<readonly ChannelRouteView[]>;
}
