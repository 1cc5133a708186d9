import { type Endpoint, type Input, withDefaults } from '@reelay/catalog';
import { toJobFile } from '../../assets/intake.ts';
import type { JobFile } from '../../contract/asset.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Job } from '../../providers/provider.ts';
import { OWN_ID } from '../named-ids.ts';
import { type Run, Stopped } from '../run.ts';

type Prepared = { readonly job: Job /** With every file stored and named. */; readonly input: Input };

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
      taskId: run.task.id,
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
