import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

export type VirtualClock = Clock & {
  /** Moves time, calling back whatever becomes due, each at its own instant and with what it starts settled. */
  advance(ms: number): Promise<void>;
  /** Moves to the next timer again and again until `isDone`; bounded by the time limit of the test. */
  runUntil(isDone: () => boolean): Promise<void>;
  /** How long each timer was set for, in order. */
  readonly delays: readonly number[];
};

/** How many turns of the event loop what a timer started may take: writes go to a thread and back. */
const SETTLE_TURNS = 200;

/** Time that stands still until a test moves it. */
export function createVirtualClock(startMs = Date.UTC(2026, 0, 2)): VirtualClock {
  let nowMs = startMs;
  const timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();
  const delays: number[] = [];
  const earliest = () => [...timers].reduce((one, other) => (other.atMs < one.atMs ? other : one));
  const fireNext = async () => {
    const timer = earliest();
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.atMs);
    timer.callback();
    await nextTurn();
  };
  return {
    delays,
    nowMs: () => nowMs,
    after(ms, callback) {
      const timer = { atMs: nowMs + ms, callback };
      delays.push(ms);
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      while (timers.size > 0 && earliest().atMs <= untilMs) await fireNext();
      nowMs = untilMs;
    },
    async runUntil(isDone) {
      for (;;) {
        for (let turn = 0; turn < SETTLE_TURNS && !isDone(); turn += 1) await nextTurn();
        if (isDone()) return;
        // Work may still be on its way without a timer: it comes back through the event loop.
        if (timers.size > 0) await fireNext();
      }
    },
  };
}
