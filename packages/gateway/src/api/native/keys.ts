import { z } from 'zod';
import { isAddressRange } from '../../accounts/addresses.ts';
import { allowsModel } from '../../accounts/limits.ts';
import type { KeyService } from '../../contract/account.ts';
import { SCOPES } from '../../contract/key.ts';
import type { CatalogReader } from '../catalog-reader.ts';
import { onceOf } from '../submit-headers.ts';
import { NativeKey, toNativeKey } from './account-view.ts';
import { type NativeApi, pageOf, pageQuery } from './route.ts';

const params = z.object({ id: z.string().describe('The id of the key.') });
const ofAccount = z.object({ id: z.string().describe('The id of the account.') });

const MAX_LIST = 1_000;
const count = z.int().min(1).max(1_000_000).nullable().optional();
const budget = z.int().min(0).max(9_000_000_000_000_000).nullable().optional();

/** What may be said of a key; null takes a restriction away. */
const createKeyBody = (catalog: CatalogReader) => {
  const ids = catalog.list().map(({ id }) => id);
  const pattern = z
    .string()
    .refine((text) => ids.some((id) => allowsModel([text], id)), 'no endpoint has this id, or fits this pattern');
  return z.strictObject({
    name: z.string().trim().max(200).optional(),
    isAdmin: z.boolean().optional(),
    expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
    scopes: z.array(z.enum(SCOPES)).max(SCOPES.length).nullable().optional(),
    models: z
      .array(pattern)
      .max(MAX_LIST)
      .nullable()
      .optional()
      .describe('Ids of endpoints, in which `*` stands for any text.'),
    addresses: z
      .array(z.string().refine(isAddressRange, 'must be an IPv4 or IPv6 address or range, such as 10.0.0.0/8'))
      .max(MAX_LIST)
      .nullable()
      .optional(),
    limits: z
      .strictObject({
        maxRunning: count.describe('Over it, tasks wait.'),
        maxWaiting: count.describe('Over it, submits are refused.'),
        tasksPerMinute: count,
        hourBudgetMicros: budget,
        dayBudgetMicros: budget,
        totalBudgetMicros: budget,
      })
      .optional(),
  });
};

const tag = 'Keys';
const scope = 'admin';

/** Keys of all accounts, for administrators. */
export function nativeKeyRoutes(api: NativeApi, { keys, catalog }: { keys: KeyService; catalog: CatalogReader }): void {
  const body = createKeyBody(catalog);
  const toChange = ({ expiresAt, ...change }: z.output<typeof body>) => ({
    ...change,
    ...(expiresAt === undefined ? {} : { expiresAtMs: expiresAt === null ? null : Date.parse(expiresAt) }),
  });
  api.add({
    id: 'createKey',
    method: 'POST',
    url: '/api/v1/accounts/:id/keys',
    tag,
    summary: 'Make a key',
    description:
      'The answer is the only time that the key is shown: its hash is what is stored. With the header `Idempotency-Key` it is made once: the same request again is answered `409` with the id of that key.',
    scope,
    params: ofAccount,
    body,
    answer: { status: 201, about: 'The key.', schema: NativeKey.extend({ key: z.string() }) },
    async handle({ caller, params: { id }, body: change, request, reply }) {
      const once = onceOf(request, { caller, what: `key of ${id}`, body: change });
      const made = await keys.create(id, toChange(change), once);
      reply.header('location', `/api/v1/keys/${made.id}`);
      return { ...toNativeKey(made), key: made.key };
    },
  });
  api.add({
    id: 'listKeys',
    method: 'GET',
    url: '/api/v1/accounts/:id/keys',
    tag,
    summary: 'Keys of an account, oldest first, revoked ones included',
    scope,
    params: ofAccount,
    query: z.strictObject(pageQuery),
    answer: { status: 200, about: 'A page of them.', schema: pageOf(NativeKey) },
    async handle({ params: { id }, query }) {
      const { items, nextCursor } = await keys.list(id, query);
      return { items: items.map(toNativeKey), nextCursor };
    },
  });
  api.add({
    id: 'getKey',
    method: 'GET',
    url: '/api/v1/keys/:id',
    tag,
    summary: 'A key',
    scope,
    params,
    answer: { status: 200, about: 'The key.', schema: NativeKey },
    handle: async ({ params: { id } }) => toNativeKey(await keys.get(id)),
  });
  api.add({
    id: 'updateKey',
    method: 'PATCH',
    url: '/api/v1/keys/:id',
    tag,
    summary: 'Change what a key may do',
    description: 'What is left out stays; null takes a restriction away.',
    scope,
    params,
    body,
    answer: { status: 200, about: 'The key as it is now.', schema: NativeKey },
    handle: async ({ params: { id }, body: change }) => toNativeKey(await keys.update(id, toChange(change))),
  });
  api.add({
    id: 'revokeKey',
    method: 'DELETE',
    url: '/api/v1/keys/:id',
    tag,
    summary: 'Revoke a key',
    description: 'It works no more at once. Its tasks go on. Revoking twice is revoking once.',
    scope,
    params,
    answer: { status: 204, about: 'It is revoked.' },
    handle: ({ params: { id } }) => keys.revoke(id),
  });
}
