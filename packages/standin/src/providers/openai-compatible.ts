import { z } from 'zod';
import { type Definition, type Reason, Refused, type Said } from '../kit/definition.ts';
import { hex } from '../kit/random.ts';
import { address, bearerOf, parse } from '../kit/schema.ts';

// A server of open models that answers chats as OpenAI does, such as vLLM.

const KEY = 'compat-standin-8Hd3Kq27';
const MODELS = ['Qwen3.x-27B', 'local-model'];

const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('image_url'), image_url: z.strictObject({ url: address() }) }),
  z.strictObject({ type: z.literal('video_url'), video_url: z.strictObject({ url: address() }) }),
]);
const Chat = z.strictObject({
  model: z.string(),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['system', 'user', 'assistant']),
        content: z.union([z.string().min(1), z.array(part).min(1)]),
      }),
    )
    .min(1),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).optional(),
});

const refusal =
  (status: number, type: string, code: string | null) =>
  ({ message, field }: Reason): Said => ({ status, body: { error: { message, type, param: field ?? null, code } } });

export const openaiCompatible: Definition = {
  name: 'openai-compatible',
  title: 'A chat server that speaks as OpenAI does',
  env: (url) => ({ OPENAI_COMPATIBLE_BASE_URL: `${url}/v1`, OPENAI_COMPATIBLE_API_KEY: KEY }),
  authorize: (request) => bearerOf(request) === KEY,
  refusals: {
    auth: refusal(401, 'invalid_request_error', 'invalid_api_key'),
    quota: refusal(429, 'insufficient_quota', 'insufficient_quota'),
    rate: refusal(429, 'requests', 'rate_limit_exceeded'),
    busy: refusal(503, 'server_error', null),
    invalid: refusal(400, 'invalid_request_error', 'invalid_value'),
    media: refusal(400, 'invalid_request_error', 'invalid_image_url'),
    moderation: refusal(400, 'invalid_request_error', 'content_policy_violation'),
    'model-gone': refusal(404, 'invalid_request_error', 'model_not_found'),
    'unknown-job': refusal(404, 'invalid_request_error', null),
  },
  newId: (random) => `chatcmpl-${hex(random, 24)}`,
  links: { lifetimeMs: 3_600_000 },
  routes: () => [
    {
      kind: 'submit',
      method: 'POST',
      path: '/v1/chat/completions',
      isSynchronous: true,
      check: ({ body }) => {
        const { model } = parse(Chat, body);
        if (!MODELS.includes(model)) throw new Refused('model-gone', { message: `The model ${model} does not exist.` });
        return { model, makes: ['txt'] };
      },
      answer: (job) => {
        const content = job.outputs[0]?.bytes.toString('utf8').trim() ?? '';
        const finish_reason = job.failure === 'moderation' ? 'content_filter' : 'stop';
        return {
          status: 200,
          body: {
            id: job.id,
            object: 'chat.completion',
            model: job.model,
            choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason }],
            usage: { prompt_tokens: 12, completion_tokens: 40, total_tokens: 52 },
          },
        };
      },
    },
    {
      kind: 'other',
      method: 'GET',
      path: '/v1/models',
      answer: () => ({ status: 200, body: { object: 'list', data: MODELS.map((id) => ({ id, object: 'model' })) } }),
    },
  ],
};
