import type { Db, Statement } from '../store/db.ts';
import { getTiming, upsertTiming } from '../store/timings.ts';
import { learn, type Timing } from './waiting.ts';

type Key = { readonly channel: string; readonly endpoint: string };

/** How long endpoints take on channels, as far as this process has learnt or read. Two processes that learn side by side
 *  overwrite each other's last estimate, which does no harm to an estimate. */
export type Timings = {
  get(key: Key): Promise<Timing | undefined>;
  /** Learns at once. @returns what keeps it for the next start. */
  learn(key: Key, taken: { readonly durationMs: number; readonly nowMs: number }): Statement;
};

export function createTimings(db: Db): Timings {
  const known = new Map<string, Promise<Timing | undefined>>();
  const learnt = new Map<string, Timing>();
  const nameOf = ({ channel, endpoint }: Key) => `${channel} ${endpoint}`;
  return {
    async get(key) {
      const name = nameOf(key);
      const fresh = learnt.get(name);
      if (fresh !== undefined) return fresh;
      let read = known.get(name);
      if (read === undefined) {
        read = getTiming(db, key);
        known.set(name, read);
        // A failed read is not remembered.
        read.catch(() => known.delete(name));
      }
      const timing = await read;
      if (timing !== undefined && !learnt.has(name)) learnt.set(name, timing);
      return learnt.get(name);
    },
    learn(key, taken) {
      const timing = learn(learnt.get(nameOf(key)), taken);
      learnt.set(nameOf(key), timing);
      const { channel, endpoint } = key;
      return upsertTiming(db, { channel, endpoint, ...timing });
    },
  };
}
