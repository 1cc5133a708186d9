import { z } from 'zod';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { type Mapped, type Mapping, mapInput } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { outOfReach, withFiles } from '../kit/media.ts';
import { type Call, createUpstream } from '../kit/upstream.ts';
import type { Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { CHAT, PICTURE_MODELS } from './pictures.ts';
import { isResold, RESOLD_MODELS } from './resold.ts';
import routes from './routes.json' with { type: 'json' };
import { extended, VIDEO_MODELS } from './videos.ts';
import { Chat, Created, faultOf, Pictures, Task, toPictures, toProgress, toText } from './wire.ts';

const Handle = z.object({ jobId: z.string() });

/** Pictures are answered when they are drawn, and words when they are written. */
const SUBMIT_TIMEOUT_MS = 400_000;

const AT_ONCE = 'multimodal-generation/generation';
const WORDS = 'chat';
const MODELS = [...VIDEO_MODELS, ...PICTURE_MODELS, ...RESOLD_MODELS];

type Plan = Mapped & { readonly op: string; readonly path: string };

/** A route says the service, and behind a question mark what the parameters always hold. */
function planOf(job: Job, p: { canBeReached: boolean; isAbroad: boolean }): Plan {
  const { model } = job.route;
  const [op = '', constants = ''] = (job.route.op ?? '').split('?');
  const mapping = op === WORDS ? CHAT : mappingOf(job);
  if (mapping === undefined)
    return { op, path: '', body: {}, reasons: [`DashScope has no model ${model} that is known here`] };
  const { body, reasons } = mapInput(job, mapping, {
    model,
    ...(op === WORDS
      ? {}
      : { parameters: { ...fixedOf(model), ...Object.fromEntries(new URLSearchParams(constants)) } }),
  });
  const far = p.isAbroad && isResold(model) ? [`${model} is sold in Beijing only, and the channel is elsewhere`] : [];
  const path = op === WORDS ? '/compatible-mode/v1/chat/completions' : `/api/v1/services/aigc/${op}`;
  return { op, path, body, reasons: [...reasons, ...outOfReach(body, p), ...far] };
}

function mappingOf({ route, endpoint }: Job): Mapping | undefined {
  const mapping = MODELS.find(([name]) => name.test(route.model))?.[1];
  return mapping !== undefined && endpoint.task === 'video-extend' ? extended(mapping) : mapping;
}

/** What no row asks for. One picture is what a row without a number means; Wan draws four by itself. */
function fixedOf(model: string): Record<string, boolean | number> {
  if (model.startsWith('z-image')) return {};
  return { watermark: false, ...(model.startsWith('wan2.7-image') ? { n: 1 } : {}) };
}

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const { baseUrl = '', workspace = '' } = settings;
  const upstream = createUpstream({
    baseUrl,
    authorize: () => ({
      authorization: `Bearer ${apiKey}`,
      ...(workspace === '' ? {} : { 'x-dashscope-workspace': workspace }),
    }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const at = { canBeReached, isAbroad: /\/\/dashscope-(intl|us)\./.test(baseUrl) };
  return {
    name: 'alibaba',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => planOf(job, at).reasons,
    async submit(job, signal) {
      const { op, path, body } = planOf(job, at);
      const call: Call = { method: 'POST', path, json: await withFiles(body, { canBeReached }) };
      if (op === WORDS) return acceptEnded(toText(await upstream.create(call, Chat, signal)));
      if (op === AT_ONCE) return acceptEnded(toPictures(await upstream.create(call, Pictures, signal)));
      const later = { ...call, headers: { 'x-dashscope-async': 'enable' } };
      const { output } = await upstream.create(later, Created, signal);
      return { handle: { jobId: output.task_id } };
    },
    async poll(stored, signal) {
      const ended = endedOf(stored);
      if (ended !== undefined) return ended;
      const path = `/api/v1/tasks/${encodeURIComponent(Handle.parse(stored).jobId)}`;
      const answer = await upstream.read({ method: 'GET', path }, Task, signal).catch(toEnding);
      return 'state' in answer ? answer : toProgress(answer);
    },
    async cancel(stored, signal) {
      const path = `/api/v1/tasks/${encodeURIComponent(Handle.parse(stored).jobId)}/cancel`;
      await upstream.read({ method: 'POST', path }, z.unknown(), signal);
    },
    async check(signal) {
      const query = { page_no: '1', page_size: '1' };
      await upstream.read({ method: 'GET', path: '/api/v1/tasks/', query }, z.unknown(), signal);
    },
  };
}

export const alibaba: ProviderType = {
  name: 'alibaba',
  title: 'Alibaba Model Studio',
  credentials: [
    { name: 'apiKey', env: 'DASHSCOPE_API_KEY', about: 'An API key of Model Studio. It belongs to one region.' },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'DASHSCOPE_BASE_URL',
      about: 'https://dashscope.aliyuncs.com for keys of Beijing, or the host of your own workspace.',
      default: 'https://dashscope-intl.aliyuncs.com',
    },
    {
      name: 'workspace',
      env: 'DASHSCOPE_WORKSPACE',
      about: 'The id of a workspace that is not the default one.',
      isOptional: true,
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
