import { createReadStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import type { Input, Json } from '@reelay/catalog';
import { GatewayError } from '../../contract/errors.ts';
import { toLogText } from '../../lib/log-text.ts';
import { mapLimited } from '../../lib/map-limited.ts';
import type { Provider, ProviderOutput } from '../../providers/provider.ts';
import { upsertNamedResult } from '../../store/named-results.ts';
import { insertOutput } from '../../store/outputs.ts';
import type { Schema } from '../../store/schema.ts';
import { getTask } from '../../store/tasks.ts';
import { listResultNames, namesResults } from '../named-ids.ts';
import { closeAttempt, fail, fieldsOf, move, type Run, Stopped } from '../run.ts';

/** Of one task at a time. */
const MAX_AT_ONCE = 2;

type Result = {
  readonly provider: Provider;
  readonly handle: Json;
  readonly outputs: readonly ProviderOutput[];
  /** When we learnt that the job is done. */
  readonly noticedAtMs: number;
};

/** The job is done: its outputs become ours, and the task ends with them in one batch.
 *  @throws what kept an output from being stored. Nothing of the task has then changed but its status, and the same may
 *    be tried again. */
export async function collect(run: Run, { provider, handle, outputs, noticedAtMs }: Result): Promise<'ended'> {
  const { deps } = run;
  if (run.task.status === 'running') await move(run, 'collect', { set: { progress: progressOf(run) } });
  if (outputs.length === 0) {
    return fail(run, { code: 'generation_failed', message: 'the provider reports success, but no result' });
  }
  deps.checkpoint?.('before outputs');
  const rows = await mapLimited(unique(outputs), MAX_AT_ONCE, (output, position) => keep(run, output, position));
  deps.checkpoint?.('after outputs');
  const names = await readNames(run);
  const nowMs = deps.clock.nowMs();
  const { channel, endpoint } = run.task;
  const startedAtMs = run.attempt.acceptedAtMs;
  await move(run, 'succeed', {
    set: { progress: 1, ended_at_ms: nowMs },
    with: [
      ...rows.map((row) => insertOutput(deps.db, row)),
      ...names.map((row) => upsertNamedResult(deps.db, row)),
      closeAttempt(run, { outcome: 'succeeded', nowMs }),
      ...(channel === null || startedAtMs === null
        ? []
        : [deps.timings.learn({ channel, endpoint }, { durationMs: noticedAtMs - startedAtMs, nowMs })]),
      deps.queue.complete(run.lease),
    ],
  });
  deps.live.forget(run.task.id);
  deps.log.info(
    { ...fieldsOf(run), outputs: rows.length, elapsedMs: nowMs - run.task.created_at_ms },
    'task succeeded',
  );
  await release(run, provider, handle);
  return 'ended';
}

/** What the caller asked the result to be called. */
async function readNames({ deps, task }: Run): Promise<Schema['named_results'][]> {
  const endpoint = deps.catalog.get(task.endpoint);
  if (endpoint === undefined || !namesResults(endpoint)) return [];
  // The run let go of the input when it began to wait.
  const stored = await getTask(deps.db, task.id);
  // The store holds what was validated at submit.
  const names = stored === undefined ? [] : listResultNames(endpoint, JSON.parse(stored.input) as Input);
  return names.map((name) => ({ account_id: task.account_id, name, task_id: task.id }));
}

const progressOf = ({ deps, task }: Run): number => Math.max(task.progress, deps.live.get(task.id) ?? 0);

/** An answer that lists the same address twice means one output. */
function unique(outputs: readonly ProviderOutput[]): ProviderOutput[] {
  const urls = new Set<string>();
  return outputs.filter((output) => {
    if (output.kind !== 'url') return true;
    const isNew = !urls.has(output.url);
    urls.add(output.url);
    return isNew;
  });
}

async function keep(run: Run, output: ProviderOutput, position: number): Promise<Schema['outputs']> {
  const { assets, limits } = run.deps;
  const { id: task_id, account_id: accountId } = run.task;
  const text = output.kind === 'text' ? output.text : null;
  // Nothing said is a result without a file.
  if (text === '') return { task_id, position, asset_id: null, text, extension: 'txt' };
  const either = AbortSignal.any([run.stop, run.abort]);
  try {
    const { stream, fileName } = await openOutput(run, output, either);
    addAbortSignal(either, stream);
    // A result that was paid for is kept also where we cannot read it.
    const asset = await assets.store({
      accountId,
      stream,
      fileName,
      maxBytes: limits.maxOutputBytes,
      unreadable: 'keep',
    });
    if (asset.sizeBytes === 0) throw new GatewayError('generation_failed', 'the file of the result is empty');
    return { task_id, position, asset_id: asset.id, text, extension: text === null ? asset.extension : 'txt' };
  } catch (error) {
    run.abort.throwIfAborted();
    if (run.stop.aborted) throw new Stopped();
    throw error;
  }
}

async function openOutput(
  run: Run,
  output: ProviderOutput,
  signal: AbortSignal,
): Promise<{ stream: Readable; fileName: string }> {
  if (output.kind === 'text') return { stream: Readable.from([output.text]), fileName: 'output.txt' };
  if (output.kind === 'file') {
    return { stream: createReadStream(output.path), fileName: `output.${output.extension}` };
  }
  const { maxOutputBytes: maxBytes, fetchTimeoutMs: timeoutMs } = run.deps.limits;
  // The address is the provider's word, which is trusted no more than a caller's.
  return run.deps.guard.open(output.url, { maxBytes, timeoutMs, signal });
}

async function release(run: Run, provider: Provider, handle: Json): Promise<void> {
  try {
    await provider.release?.(handle);
  } catch (error) {
    run.deps.log.warn({ ...fieldsOf(run), reason: toLogText(error) }, 'the provider could not release the job');
  }
}
