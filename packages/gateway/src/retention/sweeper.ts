import { type Clock, sleep } from '../lib/clock.ts';
import { BITE_ROWS, type Bite, createBites, type Deps } from './bites.ts';
import { removeOrphans } from './orphans.ts';

/** Nothing that grows old does so by the minute. */
const INTERVAL_MS = 600_000;
/** A start has other things to do. */
const FIRST_AFTER_MS = 60_000;
const ORPHANS_EVERY_MS = 24 * 3_600_000;
/** Between two bites, for whoever waits for the store. */
const REST_MS = 100;
/** Of one kind at a time; what is left then is taken at the next. */
const MAX_BITES = 10_000;

export type Sweeper = {
  /** Sweeps from now on, now and then. */
  start(): void;
  /** Deletes everything that is old by now. */
  sweep(signal: AbortSignal): Promise<void>;
  /** Deletes files without a row. */
  sweepOrphans(signal: AbortSignal): Promise<void>;
  /** Resolves when it has stopped. */
  stop(): Promise<void>;
};

/** Deletes what is older than it should be, in small bites. Several processes may sweep one store: whatever one of them has
 *  deleted, the other finds gone. */
export function createSweeper(deps: Deps & { readonly clock: Clock; readonly random: () => number }): Sweeper {
  const { clock, log } = deps;
  const bites = createBites(deps);
  const ending = new AbortController();
  let running: Promise<void> | undefined;
  let orphansAtMs = clock.nowMs();

  const eat = async (bite: Bite, signal: AbortSignal): Promise<void> => {
    let deleted = 0;
    let freedBytes = 0;
    for (let taken = 1; taken <= MAX_BITES; taken += 1) {
      const one = await bite.take(clock.nowMs());
      deleted += one.deleted;
      freedBytes += one.freedBytes ?? 0;
      if (one.found < BITE_ROWS || one.deleted === 0) break;
      await sleep(clock, REST_MS, signal);
    }
    if (deleted > 0) log.info({ kind: bite.name, deleted, freedBytes }, 'deleted what was old');
  };
  const sweep = async (signal: AbortSignal): Promise<void> => {
    for (const bite of bites) {
      signal.throwIfAborted();
      // What cannot be deleted today keeps nothing else from being deleted.
      await eat(bite, signal).catch((err) => {
        signal.throwIfAborted();
        log.error({ err, kind: bite.name }, 'could not delete what is old');
      });
    }
  };
  const sweepOrphans = async (signal: AbortSignal): Promise<void> => {
    const { files, freedBytes } = await removeOrphans(deps, clock.nowMs(), () => sleep(clock, REST_MS, signal));
    if (files > 0) log.info({ files, freedBytes }, 'deleted files that nothing refers to');
  };
  const run = async (): Promise<void> => {
    const { signal } = ending;
    // Processes that were started together need not sweep together.
    const spread = () => 1 + deps.random() / 10;
    await sleep(clock, FIRST_AFTER_MS * spread(), signal);
    for (;;) {
      await sweep(signal);
      if (clock.nowMs() >= orphansAtMs) {
        orphansAtMs = clock.nowMs() + ORPHANS_EVERY_MS;
        await sweepOrphans(signal).catch((err) => {
          signal.throwIfAborted();
          log.error({ err }, 'could not look for files that nothing refers to');
        });
      }
      await sleep(clock, INTERVAL_MS * spread(), signal);
    }
  };

  return {
    start() {
      // It ends with the signal and with nothing else.
      running ??= run().catch(() => undefined);
    },
    sweep,
    sweepOrphans,
    async stop() {
      ending.abort();
      await running;
    },
  };
}
