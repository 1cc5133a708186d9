import { toLogText } from '../../lib/log-text.ts';
import { setAttemptHandle } from '../../store/attempts.ts';
import type { Statement } from '../../store/db.ts';
import { getTask } from '../../store/tasks.ts';
import { closeAttempts, endingOf, type Failure, lessonOfEnd, totalCost } from '../ending.ts';
import { type Beside, type Changes, call, fieldsOf, move, type Run } from '../run.ts';
import { close } from './beside.ts';
import { proceed } from './proceed.ts';
import { createWatch, lateMsOf, nextDelayMs, type Watch } from './watch.ts';

/** How long, and how often, a job that lost is told so: its task waits for it. */
const DISMISS_MS = 10_000;
const MAX_DISMISS_TRIES = 2;
const MIN_DELAY_MS = 500;

/** Asks for the job beside the one that holds the task. `won`: it has a result. */
export async function lookBeside(run: Run, watch: Watch): Promise<'won' | undefined> {
  const { deps, beside } = run;
  if (beside === undefined) return undefined;
  const askedAtMs = deps.clock.nowMs();
  try {
    const { provider, handle } = watch;
    const progress = await call(run, { name: 'poll beside', ms: deps.limits.pollTimeoutMs }, (signal) =>
      provider.poll(handle, signal),
    );
    watch.failures = 0;
    if (progress.state === 'succeeded' && progress.outputs.length > 0) return 'won';
    if (progress.state === 'pending') {
      watch.unfinishedAtMs = askedAtMs;
      watch.floorMs = progress.pollAfterMs;
      const failure = progress.next === undefined ? undefined : await proceed(run, watch, progress.next);
      if (failure !== undefined) await close(run, beside, { outcome: 'failed', ...failure });
    } else {
      const failure = progress.state === 'failed' ? progress : NO_RESULT;
      const lateMs = lateMsOf(run, watch, progress);
      const { code, message } = failure;
      const learnt = lessonOfEnd(failure);
      await close(run, beside, { outcome: 'failed', code, message, learnt, cost: progress.cost, lateMs });
    }
  } catch (error) {
    run.abort.throwIfAborted();
    // What could not be written is tried again like what could not be read; a lost lease ends the run at its next write.
    watch.failures += 1;
    deps.log.warn({ ...fieldsOf(run), beside: beside.attempt.channel, reason: toLogText(error) }, 'a poll failed');
  }
  // At the deadline the task ends with the other.
  watch.dueAtMs = deps.clock.nowMs() + Math.max(MIN_DELAY_MS, await nextDelayMs(run, watch));
  return undefined;
}

export const NO_RESULT = {
  code: 'generation_failed',
  message: 'the provider reports success, but no result',
} as const;

/** The job beside has a result: it holds the task from now on, and the other runs beside it. */
export async function swap(run: Run, main: Watch): Promise<void> {
  const { beside } = run;
  if (beside === undefined) throw new Error('there is no other job');
  await promote(run, beside, [
    setAttemptHandle(run.deps.db, {
      task_id: run.task.id,
      number: main.attempt.number,
      handle: JSON.stringify(main.handle),
    }),
  ]);
  const { attempt, provider, handle } = main;
  run.beside = { attempt, provider, handle };
}

/** The job that held the task came to nothing: the one beside it holds it from now on.
 *  @returns undefined where there is none. */
export async function takeOver(run: Run, failure: Failure): Promise<Watch | undefined> {
  const { beside, deps } = run;
  if (beside?.handle === undefined) return undefined;
  const former = run.attempt;
  const closed = closeAttempts(run, [endingOf(run, failure)], deps.clock.nowMs());
  await promote(
    run,
    beside,
    closed.flatMap(({ statements }) => statements),
    await totalCost(run, closed),
  );
  run.beside = undefined;
  deps.channels.freed(former.channel);
  deps.log.info({ ...fieldsOf(run), code: failure.code }, 'job failed: the one beside it goes on');
  return createWatch(run, { ...beside, handle: beside.handle });
}

async function promote(
  run: Run,
  { attempt, handle }: Beside,
  statements: readonly Statement[],
  set: Changes = {},
): Promise<void> {
  const { db } = run.deps;
  const { id } = run.task;
  await move(run, 'promote', {
    set: { ...set, channel: attempt.channel, handle: JSON.stringify(handle) },
    with: [...statements, setAttemptHandle(db, { task_id: id, number: attempt.number, handle: null })],
    // Its status stays.
    isDone: async () => (await getTask(db, id))?.channel === attempt.channel,
  });
  run.attempt = attempt;
  run.task = { ...run.task, handle: null };
}

/** Tells the job beside that nobody wants it any more. @returns whether it was stopped, or never was. */
export async function dismiss(run: Run): Promise<boolean> {
  const { beside, deps } = run;
  if (beside === undefined) return true;
  const { provider, handle } = beside;
  if (handle === undefined || provider.cancel === undefined) return false;
  for (let tries = 0; tries < MAX_DISMISS_TRIES; tries += 1) {
    try {
      await call(run, { name: 'cancel beside', ms: DISMISS_MS }, async (signal) => provider.cancel?.(handle, signal));
      return true;
    } catch (error) {
      run.abort.throwIfAborted();
      const reason = toLogText(error);
      deps.log.warn({ ...fieldsOf(run), beside: beside.attempt.channel, reason }, 'the job could not be canceled');
    }
  }
  return false;
}
