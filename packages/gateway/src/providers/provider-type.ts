import type { Dispatcher } from 'undici';
import type { Log } from '../contract/log.ts';
import type { Clock } from '../lib/clock.ts';
import type { Spool } from './kit/spool.ts';
import type { Provider } from './provider.ts';
import type { RouteTable } from './route.ts';

/** Something that the owner of a channel fills in. */
export type ChannelField = {
  readonly name: string;
  /** The variable of the environment that gives it. */
  readonly env: string;
  /** What it is and where it is found, for the owner. */
  readonly about: string;
  /** What it is when it is not given. Absent: it must be given, unless it is optional. */
  readonly default?: string;
  readonly isOptional?: true;
};

/** A kind of upstream: what a channel of it needs, what it can make, and how it is talked to. */
export type ProviderType = {
  /** Lower case, as in `FAL_KEY` and in the names of channels. */
  readonly name: string;
  readonly title: string;
  /** Secrets. They are stored sealed and never shown. A channel makes itself when the environment has all that must be
   *  given. */
  readonly credentials: readonly ChannelField[];
  /** Where there is a choice: the names of credentials that are enough together. Absent: all that are not optional. */
  readonly credentialSets?: readonly (readonly string[])[];
  /** The rest. Every provider has `baseUrl`. */
  readonly settings: readonly ChannelField[];
  readonly routes: RouteTable;
  create(deps: ProviderDeps): Provider;
};

export type ProviderDeps = {
  /** By the names of `credentials`; optional ones may be missing. */
  readonly credentials: Readonly<Record<string, string>>;
  /** By the names of `settings`, with the defaults filled in. `baseUrl` has no slash at its end. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the signed links of our files can be fetched by an upstream on the internet. */
  readonly canBeReached: boolean;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly spool: Spool;
  readonly log: Log;
  /** What carries the requests; default: connections of our own. Hand it on to `createUpstream`: then tests that try many
   *  inputs are answered in the process, which is many times quicker. */
  readonly dispatcher?: Dispatcher;
};
