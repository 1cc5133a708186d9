import { absent, as, atMost, file, ignored, type Mapping, type Rule, toNumber, withOther } from '../kit/body.ts';
import { type Body, type BodyPart, FileUse } from '../kit/media.ts';
import type { Job } from '../provider.ts';
import {
  GEMINI_FLASH,
  GEMINI_PRO,
  GEN4_TURBO,
  GPT_IMAGE,
  HAPPYHORSE,
  nearest,
  SEEDANCE,
  SEEDANCE_FAST,
  SEEDREAM,
  SEEDREAM_PIXELS,
  type Sizes,
  VEO,
} from './sizes.ts';

/** What a model takes. `constant` is what every body of it has besides. */
export type RunwayModel = { readonly mapping: Mapping; readonly constant?: (job: Job) => Body };

/** Runway counts UTF-16 code units here. */
const unitsAtMost =
  (max: number): Rule =>
  (value, { name, set, refuse }) => {
    const { length } = String(value);
    if (length > max) refuse(`${name} has ${length} UTF-16 units; at most ${max} there`);
    else set('promptText', value);
  };

const sizeWord = ({ input }: Job): string => String(input.resolution ?? '').toLowerCase();

/** Shape and size go out as pixels. */
const shape =
  (sizes: Sizes): Rule =>
  (value, { job, name, set, refuse }) => {
    // A size that is not offered is said by its own parameter.
    const shapes = sizes[sizeWord(job)];
    const pixels = shapes?.[String(value)];
    if (pixels !== undefined) set('ratio', pixels);
    else if (shapes !== undefined) refuse(`${name} ${JSON.stringify(value)} is not offered there`);
  };
const size =
  (sizes: Sizes): Rule =>
  (value, { job, name, refuse }) => {
    if (sizes[sizeWord(job)] !== undefined) return;
    refuse(`${name} ${JSON.stringify(value)} is not offered there: only ${Object.keys(sizes).join(', ')}`);
  };

const MAX_SEED = 4_294_967_295;
/** -1 asks for any, which is what is taken where none is sent. */
const seed: Rule = (value, { name, set, refuse }) => {
  const number = Number(value);
  if (number === -1) return;
  if (number < 0 || number > MAX_SEED) refuse(`${name} ${number} is not offered there: 0 to ${MAX_SEED}`);
  else set('seed', value);
};

/** Names of first and last pictures, in this order. */
const FIRST = ['imageUrl', 'firstFrameUrl', 'firstImageUrl'];
const LAST = ['lastImageUrl', 'lastFrameUrl'];
const filesOf = ({ media }: Job, names: readonly string[]) => names.flatMap((name) => media[name] ?? []);

/** Both ends of a clip at once, whichever parameter comes first. */
const frames: Rule = (_value, { job, set }) => {
  const at = (position: string, names: readonly string[]) =>
    filesOf(job, names).map((one) => ({ uri: new FileUse(one), position }));
  set('promptImage', [...at('first', FIRST), ...at('last', LAST)]);
};

/** One of several pictures can be the first of a clip; what more are for, Runway does not offer. */
const oneFrame: Rule = (_value, { job, name, set, refuse }) => {
  const [first, ...others] = job.media[name] ?? [];
  if (others.length > 0) return refuse(`${name} holds ${others.length + 1}, and one is taken there`);
  if (first !== undefined) set('promptImage', [{ uri: new FileUse(first), position: 'first' }]);
};

const references =
  (path: string, more: { readonly type?: string } = {}): Rule =>
  (_value, { job, name, set }) =>
    set(
      path,
      (job.media[name] ?? []).map((one): BodyPart => ({ ...more, uri: new FileUse(one) })),
    );

/** The shape of the picture counts where none is asked for. */
const gen4Ratio = (job: Job): Body => {
  const pixels = nearest(GEN4_TURBO[''] ?? {}, filesOf(job, FIRST)[0]);
  return job.input.aspectRatio !== undefined || pixels === undefined ? {} : { ratio: pixels };
};
const GEN4: RunwayModel = {
  mapping: {
    prompt: unitsAtMost(1_000),
    imageUrl: file('promptImage'),
    duration: as('duration', toNumber),
    aspectRatio: shape(GEN4_TURBO),
  },
  constant: gen4Ratio,
};

/** A clip is worked on and paid from end to end there; here only its first seconds are. */
const clip: Rule = (value, draft) => {
  const { job, name, refuse } = draft;
  const param = job.endpoint.params[name];
  const usedSeconds = param?.type === 'video' ? param.usedSeconds : undefined;
  const lengthMs = job.media[name]?.[0]?.facts.durationMs ?? 0;
  if (usedSeconds !== undefined && lengthMs > (usedSeconds + CLIP_SLACK_SECONDS) * 1_000)
    refuse(`${name} is longer than ${usedSeconds} seconds, and all of it is worked on there`);
  else file('videoUri')(value, draft);
};
/** Clips of five seconds are often a few pictures longer. */
const CLIP_SLACK_SECONDS = 0.5;

const ALEPH: RunwayModel = {
  mapping: {
    prompt: as('promptText'),
    videoUrl: clip,
    referenceImageUrl: (_value, { job, name, set }) =>
      set(
        'keyframes',
        (job.media[name] ?? []).map((one) => ({ seconds: 0, uri: new FileUse(one) })),
      ),
    aspectRatio: as('targetAspectRatio'),
  },
};

const VEO_31: RunwayModel = {
  mapping: {
    prompt: unitsAtMost(1_000),
    negativePrompt: as('negativePrompt'),
    imageUrl: frames,
    lastImageUrl: frames,
    firstFrameUrl: frames,
    lastFrameUrl: frames,
    imageUrls: oneFrame,
    duration: as('duration', toNumber),
    aspectRatio: shape(VEO),
    resolution: size(VEO),
    generateAudio: as('audio'),
    seed,
  },
  // Rows without the choice are those of clips with sound.
  constant: ({ endpoint }) => (endpoint.params.generateAudio === undefined ? { audio: true } : {}),
};

const HORSE: Mapping = { prompt: unitsAtMost(2_500), duration: as('duration', toNumber), seed: absent() };
const HORSE_FROM_TEXT: RunwayModel = {
  mapping: { ...HORSE, aspectRatio: shape(HAPPYHORSE), resolution: size(HAPPYHORSE) },
};
/** The picture decides the shape. */
const HORSE_FROM_PICTURE: RunwayModel = {
  mapping: { ...HORSE, imageUrl: file('promptImage'), resolution: as('resolution') },
};

/** `adaptive` leaves the shape to what the clip begins with or refers to; where there is no picture, to whoever makes it. */
const adaptive =
  (sizes: Sizes): Rule =>
  (value, draft) => {
    const { job, set } = draft;
    if (value !== 'adaptive') return shape(sizes)(value, draft);
    const shapes = sizes[sizeWord(job)] ?? {};
    const pixels = nearest(shapes, filesOf(job, [...FIRST, 'imageUrls', 'videoUrls'])[0]) ?? shapes['16:9'];
    if (pixels !== undefined) set('ratio', pixels);
  };

const seedance = (sizes: Sizes): RunwayModel => ({
  mapping: {
    prompt: atMost(3_500, 'promptText'),
    firstFrameUrl: frames,
    lastFrameUrl: frames,
    imageUrls: references('references'),
    videoUrls: references('referenceVideos', { type: 'video' }),
    audioUrls: references('referenceAudio', { type: 'audio' }),
    resolution: size(sizes),
    ratio: adaptive(sizes),
    duration: as('duration', toNumber),
    generateAudio: as('audio'),
    seed,
    returnLastFrame: absent(false),
    webSearch: absent(false),
    realPersonMode: ignored('it only chooses how a platform asks real persons: Runway takes what it takes'),
    conversionSlots: ignored('as realPersonMode'),
  },
});

const picture = (sizes: Sizes): Mapping => ({
  prompt: as('promptText'),
  imageUrls: references('referenceImages'),
  aspectRatio: shape(sizes),
  resolution: size(sizes),
});

/** Without a shape the model chooses the size too. */
const freeShape: Rule = (value, draft) => {
  if (value !== 'empty') return shape(GPT_IMAGE)(value, draft);
  const { input } = draft.job;
  if (input.resolution !== undefined && sizeWord(draft.job) !== '1k')
    draft.refuse(`resolution ${JSON.stringify(input.resolution)} is not offered there without an aspectRatio`);
  else draft.set('ratio', 'auto');
};
const GPT: RunwayModel = {
  mapping: { ...picture(GPT_IMAGE), aspectRatio: freeShape, quality: as('quality') },
  // The calls without a choice are those of the middle price.
  constant: ({ endpoint }) => (endpoint.params.quality === undefined ? { quality: 'medium' } : {}),
};

/** Two sides, or a word for the size, whose shape is then that of the first picture. */
const seedreamRatio = (job: Job): Body => {
  const { width, height, resolution } = job.input;
  if (resolution === undefined) return { ratio: `${Number(width)}:${Number(height)}` };
  const shapes = SEEDREAM[sizeWord(job)] ?? {};
  return { ratio: nearest(shapes, job.media.imageUrls?.[0]) ?? shapes['1:1'] ?? '' };
};
const sides: Rule = (value, { job, refuse }) => {
  const { height, resolution } = job.input;
  const pixels = Number(value) * Number(height);
  if (resolution !== undefined || (pixels >= SEEDREAM_PIXELS.min && pixels <= SEEDREAM_PIXELS.max)) return;
  const { min, max } = SEEDREAM_PIXELS;
  refuse(`width ${Number(value)} and height ${Number(height)} are not offered there: ${min} to ${max} pixels`);
};
const isSeries = ({ sequentialImageGeneration, maxImages }: Job['input']): boolean =>
  sequentialImageGeneration === 'auto' && Number(maxImages ?? 1) > 1;
const SEEDREAM_LITE: RunwayModel = {
  mapping: {
    prompt: atMost(4_000, 'promptText'),
    imageUrls: references('referenceImages'),
    width: sides,
    height: withOther,
    resolution: size(SEEDREAM),
    sequentialImageGeneration: (_value, { job, refuse }) => {
      if (isSeries(job.input))
        refuse('sequentialImageGeneration "auto" is not offered there for more than one picture');
    },
    maxImages: withOther,
    toolsType: (value, draft) => {
      if (value === 'web_search') draft.set('grounding', true);
      else absent()(value, draft);
    },
  },
  constant: seedreamRatio,
};

const MODELS: Readonly<Record<string, RunwayModel>> = {
  'image_to_video gen4_turbo': GEN4,
  'video_to_video aleph2': ALEPH,
  'image_to_video veo3.1': VEO_31,
  'text_to_video veo3.1': VEO_31,
  'image_to_video veo3.1_fast': VEO_31,
  'text_to_video veo3.1_fast': VEO_31,
  'text_to_video happyhorse_1_0': HORSE_FROM_TEXT,
  'image_to_video happyhorse_1_0': HORSE_FROM_PICTURE,
  'text_to_video seedance2': seedance(SEEDANCE),
  'image_to_video seedance2': seedance(SEEDANCE),
  'text_to_video seedance2_fast': seedance(SEEDANCE_FAST),
  'image_to_video seedance2_fast': seedance(SEEDANCE_FAST),
  'text_to_image gpt_image_2': GPT,
  'text_to_image gemini_image3_pro': { mapping: picture(GEMINI_PRO) },
  'text_to_image gemini_image3.1_flash': { mapping: picture(GEMINI_FLASH) },
  'text_to_image seedream5_lite': SEEDREAM_LITE,
};

/** Undefined: the call has no such model. */
export const modelOf = ({ route }: Job): RunwayModel | undefined => {
  const name = `${route.op} ${route.model}`;
  return Object.hasOwn(MODELS, name) ? MODELS[name] : undefined;
};

/** What the call needs and the input does not give. */
export function lacksOf({ route }: Job, body: Body): readonly string[] {
  const lacks: string[] = [];
  // A prompt may be empty here, and must not be there.
  if (route.op?.startsWith('text_') === true && body.promptText === undefined) lacks.push('prompt is required there');
  if (route.model === 'gen4_turbo' && body.ratio === undefined)
    lacks.push('aspectRatio is required there: the shape of the picture is not known');
  return lacks;
}
