import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

export type VirtualClock = Clock & {
  /** Moves time, calling back whatever becomes due, each at its own instant. Waits for what that starts, but not for
   *  ever: this is how time passes for a call that nobody answers. */
  advance(ms: number): Promise<void>;
  /** Moves from timer to timer until `isDone`; bounded by the time limit of the test. */
  runUntil(isDone: () => boolean | Promise<boolean>): Promise<void>;
};

/** In how many turns of the event loop in a row nothing may be at work before time moves on. */
const QUIET_TURNS = 20;
const MAX_TURNS = 2_000;

/** Time that stands still until a test moves it, and while real work (files, threads, sockets) is under way.
 *  @param p.isBusy tells whether it is. */
export function createVirtualClock(p: { isBusy: () => boolean; startMs?: number }): VirtualClock {
  let nowMs = p.startMs ?? Date.UTC(2026, 0, 2);
  const timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();
  const settle = async (maxTurns = Number.POSITIVE_INFINITY) => {
    for (let quiet = 0, turns = 0; quiet < QUIET_TURNS && turns < maxTurns; quiet += 1, turns += 1) {
      await nextTurn();
      if (p.isBusy()) quiet = 0;
    }
  };
  const earliest = () => [...timers].reduce((one, other) => (other.atMs < one.atMs ? other : one));
  const fireNext = () => {
    const timer = earliest();
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.atMs);
    timer.callback();
  };
  return {
    nowMs: () => nowMs,
    after(ms, callback) {
      const timer = { atMs: nowMs + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle(MAX_TURNS);
      while (timers.size > 0 && earliest().atMs <= untilMs) {
        fireNext();
        await settle(MAX_TURNS);
      }
      nowMs = untilMs;
    },
    async runUntil(isDone) {
      for (;;) {
        await settle();
        if (await isDone()) return;
        if (timers.size > 0) fireNext();
      }
    },
  };
}

/** Counts what is under way in the objects it was given. */
export function createBusyness() {
  let count = 0;
  const watch = <A extends unknown[], R>(work: (...args: A) => R) =>
    function (this: unknown, ...args: A): R {
      const result = work.apply(this, args);
      if (!(result instanceof Promise)) return result;
      count += 1;
      const end = () => {
        count -= 1;
      };
      result.then(end, end);
      return result;
    };
  return {
    isBusy: () => count > 0,
    /** How many calls are open. */
    underWay: () => count,
    /** The same object, whose methods are counted while their promises are open. */
    watchAll<T extends object>(object: T): T {
      const entries = Object.entries(object).map(([name, value]) => [
        name,
        typeof value === 'function' ? watch(value) : value,
      ]);
      // Every method is replaced by one of the same shape.
      return Object.fromEntries(entries) as T;
    },
  };
}
