import { z } from 'zod';
import { GatewayError } from '../../contract/errors.ts';
import { UpstreamError } from '../fault.ts';
import type { Progress, Provider, ProviderOutput } from '../provider.ts';

const Accepted = z.object({ id: z.string() });
const Refused = z.object({ message: z.string() });
const Said = z.object({
  status: z.string(),
  fraction: z.number().optional(),
  message: z.string().optional(),
  pollAfterMs: z.number().optional(),
  outputs: z.array(z.union([z.object({ url: z.string() }), z.object({ text: z.string() })])).optional(),
});
const MAX_ANSWER_BYTES = 100_000;

const Step = z.discriminatedUnion('is', [
  z.object({ is: z.literal('being begun') }),
  z.object({ is: z.literal('begun'), id: z.string() }),
]);

/** What the adapter makes of the stand-in's abilities. */
export type StandInOptions = {
  readonly isRepeatable?: boolean;
  readonly canFind?: boolean;
  /** It says that it keeps no record of such jobs. */
  readonly isForgetful?: boolean;
  readonly canCancel?: boolean;
  /** A job is two of the upstream, one after the other. */
  readonly isInSteps?: boolean;
  readonly submitTimeoutMs?: number;
};

/** The adapter to the stand-in server: the smallest that keeps the contract of providers. */
export function createStandIn(url: string, options: StandInOptions = {}): Provider {
  const ask = async (method: string, path: string, signal: AbortSignal, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await readBounded(response) };
  };
  return {
    name: 'stand-in',
    submitIsRepeatable: options.isRepeatable ?? false,
    ...(options.submitTimeoutMs === undefined ? {} : { submitTimeoutMs: options.submitTimeoutMs }),
    async submit({ taskId }, signal) {
      const answer = await ask('POST', '/jobs', signal, { taskId }).catch((cause: unknown) => {
        throw new GatewayError('outcome_unknown', 'the connection broke', { cause });
      });
      if (answer.status === 503) throw new GatewayError('provider_unavailable', 'the stand-in is away');
      if (answer.status === 429) throw new GatewayError('rate_limited', 'the stand-in is busy');
      if (answer.status === 422) throw new GatewayError('generation_failed', Refused.parse(answer.body).message);
      return { handle: Accepted.parse(answer.body).id };
    },
    async poll(handle, signal) {
      const step = Step.safeParse(handle).data;
      if (step?.is === 'being begun') return { state: 'failed', code: 'outcome_unknown', message: 'a step was lost' };
      const { status, body } = await ask('GET', `/jobs/${step?.id ?? String(handle)}`, signal);
      if (status !== 200) throw new GatewayError('provider_unavailable', `status ${status}`);
      const progress = toProgress(Said.parse(body));
      const isHalf = options.isInSteps === true && step === undefined && progress.state === 'succeeded';
      return isHalf ? { state: 'pending', next: { handle: { is: 'being begun' } } } : progress;
    },
    ...(options.isInSteps === true && {
      async proceed(_next, { taskId }, signal) {
        const { body } = await ask('POST', '/jobs', signal, { taskId: `${taskId}-2` });
        return { is: 'begun', id: Accepted.parse(body).id };
      },
    }),
    ...(options.canFind === true && {
      async find({ taskId }, signal) {
        if (options.isForgetful === true) throw new UpstreamError('unknown', 'there is no record of such jobs');
        const { status, body } = await ask('GET', `/jobs?task=${taskId}`, signal);
        if (status === 404) return undefined;
        return { handle: Accepted.parse(body).id };
      },
    }),
    ...(options.canCancel === true && {
      async cancel(handle, signal) {
        await ask('DELETE', `/jobs/${String(handle)}`, signal);
      },
    }),
  };
}

function toProgress(said: z.infer<typeof Said>): Progress {
  const { fraction, pollAfterMs } = said;
  switch (said.status) {
    case 'done':
      return {
        state: 'succeeded',
        outputs: (said.outputs ?? []).map(
          (one): ProviderOutput => ('url' in one ? { kind: 'url', url: one.url } : { kind: 'text', text: one.text }),
        ),
      };
    case 'failed':
      return { state: 'failed', code: 'generation_failed', message: said.message ?? 'no reason given' };
    default: // 'working', and words that are not known: the deadline bounds the wait.
      return {
        state: 'pending',
        ...(fraction === undefined ? {} : { fraction }),
        ...(pollAfterMs === undefined ? {} : { pollAfterMs }),
      };
  }
}

async function readBounded(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
