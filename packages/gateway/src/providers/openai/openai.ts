import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { mapInput } from '../kit/body.ts';
import { costOfTokens, tokenPriceFields, tokenPricesOf } from '../kit/cost.ts';
import { toEnding } from '../kit/ending.ts';
import { positionIn } from '../kit/long-json.ts';
import { type Body, listFiles, toForm, withFiles } from '../kit/media.ts';
import { openAiFault } from '../kit/openai-faults.ts';
import { intoSpool } from '../kit/spool.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Accepted, Job, Provider, ProviderOutput } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { constantOf, mappingOf, type Op, opOf } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { Character, Images, toProgress, Video } from './wire.ts';

/** The vendor's own client waits as long for a picture. */
const SUBMIT_TIMEOUT_MS = 600_000;

const VideoHandle = z.object({ videoId: z.string() });
const TaskHandle = z.object({ taskId: z.string() });

function create(deps: ProviderDeps): Provider {
  const { credentials, settings } = deps;
  const { apiKey = '' } = credentials;
  const { baseUrl = '', organization, project } = settings;
  const proof = {
    authorization: `Bearer ${apiKey}`,
    ...(organization ? { 'openai-organization': organization } : {}),
    ...(project ? { 'openai-project': project } : {}),
  };
  const upstream = createUpstream({
    baseUrl,
    authorize: () => proof,
    faultOf: openAiFault,
    secrets: [apiKey],
    dispatcher: deps.dispatcher,
  });
  const plan = (job: Job) => {
    const op = opOf(job);
    if (op === undefined)
      return { op, body: {}, reasons: [`there is no call for ${job.route.op ?? job.endpoint.task}`] };
    const { body, reasons } = mapInput(job, mappingOf(op, { voice: settings.voice ?? '' }), constantOf(op, job));
    const missing =
      op === 'videos' && body.prompt === undefined ? ['the upstream makes no video without a prompt'] : [];
    return { op, body, reasons: [...reasons, ...missing] };
  };
  return {
    name: 'openai',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => plan(job).reasons,
    async submit(job, signal) {
      const { op, body, reasons } = plan(job);
      if (op === undefined) throw new UpstreamError('invalid', reasons.join('; '));
      try {
        return await SUBMITS[op]({ upstream, deps, job, body, signal });
      } catch (error) {
        // What arrived of an answer that cannot be used.
        await deps.spool.clear(job.taskId);
        throw error;
      }
    },
    async poll(stored, signal) {
      const ended = endedOf(stored);
      if (ended !== undefined) return ended;
      const path = pathOf(stored);
      const content = { kind: 'url', url: `${baseUrl}${path}/content`, needsCredentials: true } as const;
      const answer = upstream.read({ method: 'GET', path }, Video, signal);
      return answer.then((video) => toProgress(video, content), toEnding);
    },
    downloadHeaders: async (url) => (new URL(url).origin === new URL(baseUrl).origin ? proof : {}),
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/models' }, z.unknown(), signal);
    },
    async release(stored) {
      const { data } = TaskHandle.safeParse(stored);
      if (data !== undefined) return deps.spool.clear(data.taskId);
      const signal = AbortSignal.timeout(30_000);
      await upstream.read({ method: 'DELETE', path: pathOf(stored) }, z.unknown(), signal).catch(ignoreRefusal);
    },
  };
}

const pathOf = (stored: Json): string => `/videos/${encodeURIComponent(VideoHandle.parse(stored).videoId)}`;

/** Not every server of this protocol can delete. */
const ignoreRefusal = (error: unknown): void => {
  if (!(error instanceof UpstreamError)) throw error;
};

type Submit = (p: {
  upstream: Upstream;
  deps: ProviderDeps;
  job: Job;
  body: Body;
  signal: AbortSignal;
}) => Promise<Accepted>;

/** Pictures are sent as they are: the vendor gives up on hosts that are slow. */
const contentOf = async (body: Body, { canBeReached }: ProviderDeps) =>
  listFiles(body).length > 0
    ? { form: await toForm(body, { canBeReached }) }
    : { json: await withFiles(body, { canBeReached }) };

const makeImages: Submit = async ({ upstream, deps, job, body, signal }) => {
  const { taskId } = job;
  const { files, inlined } = intoSpool(deps.spool, {
    taskId,
    extension: 'png',
    members: { b64_json: 'base64' },
    signal,
  });
  const path = `/${opOf(job)}`;
  const call = { method: 'POST', path, inlined, ...(await contentOf(body, deps)) } as const;
  const { data, usage } = await upstream.create(call, Images, signal);
  const outputs = (data ?? []).flatMap(({ b64_json, url }): ProviderOutput[] => {
    const saved = files[positionIn(b64_json) ?? -1];
    if (saved !== undefined) return [saved];
    return url ? [{ kind: 'url', url }] : [];
  });
  const tokens = { input: usage?.input_tokens ?? 0, output: usage?.output_tokens ?? 0 };
  const cost = usage ? { cost: costOfTokens(tokens, tokenPricesOf(deps.settings)) } : {};
  if (outputs.length === 0) throw new UpstreamError('failed', 'the upstream answered without a picture');
  return held(taskId, acceptEnded({ state: 'succeeded', outputs, ...cost }));
};

/** With the task, by which its files are found again when they are cleared away. */
const held = (taskId: string, { handle, ...rest }: Accepted): Accepted => ({
  handle: { ...(handle as { [name: string]: Json }), taskId }, // An object: `acceptEnded` made it.
  ...rest,
});

const makeSpeech: Submit = async ({ upstream, deps, job, body, signal }) => {
  const { taskId } = job;
  const { files, inlined } = intoSpool(deps.spool, { taskId, extension: 'mp3', members: {}, signal });
  const json = await withFiles(body, deps);
  await upstream.createRaw({ method: 'POST', path: '/audio/speech', json, inlined }, signal);
  if (files.length === 0) throw new UpstreamError('unknown', 'the upstream answered without a recording');
  return held(taskId, acceptEnded({ state: 'succeeded', outputs: files }));
};

const makeVideo: Submit = async ({ upstream, deps, body, signal }) => {
  const call = { method: 'POST', path: '/videos', ...(await contentOf(body, deps)) } as const;
  const { id } = await upstream.create(call, Video, signal);
  return { handle: { videoId: id } };
};

const makeCharacter: Submit = async ({ upstream, deps, job, body, signal }) => {
  const form = await toForm(body, deps);
  const { id, name } = await upstream.create({ method: 'POST', path: '/videos/characters', form }, Character, signal);
  const text = JSON.stringify({ id, ...(name ? { name } : {}) });
  return held(job.taskId, acceptEnded({ state: 'succeeded', outputs: [{ kind: 'text', text }], upstreamId: id }));
};

const SUBMITS: Readonly<Record<Op, Submit>> = {
  'images/generations': makeImages,
  'images/edits': makeImages,
  videos: makeVideo,
  'videos/characters': makeCharacter,
  'audio/speech': makeSpeech,
};

export const openai: ProviderType = {
  name: 'openai',
  title: 'OpenAI, or another server that speaks its images, videos and speech API',
  credentials: [{ name: 'apiKey', env: 'OPENAI_API_KEY', about: 'A key of platform.openai.com, or of that server.' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'OPENAI_BASE_URL',
      about: 'The address of another server, with its /v1.',
      default: 'https://api.openai.com/v1',
    },
    { name: 'organization', env: 'OPENAI_ORG_ID', about: 'Which organization of yours pays.', isOptional: true },
    { name: 'project', env: 'OPENAI_PROJECT_ID', about: 'Which project of yours pays.', isOptional: true },
    { name: 'voice', env: 'OPENAI_VOICE', about: 'Who speaks where nobody was chosen.', default: 'alloy' },
    ...tokenPriceFields('OPENAI'),
  ],
  routes: RouteTable.parse(routes),
  create,
};
