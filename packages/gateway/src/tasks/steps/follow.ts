import type { Json } from '@reelay/catalog';
import { backoffMs } from '../../lib/backoff.ts';
import { toLogText } from '../../lib/log-text.ts';
import type { Progress } from '../../providers/provider.ts';
import { LeaseLost, Stopped } from '../../queue/worker.ts';
import { setProgress } from '../../store/tasks.ts';
import { cancel, chargeOf, type Failure, fail, lessonOfEnd } from '../ending.ts';
import { call, commit, fieldsOf, isCancelAsked, type Run, rest, type StepEnd, throwIfOver } from '../run.ts';
import { createHedge, type Hedge } from './beside.ts';
import { collect } from './collect.ts';
import { failOver } from './fail-over.ts';
import { DamagedResult } from './keep-output.ts';
import { proceed } from './proceed.ts';
import { dismiss, lookBeside, NO_RESULT, swap, takeOver } from './rivals.ts';
import { collectUntilMs, createWatch, lateMsOf, MAX_BACKOFF_MS, nextDelayMs, type Watch } from './watch.ts';

/** How often a poll that fails is repeated once the deadline has passed: one broken connection should not throw away a
 *  result that may be there. */
const MAX_LATE_FAILURES = 3;
/** How often a provider is told that a job is not wanted any more. */
const MAX_CANCEL_TRIES = 4;
/** How often a result that arrives damaged is fetched. */
const MAX_DAMAGED = 3;
const MIN_PROGRESS_WRITE_MS = 1_000;
const MIN_PROGRESS_STEP = 0.01;

/** `running` and `collecting`: polls until the job ends or the time is up, then keeps what it made. The last poll comes
 *  after the deadline, so that a result which is late, but there, is kept.
 *  @param p.isFresh the job was accepted just now, so that a poll at once would be in vain. */
export async function follow(run: Run, p: { isFresh: boolean }): Promise<StepEnd> {
  const { deps, task } = run;
  const provider = task.channel === null ? undefined : (await deps.channels.get(task.channel))?.provider;
  if (provider === undefined || task.handle === null) {
    const message = `the channel ${task.channel} is configured no more: its job may go on, and may have been billed`;
    return failOver(run, { code: 'outcome_unknown', message, outcome: 'outcome_unknown' });
  }
  // What a provider gave us is stored as it is.
  const watch = createWatch(run, { attempt: run.attempt, provider, handle: JSON.parse(task.handle) as Json });
  const hedge = createHedge(run);
  // Neither is needed any more, and tasks wait here in their thousands.
  run.task = { ...task, input: '', handle: null };
  try {
    return await wait(run, { main: watch, beside: undefined }, { hedge, isFresh: p.isFresh });
  } finally {
    // Whoever goes on with the task should find a handle.
    await hedge.settle().catch(() => undefined);
  }
}

/** The jobs of the task: the one that holds it, and one that may run beside it. */
type Watches = { main: Watch; beside: Watch | undefined };

async function wait(run: Run, watches: Watches, p: { hedge: Hedge; isFresh: boolean }): Promise<StepEnd> {
  const { hedge } = p;
  const { clock } = run.deps;
  if (p.isFresh && run.attempt.isDone !== true) {
    watches.main.dueAtMs = clock.nowMs() + (await nextDelayMs(run, watches.main));
    await rest(run, Math.min(watches.main.dueAtMs - clock.nowMs(), hedge.dueInMs()));
  }
  for (;;) {
    throwIfOver(run);
    // A result that exists is kept, whoever wants what.
    if (run.task.status === 'running' && isCancelAsked(run)) return callOff(run, watches.main, hedge);
    const end = await lookAtDue(run, watches, hedge);
    if (end !== undefined) return end;
    await hedge.begin();
    const { main, beside } = watches;
    const isSecondAsked = beside !== undefined && run.task.status === 'running';
    const dueAtMs = Math.min(main.dueAtMs, isSecondAsked ? beside.dueAtMs : Number.POSITIVE_INFINITY);
    await rest(run, Math.max(0, Math.min(dueAtMs - clock.nowMs(), hedge.dueInMs())));
  }
}

/** Begins to watch a job beside the other, once its upstream has it. @returns whether it began. */
async function watchBeside(run: Run, watches: Watches): Promise<boolean> {
  const { beside } = run;
  if (beside?.handle === undefined || watches.beside?.attempt.number === beside.attempt.number) return false;
  const watch = createWatch(run, { ...beside, handle: beside.handle });
  if (beside.attempt.isDone !== true) watch.dueAtMs += await nextDelayMs(run, watch);
  watches.beside = watch;
  return true;
}

/** Polls whatever is due; all of it, where there is news before its time. */
async function lookAtDue(run: Run, watches: Watches, hedge: Hedge): Promise<StepEnd | undefined> {
  const nowMs = run.deps.clock.nowMs();
  const isNew = run.beside !== undefined && (await watchBeside(run, watches));
  if (run.beside === undefined) watches.beside = undefined;
  const isDue = (watch: Watch | undefined) => watch !== undefined && watch.dueAtMs <= nowMs;
  const isNews = !isNew && !isDue(watches.main) && !isDue(watches.beside) && hedge.dueInMs() > 0;
  const { main, beside: second } = watches;
  const looksAtSecond = second !== undefined && run.task.status === 'running' && (isNews || isDue(second));
  // At the deadline the end comes with the look at the first.
  if (looksAtSecond && (await lookBeside(run, second)) === 'won') {
    await swap(run, main);
    Object.assign(watches, { main: second, beside: undefined });
  }
  if (watches.main === second || isNews || isDue(main)) {
    const end = await look(run, watches.main, hedge);
    if (typeof end === 'string') return end;
    if (end !== undefined) Object.assign(watches, { main: end, beside: undefined });
    else watches.main.dueAtMs = run.deps.clock.nowMs() + (await nextDelayMs(run, watches.main));
  }
  return undefined;
}

/** One poll, and what follows from it. Undefined: go on waiting; a watch: for another job. */
async function look(run: Run, watch: Watch, hedge: Hedge): Promise<StepEnd | Watch | undefined> {
  const { deps } = run;
  const isLast = deps.clock.nowMs() >= watch.untilMs;
  try {
    const { provider, handle } = watch;
    const askedAtMs = deps.clock.nowMs();
    const progress = await call(run, { name: 'poll', ms: deps.limits.pollTimeoutMs }, (signal) =>
      provider.poll(handle, signal),
    );
    switch (progress.state) {
      case 'failed':
        return await lose(run, hedge, {
          ...progress,
          ...(progress.code === 'outcome_unknown' ? { outcome: 'outcome_unknown' } : {}),
          learnt: lessonOfEnd(progress),
          lateMs: lateMsOf(run, watch, progress),
        });
      case 'succeeded': {
        const noticedAtMs = deps.clock.nowMs();
        const lateMs = lateMsOf(run, watch, progress);
        if (progress.outputs.length === 0) return await lose(run, hedge, { ...NO_RESULT, cost: progress.cost, lateMs });
        if (run.task.status === 'running') watch.untilMs = collectUntilMs(run);
        const { outputs, cost, upstreamId } = progress;
        watch.cost = cost;
        const mayFetchAgain = watch.damaged < MAX_DAMAGED - 1;
        return await collect(run, {
          ...{ provider, handle, outputs, cost, upstreamId, mayFetchAgain, noticedAtMs, lateMs },
          dismissOthers: async () => {
            await hedge.settle();
            await dismiss(run);
          },
        });
      }
      case 'pending':
        watch.failures = 0;
        watch.unfinishedAtMs = askedAtMs;
        await publish(run, watch, progress);
        // Nobody pays for a step whose result would come too late, or is not wanted any more.
        if (progress.next !== undefined && !isLast && !isCancelAsked(run)) {
          const failure = await proceed(run, watch, progress.next);
          if (failure !== undefined) return await lose(run, hedge, failure);
        }
    }
  } catch (error) {
    run.abort.throwIfAborted();
    if (error instanceof LeaseLost || error instanceof Stopped) throw error;
    if (error instanceof DamagedResult) {
      watch.damaged += 1;
      if (watch.damaged >= MAX_DAMAGED) {
        return failOver(run, { code: 'generation_failed', message: error.message, cost: watch.cost, isMade: true });
      }
    }
    watch.failures += 1;
    const fields = { ...fieldsOf(run), reason: toLogText(error), failures: watch.failures };
    deps.log.warn(fields, run.task.status === 'collecting' ? 'a result could not be fetched' : 'a poll failed');
    if (isLast && watch.failures <= MAX_LATE_FAILURES) return undefined;
  }
  return isLast ? giveUp(run, watch, hedge) : undefined;
}

/** The job came to nothing: the one beside it takes over, or the task goes on elsewhere, or ends. */
async function lose(run: Run, hedge: Hedge, failure: Failure): Promise<StepEnd | Watch> {
  await hedge.settle();
  const other = run.task.status === 'running' ? await takeOver(run, failure) : undefined;
  return other ?? failOver(run, failure);
}

/** Its owner wants the task to end. The provider is told a few times, then the task ends whatever it says: where the job
 *  could not be stopped, it goes on and is paid for. */
async function callOff(run: Run, watch: Watch, hedge: Hedge): Promise<'ended'> {
  await hedge.settle();
  const isOtherStopped = await dismiss(run);
  let isStopped = false;
  for (let failures = 1; failures <= MAX_CANCEL_TRIES; failures += 1) {
    isStopped = await tell(run, watch);
    if (isStopped || watch.provider.cancel === undefined) break;
    const { random } = run.deps;
    await rest(run, backoffMs({ failures, baseMs: 1_000, maxMs: MAX_BACKOFF_MS, random: random() }));
  }
  return cancel(run, { chargeMicros: isStopped && isOtherStopped ? 0 : await chargeOf(run) });
}

/** Whether the provider stopped the job that nobody wants. One that takes no cancel is not asked. */
async function tell(run: Run, { provider, handle }: Pick<Watch, 'provider' | 'handle'>): Promise<boolean> {
  if (provider.cancel === undefined) return false;
  const { log, limits } = run.deps;
  try {
    await call(run, { name: 'cancel', ms: limits.pollTimeoutMs }, async (signal) => provider.cancel?.(handle, signal));
    return true;
  } catch (error) {
    run.abort.throwIfAborted();
    log.warn({ ...fieldsOf(run), reason: toLogText(error) }, 'the job could not be canceled');
    return false;
  }
}

/** The time is up. The provider is told, because nobody wants the result any more. */
async function giveUp(run: Run, watch: Watch, hedge: Hedge): Promise<'ended'> {
  await hedge.settle();
  await dismiss(run);
  if (run.task.status === 'collecting') {
    const message = 'the result was made, but could not be fetched from the provider in time';
    return fail(run, { code: 'timed_out', message, cost: watch.cost, isMade: true });
  }
  await tell(run, watch);
  return fail(run, { code: 'timed_out', message: 'the task did not end before its deadline' });
}

type Pending = Extract<Progress, { state: 'pending' }>;

/** In memory at once; in the store at most once a second, and only what a person would notice. */
async function publish(run: Run, watch: Watch, { fraction, pollAfterMs }: Pending): Promise<void> {
  const { live, clock, db } = run.deps;
  const { id } = run.task;
  watch.floorMs = pollAfterMs;
  if (fraction === undefined) return;
  live.publish(id, fraction);
  const progress = live.get(id) ?? 0;
  const nowMs = clock.nowMs();
  const isDue = nowMs - watch.writtenAtMs >= MIN_PROGRESS_WRITE_MS;
  if (!isDue || progress - run.task.progress < MIN_PROGRESS_STEP) return;
  await commit(run, [setProgress(db, { id, progress })]);
  run.task = { ...run.task, progress };
  watch.writtenAtMs = nowMs;
}
