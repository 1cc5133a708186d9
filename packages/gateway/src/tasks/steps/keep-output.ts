import { createReadStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { GatewayError } from '../../contract/errors.ts';
import type { Provider, ProviderOutput } from '../../providers/provider.ts';
import { Stopped } from '../../queue/worker.ts';
import type { Schema } from '../../store/schema.ts';
import { call, type Run } from '../run.ts';

/** A file that the upstream made and that arrived damaged, or is none: fetching it again may help. */
export class DamagedResult extends Error {
  override readonly name = 'DamagedResult';
}

type Output = {
  readonly provider: Provider;
  readonly output: ProviderOutput;
  readonly position: number;
  /** False: a file that came damaged again and again. It was paid for, so it is kept if it is a file of the kind at all. */
  readonly mayFetchAgain: boolean;
};

/** Makes one output ours: streamed to disk, its length and digest compared, decoded.
 *  @throws {DamagedResult}; whatever kept it from being fetched. */
export async function keepOutput(run: Run, p: Output): Promise<Schema['outputs']> {
  const { output, position, mayFetchAgain } = p;
  const { assets, limits } = run.deps;
  const { id: task_id, account_id: accountId } = run.task;
  const text = output.kind === 'text' ? output.text : null;
  // Nothing said is a result without a file.
  if (text === '') return { task_id, position, asset_id: null, text, extension: 'txt' };
  const either = AbortSignal.any([run.stop, run.abort]);
  try {
    const { stream, fileName } = await openOutput(run, p, either);
    // Whoever reads it hears of its end too; but a stop may come before anybody reads.
    stream.on('error', () => undefined);
    addAbortSignal(either, stream);
    const asset = await assets.store({
      accountId,
      stream,
      fileName,
      maxBytes: limits.maxOutputBytes,
      // What was made here is as good as it will get.
      unreadable: output.kind === 'url' && mayFetchAgain ? 'refuse' : 'keep',
      expects: output.kind === 'url' ? expectationOf(run) : undefined,
      origin: 'output',
    });
    if (asset.sizeBytes === 0) throw new DamagedResult('the file of the result is empty');
    return { task_id, position, asset_id: asset.id, text, extension: text === null ? asset.extension : 'txt' };
  } catch (error) {
    run.abort.throwIfAborted();
    if (run.stop.aborted) throw new Stopped();
    if (isUnreadable(error)) throw new DamagedResult(error.message, { cause: error });
    throw error;
  }
}

/** `store` says so of bytes, and nothing but `store` does: what cannot be fetched is a `FetchFailed`. */
const isUnreadable = (error: unknown): error is GatewayError =>
  error instanceof GatewayError && error.code === 'media_unusable' && error.constructor === GatewayError;

/** An upstream that answers with a page of words instead of a clip has not delivered it. */
function expectationOf({ deps, task }: Run): 'media' | 'file' {
  const output = deps.catalog.get(task.endpoint)?.output;
  return output === 'video' || output === 'image' || output === 'audio' ? 'media' : 'file';
}

async function openOutput(
  run: Run,
  { provider, output }: Output,
  signal: AbortSignal,
): Promise<{ stream: Readable; fileName: string }> {
  if (output.kind === 'text') return { stream: Readable.from([output.text]), fileName: 'output.txt' };
  if (output.kind === 'file') {
    return { stream: createReadStream(output.path), fileName: `output.${output.extension}` };
  }
  const { maxOutputBytes: maxBytes, fetchTimeoutMs: timeoutMs, pollTimeoutMs } = run.deps.limits;
  const channel = run.task.channel === null ? undefined : await run.deps.channels.get(run.task.channel);
  const origin = channel?.trustedOrigin;
  const headers =
    output.needsCredentials === true && provider.downloadHeaders !== undefined
      ? await call(run, { name: 'download', ms: pollTimeoutMs }, async (either) =>
          provider.downloadHeaders?.(output.url, either),
        )
      : undefined;
  // Any other address is the provider's word, which is trusted no more than a caller's.
  const trusted = origin === undefined ? undefined : { origin, headers: headers ?? {} };
  return run.deps.guard.open(output.url, { maxBytes, timeoutMs, signal, trusted });
}
