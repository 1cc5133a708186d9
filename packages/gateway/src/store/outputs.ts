import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

const selectOutputs = prepare<{ task_id: string }, Schema['outputs']>((db, p) =>
  db.selectFrom('outputs').selectAll().where('task_id', '=', p('task_id')).orderBy('position'),
);

/** Fails when the task has an output at this position already. */
export const insertOutput = prepareInsert('outputs', ['task_id', 'position', 'asset_id', 'text', 'extension']);

/** In the provider's order. */
export const listOutputs = (db: Db, taskId: string): Promise<Schema['outputs'][]> =>
  db.read(selectOutputs(db, { task_id: taskId }));
