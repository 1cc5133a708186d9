import { GatewayError } from '../contract/errors.ts';
import type { EventFeed, TaskEvent } from '../contract/event.ts';
import { pause } from '../lib/clock.ts';
import {
  BEFORE_ALL_EVENTS,
  type EventCursor,
  type EventRow,
  getNewestCursor,
  listEvents,
  parseCursor,
  toCursorText,
} from '../store/events.ts';
import { createEventTail, type TailDeps } from './event-tail.ts';

const PAGE_ROWS = 200;
/** What one page of a filtered list looks at. */
const MAX_LOOKED_AT = 5_000;
/** Whoever takes nothing for so long is gone, or too slow. */
const MAX_STALL_MS = 60_000;

/** Reads events for whoever follows them. */
export function createEventFeed(deps: TailDeps): EventFeed {
  const { db, clock } = deps;
  const tail = createEventTail(deps);
  return {
    async list({ taskId, after, limit }) {
      const rows = await listEvents(db, { taskId, after: toCursor(after) ?? BEFORE_ALL_EVENTS, limit });
      return rows.map(toEvent);
    },
    async page({ accountId, taskId, types, after, limit }) {
      let cursor = toCursor(after) ?? BEFORE_ALL_EVENTS;
      const events: TaskEvent[] = [];
      for (let looked = 0; looked < MAX_LOOKED_AT; looked += PAGE_ROWS) {
        const of = taskId === undefined ? { accountId } : { taskId };
        const rows = await listEvents(db, { ...of, after: cursor, limit: PAGE_ROWS });
        for (const row of rows) {
          if (events.length === limit) return { events, cursor: toCursorText(cursor), hasMore: true };
          if (types === undefined || types.includes(row.type)) events.push(toEvent(row));
          cursor = row;
        }
        if (rows.length < PAGE_ROWS) return { events, cursor: toCursorText(cursor), hasMore: false };
      }
      return { events, cursor: toCursorText(cursor), hasMore: true };
    },
    async *follow({ accountId, taskId, after, idleMs, signal, onStall }) {
      const asked = toCursor(after);
      let news = Promise.withResolvers<void>();
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      const deafen = tail.listen(accountId, () => news.resolve());
      try {
        const start = taskId === undefined ? () => getNewestCursor(db, accountId) : async () => BEFORE_ALL_EVENTS;
        let cursor: EventCursor = asked ?? (await start());
        let isDue = true;
        while (!signal.aborted) {
          // Before the look, so that what comes after it is heard.
          news = Promise.withResolvers();
          const of = taskId === undefined ? { accountId } : { taskId };
          const rows = await listEvents(db, { ...of, after: cursor, limit: PAGE_ROWS });
          cursor = rows.at(-1) ?? cursor;
          if (rows.length > 0 || isDue) {
            const isTaken = clock.after(MAX_STALL_MS, onStall);
            yield { events: rows.map(toEvent), cursor: toCursorText(cursor) };
            isTaken();
          }
          isDue = rows.length < PAGE_ROWS && !(await pause(clock, idleMs, news.promise, stopped));
        }
      } finally {
        deafen();
      }
    },
  };
}

const toEvent = (row: EventRow): TaskEvent => ({
  cursor: toCursorText(row),
  type: row.type,
  taskId: row.task_id,
  atMs: row.at_ms,
});

function toCursor(text: string | undefined): EventCursor | undefined {
  const cursor = text === undefined ? undefined : parseCursor(text);
  if (cursor !== undefined || text === undefined) return cursor;
  const problem = { field: 'after', message: 'after must be the id of an event' };
  throw new GatewayError('invalid_input', problem.message, { details: [problem] });
}
