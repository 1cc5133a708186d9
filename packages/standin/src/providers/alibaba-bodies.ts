import { z } from 'zod';
import { Refused } from '../kit/definition.ts';
import type { MediaName } from '../kit/media.ts';
import { address, parse, webAddress } from '../kit/schema.ts';

// What the models of DashScope take, by the service that has them; edition of November 2026.

const negative_prompt = z.string().max(500).optional();
const audio_url = address().optional();
const seconds = (min: number, max: number) => z.int().min(min).max(max).optional();
const flag = z.boolean().optional();
const seed = z.int().min(0).max(2_147_483_647).optional();
const shot_type = z.enum(['single', 'multi']).optional();
const lines = (...values: [string, ...string[]]) => z.enum(values).optional();
const hd = lines('720P', '1080P');
const ratio = z.enum(['16:9', '9:16', '1:1', '4:3', '3:4']).optional();
const size = z.string().regex(/^\d{3,4}\*\d{3,4}$/);
const common = { watermark: flag, seed };
const extend = { ...common, prompt_extend: flag };

const body = (input: z.ZodRawShape, parameters: z.ZodRawShape) =>
  z.strictObject({
    model: z.string(),
    input: z.strictObject(input),
    parameters: z.strictObject(parameters).optional(),
  });
/** Media of these types, as few and as many of each as is told. */
const media = (
  counts: Readonly<Record<string, readonly [min: number, max: number]>>,
  more: z.ZodRawShape = {},
  form = address,
) =>
  z.array(z.strictObject({ type: z.enum(Object.keys(counts) as [string, ...string[]]), url: form(), ...more })).refine(
    (all) =>
      Object.entries(counts).every(([type, [min, max]]) => {
        const count = all.filter((one) => one.type === type).length;
        return count >= min && count <= max;
      }),
    'has too few or too many of a type',
  );
const prompt = (max: number) => z.string().min(1).max(max);
const old = { duration: z.literal(5).optional(), ...extend };

const reference = { reference_image: [0, 5], reference_video: [0, 5], first_frame: [0, 1] } as const;
// biome-ignore format: a model a row
const VIDEOS: readonly (readonly [RegExp, z.ZodType])[] = [
  [/^wan2\.5-t2v-preview$/, body({ prompt: prompt(1_500), negative_prompt, audio_url }, { size: size.optional(), duration: z.union([z.literal(5), z.literal(10)]).optional(), audio: flag, ...extend })],
  [/^wan2\.5-i2v-preview$/, body({ prompt: prompt(1_500).optional(), negative_prompt, audio_url, img_url: address() }, { resolution: lines('480P', '720P', '1080P'), duration: z.union([z.literal(5), z.literal(10)]).optional(), audio: flag, ...extend })],
  [/^wan2\.6-t2v$/, body({ prompt: prompt(5_000), negative_prompt, audio_url }, { size: size.optional(), duration: seconds(2, 15), shot_type, ...extend })],
  [/^wan2\.6-i2v$/, body({ prompt: prompt(5_000).optional(), negative_prompt, audio_url, img_url: address() }, { resolution: hd, duration: seconds(2, 15), shot_type, ...extend })],
  [/^wan2\.6-i2v-flash$/, body({ prompt: prompt(5_000).optional(), negative_prompt, audio_url, img_url: address() }, { resolution: hd, duration: seconds(2, 15), shot_type, audio: flag, ...extend })],
  [/^wan2\.6-r2v$/, body({ prompt: prompt(5_000), negative_prompt, reference_urls: z.array(address()).min(1).max(5) }, { size: size.optional(), duration: seconds(2, 10), shot_type, ...extend })],
  [/^wan2\.6-r2v-flash$/, body({ prompt: prompt(5_000), negative_prompt, reference_urls: z.array(address()).min(1).max(5) }, { size: size.optional(), duration: seconds(2, 10), shot_type, audio: flag, ...extend })],
  [/^wan2\.7-t2v$/, body({ prompt: prompt(5_000), negative_prompt, audio_url }, { resolution: hd, ratio, duration: seconds(2, 15), ...extend })],
  [/^wan2\.7-i2v$/, body({ prompt: prompt(5_000).optional(), negative_prompt, media: media({ first_frame: [0, 1], last_frame: [0, 1], driving_audio: [0, 1], first_clip: [0, 1] }).min(1) }, { resolution: hd, duration: seconds(2, 15), ...extend })],
  [/^wan2\.7-r2v$/, body({ prompt: prompt(5_000), negative_prompt, media: media(reference, { reference_voice: address().optional() }).min(1) }, { resolution: hd, ratio, duration: seconds(2, 15), ...extend })],
  [/^wan2\.7-videoedit$/, body({ prompt: prompt(5_000), negative_prompt, media: media({ video: [1, 1], reference_image: [0, 4] }) }, { resolution: hd, ratio, duration: z.union([z.literal(0), z.int().min(2).max(10)]).optional(), audio_setting: z.enum(['auto', 'origin']).optional(), ...extend })],
  [/^happyhorse-1\.[01]-t2v$/, body({ prompt: prompt(2_500) }, { resolution: hd, ratio, duration: seconds(3, 15), ...common })],
  [/^happyhorse-1\.[01]-i2v$/, body({ prompt: prompt(2_500).optional(), media: media({ first_frame: [1, 1] }) }, { resolution: hd, ratio, duration: seconds(3, 15), ...common })],
  [/^happyhorse-1\.[01]-r2v$/, body({ prompt: prompt(2_500), media: media({ reference_image: [1, 9] }) }, { resolution: hd, ratio, duration: seconds(3, 15), ...common })],
  [/^happyhorse-1\.0-video-edit$/, body({ prompt: prompt(2_500), media: media({ video: [1, 1], reference_image: [0, 5] }) }, { resolution: hd, audio_setting: z.enum(['auto', 'origin']).optional(), ...common })],
  [/^wan2\.2-t2v-plus$/, body({ prompt: prompt(800), negative_prompt }, { size: z.enum(['832*480', '480*832', '624*624', '1920*1080', '1080*1920']).optional(), ...old })],
  [/^wan2\.2-i2v-plus$/, body({ prompt: prompt(800).optional(), negative_prompt, img_url: address() }, { resolution: lines('480P', '1080P'), ...old })],
  [
    /^kling\/kling-v3(-omni)?-video-generation$/,
    body(
      {
        prompt: prompt(2_500).optional(),
        multi_shot: flag,
        shot_type: z.enum(['intelligence', 'customize']).optional(),
        multi_prompt: z.array(z.strictObject({ index: z.int().min(1).max(6), prompt: prompt(512), duration: z.int().min(1) })).min(1).max(6).optional(),
        media: media({ first_frame: [0, 1], last_frame: [0, 1], refer: [0, 7], base: [0, 1], feature: [0, 1] }, { keep_original_sound: z.enum(['yes', 'no']).optional() }, webAddress).optional(),
        element_list: z.array(z.strictObject({ element_id: z.number() })).optional(),
      },
      { mode: z.enum(['std', 'pro']).optional(), aspect_ratio: z.enum(['16:9', '9:16', '1:1']).optional(), duration: seconds(3, 15), audio: flag, watermark: flag },
    ),
  ],
  [/^vidu\/viduq3-(pro|turbo)_text2video$/, body({ prompt: prompt(5_000) }, { resolution: lines('540P', '720P', '1080P'), size: size.optional(), duration: seconds(1, 16), audio: flag, ...common })],
  [/^vidu\/viduq3-(pro|turbo)_img2video$/, body({ prompt: prompt(5_000).optional(), media: media({ image: [1, 1] }, {}, webAddress) }, { resolution: lines('540P', '720P', '1080P'), duration: seconds(1, 16), audio: flag, ...common })],
  [/^vidu\/viduq3-(pro|turbo)_start-end2video$/, body({ prompt: prompt(5_000), media: media({ image: [2, 2] }, {}, webAddress) }, { resolution: lines('540P', '720P', '1080P'), duration: seconds(1, 16), audio: flag, ...common })],
  [/^vidu\/viduq3(-mix)?_reference2video$/, body({ prompt: prompt(5_000), media: media({ image: [1, 7] }, {}, webAddress) }, { resolution: lines('540P', '720P', '1080P'), size: size.optional(), duration: seconds(1, 16), audio: flag, ...common })],
  [/^pixverse\/pixverse-(c1|v6|v5\.6)-t2v$/, body({ prompt: prompt(5_000) }, { size, duration: z.int().min(1).max(15), audio: flag, shot_type, ...common })],
  [/^pixverse\/pixverse-(c1|v6|v5\.6)-it2v$/, body({ prompt: prompt(5_000).optional(), media: media({ image_url: [1, 1] }, {}, webAddress) }, { resolution: z.enum(['360P', '540P', '720P', '1080P']), duration: z.int().min(1).max(15), audio: flag, ...common })],
  [/^pixverse\/pixverse-(c1|v6|v5\.6)-kf2v$/, body({ prompt: prompt(5_000), media: media({ first_frame: [1, 1], last_frame: [1, 1] }, {}, webAddress) }, { resolution: z.enum(['360P', '540P', '720P', '1080P']), duration: z.int().min(1).max(15), audio: flag, ...common })],
];

// biome-ignore format: a model a row
const KEYFRAMES: typeof VIDEOS = [
  [/^wan2\.2-kf2v-flash$/, body({ prompt: prompt(800).optional(), negative_prompt, first_frame_url: address(), last_frame_url: address() }, { resolution: lines('480P', '720P', '1080P'), ...old })],
];

const count = (max: number) => z.int().min(1).max(max).optional();
const TEXT_TO_IMAGE: typeof VIDEOS = [
  [
    /^wan2\.5-t2i-preview$/,
    body({ prompt: prompt(2_000), negative_prompt }, { size: size.optional(), n: count(4), ...extend }),
  ],
];
// biome-ignore format: a model a row
const IMAGE_TO_IMAGE: typeof VIDEOS = [
  [/^wan2\.5-i2i-preview$/, body({ prompt: prompt(2_000), negative_prompt, images: z.array(address()).min(1).max(3) }, { size: size.optional(), n: count(4), ...extend })],
];

/** Pictures, and one text behind them. */
const messages = (maxPictures: number, maxChars: number) =>
  z
    .array(
      z.strictObject({
        role: z.literal('user'),
        content: z
          .array(z.union([z.strictObject({ image: address() }), z.strictObject({ text: prompt(maxChars) })]))
          .refine(
            (all) => all.filter((one) => 'text' in one).length === 1 && all.length <= maxPictures + 1,
            'is one text behind its pictures',
          ),
      }),
    )
    .length(1);
const wan27 = (max: number) =>
  body(
    { messages: messages(9, 5_000) },
    {
      size: z.union([z.enum(['1K', '2K', '4K']), size]).optional(),
      n: count(max),
      enable_sequential: flag,
      thinking_mode: flag,
      ...common,
    },
  );
// biome-ignore format: a model a row
const MULTIMODAL: typeof VIDEOS = [
  [/^wan2\.7-image(-pro)?$/, wan27(4)],
  [/^qwen-image-2\.0(-pro)?$/, body({ messages: messages(3, 800) }, { negative_prompt, size: size.optional(), n: count(6), ...extend })],
  [/^z-image-turbo$/, body({ messages: messages(0, 800) }, { size: size.optional(), prompt_extend: flag, seed })],
  [/^qwen-image-plus$/, body({ messages: messages(0, 800) }, { size: size.optional(), n: count(1), negative_prompt, ...extend })],
  [/^qwen-image-edit-plus$/, body({ messages: messages(3, 800) }, { size: size.optional(), n: count(6), negative_prompt, ...extend })],
];

export const SERVICES = {
  'video-generation/video-synthesis': VIDEOS,
  'image2video/video-synthesis': KEYFRAMES,
  'text2image/image-synthesis': TEXT_TO_IMAGE,
  'image2image/image-synthesis': IMAGE_TO_IMAGE,
  'multimodal-generation/generation': MULTIMODAL,
};
export type Service = keyof typeof SERVICES;

type Sent = {
  model: string;
  input: {
    media?: { type: string }[];
    multi_shot?: boolean;
    shot_type?: string;
    multi_prompt?: { duration: number }[];
    prompt?: string;
  };
  parameters?: { n?: number; duration?: number; audio?: boolean };
};

export const invalid = (field: string, message: string) =>
  new Refused('invalid', { field, message: `${field}: ${message}` });

/** @returns the model, and what it makes. @throws {Refused} */
export function readService(service: Service, body: unknown): { model: string; makes: readonly MediaName[] } {
  const { model } = parse(z.looseObject({ model: z.string() }), body);
  const schema = SERVICES[service].find(([name]) => name.test(model))?.[1];
  if (schema === undefined)
    throw new Refused('model-gone', { field: 'model', message: `Model ${model} does not exist.` });
  const sent = parse(schema as z.ZodType<Sent>, body); // Every schema here has these members.
  checkMedia(sent);
  checkStory(sent);
  const isPicture = service !== 'video-generation/video-synthesis' && service !== 'image2video/video-synthesis';
  if (!isPicture) return { model, makes: ['mp4'] };
  return { model, makes: Array.from({ length: sent.parameters?.n ?? 1 }, () => 'png' as const) };
}

function checkMedia({ model, input: { media: all }, parameters = {} }: Sent): void {
  const types = new Set((all ?? []).map(({ type }) => type));
  const both = (one: string, other: string) => types.has(one) && types.has(other);
  if (model === 'wan2.7-i2v') {
    if (both('first_clip', 'first_frame') || both('first_clip', 'driving_audio'))
      throw invalid('media', 'a wrong combination');
    if (!types.has('first_clip') && !types.has('first_frame')) throw invalid('media', 'nothing to begin with');
  }
  if (types.has('last_frame') && !types.has('first_frame') && !types.has('first_clip'))
    throw invalid('media', 'a last frame alone');
  if (model === 'wan2.7-r2v' && types.has('reference_video') && (parameters.duration ?? 5) > 10)
    throw invalid('duration', 'at most 10 with a video');
  if (!model.startsWith('kling/')) return;
  const hasClip = types.has('base') || types.has('feature');
  if (hasClip && parameters.audio === true) throw invalid('audio', 'not together with a video');
  if (hasClip && (all ?? []).filter(({ type }) => type === 'refer').length > 4)
    throw invalid('media', 'at most 4 pictures beside a video');
  if (!model.includes('omni') && [...types].some((type) => !type.endsWith('_frame')))
    throw invalid('media', 'only frames');
}

function checkStory({ input, parameters = {} }: Sent): void {
  if (input.multi_shot !== true) return;
  if (input.shot_type === undefined) throw invalid('shot_type', 'needed');
  if (input.shot_type === 'intelligence' && input.prompt === undefined) throw invalid('prompt', 'needed');
  if (input.shot_type === 'intelligence') return;
  const total = (input.multi_prompt ?? []).reduce((sum, { duration }) => sum + duration, 0);
  if (total !== (parameters.duration ?? 5)) throw invalid('multi_prompt', 'the durations must add up');
}

const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('image_url'), image_url: z.strictObject({ url: address() }) }),
  z.strictObject({ type: z.literal('video_url'), video_url: z.strictObject({ url: address() }) }),
]);
export const CHAT = z.strictObject({
  model: z.string(),
  messages: z.array(z.strictObject({ role: z.literal('user'), content: z.array(part).min(1) })).length(1),
});
