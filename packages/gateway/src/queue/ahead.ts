import type { Db } from '../store/db.ts';
import { prepare } from '../store/statement.ts';
import { selectDueGroups, toDueGroup } from './claim-statements.ts';

/** Beyond this nobody counts on a figure. */
const MAX_COUNTED = 10_000;
const MAX_GROUPS = 200;
const END_OF_TIME_MS = Number.MAX_SAFE_INTEGER;

type Place = { queue: string; priority: number; group_key: string; run_at_ms: number; id: string };

const selectPlace = prepare<{ id: string; queue: string }, Place>((db, p) =>
  db
    .selectFrom('jobs')
    .select(['queue', 'priority', 'group_key', 'run_at_ms', 'id'])
    .where('id', '=', p('id'))
    .where('queue', '=', p('queue'))
    .where('holder', 'is', null),
);

const countOf = (what: 'more urgent' | 'older of the group' | 'of the group') =>
  prepare<Place & { most: number }, { count: number }>((db, p) => {
    const free = db
      .selectFrom('jobs')
      .select('id')
      .where('queue', '=', p('queue'))
      .where('holder', 'is', null)
      .limit(p('most'));
    const level = free.where('priority', '=', p('priority')).where('group_key', '=', p('group_key'));
    const counted =
      what === 'more urgent'
        ? free.where('priority', '>', p('priority'))
        : what === 'of the group'
          ? level
          : level.where(({ eb, refTuple, tuple }) =>
              eb(refTuple('run_at_ms', 'id'), '<', tuple(p('run_at_ms'), p('id'))),
            );
    return db.selectFrom(counted.as('counted')).select(({ fn }) => fn.countAll<number>().as('count'));
  });
const countUrgent = countOf('more urgent');
const countOlder = countOf('older of the group');
const countWaiting = countOf('of the group');

/** As `Queue.ahead`: what is more urgent, what is older in its own group, and of each other group as many as it will be
 *  given until then. */
export async function countAhead(db: Db, p: { queue: string; jobId: string }): Promise<number | undefined> {
  const [place] = await db.read(selectPlace(db, { id: p.jobId, queue: p.queue }));
  if (place === undefined) return undefined;
  const count = async (query: Parameters<typeof db.read<{ count: number }>>[0]) =>
    Number((await db.read(query))[0]?.count ?? 0);
  const most = MAX_COUNTED;
  const urgent = await count(countUrgent(db, { ...place, most }));
  const older = await count(countOlder(db, { ...place, most }));
  const rows = await db.read(selectDueGroups(db, { ...place, nowMs: END_OF_TIME_MS }));
  const groups = rows.flatMap((row) => toDueGroup(row) ?? []);
  const own = groups.find(({ groupKey }) => groupKey === place.group_key);
  let others = 0;
  for (const { groupKey, held } of groups.filter((group) => group !== own).slice(0, MAX_GROUPS)) {
    const turns = Math.min(older + 1 + (own?.held ?? 0) - held, MAX_COUNTED);
    if (turns > 0) others += await count(countWaiting(db, { ...place, group_key: groupKey, most: turns }));
  }
  return Math.min(urgent + older + others, MAX_COUNTED);
}
