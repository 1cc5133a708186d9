import { GatewayError } from '../../contract/errors.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { toLogText } from '../../lib/log-text.ts';
import { UpstreamError } from '../../providers/fault.ts';
import type { Accepted, Job, Provider } from '../../providers/provider.ts';
import { fail } from '../ending.ts';
import { call, fieldsOf, isPastDeadline, type Run, rest, type StepEnd } from '../run.ts';
import { toVerdict } from '../verdict.ts';
import { failOver } from './fail-over.ts';
import { accept, giveBack } from './hand-over.ts';
import { prepare, toJob, withCallback } from './prepare.ts';

/** A submit whose answer was lost may still be on its way when the upstream is asked: "there is no such job" counts only
 *  when it is said again after these waits. */
export const ASK_AGAIN_AFTER_MS = [2_000, 10_000];

/** `submitting` without a handle: a crash, or an answer that never came. Whether the provider has the job is unknown. It
 *  is submitted again only where that makes no second job, or where the provider says that there is none. */
export async function settleFate(run: Run): Promise<StepEnd> {
  const channel = run.task.channel === null ? undefined : await run.deps.channels.get(run.task.channel);
  const endpoint = run.deps.catalog.get(run.task.endpoint);
  const route = endpoint === undefined ? undefined : channel?.routeOf(endpoint);
  if (channel === undefined || endpoint === undefined || route === undefined) return failUnknown(run);
  const { provider } = channel;
  if (!provider.submitIsRepeatable && provider.find === undefined) return failUnknown(run);
  const prepared = await prepare(run, endpoint);
  if (prepared instanceof GatewayError) return fail(run, { code: prepared.code, message: prepared.message });
  const job = withCallback(run, channel.name, toJob(prepared.job, { channel: channel.name, route }));
  return provider.submitIsRepeatable ? repeat(run, provider, job) : lookUp(run, provider, job);
}

const failUnknown = (run: Run): Promise<'ended'> =>
  failOver(run, {
    code: 'outcome_unknown',
    message: 'contact was lost while the job was handed over: the provider may have it, and may have billed it',
    outcome: 'outcome_unknown',
    learnt: { is: 'unknown', message: 'contact was lost while a job was handed over' },
  });

/** Submitting twice makes one job here, so it is done until an answer comes. */
async function repeat(run: Run, provider: Provider, job: Job): Promise<StepEnd> {
  for (let failures = 0; !isPastDeadline(run); ) {
    const answer = await ask(run, 'submit again', (signal) => provider.submit(job, signal));
    if (answer.is === 'answered') return accept(run, answer.value);
    const verdict = toVerdict(answer.error);
    if (verdict.is === 'not_accepted') return giveBack(run, verdict);
    if (verdict.is === 'refused') return failOver(run, verdict);
    failures += 1;
    await restAfter(run, failures);
  }
  return failUnknown(run);
}

/** Asks the provider for the job by our id. */
async function lookUp(run: Run, provider: Provider, job: Job): Promise<StepEnd> {
  let failures = 0;
  for (let misses = 0; !isPastDeadline(run); ) {
    const answer = await ask(run, 'find', async (signal) => provider.find?.(job, signal));
    if (answer.is === 'failed') {
      if (answer.error instanceof UpstreamError && answer.error.fault === 'unknown') return failUnknown(run);
      failures += 1;
      await restAfter(run, failures);
      continue;
    }
    if (answer.value !== undefined) return accept(run, answer.value);
    const waitMs = ASK_AGAIN_AFTER_MS[misses];
    misses += 1;
    if (waitMs === undefined) {
      return giveBack(run, { code: 'provider_unavailable', message: 'the job never reached the provider' });
    }
    await rest(run, waitMs);
  }
  return failUnknown(run);
}

type Asked<T> = { readonly is: 'answered'; readonly value: T } | { readonly is: 'failed'; readonly error: unknown };

async function ask<T extends Accepted | undefined>(
  run: Run,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Asked<T>> {
  try {
    return { is: 'answered', value: await call(run, { name, ms: run.deps.limits.submitTimeoutMs }, work) };
  } catch (error) {
    run.abort.throwIfAborted();
    run.deps.log.warn({ ...fieldsOf(run), reason: toLogText(error) }, `could not ${name}`);
    return { is: 'failed', error };
  }
}

/** Never sleeps past the deadline. */
async function restAfter(run: Run, failures: number): Promise<void> {
  const { clock, random } = run.deps;
  const leftMs = run.task.deadline_at_ms - clock.nowMs();
  const ms = backoffMs({ failures, baseMs: 1_000, maxMs: 60_000, random: random() });
  await rest(run, Math.max(0, Math.min(ms, leftMs)));
}
