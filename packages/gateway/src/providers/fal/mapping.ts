import type { Json } from '@reelay/catalog';
import { absent, ignored, upstreamId, withOther } from '../kit/body.ts';
import type { Body } from '../kit/media.ts';
import { inWords, type ModelMapping, type ModelRule, to, toOr } from '../kit/model-body.ts';
import { namesOf, sizeOf } from '../kit/shapes.ts';
import type { Job } from '../provider.ts';
import { kling } from './kling.ts';
import { LORA_RULES, PICTURES } from './pictures.ts';

/** fal's words for what is left to the model. */
const LEFT_OPEN: Readonly<Record<string, Json>> = { adaptive: 'auto' };

/** "8", 8 or "8s", as the model writes it. A model without the field makes one length only. */
const duration =
  (onlyLength: string): ModelRule =>
  (value, draft) => {
    const values = draft.field('duration')?.values ?? [];
    const inSeconds = `${value}s`;
    toOr(absent(onlyLength), 'duration')(values.includes(inSeconds) ? inSeconds : value, draft);
  };

const seed: ModelRule = (value, draft) => {
  // -1 asks for any seed, as leaving it out does.
  if (value !== -1) to('seed')(value, draft);
};
const sound = toOr(absent(false, 'false'), 'generate_audio');
const rewriting = toOr(absent(true), 'prompt_optimizer', 'enable_prompt_expansion');
const firstFrame = to(
  'start_image_url',
  'first_image_url',
  'first_frame_url',
  'input_image_url',
  'image_url',
  'image_urls',
);
const lastFrame = to('end_image_url', 'tail_image_url', 'last_frame_url');

/** Of every family, unless it says otherwise. What has no rule goes by its name in snake case. */
const common: ModelMapping = {
  prompt: to('prompt', 'text'),
  text: to('text', 'prompt'),
  seed,
  aspectRatio: inWords(LEFT_OPEN, to('aspect_ratio')),
  ratio: inWords(LEFT_OPEN, to('aspect_ratio')),
  duration: duration('5'),
  image: to('image_url', 'image_urls'),
  imageUrl: firstFrame,
  firstImageUrl: firstFrame,
  firstFrameUrl: firstFrame,
  lastImageUrl: lastFrame,
  endImageUrl: lastFrame,
  lastFrameUrl: lastFrame,
  imageUrls: to('image_urls', 'reference_image_urls', 'reference_image_url', 'image_url'),
  video: to('video_url'),
  videos: to('reference_video_urls'),
  videoUrls: to('video_urls', 'reference_video_urls'),
  generateAudio: sound,
  sound,
  enablePromptExpansion: rewriting,
  promptExtend: rewriting,
};

/** Shape and resolution in one word, `1280*720`. */
const videoSize: ModelRule = (value, { set, refuse, name }) => {
  const names = namesOf(value);
  if (names === undefined) return refuse(`${name} ${JSON.stringify(value)} is not offered there`);
  set('aspect_ratio', names.ratio);
  set('resolution', names.lines);
};
const sizeOrLines: ModelRule = (value, draft) => {
  if (sizeOf(value) !== undefined) videoSize(value, draft);
  else if (value === 'auto') draft.set('aspect_ratio', 'auto');
  else draft.set('resolution', value);
};

/** The open weights count frames. */
const wanDuration: ModelRule = (value, draft) => {
  const { field, set } = draft;
  const framesPerSecond = Number(field('frames_per_second')?.default);
  if (field('num_frames') === undefined) duration('5')(value, draft);
  else set('num_frames', Number(value) * framesPerSecond + 1);
};

/** One shot unless more are asked for: some models cut by themselves. */
const shots: ModelRule = (value, { set }) => set('multi_shots', value === 'multi');

/** The vendor counts characters where fal counts the clips that show them. */
const wanPrompt: ModelRule = (value, draft) => {
  const isOfClips = draft.field('video_urls') !== undefined && (draft.job.media.imageUrls ?? []).length === 0;
  to('prompt')(isOfClips ? String(value).replace(/\bcharacter ?(\d)\b/gi, '@Video$1') : value, draft);
};

const LTX_SIZES: Readonly<Record<string, readonly [long: number, short: number]>> = {
  '480p': [832, 480],
  '720p': [1280, 720],
  '1080p': [1920, 1080],
};
const ltxSize: ModelRule = (_value, { job, set }) => {
  const [long = 0, short = 0] = LTX_SIZES[String(job.input.resolution)] ?? [];
  const isWide = job.input.aspectRatio === '16:9';
  set('video_size', isWide ? { width: long, height: short } : { width: short, height: long });
};
/** The model takes 8k + 1 frames. */
const ltxDuration: ModelRule = (value, { field, set }) => {
  const fps = Number(field('fps')?.default);
  set('fps', fps);
  set('num_frames', Math.round((Number(value) * fps - 1) / 8) * 8 + 1);
};

/** Lines of the result; fal wants to know how many times those of the clip. */
const TOPAZ_LINES: Readonly<Record<string, number>> = { '720p': 720, '1080p': 1080, '4k': 2160 };
const topazFactor: ModelRule = (value, { job, set, refuse, name }) => {
  const { widthPx = 0, heightPx = 0 } = job.media.videoUrl?.[0]?.facts ?? {};
  const lines = Math.min(widthPx, heightPx);
  const wanted = TOPAZ_LINES[String(value)] ?? 0;
  if (lines === 0) return refuse(`${name} ${JSON.stringify(value)} needs a clip whose size can be read`);
  const factor = Math.round((wanted / lines) * 10_000) / 10_000;
  if (factor < 1) refuse(`${name} ${JSON.stringify(value)} is less than the ${lines} lines of the clip`);
  else set('upscale_factor', factor);
};

const speechNames = ['speed', 'pitch', 'emotion', 'english_normalization'];
const speech: ModelMapping = {
  ...Object.fromEntries(speechNames.map((name) => [name, to(`voice_setting.${name}`)])),
  voice_id: upstreamId('voice_setting.voice_id'),
  volume: to('voice_setting.vol'),
  pronunciation_dict: to('pronunciation_dict.tone_list'),
  enable_base64_output: absent(false),
  bitrate: to('audio_setting.bitrate'),
  sampleRate: to('audio_setting.sample_rate'),
  audio: to('audio_url'),
  need_noise_reduction: to('noise_reduction'),
  custom_voice_id: ignored('fal gives the voice an id of its own; later requests are led to it from this one'),
  voiceId: ignored('the same'),
  aigcWatermark: absent(false),
};

/** What differs by family. */
const FAMILIES: Readonly<Record<string, ModelMapping>> = {
  kling: { ...kling, duration: duration('5') },
  hailuo: { duration: duration('6') },
  seedance: {
    resolution: inWords({ native1080p: '1080p' }, to('resolution')),
    audioUrls: to('audio_urls'),
    returnLastFrame: absent(false),
    webSearch: absent(false),
    realPersonMode: ignored('fal looks at the files itself'),
    conversionSlots: ignored('the same'),
    seed: toOr(absent(-1), 'seed'),
  },
  vidu: { movementAmplitude: toOr(absent('auto'), 'movement_amplitude'), style: absent('general') },
  wan: {
    prompt: wanPrompt,
    size: videoSize,
    resolution: sizeOrLines,
    duration: wanDuration,
    shotType: shots,
    enableAudio: to('generate_audio'),
    audio: to('generate_audio'),
  },
  pixverse: { effect: inWords({ Anything: 'Anything, Robot', Robot: 'Anything, Robot' }, to('effect')) },
  ltx: { ...LORA_RULES, resolution: ltxSize, aspectRatio: withOther, duration: ltxDuration },
  topaz: { targetResolution: topazFactor },
  'rh-tools': { targetResolution: inWords({ '2k': '1440p', '4k': '2160p' }, to('target_resolution')) },
  meshy: {
    taPose: (value, { set }) => {
      if (value === true) set('pose_mode', 't-pose');
    },
    artStyle: absent('realistic'),
    imageUrl: to('image_url'),
  },
  hitem3d: {
    face: to('face_count'),
    requestType: (value, { set }) => set('enable_texture', value === 'both'),
  },
  minimax: speech,
};

/** The rules for one job. */
export function mappingOf({ endpoint }: Job): ModelMapping {
  const own = endpoint.output === 'image' ? PICTURES[endpoint.family] : FAMILIES[endpoint.family];
  return { ...common, ...own };
}

/** What a row says by its path where a model of fal's is told in words. */
const BY_ENDPOINT: Readonly<Record<string, Body>> = {
  'topazlabs/image-upscale-cgi': { model: 'CGI' },
  'topazlabs/image-upscale-high-fidelity-v2': { model: 'High Fidelity V2' },
  'topazlabs/image-upscale-standard-v2': { model: 'Standard V2' },
  'topazlabs/image-upscale-text-refine': { model: 'Text Refine' },
  'topazlabs/image-upscale/low-resolution-v2': { model: 'Low Resolution V2' },
  'hitem3d-v15/image-to-3d': { model: 'hitem3dv1.5', export_format: 'glb' },
  'hitem3d-v2/image-to-3d': { model: 'hitem3dv2.0', export_format: 'glb' },
  'hitem3d-v21/image-to-3d': { model: 'hitem3dv2.1', export_format: 'glb' },
  'rhart-video/video-upscaler': { upscale_mode: 'target' },
  'rhart-video/video-fps-increaser': { num_frames: 1, use_calculated_fps: true },
};
const BY_FAMILY: Readonly<Record<string, Body>> = {
  // Bytes in hexadecimal are the default.
  minimax: { output_format: 'url' },
  // Required even where none is used.
  ltx: { loras: [] },
};

/** What every job of an endpoint says. */
export const constantsOf = ({ endpoint }: Job): Body => ({
  ...BY_FAMILY[endpoint.family],
  ...BY_ENDPOINT[endpoint.id],
});
