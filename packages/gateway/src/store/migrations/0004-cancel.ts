import type { Kysely } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'cancel';

/** That an owner asked for the end of a task whose job an upstream already has. */
export function statements(db: Kysely<unknown>, dialect: Dialect) {
  return [db.schema.alterTable('tasks').addColumn('cancel_asked_at_ms', dialect === 'sqlite' ? 'integer' : 'bigint')];
}
