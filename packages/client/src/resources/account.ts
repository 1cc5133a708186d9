import type { Http } from '../http.ts';
import type { Page, PageOptions } from '../pages.ts';
import type { CallOptions } from '../values.ts';
import type { Account } from './accounts.ts';
import type { Key } from './keys.ts';

/** The account for which the key acts. */
export const createAccount = (http: Http) => ({
  get: ({ signal }: CallOptions = {}): Promise<Account> => http.json({ method: 'GET', path: '/account', signal }),
  listKeys: ({ signal, ...query }: PageOptions = {}): Promise<Page<Key>> =>
    http.json({ method: 'GET', path: '/account/keys', query, signal }),
});
