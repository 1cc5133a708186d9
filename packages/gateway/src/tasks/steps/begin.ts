import type { Json } from '@reelay/catalog';
import { GatewayError } from '../../contract/errors.ts';
import { toLogText } from '../../lib/log-text.ts';
import type { Job, Provider } from '../../providers/provider.ts';
import { insertAttempt } from '../../store/attempts.ts';
import {
  call,
  cancel,
  fail,
  fieldsOf,
  isCancelAsked,
  isPastDeadline,
  move,
  type Run,
  type StepEnd,
  throwIfOver,
} from '../run.ts';
import { toVerdict } from '../verdict.ts';
import { accept, giveBack } from './hand-over.ts';
import { prepare } from './prepare.ts';
import { settleFate } from './settle-fate.ts';

/** `queued`: chooses a channel, writes down that it is about to be called, and calls it. */
export async function begin(run: Run): Promise<StepEnd> {
  const { deps, task } = run;
  if (isCancelAsked(run)) return cancel(run);
  if (isPastDeadline(run)) return fail(run, { code: 'timed_out', message: 'the task was not started in time' });
  const endpoint = deps.catalog.get(task.endpoint);
  const choice = endpoint === undefined ? undefined : deps.channels.choose(endpoint);
  if (endpoint === undefined || choice === undefined) {
    return fail(run, { code: 'no_channel', message: `no channel can run ${task.endpoint}` });
  }
  const prepared = await prepare(run, endpoint);
  if (prepared instanceof GatewayError) return fail(run, { code: prepared.code, message: prepared.message });
  throwIfOver(run);
  const { name: channel, provider } = choice.channel;
  const nowMs = deps.clock.nowMs();
  run.attempt = { number: run.attempt.number + 1, acceptedAtMs: null };
  await move(run, 'claim', {
    set: { channel, input: JSON.stringify(prepared.input), started_at_ms: task.started_at_ms ?? nowMs },
    with: [
      insertAttempt(deps.db, {
        task_id: task.id,
        number: run.attempt.number,
        channel,
        started_at_ms: nowMs,
        accepted_at_ms: null,
        ended_at_ms: null,
        outcome: null,
        error_code: null,
        error_message: null,
      }),
    ],
  });
  deps.log.debug({ ...fieldsOf(run), reason: choice.reason }, 'channel chosen');
  return submit(run, provider, prepared.job);
}

/** Calls the provider once, and acts on whatever comes of it. The status is `submitting`. */
async function submit(run: Run, provider: Provider, job: Job): Promise<StepEnd> {
  const { submitTimeoutMs: ms } = run.deps.limits;
  let handle: Json;
  try {
    handle = await call(run, { name: 'submit', ms }, (signal) => provider.submit(job, signal));
  } catch (error) {
    // Aborted here: the fate is unknown, and settled by whoever holds the task next.
    run.abort.throwIfAborted();
    const verdict = toVerdict(error);
    if (verdict.is === 'not_accepted') return giveBack(run, verdict);
    if (verdict.is === 'refused') return fail(run, verdict);
    run.deps.log.warn({ ...fieldsOf(run), reason: toLogText(error) }, 'the fate of a submit is unknown');
    return settleFate(run);
  }
  return accept(run, handle);
}
