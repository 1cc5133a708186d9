import type { ClaimedJob } from '../queue/queue.ts';
import { listAttempts } from '../store/attempts.ts';
import { getTask } from '../store/tasks.ts';
import { commit, type DriverDeps, fail, isPastDeadline, LeaseLost, type Run, type StepEnd, Stopped } from './run.ts';
import { begin } from './steps/begin.ts';
import { follow } from './steps/follow.ts';
import { settleFate } from './steps/settle-fate.ts';
import type { Alarms } from './waiting.ts';

/** Takes one task from where it stands to its end, or to where another holder can go on.
 *  @throws {LeaseLost} when another holder has the task; {Stopped} when the process stops; anything else when something
 *    broke, and the task should be tried again later. */
export type Drive = (job: ClaimedJob, signals: { stop: AbortSignal; abort: AbortSignal }) => Promise<void>;

export function createDriver(deps: DriverDeps & { readonly alarms: Alarms }): Drive {
  return async (job, { stop, abort }) => {
    // Before the row is read, so that what happens to it afterwards is heard.
    const alarm = deps.alarms.open(job.id);
    try {
      const task = await getTask(deps.db, job.id);
      // A task ends together with its job, so this is a row that somebody put there by hand.
      if (task === undefined) return void (await deps.db.write([deps.queue.complete(job.lease)]));
      const run: Run = { deps, lease: job.lease, alarm, task, attempt: { number: 0, acceptedAtMs: null }, stop, abort };
      // The first claim of a job finds no attempts, and most jobs are claimed once.
      if (job.attempts > 1) run.attempt = await lastAttempt(run);
      await drive(run);
    } finally {
      alarm.close();
    }
  };
}

async function lastAttempt({ deps, task }: Run): Promise<Run['attempt']> {
  const last = (await listAttempts(deps.db, task.id)).at(-1);
  return { number: last?.number ?? 0, acceptedAtMs: last?.accepted_at_ms ?? null };
}

async function drive(run: Run): Promise<void> {
  try {
    for (let isFresh = false; ; isFresh = true) {
      if ((await takeStep(run, isFresh)) === 'ended') return;
    }
  } catch (error) {
    const isOver = run.abort.aborted || error instanceof LeaseLost || error instanceof Stopped;
    // Every task ends: one that breaks us again and again does so at its deadline.
    if (isOver || !isPastDeadline(run)) throw error;
    run.deps.log.error({ taskId: run.task.id, err: error }, 'a task was given up on after an error of ours');
    await fail(run, { code: 'internal', message: 'an error of the gateway kept the task from ending' });
  }
}

async function takeStep(run: Run, isFresh: boolean): Promise<StepEnd> {
  switch (run.task.status) {
    case 'queued':
      return begin(run);
    case 'submitting':
      return settleFate(run);
    case 'running':
    case 'collecting':
      return follow(run, { isFresh });
    case 'succeeded':
    case 'failed':
    case 'canceled':
      await commit(run, [run.deps.queue.complete(run.lease)]);
      return 'ended';
  }
}
