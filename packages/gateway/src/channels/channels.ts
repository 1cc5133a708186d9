import type { Endpoint } from '@reelay/catalog';
import type { Provider } from '../providers/provider.ts';

/** A configured use of a provider. */
export type Channel = {
  /** Stored with each task: it must keep its meaning over restarts. */
  readonly name: string;
  readonly provider: Provider;
  readonly serves: (endpoint: Endpoint) => boolean;
};

export type Choice = { readonly channel: Channel /** For the log. */; readonly reason: string };

export type Channels = {
  /** The channel for a new attempt; undefined when none serves the endpoint. */
  choose(endpoint: Endpoint): Choice | undefined;
  /** The channel that holds a task already; undefined when it is configured no more. */
  get(name: string): Channel | undefined;
};

/** Chooses in the order given: the first channel that serves the endpoint. The channel of last resort, the preview,
 *  stands at the end and serves everything. */
export const createChannels = (list: readonly Channel[]): Channels => ({
  choose(endpoint) {
    const channel = list.find(({ serves }) => serves(endpoint));
    if (channel === undefined) return undefined;
    const isLast = channel === list.at(-1);
    return { channel, reason: isLast ? 'no other channel serves it' : 'first in order that serves it' };
  },
  get: (name) => list.find((channel) => channel.name === name),
});
