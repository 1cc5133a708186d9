import { toJson } from './answer.ts';
import type { Callback, Signer } from './definition.ts';
import type { Job } from './jobs.ts';
import { type Random, uuid } from './random.ts';
import type { Time } from './time.ts';

/** Real time, whatever the clock says: somebody is at the other end. */
const TIMEOUT_MS = 15_000;
const RETRY_AFTER_MS = [5_000, 30_000, 300_000];
export const LATE_MS = 600_000;

export type Delivery = {
  readonly jobId: string;
  readonly kind: 'genuine' | 'forged';
  readonly atMs: number;
  /** Undefined: nobody answered. */
  readonly status: number | undefined;
};

export type Callbacks = {
  readonly deliveries: readonly Delivery[];
  /** How many are on their way. */
  readonly underWay: number;
  /** Tells of the job as it is now, as often and as late as its faults say. */
  tell(job: Job): void;
  forge(job: Job): void;
  /** Waits until nothing is on its way. */
  settle(): Promise<void>;
  clear(): void;
};

export function createCallbacks(p: {
  callback: Callback;
  genuine: Signer;
  forger: Signer;
  time: Time;
  random: Random;
}): Callbacks {
  const { callback, time, random } = p;
  const deliveries: Delivery[] = [];
  const onTheWay = new Set<Promise<void>>();

  const post = async (job: Job, kind: Delivery['kind'], deliveryId: string): Promise<boolean> => {
    const signer = kind === 'genuine' ? p.genuine : p.forger;
    const made = callback.make(job, { signer, nowMs: time.nowMs(), deliveryId });
    if (made === undefined) return true;
    const { body, sign } = made;
    const raw = toJson(body, job.faults);
    const response = await fetch(job.callbackUrl ?? '', {
      method: 'POST',
      body: raw,
      headers: { 'content-type': 'application/json', ...sign?.(raw) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => undefined);
    await response?.body?.cancel();
    deliveries.push({ jobId: job.id, kind, atMs: time.nowMs(), status: response?.status });
    return response?.ok === true;
  };
  const send = (job: Job, kind: Delivery['kind'], tries = RETRY_AFTER_MS, id = uuid(random)): void => {
    const work = post(job, kind, id).then((isTaken) => {
      const [pauseMs, ...rest] = tries;
      if (!isTaken && pauseMs !== undefined) time.after(pauseMs, () => send(job, kind, rest, id));
    });
    onTheWay.add(work);
    work.finally(() => onTheWay.delete(work));
  };
  return {
    deliveries,
    get underWay() {
      return onTheWay.size;
    },
    tell(job) {
      if (job.callbackUrl === undefined || job.faults.has('no-callback')) return;
      const isOver = job.state === 'done' || job.state === 'failed';
      if (!isOver && callback.on === 'end') return;
      // What is told later is how the job was, not what became of it.
      const told = { ...job };
      const id = uuid(random);
      const go = () => {
        send(told, 'genuine', RETRY_AFTER_MS, id);
        if (told.faults.has('duplicate-callback')) send(told, 'genuine', RETRY_AFTER_MS, id);
      };
      if (isOver && job.faults.has('late-callback')) time.after(LATE_MS, go);
      else go();
    },
    forge: (job) => {
      if (job.callbackUrl !== undefined) send(job, 'forged', []);
    },
    async settle() {
      while (onTheWay.size > 0) await Promise.all(onTheWay);
    },
    clear: () => void deliveries.splice(0),
  };
}
