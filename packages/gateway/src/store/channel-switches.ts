import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

export type SwitchRow = Schema['channel_switches'];
type Key = Pick<SwitchRow, 'channel' | 'endpoint' | 'model'>;

const selectSwitches = prepare<object, SwitchRow>((db) =>
  db.selectFrom('channel_switches').selectAll().orderBy('at_ms'),
);
/** Everything that is off. */
export const listSwitches = (db: Db): Promise<SwitchRow[]> => db.read(selectSwitches(db, {}));

/** What is off already stays as it is. */
export const switchOff = prepare<SwitchRow>((db, p) =>
  db
    .insertInto('channel_switches')
    .values({
      channel: p('channel'),
      endpoint: p('endpoint'),
      model: p('model'),
      by_whom: p('by_whom'),
      reason: p('reason'),
      at_ms: p('at_ms'),
      checked_at_ms: p('checked_at_ms'),
    })
    .onConflict((conflict) => conflict.doNothing()),
);

/** Whoever switched it off: a channel (`endpoint` empty), or an endpoint with all its models. */
export const switchOn = prepare<Pick<Key, 'channel' | 'endpoint'>>((db, p) =>
  db.deleteFrom('channel_switches').where('channel', '=', p('channel')).where('endpoint', '=', p('endpoint')),
);

/** What a fault switched off at a channel as a whole. */
export const endFault = prepare<{ channel: string }>((db, p) =>
  db
    .deleteFrom('channel_switches')
    .where('channel', '=', p('channel'))
    .where('endpoint', '=', '')
    .where('by_whom', '=', 'fault'),
);

/** Who touches the row is the one to look whether the fault is over. */
export const claimCheck = prepare<{ channel: string; before_ms: number; now_ms: number }>(
  (db, p) =>
    db
      .updateTable('channel_switches')
      .set({ checked_at_ms: p('now_ms') })
      .where('channel', '=', p('channel'))
      .where('endpoint', '=', '')
      .where('by_whom', '=', 'fault')
      .where('checked_at_ms', '<=', p('before_ms')),
  { expect: 1 },
);
