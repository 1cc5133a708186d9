import { type Http, path } from '../http.ts';
import type { CallOptions } from '../values.ts';
import type { Currency } from './accounts.ts';

/** Where tasks run: a use of a provider, with credentials, limits and rank. */
export type Channel = {
  /** Of channels that are not made by the API, the name. */
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly source: 'api' | 'file' | 'environment' | 'built-in';
  /** Null: of the gateway. */
  readonly accountId: string | null;
  /** With all but the last characters hidden. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly weight: number;
  readonly priceFactor: number;
  readonly costFactor: number;
  readonly maxConcurrent: number | null;
  readonly perMinute: number | null;
  /** In millionths of the currency. */
  readonly budgets: {
    readonly hourMicros: number | null;
    readonly dayMicros: number | null;
    readonly totalMicros: number | null;
    readonly currency: Currency;
  };
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly allow: readonly string[];
  readonly routes: Readonly<Record<string, { readonly model: string; readonly op?: string | undefined }>>;
  readonly isEnabled: boolean;
  readonly state: 'ok' | 'resting' | 'paused' | 'off' | 'disabled' | 'broken';
  /** Why it is not `ok`. */
  readonly reason: string | null;
  readonly until: string | null;
  readonly use: {
    /** Jobs that are there now. */
    readonly open: number;
    readonly hourMicros: number | null;
    readonly dayMicros: number | null;
    readonly totalMicros: number | null;
  };
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
};

/** What is left out stays, or is the default. */
export type ChannelChange = {
  /** By name, as the kind of provider lists them; null takes one away. */
  readonly credentials?: Readonly<Record<string, string | null>> | undefined;
  readonly settings?: Readonly<Record<string, string | null>> | undefined;
  readonly maxConcurrent?: number | null | undefined;
  readonly perMinute?: number | null | undefined;
  readonly budgets?: { readonly [N in keyof Channel['budgets']]?: Channel['budgets'][N] | undefined } | undefined;
  readonly allow?: readonly ('approx' | 'substitute')[] | undefined;
  readonly routes?: Readonly<Record<string, { model: string; op?: string | undefined } | null>> | undefined;
} & {
  readonly [N in 'priority' | 'weight' | 'priceFactor' | 'costFactor' | 'include' | 'exclude' | 'isEnabled']?:
    | Channel[N]
    | undefined;
};
export type NewChannel = ChannelChange & { readonly provider: string; readonly name?: string | undefined };

export type ChannelRoute = {
  readonly endpoint: string;
  /** The upstream's name of the model. */
  readonly model: string;
  readonly op: string | null;
  readonly status: string;
  /** The day from which it is gone. */
  readonly until: string | null;
  readonly note: string | null;
  readonly isUsed: boolean;
  readonly reason: string | null;
  readonly isOff: boolean;
  readonly offAt: string | null;
  readonly usualMs: number | null;
  readonly success: number | null;
};

export type ChannelCheck = {
  readonly isWorking: boolean;
  /** False: only a job can show it. */
  readonly isProven: boolean;
  readonly fault: string | null;
  readonly message: string;
};

export type ProviderField = {
  readonly name: string;
  readonly env: string;
  readonly about: string;
  readonly default: string | null;
  readonly isRequired: boolean;
};

export type ProviderKind = {
  readonly name: string;
  readonly title: string;
  readonly credentials: readonly ProviderField[];
  readonly settings: readonly ProviderField[];
  /** The names of credentials that are enough together. */
  readonly credentialSets: readonly (readonly string[])[];
  readonly endpoints: number;
  readonly asOf: string;
};

type Items<T> = { readonly items: readonly T[] };
type RouteQuery = CallOptions & { /** `*` stands for any text. */ readonly endpoint?: string | undefined };

/** Channels of the gateway, for administrators; with `own`, those that the account of the key brought. An id may be the
 *  name. */
const createDoor = (http: Http, base: '/channels' | '/account/channels') => {
  const at = (id: string, rest = '') => `${base}${path`/${id}`}${rest}`;
  return {
    list: async ({ signal }: CallOptions = {}): Promise<readonly Channel[]> =>
      (await http.json<Items<Channel>>({ method: 'GET', path: base, signal })).items,
    get: (id: string, { signal }: CallOptions = {}): Promise<Channel> =>
      http.json({ method: 'GET', path: at(id), signal }),
    create: (channel: NewChannel, { signal }: CallOptions = {}): Promise<Channel> =>
      http.json({ method: 'POST', path: base, json: channel, signal }),
    update: (id: string, change: ChannelChange, { signal }: CallOptions = {}): Promise<Channel> =>
      http.json({ method: 'PATCH', path: at(id), json: change, isRepeatable: true, signal }),
    /** @param options.force also while tasks are under way there: they end as `outcome_unknown`. */
    remove: (id: string, { force = false, signal }: CallOptions & { readonly force?: boolean } = {}): Promise<void> =>
      http.json({ method: 'DELETE', path: at(id), query: { force: String(force) }, isRepeatable: true, signal }),
    /** Asks the upstream whether the credentials work. */
    test: (id: string, { signal }: CallOptions = {}): Promise<ChannelCheck> =>
      http.json({ method: 'POST', path: at(id, '/test'), isRepeatable: true, signal }),
    listRoutes: async (id: string, { signal, ...query }: RouteQuery = {}): Promise<readonly ChannelRoute[]> =>
      (await http.json<Items<ChannelRoute>>({ method: 'GET', path: at(id, '/routes'), query, signal })).items,
    switchRoute: async (
      id: string,
      endpoint: string,
      isOn: boolean,
      { signal }: CallOptions = {},
    ): Promise<readonly ChannelRoute[]> => {
      const call = {
        method: 'PUT',
        path: at(id, path`/routes/${endpoint}`),
        json: { isOn },
        isRepeatable: true,
      } as const;
      return (await http.json<Items<ChannelRoute>>({ ...call, signal })).items;
    },
  };
};

/** Where tasks run. */
export const createChannels = (http: Http) => ({
  ...createDoor(http, '/channels'),
  /** Those that the account of the key brought. */
  own: createDoor(http, '/account/channels'),
  /** The kinds of provider, and what a channel of each needs. */
  listProviders: async ({ signal }: CallOptions = {}): Promise<readonly ProviderKind[]> =>
    (await http.json<Items<ProviderKind>>({ method: 'GET', path: '/providers', signal })).items,
});
