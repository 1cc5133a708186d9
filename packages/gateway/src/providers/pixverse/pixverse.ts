import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { UpstreamError } from '../fault.ts';
import { type Mapped, mapInput } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { asNumber, type Body, FileUse, hostOnce, toForm, withFiles } from '../kit/media.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import { uuidOf } from '../kit/uuid.ts';
import type { Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { mappingOf, opOf, templatesOf } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { Clip, Created, faultOf, Picture, Result, toProgress } from './wire.ts';

const Handle = z.object({ jobId: z.string(), credits: z.number().exactOptional() });

/** A clip of a hundred megabytes goes first. */
const SUBMIT_TIMEOUT_MS = 300_000;

function create({ credentials, settings, random, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const { creditPrice } = settings;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    // Every request has an id of its own, by which their support finds it.
    authorize: () => ({ 'api-key': apiKey, 'ai-trace-id': uuidOf(random) }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const templates = templatesOf(settings.templates);
  const plan = (job: Job): Mapped & { readonly path: string } => {
    const op = opOf(job);
    const mapping = mappingOf(op, templates);
    if (mapping === undefined) return { path: '', body: {}, reasons: [`PixVerse has no call ${op}`] };
    return { path: `/${op}`, ...mapInput(job, mapping, { model: job.route.model }) };
  };
  return {
    name: 'pixverse',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => plan(job).reasons,
    async submit(job, signal) {
      const { path, body } = plan(job);
      const json = await withUploads(upstream, body, signal);
      const { video_id, credits } = await upstream.create({ method: 'POST', path, json }, Created, signal);
      return { handle: { jobId: video_id, ...(typeof credits === 'number' ? { credits } : {}) } };
    },
    async poll(stored, signal) {
      const { jobId, credits } = Handle.parse(stored);
      const call = { method: 'GET', path: `/video/result/${encodeURIComponent(jobId)}` } as const;
      try {
        return toProgress(await upstream.read(call, Result, signal), { credits, creditPrice });
      } catch (error) {
        return toEnding(error);
      }
    },
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/account/balance' }, z.unknown(), signal);
    },
  };
}

/** The body with the ids of its files, each of which is sent first. */
async function withUploads(upstream: Upstream, body: Body, signal: AbortSignal): Promise<Record<string, Json>> {
  const idOf = hostOnce((file) => upload(upstream, file, signal));
  const parts = Object.entries(body).map(async ([name, part]) => {
    return [name, part instanceof FileUse ? asNumber(await idOf(part.file)) : part] as const;
  });
  return withFiles(Object.fromEntries(await Promise.all(parts)), { canBeReached: false });
}

/** Sends a file. It is sent along rather than fetched from here: one way for servers that can be reached and others. */
async function upload(upstream: Upstream, file: JobFile, signal: AbortSignal): Promise<string> {
  const isPicture = file.facts.kind === 'image';
  const form = await toForm({ [isPicture ? 'image' : 'file']: new FileUse(file, 'blob') }, { canBeReached: false });
  const path = isPicture ? '/image/upload' : '/media/upload';
  try {
    return await upstream.read({ method: 'POST', path, form }, isPicture ? Picture : Clip, signal);
  } catch (error) {
    // Whatever it means, no job was asked for yet.
    if (error instanceof UpstreamError && error.fault === 'unknown') {
      throw new UpstreamError('busy', error.message, { cause: error });
    }
    throw error;
  }
}

export const pixverse: ProviderType = {
  name: 'pixverse',
  title: 'PixVerse',
  credentials: [
    { name: 'apiKey', env: 'PIXVERSE_API_KEY', about: 'The API key of platform.pixverse.ai, or of its Chinese site.' },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'PIXVERSE_BASE_URL',
      about: 'https://app-api.pixverseai.cn/openapi/v2 for keys of the Chinese site.',
      default: 'https://app-api.pixverse.ai/openapi/v2',
    },
    {
      name: 'templates',
      env: 'PIXVERSE_TEMPLATES',
      about: 'Ids of effects, as your console shows them: Hug=123, Kiss=456. Microwave, Anything and Robot are known.',
      isOptional: true,
    },
    {
      name: 'creditPrice',
      env: 'PIXVERSE_CREDIT_PRICE',
      about: 'What you pay for a credit, in US dollars: 0.01. Then costs are shown in dollars.',
      isOptional: true,
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
