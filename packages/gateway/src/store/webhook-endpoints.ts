import type { Place } from '../lib/cursor.ts';
import type { Db, Statement } from './db.ts';
import { isAfter } from './place.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert, toStatement } from './statement.ts';

export type EndpointRow = Schema['webhook_endpoints'];

const selectEndpoint = prepare<{ id: string }, EndpointRow>((db, p) =>
  db.selectFrom('webhook_endpoints').selectAll().where('id', '=', p('id')),
);
const selectCount = prepare<{ account_id: string }, { count: number }>((db, p) =>
  db
    .selectFrom('webhook_endpoints')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', p('account_id')),
);

// biome-ignore format: one list of columns
export const insertEndpoint = prepareInsert('webhook_endpoints', [
  'id', 'account_id', 'url', 'description', 'event_types', 'created_at_ms', 'disabled_at_ms', 'disabled_reason',
]);

export const getEndpoint = async (db: Db, id: string): Promise<EndpointRow | undefined> =>
  (await db.read(selectEndpoint(db, { id })))[0];

export const countEndpoints = async (db: Db, accountId: string): Promise<number> =>
  (await db.read(selectCount(db, { account_id: accountId })))[0]?.count ?? 0;

/** In the order in which they were made. */
export function listEndpoints(
  db: Db,
  p: { accountId: string; after: Place | undefined; limit: number },
): Promise<EndpointRow[]> {
  const endpoints = db.build
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('account_id', '=', p.accountId)
    .orderBy('created_at_ms')
    .orderBy('id')
    .limit(p.limit);
  return db.read<EndpointRow>(toStatement(p.after === undefined ? endpoints : endpoints.where(isAfter(p.after))));
}

export type EndpointChanges = Partial<
  Pick<EndpointRow, 'url' | 'description' | 'event_types' | 'disabled_at_ms' | 'disabled_reason'>
>;

export const updateEndpoint = (db: Db, id: string, changes: EndpointChanges): Statement => ({
  ...toStatement(db.build.updateTable('webhook_endpoints').set(changes).where('id', '=', id)),
  expect: 1,
});

/** Only while it is enabled, and has the address that was called. */
export const disableEndpoint = prepare<{ id: string; url: string; at_ms: number; reason: string }>((db, p) =>
  db
    .updateTable('webhook_endpoints')
    .set({ disabled_at_ms: p('at_ms'), disabled_reason: p('reason') })
    .where('id', '=', p('id'))
    .where('url', '=', p('url'))
    .where('disabled_at_ms', 'is', null),
);

export const deleteEndpoint = prepare<{ id: string }>((db, p) =>
  db.deleteFrom('webhook_endpoints').where('id', '=', p('id')),
);
