import type { ErrorCode } from '../../contract/errors.ts';
import { listAttempts } from '../../store/attempts.ts';
import { closeAttempts, endingOf, endingsBeside, type Failure, fail, totalCost } from '../ending.ts';
import { TASK_QUEUE } from '../queue-name.ts';
import { fieldsOf, isCancelAsked, isPastDeadline, move, type Run } from '../run.ts';
import { consentOf, toTried } from '../tried.ts';
import { choose } from './choose-channel.ts';
import { withInput } from './prepare.ts';

/** Failures of one upstream that say little about the next. Of others, what was asked for is the reason. */
const MAY_DIFFER: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'generation_failed',
  'timed_out',
  'provider_unavailable',
  'rate_limited',
  'internal',
  'outcome_unknown',
]);

/** What an upstream took, or may have taken, came to nothing. The task goes back into the queue, for a channel that was not
 *  tried, where its caller agreed to that and a channel is there that fits what may be spent; else it ends. */
export async function failOver(run: Run, failure: Failure): Promise<'ended'> {
  const { deps } = run;
  if (!(await canGoOn(run, failure))) return fail(run, failure);
  const nowMs = deps.clock.nowMs();
  const closed = closeAttempts(run, [endingOf(run, failure), ...endingsBeside(run)], nowMs);
  await move(run, 'retry', {
    set: { handle: null, ...(await totalCost(run, closed)) },
    with: [
      ...closed.flatMap(({ statements }) => statements),
      deps.queue.reschedule(run.lease, { runAtMs: nowMs, error: failure.code }),
    ],
  });
  deps.queue.notify(TASK_QUEUE);
  deps.channels.freed(run.attempt.channel);
  deps.log.info({ ...fieldsOf(run), code: failure.code }, 'job failed: the task goes on elsewhere');
  return 'ended';
}

async function canGoOn(run: Run, failure: Failure): Promise<boolean> {
  const { deps, task } = run;
  if (consentOf(run) === undefined || !MAY_DIFFER.has(failure.code)) return false;
  if (isCancelAsked(run) || isPastDeadline(run)) return false;
  const endpoint = deps.catalog.get(task.endpoint);
  const whole = await withInput(run);
  if (endpoint === undefined || whole === undefined) return false;
  const { attempt } = run;
  const [closed] = closeAttempts(run, [endingOf(run, failure)], deps.clock.nowMs());
  const rows = (await listAttempts(deps.db, task.id)).map((row) =>
    row.number === attempt.number ? { ...row, ...closed?.cost, outcome: failure.outcome ?? 'failed' } : row,
  );
  const tried = toTried(run, rows);
  const decision = await choose(whole, endpoint, { tried });
  deps.channels.withdraw(task.id);
  return decision.is !== 'refused';
}
