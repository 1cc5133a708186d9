import type { Json } from '@reelay/catalog';
import type { Provider } from '../providers/provider.ts';
import { type Drive, LeaseLost, Stopped } from '../queue/worker.ts';
import { listAttempts } from '../store/attempts.ts';
import { getTask } from '../store/tasks.ts';
import { fail } from './ending.ts';
import { type Attempt, commit, type DriverDeps, isPastDeadline, type Run, type StepEnd } from './run.ts';
import { begin } from './steps/begin.ts';
import { follow } from './steps/follow.ts';
import { settleFate } from './steps/settle-fate.ts';
import { toAttempt } from './tried.ts';
import type { Alarms } from './waiting.ts';

/** Takes tasks to their end, as `Drive` says. */
export function createDriver(deps: DriverDeps & { readonly alarms: Alarms }): Drive {
  return async (job, { stop, abort }) => {
    // Before the row is read, so that what happens to it afterwards is heard.
    const alarm = deps.alarms.open(job.id);
    try {
      const task = await getTask(deps.db, job.id);
      // A task ends together with its job, so this is a row that somebody put there by hand.
      if (task === undefined) return void (await deps.db.write([deps.queue.complete(job.lease)]));
      const none = { attempt: NO_ATTEMPT, beside: undefined, attempts: 0 };
      const run: Run = { deps, lease: job.lease, alarm, task, ...none, stop, abort };
      // The first claim of a job finds no attempts, and most jobs are claimed once.
      if (job.attempts > 1) await restore(run);
      await drive(run);
    } finally {
      alarm.close();
    }
  };
}

const NO_ATTEMPT: Attempt = {
  number: 0,
  channel: '',
  acceptedAtMs: null,
  model: null,
  chargeMicros: null,
  estimate: null,
};

/** Finds the attempts of earlier runs: the one that holds the task, or held it last, and one that may run beside it. */
async function restore(run: Run): Promise<void> {
  const { deps, task } = run;
  const rows = await listAttempts(deps.db, task.id);
  const open = rows.filter(({ outcome }) => outcome === null);
  const holder = open.find((row) => row.accepted_at_ms !== null && row.handle === null) ?? rows.at(-1);
  if (holder === undefined) return;
  run.attempt = toAttempt(holder);
  run.attempts = rows.length;
  const other = open.find((row) => row !== holder);
  if (other === undefined) return;
  const provider = (await deps.channels.get(other.channel))?.provider ?? goneProvider(other.channel);
  // What a provider gave us is stored as it is.
  const handle = other.handle === null ? undefined : (JSON.parse(other.handle) as Json);
  run.beside = { attempt: toAttempt(other), provider, handle };
}

/** In place of the provider of a channel that is configured no more. */
function goneProvider(channel: string): Provider {
  const fail = async () => {
    throw new Error(`the channel ${channel} is configured no more`);
  };
  return { name: channel, submitIsRepeatable: false, submit: fail, poll: fail };
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
