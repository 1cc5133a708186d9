import { PlaceTaken } from '../../channels/channels.ts';
import { GatewayError } from '../../contract/errors.ts';
import { sleep } from '../../lib/clock.ts';
import { toLogText } from '../../lib/log-text.ts';
import type { Accepted, Job } from '../../providers/provider.ts';
import { acceptAttempt, insertAttempt, listAttempts, setAttemptHandle } from '../../store/attempts.ts';
import { closeAttempts, type Ending } from '../ending.ts';
import { type Beside, call, commit, fieldsOf, isCancelAsked, isPastDeadline, type Run } from '../run.ts';
import { consentOf, toAttempt, toTried } from '../tried.ts';
import { lessonOf, toVerdict } from '../verdict.ts';
import { choose, toAttemptRow } from './choose-channel.ts';
import { jobOfAttempt, prepare, toJob, withCallback, withInput } from './prepare.ts';
import { ASK_AGAIN_AFTER_MS } from './settle-fate.ts';

/** How long the end of a task waits for the answer to a submit that is under way beside it. */
const SETTLE_MS = 10_000;
/** When to look for a channel again, where none could take a second job. */
const RETRY_MS = 15_000;

/** A second job of a task whose first takes long, where its caller agreed to pay for both. */
export type Hedge = {
  /** Until the next `begin` may do something; infinite where there will be no second job. */
  dueInMs(): number;
  /** Begins a second job where that is due, or finds out what became of one that another run began. Does not wait for its
   *  upstream. */
  begin(): Promise<void>;
  /** Resolves when no submit is under way any more; for the end of the task. */
  settle(): Promise<void>;
};

/** Most tasks have none, and wait in their thousands. */
const NO_HEDGE: Hedge = {
  dueInMs: () => Number.POSITIVE_INFINITY,
  begin: async () => undefined,
  settle: async () => undefined,
};

export function createHedge(run: Run): Hedge {
  const { clock } = run.deps;
  const { after, afterSeconds = 0 } = consentOf(run) ?? {};
  if (after !== 'failure-or-delay' && run.beside === undefined) return NO_HEDGE;
  let isWanted = after === 'failure-or-delay';
  let notBeforeMs = 0;
  let handing: { readonly done: Promise<void>; readonly giveUp: AbortController } | undefined;
  const dueInMs = (): number => {
    if (handing !== undefined || run.task.status !== 'running') return Number.POSITIVE_INFINITY;
    // One that another run began, and of which nobody knows what became of it, is looked for at once.
    const isLost = run.beside !== undefined && run.beside.handle === undefined;
    if (!isLost && (run.beside !== undefined || !isWanted)) return Number.POSITIVE_INFINITY;
    const longAtMs = isLost ? 0 : (run.attempt.acceptedAtMs ?? clock.nowMs()) + afterSeconds * 1_000;
    return Math.max(0, Math.max(longAtMs, notBeforeMs) - clock.nowMs());
  };
  const hand = (beside: Beside, job: Job, isAgain: boolean): void => {
    const giveUp = new AbortController();
    const done = handOver(run, { beside, job, isAgain, signal: giveUp.signal }).finally(() => {
      handing = undefined;
      run.alarm.ring();
    });
    // Whoever needs its end waits for `done` itself.
    done.catch(() => undefined);
    handing = { done, giveUp };
  };
  return {
    dueInMs,
    async begin() {
      if (dueInMs() > 0) return;
      notBeforeMs = clock.nowMs() + RETRY_MS;
      if (isCancelAsked(run) || isPastDeadline(run)) return;
      const lost = run.beside;
      const begun = lost === undefined ? await open(run) : { beside: lost, job: await jobOfAttempt(run, lost.attempt) };
      if (begun === 'never') isWanted = false;
      else if (begun === 'not now') return;
      else if (begun.job instanceof GatewayError) await close(run, begun.beside, UNKNOWN);
      else hand(begun.beside, begun.job, lost !== undefined);
    },
    async settle() {
      if (handing === undefined) return;
      const { done, giveUp } = handing;
      const cancel = clock.after(SETTLE_MS, () => giveUp.abort(new Error('the task ended meanwhile')));
      await done.finally(cancel);
    },
  };
}

const UNKNOWN: Omit<Ending, 'attempt'> = {
  outcome: 'outcome_unknown',
  code: 'outcome_unknown',
  message: 'contact was lost while the job was handed over: the provider may have it, and may have billed it',
};

const ABSENT: Omit<Ending, 'attempt'> = {
  outcome: 'not_accepted',
  code: 'provider_unavailable',
  message: 'the job never reached the provider',
};

/** Chooses a channel, and writes down that it is about to be called. */
async function open(run: Run): Promise<{ beside: Beside; job: Job } | 'not now' | 'never'> {
  const { deps, task } = run;
  const endpoint = deps.catalog.get(task.endpoint);
  const whole = await withInput(run);
  if (endpoint === undefined || whole === undefined) return 'never';
  const prepared = await prepare(whole, endpoint);
  if (prepared instanceof GatewayError) return 'never';
  const tried = toTried(run, await listAttempts(deps.db, task.id));
  try {
    const decision = await choose(whole, endpoint, { prepared, tried });
    if (decision.is !== 'chosen') return decision.is === 'wait' ? 'not now' : 'never';
    const [choice] = decision.choices;
    const { name: channel, provider } = choice.channel;
    const nowMs = deps.clock.nowMs();
    const number = run.attempts + 1;
    const row = toAttemptRow({ taskId: task.id, number, nowMs }, decision);
    deps.checkpoint?.('before beside');
    await commit(run, [insertAttempt(deps.db, row)], {
      guards: deps.channels.claim(choice, { taskId: task.id, nowMs }),
      isDone: async () => (await listAttempts(deps.db, task.id)).some((one) => one.number === number),
    });
    deps.checkpoint?.('after beside');
    run.attempts = number;
    run.beside = { attempt: toAttempt(row), provider, handle: undefined };
    deps.log.info({ ...fieldsOf(run), beside: channel, reason: choice.reason }, 'the job takes long: another is begun');
    const job = toJob(prepared.job, { channel, route: choice.route });
    return { beside: run.beside, job: withCallback(run, channel, job) };
  } catch (error) {
    if (error instanceof PlaceTaken) return 'not now';
    throw error;
  } finally {
    deps.channels.withdraw(task.id);
  }
}

type Handing = { beside: Beside; job: Job; isAgain: boolean; signal: AbortSignal };

/** Calls the provider, and writes what came of it.
 *  @param p.isAgain it may have been called before. */
async function handOver(run: Run, p: Handing): Promise<void> {
  const { beside, job, signal } = p;
  const { provider } = beside;
  const ms = provider.submitTimeoutMs ?? run.deps.limits.submitTimeoutMs;
  let accepted: Accepted | 'absent' | undefined;
  try {
    accepted = p.isAgain
      ? await lookAgain(run, p)
      : await call(run, { name: 'submit beside', ms, signal }, (either) => provider.submit(job, either));
  } catch (error) {
    run.abort.throwIfAborted();
    const verdict = toVerdict(error);
    if (verdict.is !== 'unknown') {
      const { is, code, message } = verdict;
      const outcome = is === 'refused' ? 'failed' : 'not_accepted';
      return close(run, beside, { outcome, code, message, learnt: lessonOf(error) });
    }
    accepted = signal.aborted ? undefined : await lookAgain(run, p);
  }
  if (accepted === undefined) return close(run, beside, UNKNOWN);
  if (accepted === 'absent') return close(run, beside, ABSENT);
  return accept(run, beside, accepted);
}

/** Whether the upstream has the job after all. `absent`: it never arrived. Undefined: nobody knows. */
async function lookAgain(run: Run, p: Handing): Promise<Accepted | 'absent' | undefined> {
  const { provider } = p.beside;
  const { limits, clock, log } = run.deps;
  const ask = (work: (signal: AbortSignal) => Promise<Accepted | undefined>) =>
    call(run, { name: 'find beside', ms: limits.submitTimeoutMs, signal: p.signal }, work);
  try {
    if (provider.submitIsRepeatable) return await ask((signal) => provider.submit(p.job, signal));
    if (provider.find === undefined) return undefined;
    for (const waitMs of [...ASK_AGAIN_AFTER_MS, undefined]) {
      const found = await ask(async (signal) => provider.find?.(p.job, signal));
      if (found !== undefined) return found;
      if (waitMs !== undefined) await sleep(clock, waitMs, AbortSignal.any([run.abort, p.signal]));
    }
    return 'absent';
  } catch (error) {
    run.abort.throwIfAborted();
    log.warn({ ...fieldsOf(run), reason: toLogText(error) }, 'the fate of a second job is unknown');
    return undefined;
  }
}

async function accept(run: Run, beside: Beside, { handle, isDone }: Accepted): Promise<void> {
  const { db, clock, channels } = run.deps;
  const { number, channel, model } = beside.attempt;
  const acceptedAtMs = clock.nowMs();
  const key = { task_id: run.task.id, number };
  run.deps.checkpoint?.('before beside accepted');
  await commit(
    run,
    [
      acceptAttempt(db, { ...key, accepted_at_ms: acceptedAtMs }),
      setAttemptHandle(db, { ...key, handle: JSON.stringify(handle) }),
      ...channels.report({ channel, route: { endpoint: run.task.endpoint, model: model ?? '' }, is: 'accepted' }),
    ],
    { isDone: async () => (await attemptOf(run, number))?.accepted_at_ms === acceptedAtMs },
  );
  run.deps.checkpoint?.('after beside accepted');
  run.beside = { ...beside, attempt: { ...beside.attempt, acceptedAtMs, isDone: isDone === true }, handle };
}

/** The second job is over, and the first goes on. */
export async function close(run: Run, beside: Beside, ending: Omit<Ending, 'attempt'>): Promise<void> {
  const { deps } = run;
  const { number, channel } = beside.attempt;
  const closed = closeAttempts(run, [{ ...ending, attempt: beside.attempt }], deps.clock.nowMs());
  await commit(
    run,
    closed.flatMap(({ statements }) => statements),
    { isDone: async () => (await attemptOf(run, number))?.outcome === ending.outcome },
  );
  run.beside = undefined;
  deps.channels.freed(channel);
  deps.log.info({ ...fieldsOf(run), beside: channel, code: ending.code }, 'the second job came to nothing');
}

const attemptOf = async ({ deps, task }: Run, number: number) =>
  (await listAttempts(deps.db, task.id)).find((one) => one.number === number);
