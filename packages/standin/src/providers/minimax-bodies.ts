import { z } from 'zod';
import { Refused } from '../kit/definition.ts';
import { address, parse } from '../kit/schema.ts';

// The bodies that MiniMax's calls take, edition of November 2026.

const VIDEO = z.strictObject({
  model: z.string(),
  prompt: z.string().max(2_000).optional(),
  prompt_optimizer: z.boolean().optional(),
  fast_pretreatment: z.boolean().optional(),
  first_frame_image: address().optional(),
  last_frame_image: address().optional(),
  duration: z.union([z.literal(6), z.literal(10)]).optional(),
  resolution: z.enum(['512P', '768P', '1080P']).optional(),
  callback_url: z.url().optional(),
  aigc_watermark: z.boolean().optional(),
});
const SPEAKERS = z.enum([
  'speech-2.8-hd',
  'speech-2.8-turbo',
  'speech-2.6-hd',
  'speech-2.6-turbo',
  'speech-02-hd',
  'speech-02-turbo',
]);
const OUTPUT = z.enum(['hex', 'url']).optional();
const hundred = z.int().min(-100).max(100).optional();
export const SPEECH = z.strictObject({
  model: z.string(),
  text: z
    .string()
    .min(1)
    .refine((text) => [...text].length < 10_000, 'is too long'),
  stream: z.literal(false).optional(),
  voice_setting: z.strictObject({
    voice_id: z.string().min(1),
    speed: z.number().min(0.5).max(2).optional(),
    vol: z.number().gt(0).max(10).optional(),
    pitch: z.int().min(-12).max(12).optional(),
    emotion: z
      .enum(['happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised', 'calm', 'fluent', 'whisper'])
      .optional(),
    text_normalization: z.boolean().optional(),
    english_normalization: z.boolean().optional(),
    latex_read: z.boolean().optional(),
  }),
  pronunciation_dict: z.strictObject({ tone: z.array(z.string().regex(/^[^/]+\/.+$/)) }).optional(),
  audio_setting: z
    .strictObject({
      sample_rate: z.int().optional(),
      bitrate: z.int().optional(),
      format: z.enum(['mp3', 'pcm', 'flac', 'wav']).optional(),
      channel: z.union([z.literal(1), z.literal(2)]).optional(),
    })
    .optional(),
  language_boost: z.string().optional(),
  voice_modify: z
    .strictObject({ pitch: hundred, intensity: hundred, timbre: hundred, sound_effects: z.string().optional() })
    .optional(),
  output_format: OUTPUT,
  subtitle_enable: z.boolean().optional(),
  aigc_watermark: z.boolean().optional(),
});
export const MUSIC = z.strictObject({
  model: z.string(),
  prompt: z.string().max(2_000),
  lyrics: z.string().min(1).max(3_500),
  stream: z.literal(false).optional(),
  output_format: OUTPUT,
  audio_setting: z
    .strictObject({
      sample_rate: z.union([z.literal(16_000), z.literal(24_000), z.literal(32_000), z.literal(44_100)]).optional(),
      bitrate: z.union([z.literal(32_000), z.literal(64_000), z.literal(128_000), z.literal(256_000)]).optional(),
      format: z.enum(['mp3', 'wav', 'pcm']).optional(),
    })
    .optional(),
});
const VOICE_ID = z
  .string()
  .min(8)
  .max(256)
  .regex(/^[A-Za-z][A-Za-z0-9_-]*[A-Za-z0-9]$/);
export const CLONE = z.strictObject({
  // A number of 64 bits, which a parser rounds.
  file_id: z.number(),
  voice_id: VOICE_ID,
  text: z.string().min(1).max(1_000).optional(),
  model: SPEAKERS.optional(),
  accuracy: z.number().min(0).max(1).optional(),
  need_noise_reduction: z.boolean().optional(),
  need_volume_normalization: z.boolean().optional(),
  language_boost: z.string().optional(),
  aigc_watermark: z.boolean().optional(),
});
export const DESIGN = z.strictObject({
  prompt: z.string().min(1),
  preview_text: z.string().min(1).max(500),
  voice_id: z.string().min(1).optional(),
  aigc_watermark: z.boolean().optional(),
});

export const invalid = (field: string, message: string) =>
  new Refused('invalid', { field, message: `${field}: ${message}` });
export const gone = (model: string) => new Refused('model-gone', { field: 'model', message: `no model ${model}` });

/** Reads the body of a video. @throws {Refused} */
export function checkVideo(body: unknown): z.infer<typeof VIDEO> {
  const sent = parse(VIDEO, body);
  const { model, resolution = '768P', duration = 6, first_frame_image: first, last_frame_image: last } = sent;
  const is02 = model === 'MiniMax-Hailuo-02';
  if (!is02 && !/^MiniMax-Hailuo-2\.3(-Fast)?$/.test(model)) throw gone(model);
  if (duration === 10 && resolution === '1080P') throw invalid('duration', '10 seconds only up to 768P');
  if (resolution === '512P' && (!is02 || first === undefined || last !== undefined))
    throw invalid('resolution', '512P is for one picture');
  if (model.endsWith('-Fast') && first === undefined) throw invalid('first_frame_image', 'needed');
  if (last !== undefined && !is02) throw invalid('last_frame_image', 'not offered');
  if (first === undefined && last === undefined && sent.prompt === undefined) throw invalid('prompt', 'needed');
  return sent;
}
