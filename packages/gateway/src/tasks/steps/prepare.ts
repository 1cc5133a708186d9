import { type Endpoint, type Input, withDefaults } from '@reelay/catalog';
import { toJobFile } from '../../assets/intake.ts';
import type { JobFile } from '../../contract/asset.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Job } from '../../providers/provider.ts';
import type { Route } from '../../providers/route.ts';
import { Stopped } from '../../queue/worker.ts';
import { getTask } from '../../store/tasks.ts';
import { OWN_ID } from '../named-ids.ts';
import type { Found } from '../references.ts';
import type { Attempt, Run } from '../run.ts';

/** A job before a channel is chosen for it. */
export type Draft = Omit<Job, 'route' | 'upstreamIds' | 'elsewhere' | 'callbackUrl'> & {
  /** Earlier results of the account that the input names. */
  readonly made: Found['made'];
};
export type Prepared = { readonly job: Draft /** With every file stored and named. */; readonly input: Input };

/** Everything the provider needs. A GatewayError is an answer here: what a caller sent cannot be had. */
export async function prepare(run: Run, endpoint: Endpoint): Promise<Prepared | GatewayError> {
  const { intake, references, assets } = run.deps;
  const accountId = run.task.account_id;
  // The store holds what was validated at submit.
  const stored = JSON.parse(run.task.input) as Input;
  const either = AbortSignal.any([run.stop, run.abort]);
  try {
    const { input, media } = await intake.gather({ accountId, endpoint, input: stored, signal: either });
    const named: Record<string, readonly JobFile[]> = {};
    const found = await references.find({ accountId, endpoint, input });
    for (const { name, files } of found.files) named[name] = files.flatMap((file) => toJobFile(assets, file));
    const job = {
      made: found.made,
      taskId: run.task.id,
      hops: run.task.hops,
      endpoint,
      input: withDefaults(endpoint, input),
      media: { ...named, ...media },
      // A name may be of the maker's own; what looks like an id of ours should have been one.
      foreignIds: found.unknown.filter(({ id, refersTo }) => refersTo.orOther !== true || OWN_ID.test(id)),
    };
    return { job, input };
  } catch (error) {
    run.abort.throwIfAborted();
    if (run.stop.aborted) throw new Stopped();
    if (error instanceof GatewayError && error.code !== 'internal') return error;
    throw error;
  }
}

/** The job as one channel gets it. */
export function toJob({ made, ...draft }: Draft, { channel, route }: { channel: string; route: Route }): Job {
  const own = made.flatMap((one) =>
    one.channel === channel && one.upstreamId !== null ? [[one.id, one.upstreamId]] : [],
  );
  const upstreamIds: Record<string, string> = Object.fromEntries(own);
  const elsewhere = made.flatMap(({ id }) => (Object.hasOwn(upstreamIds, id) ? [] : [id]));
  return { ...draft, route, upstreamIds, elsewhere };
}

/** Lets the upstream tell us of the end, where it can. */
export function withCallback({ deps, task }: Run, channel: string, job: Job): Job {
  const callbackUrl = deps.callbacks.addressOf({ channel, taskId: task.id });
  return callbackUrl === undefined ? job : { ...job, callbackUrl };
}

/** The run with its input, which it let go of when it began to wait. */
export async function withInput(run: Run): Promise<Run | undefined> {
  const stored = await getTask(run.deps.db, run.task.id);
  return stored === undefined ? undefined : { ...run, task: { ...run.task, input: stored.input } };
}

/** The job of an attempt as it was submitted, for whoever goes on with it. A GatewayError: it cannot be told any more. */
export async function jobOfAttempt(run: Run, { channel: name, model }: Attempt): Promise<Job | GatewayError> {
  const { deps, task } = run;
  const channel = await deps.channels.get(name);
  const endpoint = deps.catalog.get(task.endpoint);
  const whole = await withInput(run);
  if (channel === undefined || endpoint === undefined || whole === undefined) {
    return new GatewayError('no_channel', `no channel can go on with ${task.endpoint}`);
  }
  const prepared = await prepare(whole, endpoint);
  if (prepared instanceof GatewayError) return prepared;
  // Its route may have ended meanwhile; a job that was begun goes on.
  const route = channel.routeOf(endpoint) ?? { endpoint: endpoint.id, model: model ?? '', status: 'retired' };
  return withCallback(run, name, toJob(prepared.job, { channel: name, route }));
}
