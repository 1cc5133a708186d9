import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { absent, type Mapping, mapInput, type Rule, toNumber } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { FileUse, withFiles } from '../kit/media.ts';
import { GROK_SHAPES } from '../kit/shapes.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import routes from './routes.json' with { type: 'json' };
import { addressesOf, Created, costOf, faultOf, Images, toProgress, Video } from './wire.ts';

/** A picture comes with the answer. */
const SUBMIT_TIMEOUT_MS = 300_000;

// "Image and video generation", read 2026-11-22.
const MAX_PICTURES = { 'grok-imagine-image': 3, 'grok-imagine-image-2.0': 5 } as Readonly<Record<string, number>>;
const MAX_PROMPT_CHARS = 4_096;
const MAX_CLIP_SECONDS = 15;
const MAX_REFERENCE_SECONDS = 10;
const MAX_EDIT_MS = 8_700;
const EXTENDABLE_MS = [2_000, 15_000] as const;

const isPicture = ({ route }: Job): boolean => route.op?.startsWith('images/') === true;

const prompt: Rule = (value, { job, name, set, refuse }) => {
  const { length } = String(value);
  if (!isPicture(job) && length > MAX_PROMPT_CHARS)
    refuse(`${name} has ${length} characters; at most ${MAX_PROMPT_CHARS} there`);
  set('prompt', value);
};

/** One picture is the subject, or the first frame; several are references, of a clip or of an edit. */
const pictures: Rule = (_value, { job, name, set, refuse }) => {
  const files = (job.media[name] ?? []).map((one) => ({ url: new FileUse(one) }));
  const [first] = files;
  const most = isPicture(job) ? (MAX_PICTURES[job.route.model] ?? 3) : 7;
  if (files.length > most) refuse(`${name} has ${files.length} pictures; at most ${most} there`);
  if (first === undefined) return;
  if (files.length === 1 && job.endpoint.task !== 'reference-to-video') set('image', first);
  else set(isPicture(job) ? 'images' : 'reference_images', files);
};

const shape: Rule = (value, { set }) => set('aspect_ratio', GROK_SHAPES[String(value)] ?? value);

const seconds: Rule = (value, { job, name, set, refuse }) => {
  const hasReferences = job.endpoint.task === 'reference-to-video' || (job.media.imageUrls ?? []).length > 1;
  const most = hasReferences ? MAX_REFERENCE_SECONDS : MAX_CLIP_SECONDS;
  if (Number(value) > most) refuse(`${name} ${JSON.stringify(value)} is not offered there: at most ${most}`);
  set('duration', toNumber(value));
};

const clip: Rule = (_value, { job, name, set, refuse }) => {
  const [file] = job.media[name] ?? [];
  if (file === undefined) return;
  const { durationMs } = file.facts;
  const [least, most] = job.route.op === 'videos/edits' ? [0, MAX_EDIT_MS] : EXTENDABLE_MS;
  if (durationMs !== undefined && (durationMs < least || durationMs > most)) {
    refuse(`${name} has ${durationMs / 1_000} s; from ${least / 1_000} to ${most / 1_000} s there`);
  }
  if (file.facts.format !== 'mp4') refuse(`${name} is ${file.facts.format}; only mp4 there`);
  set('video', { url: new FileUse(file) });
};

const MAPPING: Mapping = {
  prompt,
  image: pictures,
  imageUrl: pictures,
  imageUrls: pictures,
  videoUrl: clip,
  aspectRatio: shape,
  duration: seconds,
  resolution: (value, { job, set }) => {
    // An edit has the size of what is edited.
    if (job.route.op !== 'videos/edits') set('resolution', value);
  },
  outputFormat: absent('jpeg'),
};
/** No model of the vendor bears the numbers that these rows offer, which is why their routes are near and not exact:
 *  whichever is asked for, the route's model draws. */
const ANY_VERSION: Rule = () => {};

const Handle = z.object({ requestId: z.string() });

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const { baseUrl = '' } = settings;
  const upstream = createUpstream({
    baseUrl,
    authorize: () => ({ authorization: `Bearer ${apiKey}` }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const plan = (job: Job) => {
    const near = job.route.status === 'approx' || job.route.status === 'substitute' ? { model: ANY_VERSION } : {};
    const { body, reasons } = mapInput(job, { ...MAPPING, ...near }, { model: job.route.model });
    const needsPicture = job.route.op === 'images/edits' && body.image === undefined && body.images === undefined;
    return { body, reasons: needsPicture ? [...reasons, 'there is no picture to edit'] : reasons };
  };
  return {
    name: 'xai',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => plan(job).reasons,
    async submit(job, signal) {
      const json = await withFiles(plan(job).body, { canBeReached });
      const path = `/${job.route.op}`;
      if (!isPicture(job)) {
        const { request_id: requestId } = await upstream.create({ method: 'POST', path, json }, Created, signal);
        return { handle: { requestId } };
      }
      const call = { method: 'POST', path, json: { ...json, response_format: 'url' } } as const;
      const answer = await upstream.create(call, Images, signal);
      const outputs = addressesOf(answer);
      // It says nothing else of a picture that it holds back.
      if (outputs.length === 0) throw new UpstreamError('moderation', 'the picture was held back by moderation');
      return acceptEnded({ state: 'succeeded', outputs, ...costOf(answer.usage) });
    },
    poll: async (handle, signal) => endedOf(handle) ?? poll(handle, signal),
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/models' }, z.unknown(), signal);
    },
  };

  async function poll(stored: Json, signal: AbortSignal): Promise<Progress> {
    const path = `/videos/${encodeURIComponent(Handle.parse(stored).requestId)}`;
    try {
      const answer = await upstream.readRaw({ method: 'GET', path }, signal);
      // While it is being made, the body is often empty.
      if (answer.status === 202 && answer.text.trim() === '') return { state: 'pending' };
      const parsed = Video.safeParse(answer.body);
      if (!parsed.success)
        throw new UpstreamError('busy', `xAI answered something that cannot be read (status ${answer.status})`);
      return toProgress(parsed.data);
    } catch (error) {
      return toEnding(error);
    }
  }
}

export const xai: ProviderType = {
  name: 'xai',
  title: 'xAI (Grok Imagine)',
  credentials: [{ name: 'apiKey', env: 'XAI_API_KEY', about: 'A key of console.x.ai.' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'XAI_BASE_URL',
      about: 'The address of a regional host, with its /v1.',
      default: 'https://api.x.ai/v1',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
