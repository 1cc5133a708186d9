import { randomBytes } from 'node:crypto';
import { MAX_FETCH_MEGABYTES, type Room } from '../../assets/testing/room.ts';
import { LIMITS } from '../../config.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { createIds } from '../../lib/ids.ts';
import { createEmbeddedQueue } from '../../queue/embedded.ts';
import { openLibrary } from '../open-library.ts';

/** Waits between tries are shorter than this, and take no time. */
const HEARTBEAT_MS = 60_000;

/** The library over the files of a room. Its fetcher is not started. */
export function openTestLibrary(room: Room, p: { origin?: () => string; maxLoraMegabytes?: number } = {}) {
  const { db } = room;
  const nowMs = () => room.time.nowMs;
  const clock: Clock = {
    nowMs,
    after(ms, callback) {
      if (ms >= HEARTBEAT_MS) return systemClock.after(ms, callback);
      setImmediate(callback);
      return () => undefined;
    },
  };
  const queue = createEmbeddedQueue({ db, holder: randomBytes(4).toString('hex'), isAlone: true });
  const ids = createIds({ nowMs, node: 2, randomBytes });
  const note = () => undefined;
  const log = { debug: note, info: note, warn: note, error: note };
  const limits = {
    ...LIMITS,
    heartbeatMs: HEARTBEAT_MS,
    maxFetchMegabytes: MAX_FETCH_MEGABYTES,
    maxLoraMegabytes: p.maxLoraMegabytes ?? 2,
  };
  const origin = p.origin ?? (() => 'http://reelay.test');
  const library = openLibrary({ config: { limits }, db, files: room, queue, ids, clock, random: () => 0, log, origin });
  return {
    ...library,
    async close() {
      await library.mediaFetcher.stop();
      await queue.close();
    },
  };
}
