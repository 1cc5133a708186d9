/** Wakes those who wait for a queue in this process. A notification that nobody waited for is kept. */
export type Notifier = {
  notify(queue: string): void;
  notifyAll(): void;
  /** Drops the notifications so far: whoever calls it looks for work after it. */
  forget(queue: string): void;
  /** Undefined when there is nothing to wait for: notified already, aborted or closed. `ended` resolves at a
   *  notification, at `stop`, at the signal and at `close`. */
  wait(queue: string, signal: AbortSignal): { readonly ended: Promise<void>; stop(): void } | undefined;
  close(): void;
};

export function createNotifier(): Notifier {
  const notified = new Set<string>();
  const waiters = new Map<string, Set<() => void>>();
  let isClosed = false;
  const wake = (queue: string) => {
    for (const stop of [...(waiters.get(queue) ?? [])]) stop();
  };
  return {
    notify(queue) {
      notified.add(queue);
      wake(queue);
    },
    notifyAll() {
      for (const queue of waiters.keys()) wake(queue);
    },
    forget(queue) {
      notified.delete(queue);
    },
    wait(queue, signal) {
      if (isClosed || signal.aborted || notified.has(queue)) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiting = waiters.get(queue) ?? new Set();
      waiters.set(queue, waiting);
      const stop = () => {
        waiting.delete(stop);
        signal.removeEventListener('abort', stop);
        resolve();
      };
      waiting.add(stop);
      signal.addEventListener('abort', stop, { once: true });
      return { ended: promise, stop };
    },
    close() {
      isClosed = true;
      for (const queue of waiters.keys()) wake(queue);
    },
  };
}
