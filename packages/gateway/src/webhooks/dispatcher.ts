import type { Log } from '../contract/log.ts';
import type { Bell } from '../lib/bell.ts';
import { type Clock, pause } from '../lib/clock.ts';
import { createWorker, type Drive, type WorkerDeps } from '../queue/worker.ts';
import { listNew, markQueued, type NewJobRow } from '../store/webhook-outbox.ts';
import { DELIVERY_PRIORITY, DELIVERY_QUEUE, toJobId } from './ids.ts';

const PAGE_ROWS = 200;
/** Between two looks, however often the bell rings. */
const MIN_LOOK_MS = 50;

export type DispatcherLimits = {
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** Deliveries on their way at a time, of this process. */
  readonly maxInFlight: number;
  /** Of one receiver, counting every process on the store: one that hangs holds up itself. */
  readonly maxPerReceiver: number;
  /** Between two looks into the outbox: the bell rings in this process only. */
  readonly pollMs: number;
  readonly maxWaitMs?: number;
};

type Deps = Omit<WorkerDeps, 'drive' | 'limits' | 'wake'> & {
  readonly deliver: Drive;
  readonly bell: Pick<Bell, 'listen'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: DispatcherLimits;
};

export type Dispatcher = { start(): void; stop(p: { graceMs: number }): Promise<void> };

/** Gives each new delivery a job, and works on the jobs: those of one receiver, however many, share a few places. Any
 *  number of processes may do so on one store. */
export function createDispatcher({ deliver, bell, limits, ...deps }: Deps): Dispatcher {
  const { clock, log } = deps;
  const worker = createWorker({
    ...deps,
    drive: deliver,
    queueName: DELIVERY_QUEUE,
    noun: 'delivery',
    idField: 'job',
    limits: { ...limits, maxPerGroup: limits.maxPerReceiver },
  });
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) =>
    stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const look = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const news = Promise.withResolvers<void>();
      // Before the look, so that what comes after it is heard.
      const deafen = bell.listen(() => news.resolve());
      try {
        if ((await enqueueNew(deps)) === PAGE_ROWS) continue;
        await pause(clock, MIN_LOOK_MS, stopped);
        await pause(clock, limits.pollMs, news.promise, stopped);
      } catch (err) {
        log.error({ err }, 'could not look for new deliveries');
        await pause(clock, limits.pollMs, stopped);
      } finally {
        deafen();
      }
    }
  };
  let looking: Promise<void> | undefined;
  return {
    start() {
      looking ??= look();
      worker.start();
    },
    async stop(p) {
      stopping.abort();
      await looking;
      await worker.stop(p);
    },
  };
}

/** @returns how many there were. */
async function enqueueNew({ db, queue, clock }: Pick<Deps, 'db' | 'queue' | 'clock'>): Promise<number> {
  for (;;) {
    const rows = await listNew(db, PAGE_ROWS);
    if (rows.length === 0) return 0;
    const nowMs = clock.nowMs();
    const jobs = rows.flatMap((row) =>
      queue.enqueue(
        {
          id: toJobId(row),
          queue: DELIVERY_QUEUE,
          groupKey: receiverOf(row),
          priority: DELIVERY_PRIORITY,
          runAtMs: row.next_at_ms ?? nowMs,
          payload: '',
        },
        nowMs,
      ),
    );
    const { committed } = await db.write([markQueued(db, rows), ...jobs]);
    // Somebody else was faster with one of them, so they are looked for again.
    if (!committed) continue;
    queue.notify(DELIVERY_QUEUE);
    return rows.length;
  }
}

/** Host and port. What nobody is to hear any more ends without being sent. */
const receiverOf = ({ target }: NewJobRow): string =>
  target === null || !URL.canParse(target) ? 'nobody' : new URL(target).host;
