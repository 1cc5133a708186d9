/** Time as the stand-in is given it. */
export type Clock = {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Calls back once after `ms`. @returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still. With it, time passes only when the control of the stand-in says so. */
export const stillClock = (nowMs = Date.UTC(2026, 10, 22, 10)): Clock => ({
  nowMs: () => nowMs,
  after: () => () => {},
});

export type Time = Clock & {
  /** Jumps ahead; what becomes due happens in its order, each at its own instant. */
  advance(ms: number): void;
  /** Waits so long, or until the promise is settled. */
  pause(ms: number, until: Promise<unknown>): Promise<void>;
  /** How many wait like this: nothing but time helps them. */
  readonly pauses: number;
  /** Forgets every timer. */
  clear(): void;
};

type Timer = { readonly atMs: number; readonly fire: () => void };

/** A clock that can be put forward. */
export function createTime(clock: Clock): Time {
  let aheadMs = 0;
  let pauses = 0;
  const timers = new Map<Timer, () => void>();
  const nowMs = () => clock.nowMs() + aheadMs;
  const end = (timer: Timer): boolean => {
    timers.get(timer)?.();
    return timers.delete(timer);
  };
  const earliest = (): Timer | undefined => [...timers.keys()].toSorted((one, other) => one.atMs - other.atMs)[0];
  const after: Time['after'] = (ms, callback) => {
    const timer: Timer = { atMs: nowMs() + ms, fire: callback };
    const fire = () => {
      if (end(timer)) callback();
    };
    timers.set(timer, () => {});
    timers.set(timer, clock.after(ms, fire));
    return () => void end(timer);
  };
  return {
    nowMs,
    after,
    async pause(ms, until) {
      const over = Promise.withResolvers<void>();
      const stop = after(ms, over.resolve);
      pauses += 1;
      // However the other side ended it.
      await Promise.race([over.promise, until]).catch(() => undefined);
      pauses -= 1;
      stop();
    },
    get pauses() {
      return pauses;
    },
    advance(ms) {
      const untilMs = nowMs() + ms;
      for (let next = earliest(); next !== undefined && next.atMs <= untilMs; next = earliest()) {
        aheadMs += Math.max(0, next.atMs - nowMs());
        end(next);
        next.fire();
      }
      aheadMs += Math.max(0, untilMs - nowMs());
    },
    clear() {
      for (const timer of [...timers.keys()]) end(timer);
    },
  };
}
