import { sql } from 'kysely';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

type Wait = Schema['channel_waits'];

/** Notes what a task waits for, with the priority and the group that its job has. */
export const insertWait = prepare<Pick<Wait, 'awaited' | 'task_id' | 'reason'>>((db, p) =>
  db
    .insertInto('channel_waits')
    .columns(['awaited', 'priority', 'group_key', 'task_id', 'reason'])
    .expression(({ selectFrom }) =>
      selectFrom('jobs')
        .select([
          sql<string>`cast(${p('awaited')} as text)`.as('awaited'),
          'priority',
          'group_key',
          'id as task_id',
          sql<string>`cast(${p('reason')} as text)`.as('reason'),
        ])
        .where('id', '=', p('task_id')),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['awaited', 'priority', 'group_key', 'task_id'])
        .doUpdateSet(({ ref }) => ({ reason: ref('excluded.reason') })),
    ),
);
const deleteWaits = prepare<{ task_id: string }>((db, p) =>
  db.deleteFrom('channel_waits').where('task_id', '=', p('task_id')),
);
const hasten = prepare<{ id: string; nowMs: number }>((db, p) =>
  db
    .updateTable('jobs')
    // As old as it is: those that came after it come after it.
    .set(({ ref }) => ({ run_at_ms: ref('created_at_ms') }))
    .where('id', '=', p('id'))
    .where('holder', 'is', null)
    .where('run_at_ms', '>', p('nowMs')),
);

/** Forgets what a task waited for: before it waits for something else. */
export const endWaits = (db: Db, taskId: string): Statement => deleteWaits(db, { task_id: taskId });
/** Makes its job due, and forgets that it waited. The first statement touches a row if it did wait. */
export const wake = (db: Db, taskId: string, nowMs: number): Statement[] => [
  hasten(db, { id: taskId, nowMs }),
  endWaits(db, taskId),
];

const selectWaits = prepare<{ task_id: string }, Wait>((db, p) =>
  db.selectFrom('channel_waits').selectAll().where('task_id', '=', p('task_id')).orderBy('awaited'),
);
/** What a task waits for. */
export const listWaits = (db: Db, taskId: string): Promise<Wait[]> => db.read(selectWaits(db, { task_id: taskId }));

const selectAwaited = prepare<object, { awaited: string | null }>((db) =>
  db
    .withRecursive('waited(awaited)', (cte) =>
      cte
        .selectFrom('channel_waits')
        .select(({ fn }) => fn.min<string | null>('awaited').as('awaited'))
        .unionAll(
          cte
            .selectFrom('waited')
            .select(({ selectFrom }) =>
              selectFrom('channel_waits')
                .select(({ fn }) => fn.min<string | null>('channel_waits.awaited').as('next'))
                .whereRef('channel_waits.awaited', '>', 'waited.awaited')
                .as('awaited'),
            )
            .where('waited.awaited', 'is not', null),
        ),
    )
    .selectFrom('waited')
    .select('waited.awaited')
    .$castTo<{ awaited: string | null }>(),
);
/** The channels for which somebody waits: as many steps in an index as there are of them. */
export const listAwaited = async (db: Db): Promise<string[]> =>
  (await db.read(selectAwaited(db, {}))).flatMap(({ awaited }) => awaited ?? []);

const selectPriorities = prepare<{ awaited: string }, { priority: number | null }>((db, p) =>
  db
    .withRecursive('levels(priority)', (cte) =>
      cte
        .selectFrom('channel_waits')
        .select(({ fn }) => fn.max<number | null>('priority').as('priority'))
        .where('awaited', '=', p('awaited'))
        .unionAll(
          cte
            .selectFrom('levels')
            .select(({ selectFrom }) =>
              selectFrom('channel_waits')
                .select(({ fn }) => fn.max<number | null>('channel_waits.priority').as('next'))
                .where('awaited', '=', p('awaited'))
                .whereRef('channel_waits.priority', '<', 'levels.priority')
                .as('priority'),
            )
            .where('levels.priority', 'is not', null),
        ),
    )
    .selectFrom('levels')
    .select('levels.priority')
    .$castTo<{ priority: number | null }>(),
);
/** The priorities of those that wait for a channel, highest first. */
export const listPriorities = async (db: Db, awaited: string): Promise<number[]> =>
  (await db.read(selectPriorities(db, { awaited }))).flatMap(({ priority }) => priority ?? []);

type Level = { awaited: string; priority: number };
export type WaitingGroup = {
  group_key: string;
  task_id: string;
  held: number;
  max_held: number | null;
  served: number | null;
};
/** As the queue counts. */
const MAX_COUNTED = 1_000;

/** The groups that wait for a channel at a priority, each found by a step in the index; `task_id` is the oldest. */
export const selectWaitingGroups = prepare<Level & { queue: string }, WaitingGroup>((db, p) => {
  const waits = () =>
    db.selectFrom('channel_waits').where('awaited', '=', p('awaited')).where('priority', '=', p('priority'));
  return db
    .withRecursive('groups(group_key)', (cte) =>
      cte
        .selectFrom(
          waits()
            .select(({ fn }) => fn.min<string | null>('group_key').as('group_key'))
            .as('first'),
        )
        .select('first.group_key')
        .unionAll(
          cte
            .selectFrom('groups')
            .select(
              waits()
                .select(({ fn }) => fn.min<string | null>('channel_waits.group_key').as('next'))
                .where('channel_waits.group_key', '>', sql.ref<string>('groups.group_key'))
                .as('group_key'),
            )
            .where('groups.group_key', 'is not', null),
        ),
    )
    .selectFrom('groups')
    .leftJoin('queue_groups as known', (join) =>
      join.onRef('known.group_key', '=', 'groups.group_key').on('known.queue', '=', p('queue')),
    )
    .select((group) => {
      const held = group
        .selectFrom('jobs')
        .select('id')
        .where('queue', '=', p('queue'))
        .where('holder', 'is not', null)
        .whereRef('jobs.group_key', '=', 'groups.group_key')
        .limit(MAX_COUNTED);
      return [
        'groups.group_key',
        waits()
          .select(({ fn }) => fn.min('task_id').as('oldest'))
          .where('channel_waits.group_key', '=', sql.ref<string>('groups.group_key'))
          .as('task_id'),
        group
          .selectFrom(held.as('counted'))
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .as('held'),
        'known.max_held',
        'known.served',
      ];
    })
    .where('groups.group_key', 'is not', null)
    .$castTo<WaitingGroup>();
});

const selectOldest = prepare<Level & { group_key: string; limit: number }, { task_id: string }>((db, p) =>
  db
    .selectFrom('channel_waits')
    .select('task_id')
    .where('awaited', '=', p('awaited'))
    .where('priority', '=', p('priority'))
    .where('group_key', '=', p('group_key'))
    .orderBy('task_id')
    .limit(p('limit')),
);
/** Of a group, those that wait longest: ids grow with time. */
export const listOldest = async (db: Db, p: Level & { group_key: string; limit: number }): Promise<string[]> =>
  (await db.read(selectOldest(db, p))).map(({ task_id }) => task_id);
