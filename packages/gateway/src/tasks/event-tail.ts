import type { Log } from '../contract/log.ts';
import type { Bell } from '../lib/bell.ts';
import { type Clock, pause } from '../lib/clock.ts';
import type { Db } from '../store/db.ts';
import { type EventCursor, getNewestCursor, listEvents } from '../store/events.ts';

const PAGE_ROWS = 1_000;
/** The bell rings in this process only, and what another transaction keeps back is not there yet when it rings. */
const POLL_MS = 500;
/** Between two looks, however often the bell rings. */
const MIN_LOOK_MS = 50;

export type TailDeps = {
  readonly db: Db;
  readonly bell: Pick<Bell, 'listen'>;
  readonly clock: Clock;
  readonly log: Log;
};

/** Tells who waits for events of an account that there are some. One reader for the whole process, so that a thousand
 *  waiting streams ask the store as often as one. */
export function createEventTail({ db, bell, clock, log }: TailDeps) {
  const listeners = new Map<string, Set<() => void>>();
  let isRunning = false;
  const wake = (accountIds: Iterable<string>) => {
    for (const id of accountIds) for (const listener of [...(listeners.get(id) ?? [])]) listener();
  };
  const read = async (from: EventCursor | undefined): Promise<{ cursor: EventCursor; isFull: boolean }> => {
    if (from === undefined) {
      const cursor = await getNewestCursor(db);
      // What came between their last look and this one.
      wake([...listeners.keys()]);
      return { cursor, isFull: false };
    }
    const events = await listEvents(db, { after: from, limit: PAGE_ROWS });
    wake(new Set(events.map(({ account_id }) => account_id)));
    return { cursor: events.at(-1) ?? from, isFull: events.length === PAGE_ROWS };
  };
  const run = async (): Promise<void> => {
    let cursor: EventCursor | undefined;
    while (listeners.size > 0) {
      const news = Promise.withResolvers<void>();
      const deafen = bell.listen(() => news.resolve());
      try {
        const looked = await read(cursor);
        cursor = looked.cursor;
        if (looked.isFull) continue;
        await pause(clock, MIN_LOOK_MS);
        await pause(clock, POLL_MS, news.promise);
      } catch (err) {
        log.warn({ err }, 'could not look for events');
        await pause(clock, POLL_MS);
      } finally {
        deafen();
      }
    }
    isRunning = false;
  };
  return {
    /** @returns what ends it. */
    listen(accountId: string, onNews: () => void): () => void {
      const own = listeners.get(accountId) ?? new Set();
      listeners.set(accountId, own.add(onNews));
      if (!isRunning) {
        isRunning = true;
        void run();
      }
      return () => {
        own.delete(onNews);
        if (own.size === 0 && listeners.get(accountId) === own) listeners.delete(accountId);
      };
    },
  };
}
