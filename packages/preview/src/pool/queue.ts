/** Hands out `slots` places in the order of asking. */
export type Slots = {
  /** Waits for a place. @returns a function that gives it back, to be called once.
   *  @throws the signal's reason when it fires while waiting. */
  take(signal: AbortSignal): Promise<() => void>;
  counts(): { running: number; waiting: number };
};

type Waiter = { readonly start: () => void };

export function createSlots(slots: number): Slots {
  let running = 0;
  const waiting = new Set<Waiter>();
  const next = (): void => {
    for (const waiter of waiting) {
      if (running >= slots) return;
      waiting.delete(waiter);
      running += 1;
      waiter.start();
    }
  };
  const giveBack = (): void => {
    running -= 1;
    next();
  };
  const take = (signal: AbortSignal): Promise<() => void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = (): void => {
        waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', stop);
          resolve(giveBack);
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      waiting.add(waiter);
      next();
    });
  return { take, counts: () => ({ running, waiting: waiting.size }) };
}
