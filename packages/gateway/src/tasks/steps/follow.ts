import type { Json } from '@reelay/catalog';
import { backoffMs } from '../../lib/backoff.ts';
import { toLogText } from '../../lib/log-text.ts';
import type { Progress, Provider } from '../../providers/provider.ts';
import { setProgress } from '../../store/tasks.ts';
import {
  call,
  cancel,
  commit,
  fail,
  fieldsOf,
  isCancelAsked,
  LeaseLost,
  type Run,
  rest,
  type StepEnd,
  Stopped,
  throwIfOver,
} from '../run.ts';
import { pollDelayMs } from '../waiting.ts';
import { collect } from './collect.ts';

/** How often a poll that fails is repeated once the deadline has passed: one broken connection should not throw away a
 *  result that may be there. */
const MAX_LATE_FAILURES = 3;
/** How often a provider is told that a job is not wanted any more. */
const MAX_CANCEL_TRIES = 4;
const MIN_PROGRESS_WRITE_MS = 1_000;
const MIN_PROGRESS_STEP = 0.01;
/** What is waited at most between two polls that fail, and between two tries to fetch a result. */
const MAX_BACKOFF_MS = 60_000;

/** What a run remembers between two polls. */
type Watch = {
  readonly provider: Provider;
  readonly handle: Json;
  /** Polls that failed, or results that could not be fetched, since the last that went well. */
  failures: number;
  /** The last moment for the state that the task is in. */
  untilMs: number;
  writtenAtMs: number;
  /** What the provider asked for at its last answer. */
  floorMs: number | undefined;
};

/** `running` and `collecting`: polls until the job ends or the time is up, then keeps what it made. The last poll comes
 *  after the deadline, so that a result which is late, but there, is kept.
 *  @param p.isFresh the job was accepted just now, so that a poll at once would be in vain. */
export async function follow(run: Run, p: { isFresh: boolean }): Promise<StepEnd> {
  const { deps, task } = run;
  const provider = task.channel === null ? undefined : deps.channels.get(task.channel)?.provider;
  if (provider === undefined || task.handle === null) {
    const message = `the channel ${task.channel} is configured no more: its job may go on, and may have been billed`;
    return fail(run, { code: 'outcome_unknown', message, outcome: 'outcome_unknown' });
  }
  const nowMs = deps.clock.nowMs();
  const watch: Watch = {
    provider,
    // What a provider gave us is stored as it is.
    handle: JSON.parse(task.handle) as Json,
    failures: 0,
    untilMs: task.status === 'collecting' ? collectUntilMs(run) : task.deadline_at_ms,
    writtenAtMs: nowMs,
    floorMs: undefined,
  };
  // Neither is needed any more, and tasks wait here in their thousands.
  run.task = { ...task, input: '', handle: null };
  if (p.isFresh) await rest(run, await nextDelayMs(run, watch));
  for (;;) {
    throwIfOver(run);
    // A result that exists is kept, whoever wants what.
    if (run.task.status === 'running' && isCancelAsked(run)) return callOff(run, watch);
    const end = await look(run, watch);
    if (end !== undefined) return end;
    await rest(run, await nextDelayMs(run, watch));
  }
}

const collectUntilMs = ({ deps, task }: Run): number =>
  Math.max(task.deadline_at_ms, deps.clock.nowMs() + deps.limits.collectGraceMs);

/** One poll, and what follows from it. Undefined: go on waiting. */
async function look(run: Run, watch: Watch): Promise<StepEnd | undefined> {
  const { deps } = run;
  const isLast = deps.clock.nowMs() >= watch.untilMs;
  try {
    const { provider, handle } = watch;
    const progress = await call(run, { name: 'poll', ms: deps.limits.pollTimeoutMs }, (signal) =>
      provider.poll(handle, signal),
    );
    switch (progress.state) {
      case 'failed':
        return await fail(run, { code: progress.code, message: progress.message });
      case 'succeeded': {
        const noticedAtMs = deps.clock.nowMs();
        if (run.task.status === 'running') watch.untilMs = collectUntilMs(run);
        return await collect(run, { provider, handle, outputs: progress.outputs, noticedAtMs });
      }
      case 'pending':
        watch.failures = 0;
        await publish(run, watch, progress);
    }
  } catch (error) {
    run.abort.throwIfAborted();
    if (error instanceof LeaseLost || error instanceof Stopped) throw error;
    watch.failures += 1;
    const fields = { ...fieldsOf(run), reason: toLogText(error), failures: watch.failures };
    deps.log.warn(fields, run.task.status === 'collecting' ? 'a result could not be fetched' : 'a poll failed');
    if (isLast && watch.failures <= MAX_LATE_FAILURES) return undefined;
  }
  return isLast ? giveUp(run, watch) : undefined;
}

/** Its owner wants the task to end. The provider is told a few times, then the task ends whatever it says. */
async function callOff(run: Run, watch: Watch): Promise<'ended'> {
  for (let failures = 1; failures <= MAX_CANCEL_TRIES; failures += 1) {
    if (await tell(run, watch)) break;
    const { random } = run.deps;
    await rest(run, backoffMs({ failures, baseMs: 1_000, maxMs: MAX_BACKOFF_MS, random: random() }));
  }
  return cancel(run);
}

/** Whether the provider knows that nobody wants the job. One that takes no cancel is not asked. */
async function tell(run: Run, { provider, handle }: Pick<Watch, 'provider' | 'handle'>): Promise<boolean> {
  if (provider.cancel === undefined) return true;
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
async function giveUp(run: Run, { provider, handle }: Watch): Promise<'ended'> {
  if (run.task.status === 'collecting') {
    const message = 'the result was made, but could not be fetched from the provider in time';
    return fail(run, { code: 'timed_out', message });
  }
  await tell(run, { provider, handle });
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

/** Until the next poll: never past the moment at which the last one is due. */
async function nextDelayMs(run: Run, watch: Watch): Promise<number> {
  const { clock, random, timings } = run.deps;
  const nowMs = clock.nowMs();
  const { channel, endpoint } = run.task;
  if (watch.failures > 0) {
    const ms = backoffMs({ failures: watch.failures, baseMs: 1_000, maxMs: MAX_BACKOFF_MS, random: random() });
    // After the last moment there are a few tries more, each after its own wait.
    return nowMs >= watch.untilMs ? ms : Math.min(ms, watch.untilMs - nowMs);
  }
  const timing = channel === null ? undefined : await timings.get({ channel, endpoint });
  const elapsedMs = nowMs - (run.attempt.acceptedAtMs ?? nowMs);
  const ms = pollDelayMs({
    elapsedMs,
    timing,
    random: random(),
    ...(watch.floorMs === undefined ? {} : { floorMs: watch.floorMs }),
  });
  return Math.max(0, Math.min(ms, watch.untilMs - nowMs));
}
