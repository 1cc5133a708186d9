import type { Kysely } from 'kysely';

export const name = 'hops';

/** Through how many gateways a task has come. */
export function statements({ schema }: Kysely<unknown>) {
  return [schema.alterTable('tasks').addColumn('hops', 'integer', (c) => c.notNull().defaultTo(0))];
}
