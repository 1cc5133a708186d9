import type { TaskView } from '../contract/task.ts';
import type { ServiceDeps } from './service.ts';
import { isTerminal } from './state.ts';

/** After news, which is of any task, a waiter looks at its own no sooner than this after its last look. */
const MIN_LOOK_MS = 200;
/** Without news, which another process does not send. */
const MAX_LOOK_MS = 2_000;

/** Looks until the task has ended, the time is up or the signal fires. */
export async function waitForEnd(
  { bell, clock }: Pick<ServiceDeps, 'bell' | 'clock'>,
  { ms, signal }: { ms: number; signal: AbortSignal },
  look: () => Promise<TaskView | undefined>,
): Promise<TaskView | undefined> {
  const untilMs = clock.nowMs() + ms;
  let hasNews = Promise.withResolvers<void>();
  const deafen = bell.listen(() => hasNews.resolve());
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const pause = (pauseMs: number, ...wakes: readonly Promise<void>[]) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(Math.max(0, Math.min(pauseMs, untilMs - clock.nowMs())), resolve);
      for (const wake of wakes)
        void wake.then(() => {
          cancel();
          resolve();
        });
    });
  try {
    for (;;) {
      hasNews = Promise.withResolvers<void>();
      const task = await look();
      if (task === undefined || isTerminal(task.status) || clock.nowMs() >= untilMs || signal.aborted) return task;
      await pause(MIN_LOOK_MS, stopped);
      await pause(MAX_LOOK_MS, stopped, hasNews.promise);
    }
  } finally {
    deafen();
  }
}
