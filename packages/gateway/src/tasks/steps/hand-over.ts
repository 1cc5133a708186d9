import type { Accepted } from '../../providers/provider.ts';
import { acceptAttempt, listAttempts } from '../../store/attempts.ts';
import { announce } from '../announce.ts';
import { closeAttempts, type Failure, fail } from '../ending.ts';
import { TASK_QUEUE } from '../queue-name.ts';
import { fieldsOf, isCancelAsked, move, type Run } from '../run.ts';
import { restMs } from '../tried.ts';

/** The upstream has the job: its handle is written before anything else happens. */
export async function accept(run: Run, { handle, isDone }: Accepted): Promise<'moved'> {
  const { db, clock, channels, log } = run.deps;
  const acceptedAtMs = clock.nowMs();
  const { number, model } = run.attempt;
  const { channel, endpoint } = run.task;
  await move(run, 'accepted', {
    set: { handle: JSON.stringify(handle) },
    with: [
      acceptAttempt(db, { task_id: run.task.id, number, accepted_at_ms: acceptedAtMs }),
      ...announce(db, run.task, { status: 'running', nowMs: acceptedAtMs }),
      ...(channel === null
        ? []
        : channels.report({ channel, route: { endpoint, model: model ?? '' }, is: 'accepted' })),
    ],
  });
  run.deps.bell.ring();
  run.attempt = { ...run.attempt, acceptedAtMs, isDone: isDone === true };
  log.debug(fieldsOf(run), 'job accepted');
  return 'moved';
}

/** Back into the queue: nothing was accepted. Other channels that could take it are asked at once, this one and those
 *  before it after a wait. Ends as a failure where the next try would be past the deadline. */
export async function giveBack(run: Run, reason: Failure): Promise<'ended'> {
  const { clock, queue, log, channels } = run.deps;
  const { attempt } = run;
  const nowMs = clock.nowMs();
  // A task that nobody wants any more ends at its next step.
  const waitMs = isCancelAsked(run) || attempt.hasOthers === true ? 0 : await waitMsOf(run);
  const runAtMs = nowMs + waitMs;
  if (runAtMs >= run.task.deadline_at_ms) return fail(run, reason);
  const { code, message, learnt } = reason;
  const closed = closeAttempts(run, [{ attempt, outcome: 'not_accepted', code, message, learnt }], nowMs);
  await move(run, 'not_accepted', {
    with: [...closed.flatMap(({ statements }) => statements), queue.reschedule(run.lease, { runAtMs, error: code })],
  });
  // Whoever waits for work may have to wake earlier now.
  queue.notify(TASK_QUEUE);
  channels.freed(attempt.channel);
  log.info({ ...fieldsOf(run), code, retryInMs: runAtMs - nowMs }, 'job not accepted');
  return 'ended';
}

/** Longer each time that the same channel did not accept it. */
async function waitMsOf({ deps, task, attempt: { number, channel } }: Run): Promise<number> {
  const earlier = number === 1 ? [] : await listAttempts(deps.db, task.id);
  const own = earlier.filter((row) => row.channel === channel && row.outcome === 'not_accepted');
  return restMs({ failures: own.length + 1, random: deps.random() });
}
