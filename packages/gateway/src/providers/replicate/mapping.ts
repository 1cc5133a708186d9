import { absent, ignored, upstreamId, withOther } from '../kit/body.ts';
import { lipSyncRules } from '../kit/lip-sync.ts';
import type { Body } from '../kit/media.ts';
import { inWords, type ModelMapping, type ModelRule, to, toOr } from '../kit/model-body.ts';
import { namesOf, sizeOf } from '../kit/shapes.ts';
import { listShots, secondsOf } from '../kit/shots.ts';
import type { Job } from '../provider.ts';
import { PICTURES } from './pictures.ts';

const duration = (onlyLength: string): ModelRule => toOr(absent(onlyLength), 'duration');
const seed: ModelRule = (value, draft) => {
  // -1 asks for any seed, as leaving it out does.
  if (value !== -1) to('seed')(value, draft);
};
const sound = toOr(absent(false, 'false'), 'generate_audio');
const rewriting = toOr(absent(true), 'prompt_optimizer', 'enable_prompt_expansion');
const firstFrame = to(
  'start_image',
  'first_frame_image',
  'first_frame',
  'image',
  'image_input',
  'input_images',
  'images',
);
const lastFrame = to('end_image', 'last_frame_image', 'last_frame', 'last_image');
const clip = to('video', 'reference_video', 'first_clip');

/** Of every family, unless it says otherwise. What has no rule goes by its name in snake case. */
const common: ModelMapping = {
  seed,
  ratio: to('aspect_ratio'),
  duration: duration('5'),
  image: firstFrame,
  imageUrl: firstFrame,
  firstImageUrl: firstFrame,
  firstFrameUrl: firstFrame,
  lastImageUrl: lastFrame,
  endImageUrl: lastFrame,
  lastFrameUrl: lastFrame,
  imageUrls: to('image_input', 'input_images', 'images', 'reference_images', 'reference_image', 'image'),
  referenceImageUrl: to('reference_image'),
  video: clip,
  videoUrl: clip,
  videoUrls: to('reference_videos'),
  audioUrl: to('audio', 'audio_file'),
  audioUrls: to('reference_audios'),
  generateAudio: sound,
  sound,
  enablePromptExpansion: rewriting,
  promptExtend: rewriting,
};

/** Shots are told as the text of a JSON list. */
const shots: ModelRule = (value, { job, set, refuse }) => {
  const { multiShot, shotType, prompt, duration } = job.input;
  // Switched off, the shots are not looked at, unless they are all there is.
  if (multiShot !== true && prompt !== undefined) return;
  if (shotType === 'intelligence') return refuse('multiPrompt is not used there when the model cuts the shots');
  const list = listShots(value);
  const seconds = secondsOf(list);
  if (seconds !== Number(duration))
    return refuse(`multiPrompt is ${seconds} seconds long, and duration is ${duration}`);
  set('multi_prompt', JSON.stringify(list.map((shot) => ({ ...shot, duration: Number(shot.duration) }))));
};
const multiShot: ModelRule = (value, { job, refuse }) => {
  if (value !== true) return;
  if (job.input.shotType === 'intelligence') refuse('multiShot "intelligence" has no counterpart there');
  else if (job.input.multiPrompt === undefined) refuse('multiShot needs the shots in multiPrompt');
};
const klingSound: ModelRule = (value, draft) => {
  if (value === true && draft.job.input.videoUrl !== undefined)
    draft.refuse('sound cannot be made there for a job with a clip');
  else sound(value, draft);
};

/** Shape and resolution in one word: as it is, or in two. */
const videoSize: ModelRule = (value, draft) => {
  const { field, set, refuse, name } = draft;
  if (field('size') !== undefined) return set('size', value);
  const names = namesOf(value);
  if (names === undefined || field('aspect_ratio') === undefined)
    return refuse(`${name} ${JSON.stringify(value)} is not offered there`);
  set('aspect_ratio', names.ratio);
  set('resolution', names.lines);
};
const sizeOrLines: ModelRule = (value, draft) => {
  if (sizeOf(value) !== undefined) videoSize(value, draft);
  // The shape of the given picture is what happens anyway.
  else if (value !== 'auto') draft.set('resolution', value);
};
/** The open weights count frames. */
const wanDuration: ModelRule = (value, draft) => {
  const { field, set, refuse, name } = draft;
  // 0: as long as the given clip, which is what happens anyway.
  if (value === '0') return;
  const counter = field('num_frames');
  if (counter === undefined) return duration('5')(value, draft);
  const frames = Number(value) * Number(field('frames_per_second')?.default) + 1;
  if (frames > (counter.max ?? frames)) refuse(`${name} ${JSON.stringify(value)} is longer than what is offered there`);
  else set('num_frames', frames);
};

/** A given picture has a shape, which is taken where no other is chosen. */
const shape: ModelRule = (value, draft) => {
  const { job, field } = draft;
  const isPictures = [job.media.firstImageUrl, job.media.firstFrameUrl].some((files) => files !== undefined);
  const isChoice = field('aspect_ratio')?.values?.includes('adaptive') === true;
  if (value !== 'adaptive' || isChoice || !isPictures) to('aspect_ratio')(value, draft);
};

/** What differs by family. */
const FAMILIES: Readonly<Record<string, ModelMapping>> = {
  kling: {
    ...lipSyncRules({ video: 'video_url', audio: 'audio_file' }),
    cfgScale: absent(0.5, 0.8),
    guidanceScale: absent(0.5),
    multiShot,
    multiPrompt: shots,
    shotType: withOther,
    sound: klingSound,
    keepOriginalSound: toOr(ignored('there is no clip whose sound could stay'), 'keep_original_sound'),
  },
  hailuo: { duration: duration('6') },
  seedance: {
    aspectRatio: shape,
    ratio: shape,
    resolution: inWords({ native1080p: '1080p' }, toOr(absent('720p'), 'resolution')),
    returnLastFrame: absent(false),
    webSearch: absent(false),
    realPersonMode: ignored('the model looks at the files itself'),
    conversionSlots: ignored('the same'),
  },
  vidu: { movementAmplitude: toOr(absent('auto'), 'movement_amplitude'), style: absent('general') },
  wan: {
    size: videoSize,
    resolution: sizeOrLines,
    duration: wanDuration,
    shotType: (value, { set }) => set('multi_shots', value === 'multi'),
  },
  pixverse: {
    resolution: to('quality'),
    thinkingType: toOr(absent('auto'), 'thinking_type'),
    generateMultiClipSwitch: toOr(absent(false, 'false'), 'generate_multi_clip_switch'),
  },
  minimax: {
    voice_id: upstreamId('voice_id'),
    enable_base64_output: absent(false),
    audio: to('voice_file'),
    custom_voice_id: ignored('the voice gets an id of its own; later requests are led to it from this one'),
  },
  hunyuan3d: { imageUrl: to('image') },
};

/** The rules for one job. */
export function mappingOf({ endpoint }: Job): ModelMapping {
  const own = endpoint.output === 'image' ? PICTURES[endpoint.family] : FAMILIES[endpoint.family];
  return { ...common, ...own };
}

/** The model that makes a job: several pictures that meet are another one's work. */
export function modelOf({ route: { model }, media }: Job): string {
  const isOfSeveral = model === 'xai/grok-imagine-video' && (media.imageUrls?.length ?? 0) > 1;
  return isOfSeveral ? 'xai/grok-imagine-r2v' : model;
}

/** What a row says by its path where a model is told in words. The first that fits. */
const BY_ENDPOINT: readonly (readonly [RegExp, Body])[] = [
  [/^kling-v2-ai-avatar-pro\//, { mode: 'pro' }],
  [/^kling-v2-ai-avatar-standard\//, { mode: 'std' }],
  [/^kling-v[23]\.\d-pro\/motion-control$/, { mode: 'pro' }],
  [/^kling-v[23]\.\d-std\/motion-control$/, { mode: 'std' }],
  [/^kling-video-o1.*\/edit-video$/, { video_reference_type: 'base' }],
  [/^kling-video-o3-std\/video-edit$/, { mode: 'standard', video_reference_type: 'base' }],
  [/^kling-video-o3-pro\/video-edit$/, { mode: 'pro', video_reference_type: 'base' }],
  [/^kling-v(?:3\.0|ideo-o3)-std\//, { mode: 'standard' }],
  [/^kling-v(?:3\.0|ideo-o3)-pro\//, { mode: 'pro' }],
  [/^kling-v(?:3|ideo-o3)-4k\//, { mode: '4k' }],
  [/^minimax\/hailuo-02\/fast$/, { resolution: '512P' }],
  [/^minimax\/hailuo-.*pro/, { resolution: '1080p' }],
  [/^minimax\/hailuo-/, { resolution: '768p' }],
  [/^topazlabs\/image-upscale-cgi$/, { enhance_model: 'CGI' }],
  [/^topazlabs\/image-upscale-high-fidelity-v2$/, { enhance_model: 'High Fidelity V2' }],
  [/^topazlabs\/image-upscale-standard-v2$/, { enhance_model: 'Standard V2' }],
  [/^topazlabs\/image-upscale-text-refine$/, { enhance_model: 'Text Refine' }],
  [/^topazlabs\/image-upscale\/low-resolution-v2$/, { enhance_model: 'Low Resolution V2' }],
  [/^rhart-video\/ltx-2\.3\/image-to-video$/, { task: 'image_to_video' }],
  // The makers of these give png; here another format is the default.
  [/^rhart-image-(?:n-|v1|g-[12])/, { output_format: 'png' }],
  // Without a size a picture keeps its own.
  [/^alibaba\/qwen-image-2\.0.*\/image-edit$/, { match_input_image: true }],
];

/** What every job of an endpoint says. */
export const constantsOf = ({ endpoint }: Job): Body =>
  BY_ENDPOINT.find(([pattern]) => pattern.test(endpoint.id))?.[1] ?? {};
