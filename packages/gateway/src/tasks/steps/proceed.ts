import type { Json } from '@reelay/catalog';
import { GatewayError } from '../../contract/errors.ts';
import { toLogText } from '../../lib/log-text.ts';
import type { Progress } from '../../providers/provider.ts';
import { setAttemptHandle } from '../../store/attempts.ts';
import { setHandle } from '../../store/tasks.ts';
import type { Failure } from '../ending.ts';
import { call, commit, fieldsOf, type Run } from '../run.ts';
import { lessonOf, toVerdict } from '../verdict.ts';
import { jobOfAttempt } from './prepare.ts';
import type { Watch } from './watch.ts';

type Next = NonNullable<Extract<Progress, { state: 'pending' }>['next']>;

/** Begins the next step of a job. As before a submit, what is about to be done is written down first, so that a crash in
 *  between is noticed, and nothing is begun and paid for twice.
 *  @param watch its handle is the one that is stored, at every moment.
 *  @returns how the job ended, where it did.
 *  @throws {GatewayError} where nothing was begun: it is tried again after the next poll. */
export async function proceed(run: Run, watch: Watch, { handle: next, cost }: Next): Promise<Failure | undefined> {
  const before = watch.handle;
  const job = await jobOfAttempt(run, watch.attempt);
  if (job instanceof GatewayError) return { code: job.code, message: job.message, cost };
  await store(run, watch, next);
  let begun: Json;
  try {
    begun = await call(run, { name: 'proceed', ms: run.deps.limits.submitTimeoutMs }, async (signal) => {
      const { proceed: begin } = watch.provider;
      if (begin === undefined) throw new Error(`${watch.provider.name} cannot begin a step`);
      return begin(next, job, signal);
    });
  } catch (error) {
    // Aborted here: whoever holds the task next finds what was written down.
    run.abort.throwIfAborted();
    const verdict = toVerdict(error);
    if (verdict.is === 'not_accepted') {
      await store(run, watch, before);
      throw error;
    }
    if (verdict.is === 'refused')
      return { code: verdict.code, message: verdict.message, learnt: lessonOf(error), cost };
    run.deps.log.warn({ ...fieldsOf(run), reason: toLogText(error) }, 'whether a step was begun is unknown');
    const message = 'contact was lost while a step of the job was begun: it may go on, and may have been billed';
    return { code: 'outcome_unknown', message, outcome: 'outcome_unknown', learnt: lessonOf(error) };
  }
  await store(run, watch, begun);
  return undefined;
}

/** With the task, or with the attempt that runs beside it. */
async function store(run: Run, watch: Watch, handle: Json): Promise<void> {
  const { db } = run.deps;
  const { id } = run.task;
  const { number } = watch.attempt;
  const text = JSON.stringify(handle);
  const isBeside = run.beside?.attempt.number === number;
  await commit(run, [
    isBeside ? setAttemptHandle(db, { task_id: id, number, handle: text }) : setHandle(db, { id, handle: text }),
  ]);
  watch.handle = handle;
  if (isBeside && run.beside !== undefined) run.beside = { ...run.beside, handle };
}
