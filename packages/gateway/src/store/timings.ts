import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

type Timing = Schema['timings'];
type Key = Pick<Timing, 'channel' | 'endpoint'>;

const selectTiming = prepare<Key, Timing>((db, p) =>
  db.selectFrom('timings').selectAll().where('channel', '=', p('channel')).where('endpoint', '=', p('endpoint')),
);

export const getTiming = async (db: Db, key: Key): Promise<Timing | undefined> =>
  (await db.read(selectTiming(db, key)))[0];

export const upsertTiming = prepare<Timing>((db, p) => {
  const values = {
    samples: p('samples'),
    mean_log_ms: p('mean_log_ms'),
    variance_log_ms: p('variance_log_ms'),
    updated_at_ms: p('updated_at_ms'),
  };
  return db
    .insertInto('timings')
    .values({ channel: p('channel'), endpoint: p('endpoint'), ...values })
    .onConflict((conflict) => conflict.columns(['channel', 'endpoint']).doUpdateSet(values));
});
