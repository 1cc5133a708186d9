import type { Log } from '../contract/log.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { type Share, shareOut } from '../queue/shares.ts';
import {
  listAwaited,
  listOldest,
  listPriorities,
  selectWaitingGroups,
  type WaitingGroup,
  wake,
} from '../store/channel-waits.ts';
import type { Db } from '../store/db.ts';
import { healthOf } from './health.ts';
import { hasPlaces, type Places } from './places.ts';
import type { Roster } from './roster.ts';

/** How late anything is noticed that no process was told of: a pause that is over, a place that another process freed. */
const INTERVAL_MS = 1_000;
/** At a time: where there is no limit, or the channel is gone, so that a long line comes piece by piece. */
const MAX_ROOM = 100;

/** Wakes tasks that wait for channels: as many as there is room for, in the order in which the queue would have served
 *  them. Each then chooses anew, and waits again where somebody was faster, so waking too many does no harm. */
export type Waker = {
  /** Looks at one channel now, or at one endpoint of it, as `awaitedOf` names it. */
  wake(awaited: string): void;
  /** Looks at all of them, again and again. @returns what ends it. */
  start(): () => Promise<void>;
};

/** What a task waits for: a channel, or that jobs of an endpoint end well there again. */
export const awaitedOf = (channel: string, endpoint?: string): string =>
  endpoint === undefined ? channel : `${channel} ${endpoint}`;
const toNames = (awaited: string): string[] => awaited.split(/ (.*)/s);

type Deps = {
  readonly db: Db;
  readonly roster: Roster;
  readonly places: Places;
  /** Where tasks wait for their turn; and what tells those who take from it that jobs became due. */
  readonly queue: string;
  readonly notify: (queue: string) => void;
  readonly clock: Clock;
  readonly log: Log;
};

export function createWaker(deps: Deps): Waker {
  const { clock, log } = deps;
  /** One at a time for each; who asks meanwhile is served after. */
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const loop = async (awaited: string): Promise<void> => {
    do {
      again.delete(awaited);
      await wakeSome(deps, awaited).catch((err: unknown) =>
        log.error({ err, awaited }, 'could not wake waiting tasks'),
      );
    } while (again.has(awaited));
    running.delete(awaited);
  };
  const run = (awaited: string): Promise<void> => {
    const under = running.get(awaited);
    if (under !== undefined) {
      again.add(awaited);
      return under;
    }
    const done = loop(awaited);
    running.set(awaited, done);
    return done;
  };
  return {
    wake: (awaited) => void run(awaited),
    start() {
      const ending = new AbortController();
      const { signal } = ending;
      const watch = async (): Promise<void> => {
        for (;;) {
          await sleep(clock, INTERVAL_MS, signal);
          try {
            await Promise.all((await listAwaited(deps.db)).map(run));
          } catch (err) {
            log.error({ err }, 'could not look for waiting tasks');
          }
        }
      };
      // It ends with the signal and with nothing else.
      const watching = watch().catch(() => undefined);
      return async () => {
        ending.abort();
        await watching;
        await Promise.all(running.values());
      };
    },
  };
}

async function wakeSome({ db, roster, places, queue, notify, clock }: Deps, awaited: string): Promise<void> {
  await roster.refresh();
  const nowMs = clock.nowMs();
  let room = Math.min(await roomFor({ roster, places }, awaited, nowMs), MAX_ROOM);
  for (const priority of room > 0 ? await listPriorities(db, awaited) : []) {
    // What does not wait any more only leaves the list.
    for (let isMore = true; room > 0 && isMore; ) {
      const groups = await db.read(selectWaitingGroups(db, { awaited, priority, queue }));
      const shares = shareOut(groups.map(toDueGroup), { places: room, groupLimit: undefined });
      const ids = await Promise.all(shares.map((share) => oldestOf(db, { awaited, priority, share })));
      const taken = ids.flat();
      const woken = await wakeAll(db, taken, nowMs);
      room -= woken;
      isMore = taken.length > 0;
      if (woken > 0) notify(queue);
    }
  }
}

const toDueGroup = ({ group_key, task_id, held, max_held, served }: WaitingGroup) => ({
  groupKey: group_key,
  // Ids grow with time, so among groups of the same rank they decide.
  runAtMs: 0,
  jobId: task_id,
  held: Number(held),
  maxHeld: max_held,
  served: served ?? 0,
});

const oldestOf = (db: Db, p: { awaited: string; priority: number; share: Share }): Promise<string[]> =>
  listOldest(db, { awaited: p.awaited, priority: p.priority, group_key: p.share.group.groupKey, limit: p.share.jobs });

/** @returns how many of them did wait. */
async function wakeAll(db: Db, taskIds: readonly string[], nowMs: number): Promise<number> {
  if (taskIds.length === 0) return 0;
  const outcome = await db.write(taskIds.flatMap((id) => wake(db, id, nowMs)));
  if (!outcome.committed) return 0;
  return taskIds.filter((_, index) => (outcome.results[2 * index]?.changes ?? 0) > 0).length;
}

/** How many jobs a channel could take now. One that can take none for a while, or ever, lets those that wait choose
 *  again. */
async function roomFor(
  { roster, places }: Pick<Deps, 'roster' | 'places'>,
  awaited: string,
  nowMs: number,
): Promise<number> {
  const [channel = '', endpoint = ''] = toNames(awaited);
  const entry = roster.get(channel);
  if (entry === undefined) return MAX_ROOM;
  const { definition, broken } = entry;
  const [switches, health] = [roster.switchesOf(channel), roster.healthOf(channel)];
  if (switches.some((one) => one.endpoint === '') || !definition.isEnabled) return MAX_ROOM;
  const { trouble, probes } = healthOf({ switches, health, broken, endpoint }, nowMs);
  if (trouble !== undefined) return trouble.kind === 'off' ? MAX_ROOM : 0;
  if (probes.length > 0) return 1;
  return hasPlaces(definition) ? (await places.roomOf({ name: channel, policy: definition }, nowMs)).room : MAX_ROOM;
}
