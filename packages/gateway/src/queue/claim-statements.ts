/** The SQL by which jobs are claimed: which groups have due jobs, and the oldest of each. */
import { sql } from 'kysely';
import { prepare } from '../store/statement.ts';
import type { DueGroup } from './shares.ts';

/** Held jobs of a group are counted up to here: of two groups that hold more, neither comes first. Whether a limit above
 *  it is reached, the claim itself finds out. */
const MAX_COUNTED = 1_000;

type Level = { queue: string; priority: number; nowMs: number };
type GroupRow = {
  group_key: string;
  run_at_ms: number | null;
  job_id: string;
  held: number;
  max_held: number | null;
  served: number | null;
};

/** The groups that have a due job of a priority. Groups are found by steps in an index, so a long backlog of one costs
 *  no more than a short one. */
export const selectDueGroups = prepare<Level, GroupRow>((db, p) => {
  const free = () =>
    db
      .selectFrom('jobs')
      .where('queue', '=', p('queue'))
      .where('holder', 'is', null)
      .where('priority', '=', p('priority'));
  return db
    .withRecursive('groups(group_key)', (cte) =>
      cte
        .selectFrom(
          free()
            .select(({ fn }) => fn.min<string | null>('group_key').as('group_key'))
            .as('first'),
        )
        .select('first.group_key')
        .unionAll(
          cte
            .selectFrom('groups')
            .select(
              free()
                .select(({ fn }) => fn.min<string | null>('jobs.group_key').as('next'))
                .where('jobs.group_key', '>', sql.ref<string>('groups.group_key'))
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
      const oldest = () =>
        free()
          .where('jobs.group_key', '=', sql.ref<string>('groups.group_key'))
          .where('run_at_ms', '<=', p('nowMs'))
          .orderBy('run_at_ms')
          .orderBy('id')
          .limit(1);
      const held = group
        .selectFrom('jobs')
        .select('id')
        .where('queue', '=', p('queue'))
        .where('holder', 'is not', null)
        .whereRef('jobs.group_key', '=', 'groups.group_key')
        .limit(MAX_COUNTED);
      return [
        'groups.group_key',
        oldest().select('run_at_ms').as('run_at_ms'),
        oldest().select('id').as('job_id'),
        group
          .selectFrom(held.as('counted'))
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .as('held'),
        'known.max_held',
        'known.served',
      ];
    })
    .where('groups.group_key', 'is not', null)
    .$castTo<GroupRow>();
});

/** Undefined for a group whose jobs are all due later. */
export const toDueGroup = (row: GroupRow): DueGroup | undefined =>
  row.run_at_ms === null
    ? undefined
    : {
        groupKey: row.group_key,
        runAtMs: row.run_at_ms,
        jobId: row.job_id,
        held: Number(row.held),
        maxHeld: row.max_held,
        served: row.served ?? 0,
      };

export const selectLastServed = prepare<{ queue: string }, { served: number | null }>((db, p) =>
  db
    .selectFrom('queue_groups')
    .select(({ fn }) => fn.max<number | null>('served').as('served'))
    .where('queue', '=', p('queue')),
);

export type Claim = Level & { group_key: string; holder: string; claim: number; jobs: number };
export type Claimed = {
  id: string;
  payload: string;
  attempts: number;
  fence: number;
  run_at_ms: number;
  group_key: string;
};

const claim = (isLimited: boolean) =>
  prepare<Claim & { most: number }, Claimed>((db, p, dialect) => {
    const least = sql.raw(dialect === 'postgres' ? 'least' : 'min');
    const most = sql.raw(dialect === 'postgres' ? 'greatest' : 'max');
    const room = sql<number>`${least}(${p('jobs')}, ${most}(0, ${p('most')} - (select count(*) from jobs as running
      where running.queue = ${p('queue')} and running.group_key = ${p('group_key')} and running.holder is not null)))`;
    const oldest = db
      .selectFrom('jobs')
      .select('id')
      .where('queue', '=', p('queue'))
      .where('holder', 'is', null)
      .where('priority', '=', p('priority'))
      .where('group_key', '=', p('group_key'))
      .where('run_at_ms', '<=', p('nowMs'))
      .orderBy('run_at_ms')
      .orderBy('id')
      .limit(isLimited ? room : p('jobs'));
    return db
      .updateTable('jobs')
      .set({ holder: p('holder'), claim: p('claim'), fence: sql`fence + 1`, attempts: sql`attempts + 1` })
      .where('id', 'in', dialect === 'postgres' ? oldest.forUpdate().skipLocked() : oldest)
      .returning(['id', 'payload', 'attempts', 'fence', 'run_at_ms', 'group_key']);
  });
/** Takes the longest-waiting due jobs of a group. */
export const claimOfGroup = claim(false);
/** The same, and only as many as may be held beside those that are held at that very moment. */
export const claimOfLimitedGroup = claim(true);

export const noteServed = prepare<{ queue: string; group_key: string; served: number }>((db, p) =>
  db
    .insertInto('queue_groups')
    .values({ queue: p('queue'), group_key: p('group_key'), max_held: null, served: p('served') })
    .onConflict((conflict) => conflict.columns(['queue', 'group_key']).doUpdateSet({ served: p('served') })),
);

export const limitGroup = prepare<{ queue: string; group_key: string; max_held: number | null }>((db, p) =>
  db
    .insertInto('queue_groups')
    .values({ queue: p('queue'), group_key: p('group_key'), max_held: p('max_held'), served: 0 })
    .onConflict((conflict) => conflict.columns(['queue', 'group_key']).doUpdateSet({ max_held: p('max_held') })),
);
