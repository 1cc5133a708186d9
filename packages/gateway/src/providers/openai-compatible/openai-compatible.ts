import { z } from 'zod';
import { type Fault, UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { type Mapping, mapInput, type Rule } from '../kit/body.ts';
import { costOfTokens, tokenPriceFields, tokenPricesOf } from '../kit/cost.ts';
import { type BodyPart, FileUse, withFiles } from '../kit/media.ts';
import { openAiFault } from '../kit/openai-faults.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import routes from './routes.json' with { type: 'json' };

/** A long answer of a small machine. */
const SUBMIT_TIMEOUT_MS = 600_000;

const count = z.number().nullish();
const Completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
});

/** Parts of one message. They stand in the order of the mapping below: what is looked at, then what is asked. */
const pictures: Rule = (_value, { job, name, set }) =>
  set(
    'pictures',
    (job.media[name] ?? []).map((file) => ({ type: 'image_url', image_url: { url: new FileUse(file) } })),
  );
const clip: Rule = (_value, { job, name, set }) =>
  set(
    'clips',
    (job.media[name] ?? []).map((file) => ({ type: 'video_url', video_url: { url: new FileUse(file) } })),
  );
const MAPPING: Mapping = {
  prompt: (value, { set }) => set('text', value),
  imageUrl: pictures,
  imageUrls: pictures,
  videoUrl: clip,
};

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const { baseUrl = '', model } = settings;
  const upstream = createUpstream({
    baseUrl,
    authorize: () => (apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
    faultOf: openAiFault,
    secrets: [apiKey],
    dispatcher,
  });
  const plan = (job: Job) => {
    const { body, reasons } = mapInput(job, MAPPING);
    const isText = job.endpoint.output === 'string';
    return { body, reasons: isText ? reasons : [...reasons, 'a chat answers in words only'] };
  };
  return {
    name: 'openai-compatible',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => plan(job).reasons,
    async submit(job, signal) {
      const { text = '', pictures: looks = [], clips = [] } = plan(job).body;
      const seen = [looks, clips].flat() as BodyPart[];
      // Some servers take a list of parts only from models that see.
      const content = seen.length === 0 ? text : [...seen, { type: 'text', text }];
      const message = { model: model || job.route.model, messages: [{ role: 'user', content }] };
      const json = await withFiles(message, { canBeReached });
      const answer = await upstream.create({ method: 'POST', path: '/chat/completions', json }, Completion, signal);
      return acceptEnded(toEnded(answer, settings));
    },
    async poll(handle) {
      const ended = endedOf(handle);
      if (ended === undefined) throw new UpstreamError('failed', 'the answer was not kept');
      return ended;
    },
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/models' }, z.unknown(), signal);
    },
  };
}

function toEnded({ choices: [choice], usage }: z.infer<typeof Completion>, settings: ProviderDeps['settings']) {
  const text = choice?.message.content ?? '';
  const refusal = choice?.message.refusal ?? '';
  if (text === '') {
    const reason = choice?.finish_reason ?? '';
    const fault: Fault = refusal !== '' || reason === 'content_filter' ? 'moderation' : 'failed';
    throw new UpstreamError(fault, refusal || `the model answered nothing${reason === '' ? '' : ` (${reason})`}`);
  }
  const tokens = { input: usage?.prompt_tokens ?? 0, output: usage?.completion_tokens ?? 0 };
  const cost = usage ? { cost: costOfTokens(tokens, tokenPricesOf(settings)) } : {};
  return { state: 'succeeded' as const, outputs: [{ kind: 'text' as const, text }], ...cost };
}

export const openaiCompatible: ProviderType = {
  name: 'openai-compatible',
  title: 'Any server that answers chats as OpenAI does',
  credentials: [
    { name: 'apiKey', env: 'OPENAI_COMPATIBLE_API_KEY', about: 'Where the server wants one.', isOptional: true },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'OPENAI_COMPATIBLE_BASE_URL',
      about: 'The address of the server, with its /v1: http://127.0.0.1:8000/v1.',
    },
    {
      name: 'model',
      env: 'OPENAI_COMPATIBLE_MODEL',
      about: 'What the server calls its model. Absent: the name in the route.',
      isOptional: true,
    },
    ...tokenPriceFields('OPENAI_COMPATIBLE'),
  ],
  routes: RouteTable.parse(routes),
  create,
};
