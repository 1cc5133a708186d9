/** The SQL of the embedded queue. A job is free (`holder` null) or held by a session, which is a row of `holders`. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../store/schema.ts';
import { prepare, prepareInsert } from '../store/statement.ts';

// biome-ignore format: one list of columns
export const insertJob = prepareInsert('jobs', [
  'id', 'queue', 'group_key', 'priority', 'run_at_ms', 'attempts', 'payload', 'holder', 'fence', 'claim',
  'last_error', 'created_at_ms',
]);

export const insertHolder = prepareInsert('holders', ['id', 'lease_until_ms']);

/** Never shortens a lease: the claims of another queue may have asked for a longer one. Also renews one that has
 *  lapsed, as long as nobody ended it: the machine may have slept. */
export const extendHolder = prepare<{ id: string; lease_until_ms: number }>(
  (db, p) =>
    db
      .updateTable('holders')
      .set({
        lease_until_ms: sql<number>`case when lease_until_ms > ${p('lease_until_ms')} then lease_until_ms else ${p('lease_until_ms')} end`,
      })
      .where('id', '=', p('id')),
  { expect: 1 },
);

export const selectLapsed = prepare<{ nowMs: number }, { id: string }>((db, p) =>
  db.selectFrom('holders').select('id').where('lease_until_ms', '<=', p('nowMs')).limit(1),
);
/** Ends the leases that were not extended in time. Two statements for one batch. */
export const freeLapsed = prepare<{ nowMs: number }>((db, p) =>
  db
    .updateTable('jobs')
    .set({ holder: null })
    .where('holder', 'in', (lapsed) =>
      lapsed.selectFrom('holders').select('id').where('lease_until_ms', '<=', p('nowMs')),
    ),
);
export const deleteLapsed = prepare<{ nowMs: number }>((db, p) =>
  db.deleteFrom('holders').where('lease_until_ms', '<=', p('nowMs')),
);
export const freeClaim = prepare<{ holder: string; claim: number }>((db, p) =>
  db.updateTable('jobs').set({ holder: null }).where('holder', '=', p('holder')).where('claim', '=', p('claim')),
);
export const freeHeldBy = prepare<{ id: string }>((db, p) =>
  db.updateTable('jobs').set({ holder: null }).where('holder', '=', p('id')),
);
export const deleteHolder = prepare<{ id: string }>((db, p) => db.deleteFrom('holders').where('id', '=', p('id')));

/** In two index ranges: the held jobs of a group, and the free ones of its queue. */
export const countGroup = prepare<{ queue: string; group_key: string }, { held: number; waiting: number }>((db, p) =>
  db
    .selectNoFrom(({ selectFrom }) => {
      const jobs = () =>
        selectFrom('jobs')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('queue', '=', p('queue'))
          .where('group_key', '=', p('group_key'));
      return [jobs().where('holder', 'is not', null).as('held'), jobs().where('holder', 'is', null).as('waiting')];
    })
    .$castTo<{ held: number; waiting: number }>(),
);

/** The priorities among the free jobs of a queue, each found by one step in the index, so that neither a long backlog
 *  nor many delayed jobs make them slow to find. */
const withLevels = (db: Kysely<Schema>, queue: string) =>
  db.withRecursive('levels(priority)', (cte) =>
    cte
      .selectFrom('jobs')
      .select(({ fn }) => fn.max<number | null>('priority').as('priority'))
      .where('queue', '=', queue)
      .where('holder', 'is', null)
      .unionAll(
        cte
          .selectFrom('levels')
          .select((above) =>
            above
              .selectFrom('jobs')
              .select(({ fn }) => fn.max<number | null>('jobs.priority').as('next'))
              .where('queue', '=', queue)
              .where('holder', 'is', null)
              .whereRef('jobs.priority', '<', 'levels.priority')
              .as('priority'),
          )
          .where('levels.priority', 'is not', null),
      ),
  );

/** The priorities that have a due job, highest first. */
export const selectDueLevels = prepare<{ queue: string; nowMs: number }, { priority: number }>((db, p) =>
  withLevels(db, p('queue'))
    .selectFrom('levels')
    .select('levels.priority')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('jobs')
          .select('id')
          .where('queue', '=', p('queue'))
          .where('holder', 'is', null)
          .whereRef('jobs.priority', '=', 'levels.priority')
          .where('run_at_ms', '<=', p('nowMs')),
      ),
    )
    .orderBy('levels.priority', 'desc')
    .$castTo<{ priority: number }>(),
);
/** When the next job after `afterMs` becomes due, and when the next lease lapses. */
export const selectNext = prepare<{ queue: string; afterMs: number }, { at: number | null }>((db, p) =>
  withLevels(db, p('queue'))
    .selectFrom('levels')
    .select((level) =>
      level
        .selectFrom('jobs')
        .select(({ fn }) => fn.min('run_at_ms').as('at'))
        .where('queue', '=', p('queue'))
        .where('holder', 'is', null)
        .whereRef('jobs.priority', '=', 'levels.priority')
        .where('run_at_ms', '>', p('afterMs'))
        .as('at'),
    )
    .unionAll(db.selectFrom('holders').select(({ fn }) => fn.min('lease_until_ms').as('at'))),
);

/** PostgreSQL lets two claims run side by side; a group's limit needs them one after the other. Any constant will do. */
const GROUP_LOCK = 7_214_554;
export const lockGroups = prepare<object>((db) =>
  db.selectNoFrom(sql`pg_advisory_xact_lock(${sql.lit(GROUP_LOCK)})`.as('locked')),
);

export type Held = { id: string; holder: string; fence: number };
export const touchJob = prepare<Held>(
  (db, p) =>
    db
      .updateTable('jobs')
      .set({ fence: p('fence') })
      .where('id', '=', p('id'))
      .where('holder', '=', p('holder'))
      .where('fence', '=', p('fence')),
  { expect: 1 },
);
export const deleteJob = prepare<Held>(
  (db, p) =>
    db.deleteFrom('jobs').where('id', '=', p('id')).where('holder', '=', p('holder')).where('fence', '=', p('fence')),
  { expect: 1 },
);
export const giveBackJob = prepare<Held & { run_at_ms: number; last_error: string | null }>(
  (db, p) =>
    db
      .updateTable('jobs')
      .set({ holder: null, run_at_ms: p('run_at_ms'), last_error: p('last_error') })
      .where('id', '=', p('id'))
      .where('holder', '=', p('holder'))
      .where('fence', '=', p('fence')),
  { expect: 1 },
);
