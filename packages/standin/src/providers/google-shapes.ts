import { z } from 'zod';
import type { Definition, Reason, Said } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import type { MediaName } from '../kit/media.ts';
import { base64, webAddress } from '../kit/schema.ts';

// What both of Google's surfaces say and take alike.

export const RUNNING = 'in_progress';

const part = z.union([
  z.strictObject({ text: z.string().min(1) }),
  z.strictObject({ inlineData: z.strictObject({ mimeType: z.string().regex(/^\w+\/[\w.+-]+$/), data: base64() }) }),
  z.strictObject({ fileData: z.strictObject({ mimeType: z.string(), fileUri: webAddress() }) }),
]);
// biome-ignore format: a list
const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9', '1:4', '4:1', '1:8', '8:1'] as const;
export const ContentBody = z.strictObject({
  contents: z.array(z.strictObject({ role: z.literal('user'), parts: z.array(part).min(1) })).length(1),
  generationConfig: z
    .strictObject({
      responseModalities: z
        .array(z.enum(['TEXT', 'IMAGE']))
        .min(1)
        .optional(),
      imageConfig: z
        .strictObject({
          aspectRatio: z.enum(RATIOS).optional(),
          imageSize: z.enum(['512', '1K', '2K', '4K']).optional(),
        })
        .optional(),
    })
    .optional(),
});
type ContentBody = z.infer<typeof ContentBody>;

/** A picture where one was asked for, and of a model that makes them. */
export const makesOf = (model: string, { generationConfig }: ContentBody): readonly MediaName[] =>
  model.includes('image') && generationConfig?.responseModalities?.includes('IMAGE') === true ? ['png'] : ['txt'];

const USAGE = { promptTokenCount: 560, candidatesTokenCount: 1_120, totalTokenCount: 1_680 };

export function contentAnswer(job: Job): Said {
  const said = (body: object): Said => ({
    status: 200,
    body: { ...body, usageMetadata: USAGE, modelVersion: job.model },
  });
  if (job.failure === 'moderation') return said({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } });
  if (job.failure !== undefined) return said({ candidates: [{ finishReason: 'OTHER', index: 0 }] });
  const parts = job.outputs.flatMap(({ kind, bytes, mediaType }): object[] =>
    kind === 'text'
      ? [{ text: bytes.toString('utf8').trim() }]
      : [
          { text: 'a draft', thought: true },
          { inlineData: { mimeType: mediaType, data: Buffer.from('a draft of it').toString('base64') }, thought: true },
          { inlineData: { mimeType: mediaType, data: bytes.toString('base64') } },
        ],
  );
  return said({ candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }] });
}

const media = z.strictObject({ bytesBase64Encoded: base64(), mimeType: z.string().regex(/^(image|video)\/[\w.+-]+$/) });
export const VeoBody = z.strictObject({
  instances: z
    .array(
      z
        .strictObject({
          prompt: z.string().min(1).optional(),
          image: media.optional(),
          lastFrame: media.optional(),
          referenceImages: z
            .array(z.strictObject({ image: media, referenceType: z.literal('asset') }))
            .min(1)
            .max(3)
            .optional(),
          video: media.optional(),
        })
        .refine(({ image, lastFrame }) => lastFrame === undefined || image !== undefined, 'lastFrame needs an image')
        .refine(
          ({ image, referenceImages, video }) =>
            [image, referenceImages, video].filter((one) => one !== undefined).length <= 1,
          'image, referenceImages and video exclude each other',
        ),
    )
    .length(1),
  parameters: z.strictObject({
    sampleCount: z.int().min(1).max(4),
    durationSeconds: z.union([z.literal(4), z.literal(6), z.literal(8)]).optional(),
    aspectRatio: z.enum(['16:9', '9:16']).optional(),
    resolution: z.enum(['720p', '1080p', '4k']).optional(),
    generateAudio: z.boolean().optional(),
    seed: z.int().min(0).max(4_294_967_295).optional(),
    negativePrompt: z.string().optional(),
    storageUri: z.string().startsWith('gs://').optional(),
  }),
});
export const veoError = { code: 13, message: 'Internal error.', details: [] };

const refusal =
  (code: number, status: string) =>
  ({ message, retryAfterMs }: Reason): Said => ({
    status: code,
    body: {
      error: {
        code,
        message,
        status,
        details:
          retryAfterMs === undefined
            ? []
            : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterMs / 1_000}s` }],
      },
    },
  });
const withDailyQuota = ({ message }: Reason): Said => ({
  status: 429,
  body: {
    error: {
      code: 429,
      message,
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
          violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel' }],
        },
      ],
    },
  },
});

const invalid = refusal(400, 'INVALID_ARGUMENT');
export const googleRefusal: Definition['refusals'] = {
  auth: refusal(401, 'UNAUTHENTICATED'),
  quota: withDailyQuota,
  rate: refusal(429, 'RESOURCE_EXHAUSTED'),
  busy: refusal(503, 'UNAVAILABLE'),
  invalid,
  media: () => invalid({ message: 'Unable to process input image.' }),
  moderation: () => invalid({ message: 'The prompt could not be submitted: it violates Responsible AI practices.' }),
  'model-gone': refusal(404, 'NOT_FOUND'),
  'unknown-job': refusal(404, 'NOT_FOUND'),
};
