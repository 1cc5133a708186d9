import type { Json } from '@reelay/catalog';
import { backoffMs } from '../../lib/backoff.ts';
import { acceptAttempt } from '../../store/attempts.ts';
import { TASK_QUEUE } from '../queue-name.ts';
import { closeAttempt, type Failure, fail, fieldsOf, isCancelAsked, move, type Run } from '../run.ts';

/** The upstream has the job: its handle is written before anything else happens. */
export async function accept(run: Run, handle: Json): Promise<'moved'> {
  const { db, clock, log } = run.deps;
  const acceptedAtMs = clock.nowMs();
  const { number } = run.attempt;
  await move(run, 'accepted', {
    set: { handle: JSON.stringify(handle) },
    with: [acceptAttempt(db, { task_id: run.task.id, number, accepted_at_ms: acceptedAtMs })],
  });
  run.attempt = { number, acceptedAtMs };
  log.debug(fieldsOf(run), 'job accepted');
  return 'moved';
}

/** Back into the queue, later: nothing was accepted. Ends as a failure where the next try would be past the deadline. */
export async function giveBack(run: Run, reason: Failure): Promise<'ended'> {
  const { clock, random, queue, log } = run.deps;
  const nowMs = clock.nowMs();
  const failures = run.attempt.number;
  // A task that nobody wants any more ends at its next step.
  const waitMs = isCancelAsked(run) ? 0 : backoffMs({ failures, baseMs: 1_000, maxMs: 60_000, random: random() });
  const runAtMs = nowMs + waitMs;
  if (runAtMs >= run.task.deadline_at_ms) return fail(run, reason);
  const { code, message } = reason;
  await move(run, 'not_accepted', {
    with: [
      closeAttempt(run, { outcome: 'not_accepted', nowMs, code, message }),
      queue.reschedule(run.lease, { runAtMs, error: code }),
    ],
  });
  // Whoever waits for work may have to wake earlier now.
  queue.notify(TASK_QUEUE);
  log.info({ ...fieldsOf(run), code, retryInMs: runAtMs - nowMs }, 'job not accepted');
  return 'ended';
}
