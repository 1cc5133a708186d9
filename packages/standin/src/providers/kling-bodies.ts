import { z } from 'zod';
import { Refused } from '../kit/definition.ts';
import { parse, webAddress } from '../kit/schema.ts';

// The bodies that Kling's calls of the older style take (`/v1/…`), edition of November 2026.

const BASE64 = /^[A-Za-z0-9+/]{8,}=*$/;
/** A URL, or base64 without a prefix. */
const media = () =>
  z.string().refine((value) => /^https?:\/\/\S+$/.test(value) || BASE64.test(value), 'is neither a URL nor base64');
const mode = z.enum(['std', 'pro', '4k']).optional();
const words = z.string().max(2_500);
const own = { callback_url: z.url().optional(), external_task_id: z.string().min(1).max(64).optional() };
// Ids are numbers of 64 bits, which a parser rounds.
const elements = z.array(z.strictObject({ element_id: z.number() })).optional();
const film = {
  ...own,
  model_name: z.string(),
  prompt: words.optional(),
  mode,
  duration: z.string().regex(/^\d+$/).optional(),
  sound: z.enum(['on', 'off']).optional(),
  multi_shot: z.boolean().optional(),
  shot_type: z.enum(['customize', 'intelligence']).optional(),
  multi_prompt: z
    .array(
      z.strictObject({
        index: z.int().min(1),
        prompt: z.string().min(1).max(512),
        duration: z.string().regex(/^[1-9]\d*$/),
      }),
    )
    .min(1)
    .max(6)
    .optional(),
};
const older = { negative_prompt: words.optional(), cfg_scale: z.number().min(0).max(1).optional() };
const ratio = z.enum(['16:9', '9:16', '1:1']).optional();
const ms = z.int().min(0);
const loudness = z.number().min(0).max(2).optional();

const BODIES = {
  '/v1/videos/text2video': z.strictObject({ ...film, ...older, aspect_ratio: ratio }),
  '/v1/videos/image2video': z.strictObject({
    ...film,
    ...older,
    image: media(),
    image_tail: media().optional(),
    element_list: elements,
    voice_list: z.array(z.strictObject({ voice_id: z.string() })).optional(),
  }),
  '/v1/videos/omni-video': z.strictObject({
    ...film,
    aspect_ratio: ratio,
    image_list: z
      .array(z.strictObject({ image_url: media(), type: z.enum(['first_frame', 'end_frame']).optional() }))
      .max(7)
      .optional(),
    element_list: elements,
    video_list: z
      .array(
        z.strictObject({
          video_url: webAddress(),
          refer_type: z.enum(['feature', 'base']).optional(),
          keep_original_sound: z.enum(['yes', 'no']).optional(),
        }),
      )
      .length(1)
      .optional(),
  }),
  '/v1/videos/motion-control': z.strictObject({
    ...own,
    model_name: z.string().optional(),
    image_url: media(),
    video_url: webAddress(),
    prompt: words.optional(),
    character_orientation: z.enum(['image', 'video']),
    keep_original_sound: z.enum(['yes', 'no']).optional(),
    mode: z.enum(['std', 'pro', '4k']),
    element_list: elements,
  }),
  '/v1/videos/avatar/image2video': z.strictObject({
    ...own,
    image: media(),
    audio_id: z.string().optional(),
    sound_file: media().optional(),
    prompt: words.optional(),
    mode: z.enum(['std', 'pro']).optional(),
  }),
  '/v1/videos/advanced-lip-sync': z.strictObject({
    ...own,
    session_id: z.string().min(1),
    face_choose: z
      .array(
        z.strictObject({
          face_id: z.string().min(1),
          audio_id: z.string().optional(),
          sound_file: media().optional(),
          sound_start_time: ms,
          sound_end_time: ms,
          sound_insert_time: ms,
          sound_volume: loudness,
          original_audio_volume: loudness,
        }),
      )
      .length(1),
  }),
  '/v1/general/advanced-custom-elements': z.strictObject({
    ...own,
    element_name: z.string().min(1).max(20),
    element_description: z.string().min(1).max(100),
    reference_type: z.enum(['image_refer', 'video_refer']),
    element_image_list: z
      .strictObject({
        frontal_image: media(),
        refer_images: z
          .array(z.strictObject({ image_url: media() }))
          .min(1)
          .max(3),
      })
      .optional(),
    element_video_list: z
      .strictObject({ refer_videos: z.array(z.strictObject({ video_url: webAddress() })) })
      .optional(),
    element_voice_id: z.string().optional(),
    tag_list: z.array(z.strictObject({ tag_id: z.union([z.number(), z.string()]) })).optional(),
  }),
  '/v1/videos/identify-face': z.strictObject({ video_id: z.string().optional(), video_url: webAddress().optional() }),
  '/v1/audio/tts': z.strictObject({
    text: z.string().min(1).max(1_000),
    voice_id: z.string().min(1),
    voice_language: z.enum(['zh', 'en']),
    voice_speed: z.number().min(0.8).max(2).optional(),
  }),
};
export type KlingPath = keyof typeof BODIES;
export const KLING_PATHS = Object.keys(BODIES) as KlingPath[]; // The keys of a constant.
export const SYNCHRONOUS: readonly KlingPath[] = ['/v1/videos/identify-face', '/v1/audio/tts'];

/** What a model can do, by its name: where it is called, and how long its videos are. */
const MODELS: Readonly<
  Record<string, { paths: readonly KlingPath[]; seconds: readonly [number, number] | readonly number[] }>
> = {
  'kling-v2-5-turbo': { paths: ['/v1/videos/text2video', '/v1/videos/image2video'], seconds: [5, 10] },
  'kling-v2-6': {
    paths: ['/v1/videos/text2video', '/v1/videos/image2video', '/v1/videos/motion-control'],
    seconds: [5, 10],
  },
  'kling-v3': {
    paths: ['/v1/videos/text2video', '/v1/videos/image2video', '/v1/videos/motion-control'],
    seconds: Array.from({ length: 13 }, (_, index) => index + 3),
  },
  'kling-video-o1': { paths: ['/v1/videos/omni-video'], seconds: Array.from({ length: 8 }, (_, index) => index + 3) },
  'kling-v3-omni': { paths: ['/v1/videos/omni-video'], seconds: Array.from({ length: 13 }, (_, index) => index + 3) },
};

export type Sent = {
  model_name?: string;
  callback_url?: string;
  external_task_id?: string;
  prompt?: string;
  duration?: string;
  mode?: string;
  sound?: string;
  multi_shot?: boolean;
  shot_type?: string;
  multi_prompt?: { duration: string }[];
  image_tail?: string;
  image_list?: { type?: string }[];
  video_list?: unknown[];
  element_list?: unknown[];
  audio_id?: string;
  sound_file?: string;
  video_id?: string;
  video_url?: string;
  face_choose?: { audio_id?: string; sound_file?: string; sound_start_time: number; sound_end_time: number }[];
};

export const invalid = (field: string, message: string) =>
  new Refused('invalid', { field, message: `${field}: ${message}` });

function checkModel(
  path: KlingPath,
  { model_name: model = '', duration = '5', mode: tier = 'std', sound, image_tail }: Sent,
): void {
  const known = MODELS[model];
  if (known === undefined || !known.paths.includes(path)) {
    throw new Refused('model-gone', { field: 'model_name', message: `model ${model} does not exist` });
  }
  if (path === '/v1/videos/motion-control') return;
  if (!known.seconds.includes(Number(duration))) throw invalid('duration', 'not offered');
  if (tier === '4k' && !model.startsWith('kling-v3')) throw invalid('mode', 'not offered');
  if (model === 'kling-v2-5-turbo' && sound === 'on') throw invalid('sound', 'not offered');
  if (model === 'kling-v2-5-turbo' && image_tail !== undefined && tier !== 'pro')
    throw invalid('image_tail', 'pro only');
  if (model === 'kling-v2-6' && sound === 'on' && (tier !== 'pro' || image_tail !== undefined))
    throw invalid('sound', 'not offered');
}

function checkStory({
  multi_shot: isStory = false,
  shot_type,
  multi_prompt,
  prompt,
  duration = '5',
  image_tail,
  image_list = [],
}: Sent): void {
  if (!isStory) {
    if (multi_prompt !== undefined) throw invalid('multi_prompt', 'needs multi_shot');
    return;
  }
  if (shot_type === undefined) throw invalid('shot_type', 'needed with multi_shot');
  if (image_tail !== undefined || image_list.some(({ type }) => type === 'end_frame'))
    throw invalid('multi_shot', 'not with an end frame');
  if (shot_type === 'intelligence' && prompt === undefined) throw invalid('prompt', 'needed');
  if (shot_type === 'intelligence') return;
  const total = (multi_prompt ?? []).reduce((sum, shot) => sum + Number(shot.duration), 0);
  if (total !== Number(duration)) throw invalid('multi_prompt', 'the durations must add up');
}

function checkOmni({ image_list = [], video_list, sound, model_name }: Sent): void {
  const kinds = image_list.map(({ type }) => type);
  if (kinds.includes('end_frame') && !kinds.includes('first_frame'))
    throw invalid('image_list', 'an end frame needs a first one');
  if (video_list !== undefined && image_list.length > 4) throw invalid('image_list', 'at most 4 beside a video');
  if (video_list !== undefined && sound === 'on') throw invalid('sound', 'not together with a video');
  if (model_name === 'kling-video-o1' && sound === 'on') throw invalid('sound', 'not offered');
}

/** Reads a body as strictly as Kling does. @param raw the same as text. @throws {Refused} */
export function readBody(path: KlingPath, body: unknown, raw: string): Sent {
  const sent = parse<Sent>(BODIES[path] as z.ZodType<Sent>, body);
  if (/"element_id":\s*"/.test(raw)) throw invalid('element_list', 'an element_id is a number');
  if ('model_name' in sent) checkModel(path, sent);
  checkStory(sent);
  if (path === '/v1/videos/omni-video') checkOmni(sent);
  if (path === '/v1/videos/image2video' && (sent.element_list ?? []).length > 3)
    throw invalid('element_list', 'at most 3');
  if (path === '/v1/videos/identify-face' && (sent.video_id === undefined) === (sent.video_url === undefined))
    throw invalid('video_id', 'one of video_id, video_url');
  const [face] = sent.face_choose ?? [];
  const speaker = face ?? (path === '/v1/videos/avatar/image2video' ? sent : undefined);
  if (speaker !== undefined && (speaker.audio_id === undefined) === (speaker.sound_file === undefined))
    throw invalid('sound_file', 'one of audio_id, sound_file');
  if (face !== undefined && face.sound_end_time - face.sound_start_time < 2_000)
    throw invalid('sound_end_time', 'at least 2 seconds');
  return sent;
}
