/** Time, passed in so that tests can move it. */
export type Clock = {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Calls back once after `ms`. @returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
};

/** What a timer of the system can wait at once; a longer one would end immediately. */
const MAX_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`. @throws the signal's reason, at once when it fires. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** Resolves after `ms`, or sooner with one of the wakes: then true. */
export function pause(clock: Clock, ms: number, ...wakes: readonly Promise<void>[]): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false));
    for (const wake of wakes)
      void wake.then(() => {
        cancel();
        resolve(true);
      });
  });
}

/** Work that was given a limited time took longer. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/** Runs `work` with a signal that fires after `ms`, or with the given one. Ends with the signal even when the work does
 *  not heed it. @throws {TookTooLong}; the given signal's reason. */
export async function withTimeout<T>(
  clock: Clock,
  p: { ms: number; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  p.signal.throwIfAborted();
  const controller = new AbortController();
  const ended = Promise.withResolvers<never>();
  controller.signal.addEventListener('abort', () => ended.reject(controller.signal.reason), { once: true });
  const stop = () => controller.abort(p.signal.reason);
  p.signal.addEventListener('abort', stop, { once: true });
  const cancel = clock.after(p.ms, () => controller.abort(new TookTooLong(`no answer within ${p.ms} ms`)));
  try {
    return await Promise.race([work(controller.signal), ended.promise]);
  } finally {
    cancel();
    p.signal.removeEventListener('abort', stop);
  }
}
