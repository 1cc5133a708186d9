import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import type { Mapped } from '../kit/body.ts';
import { tokenPriceFields, tokenPricesOf } from '../kit/cost.ts';
import { toEnding } from '../kit/ending.ts';
import { withFiles } from '../kit/media.ts';
import { intoSpool } from '../kit/spool.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Accepted, Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { CONTENT_FILES, Content, filesOf, toContent, toEnded } from './content.ts';
import { removeFile, type UploadedFile, uploadFile } from './files.ts';
import * as omni from './omni.ts';
import routes from './routes.json' with { type: 'json' };
import { Operation, toPrediction, toProgress } from './veo.ts';
import { faultOf } from './wire.ts';

/** A picture of the largest model takes minutes. */
const SUBMIT_TIMEOUT_MS = 600_000;
/** Above this the files of a job are uploaded first: bodies have limits, of 20 MB with the older models. */
const MAX_INLINE_BYTES = 12 * 1024 ** 2;

/** Which of the calls makes it, where it is not `generateContent`. */
const VEO = 'Gemini API predictLongRunning';
const OMNI = 'interactions';

const Handle = z.union([
  z.object({ operation: z.string(), taskId: z.string() }),
  z.object({ interaction: z.string(), taskId: z.string() }),
]);
const TaskHandle = z.object({ taskId: z.string() });

type Use = { readonly upstream: Upstream; readonly deps: ProviderDeps };

function create(deps: ProviderDeps): Provider {
  const { credentials, settings } = deps;
  const { apiKey = '' } = credentials;
  const { baseUrl = '' } = settings;
  const proof = { 'x-goog-api-key': apiKey };
  const upstream = createUpstream({
    baseUrl,
    authorize: () => proof,
    faultOf,
    secrets: [apiKey],
    dispatcher: deps.dispatcher,
  });
  const use: Use = { upstream, deps };
  return {
    name: 'google',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => plan(job).reasons,
    submit: (job, signal) => submit(use, job, signal),
    poll: async (handle, signal) => endedOf(handle) ?? poll(use, handle, signal),
    async cancel(stored, signal) {
      const handle = Handle.safeParse(stored).data;
      if (handle === undefined || !('interaction' in handle))
        throw new UpstreamError('invalid', 'the upstream cannot stop such a job');
      const path = `/interactions/${encodeURIComponent(handle.interaction)}/cancel`;
      const { status } = await upstream.read({ method: 'POST', path }, omni.Interaction, signal);
      if (status === 'completed' || status === 'failed') {
        throw new UpstreamError('invalid', `the interaction was over already: ${status}`);
      }
    },
    downloadHeaders: async (url) => (new URL(url).origin === new URL(baseUrl).origin ? proof : {}),
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/models', query: { pageSize: '1' } }, z.unknown(), signal);
    },
    async release(stored) {
      await deps.spool.clear(TaskHandle.parse(stored).taskId);
    },
  };
}

function plan(job: Job, addressOf?: (file: JobFile) => string | undefined): Mapped {
  if (job.route.op === OMNI) return omni.toInteraction(job);
  if (job.route.op !== VEO) return toContent(job, addressOf);
  const mapped = toPrediction(job, {
    own: {
      // It extends only what it keeps itself.
      video: (_value, { refuse }) => refuse('the upstream extends only clips that it made itself, by their name there'),
      generateAudio: (value, { job: { endpoint }, name, refuse }) => {
        const param = endpoint.params[name];
        const isDefault = param?.type === 'flag' && param.default === value;
        if (value === false && !isDefault) refuse(`${name} false has no counterpart there: clips have sound`);
      },
    },
    parameters: { sampleCount: 1 },
  });
  const { resolution = '720p', duration = '8' } = job.input;
  const isTooShort = resolution !== '720p' && duration !== '8' && job.endpoint.params.duration !== undefined;
  return isTooShort
    ? {
        ...mapped,
        reasons: [...mapped.reasons, `resolution ${JSON.stringify(resolution)} takes a duration of 8 there`],
      }
    : mapped;
}

async function submit(use: Use, job: Job, signal: AbortSignal): Promise<Accepted> {
  const { upstream, deps } = use;
  const { taskId, route } = job;
  if (route.op === OMNI) {
    const json = await withFiles(plan(job).body, deps);
    const { id } = await upstream.create({ method: 'POST', path: '/interactions', json }, omni.Interaction, signal);
    if (!id) throw new UpstreamError('unknown', 'the upstream answered without an id');
    return { handle: { interaction: id, taskId } };
  }
  if (route.op === VEO) {
    const json = await withFiles(plan(job).body, deps);
    const path = `/models/${encodeURIComponent(route.model)}:predictLongRunning`;
    const { name } = await upstream.create({ method: 'POST', path, json }, Operation, signal);
    if (!name) throw new UpstreamError('unknown', 'the upstream answered without the name of an operation');
    return { handle: { operation: name, taskId } };
  }
  return generate(use, job, signal);
}

async function generate({ upstream, deps }: Use, job: Job, signal: AbortSignal): Promise<Accepted> {
  const uploaded = await uploadLarge({ upstream, deps }, job, signal);
  const { files, inlined } = intoSpool(deps.spool, {
    taskId: job.taskId,
    extension: 'png',
    members: CONTENT_FILES,
    signal,
  });
  try {
    const json = await withFiles(plan(job, ({ assetId }) => uploaded.get(assetId)?.uri).body, deps);
    const path = `/models/${encodeURIComponent(job.route.model)}:generateContent`;
    const answer = await upstream.create({ method: 'POST', path, json, inlined }, Content, signal);
    const ended = toEnded(job, answer, { files, prices: tokenPricesOf(deps.settings) });
    const { handle, ...rest } = acceptEnded(ended);
    return { handle: { ...(handle as { [name: string]: Json }), taskId: job.taskId }, ...rest };
  } catch (error) {
    // What arrived of an answer that cannot be used.
    await deps.spool.clear(job.taskId);
    throw error;
  } finally {
    await Promise.all([...uploaded.values()].map((file) => removeFile(upstream, file, signal)));
  }
}

/** Clips, and whatever is too large for a body. */
async function uploadLarge({ upstream, deps }: Use, job: Job, signal: AbortSignal): Promise<Map<string, UploadedFile>> {
  const files = filesOf(job);
  const sizeBytes = files.reduce((sum, { facts }) => sum + facts.sizeBytes, 0);
  const uploaded = new Map<string, UploadedFile>();
  if (sizeBytes <= MAX_INLINE_BYTES && files.every(({ facts }) => facts.kind === 'image')) return uploaded;
  const { baseUrl = '' } = deps.settings;
  for (const file of files) {
    if (!uploaded.has(file.assetId))
      uploaded.set(file.assetId, await uploadFile({ upstream, baseUrl, clock: deps.clock }, file, signal));
  }
  return uploaded;
}

async function poll({ upstream, deps }: Use, stored: Json, signal: AbortSignal): Promise<Progress> {
  const handle = Handle.parse(stored);
  if ('operation' in handle) {
    const answer = upstream.read({ method: 'GET', path: `/${handle.operation}` }, Operation, signal);
    return answer.then((operation) => toProgress(operation, samplesOf), toEnding);
  }
  const { files, inlined } = intoSpool(deps.spool, {
    taskId: handle.taskId,
    extension: 'mp4',
    members: CONTENT_FILES,
    signal,
  });
  const path = `/interactions/${encodeURIComponent(handle.interaction)}`;
  const answer = upstream.read({ method: 'GET', path, inlined }, omni.Interaction, signal);
  return answer.then(
    (interaction) => omni.toProgress(interaction, { files, prices: tokenPricesOf(deps.settings) }),
    toEnding,
  );
}

/** They are given out to the key that made them. */
const samplesOf = ({ response }: z.infer<typeof Operation>) =>
  (response?.generateVideoResponse?.generatedSamples ?? []).flatMap(({ video }) =>
    video?.uri ? [{ kind: 'url' as const, url: video.uri, needsCredentials: true as const }] : [],
  );

const table = RouteTable.parse(routes);

export const google: ProviderType = {
  name: 'google',
  title: 'Google Gemini API',
  credentials: [{ name: 'apiKey', env: 'GEMINI_API_KEY', about: 'A key of aistudio.google.com.' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'GEMINI_BASE_URL',
      about: 'The address of another server that speaks the same API, with its /v1beta.',
      default: 'https://generativelanguage.googleapis.com/v1beta',
    },
    ...tokenPriceFields('GEMINI'),
  ],
  routes: { ...table, routes: table.routes.filter(({ op = '' }) => !op.startsWith('Agent Platform')) },
  create,
};
