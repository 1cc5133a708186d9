import { AsyncLocalStorage } from 'node:async_hooks';
import type { Dispatcher } from 'undici';
import type { Provider } from '../provider.ts';

const current = new AsyncLocalStorage<Dispatcher>();

/** What carries the requests of the call that is under way, where somebody decided it. */
export const dispatcherOfCall = (): Dispatcher | undefined => current.getStore();

/** The same provider, whose every request goes through one dispatcher, whatever addresses it was given: for channels whose
 *  owners are not the owners of the gateway. */
export function throughDispatcher(provider: Provider, dispatcher: Dispatcher): Provider {
  const wrap =
    <A extends unknown[], R>(method: (...args: A) => R) =>
    (...args: A): R =>
      current.run(dispatcher, () => method(...args));
  const entries = Object.entries(provider).map(([name, value]) => [
    name,
    typeof value === 'function' ? wrap(value.bind(provider)) : value,
  ]);
  // Every method is replaced by one of the same shape.
  return Object.fromEntries(entries) as Provider;
}
