import type { Json } from '@reelay/catalog';
import { as, atMost, file, type Mapping, only, type Rule, toNumber, toUpper, withOther, words } from '../kit/body.ts';
import { type BodyPart, FileUse } from '../kit/media.ts';
import type { Job } from '../provider.ts';

// Wan and HappyHorse: what their models take, by generation. Files are addresses or data URIs.

/** Files as `{ type, url }`, in the order in which they are named here. */
const mediaOf = ({ media }: Job, types: Readonly<Record<string, string>>): { [name: string]: BodyPart }[] =>
  Object.entries(types).flatMap(([name, type]) => (media[name] ?? []).map((one) => ({ type, url: new FileUse(one) })));

/** The whole list, whichever parameter comes first. */
const listed =
  (types: Readonly<Record<string, string>>): Rule =>
  (_value, { job, set }) =>
    set('input.media', mediaOf(job, types));

/** A rule for each of these parameters. */
const each = (types: Readonly<Record<string, string>>): Mapping => {
  const rule = listed(types);
  return Object.fromEntries(Object.keys(types).map((name) => [name, rule]));
};

/** One of these must be there, which the row leaves open. */
const needs =
  (names: readonly string[], what: string, rule: Rule): Rule =>
  (value, draft) => {
    rule(value, draft);
    if (names.every((name) => draft.job.input[name] === undefined)) draft.refuse(`${what} is needed there`);
  };

/** -1 leaves it to chance, as its absence does. */
export const seed: Rule = (value, { set }) => {
  if (value !== -1) set('parameters.seed', value);
};

const COMMON: Mapping = {
  prompt: as('input.prompt'),
  negativePrompt: atMost(500, 'input.negative_prompt'),
  duration: as('parameters.duration', toNumber),
  resolution: as('parameters.resolution', toUpper),
  size: as('parameters.size'),
  promptExtend: as('parameters.prompt_extend'),
  seed,
};
const shotType = as('parameters.shot_type');
const firstPicture = file('input.img_url');
const spoken = file('input.audio_url');

/** Several shots are cut by the words that the service adds. */
const shots: Rule = (value, draft) => {
  shotType(value, draft);
  if (value === 'multi' && draft.job.input.enablePromptExpansion === false) {
    draft.refuse('shotType "multi" needs enablePromptExpansion there');
  }
};

const references: Rule = (_value, { job, set }) =>
  set(
    'input.reference_urls',
    ['videoUrls', 'imageUrls'].flatMap((name) => (job.media[name] ?? []).map((one) => new FileUse(one))),
  );
const REFERENCES = ['videoUrls', 'imageUrls'];
const NEEDS_REFERENCE = 'a picture or a clip to refer to';

/** Each reference may have a voice of its own; the row has one, which is that of the first. */
const withVoice: Rule = (_value, { job, set }) => {
  const [first, ...others] = mediaOf(job, { videoUrls: 'reference_video', imageUrls: 'reference_image' });
  const [voice] = job.media.audioUrl ?? [];
  if (first === undefined) return;
  set('input.media', [voice === undefined ? first : { ...first, reference_voice: new FileUse(voice) }, ...others]);
};

const FRAMES = { firstImageUrl: 'first_frame', lastImageUrl: 'last_frame', audioUrl: 'driving_audio' };
const EDITED = { videoUrl: 'video', imageUrls: 'reference_image' };
const prompt27 = atMost(5_000, 'input.prompt');
const WAN_27: Mapping = { ...COMMON, prompt: prompt27, aspectRatio: as('parameters.ratio') };
const HORSE: Mapping = { ...COMMON, prompt: atMost(2_500, 'input.prompt'), aspectRatio: as('parameters.ratio') };

/** 2.2 is only nearly the row: it makes five seconds, in fewer sizes. */
const five = only(['5'], as('parameters.duration', toNumber));
const toSize = (value: Json): Json => String(value).replace('×', '*');
const OLD = {
  prompt: as('input.prompt'),
  duration: five,
  negativePrompt: COMMON.negativePrompt,
  negative_prompt: COMMON.negativePrompt,
};
const oldMapping = (rules: Mapping): Mapping =>
  Object.fromEntries(
    Object.entries({ ...OLD, ...rules }).flatMap(([name, rule]) => (rule === undefined ? [] : [[name, rule]])),
  );
const lines = words('parameters.resolution', { '832×480': '480P', '480×832': '480P', auto: '1080P' });

/** By model. The first that fits. */
export const VIDEO_MODELS: readonly (readonly [RegExp, Mapping])[] = [
  [/^wan2\.5-t2v/, { ...COMMON, prompt: atMost(1_500, 'input.prompt'), audioUrl: spoken }],
  [/^wan2\.5-i2v/, { ...COMMON, prompt: atMost(1_500, 'input.prompt'), audioUrl: spoken, imageUrl: firstPicture }],
  // Its row calls the size a resolution.
  [/^wan2\.6-t2v/, { ...COMMON, resolution: as('parameters.size'), shotType }],
  [
    /^wan2\.6-i2v/,
    {
      ...COMMON,
      imageUrl: firstPicture,
      audioUrl: spoken,
      shotType: shots,
      enablePromptExpansion: as('parameters.prompt_extend'),
      enableAudio: as('parameters.audio'),
    },
  ],
  [
    /^wan2\.6-r2v/,
    {
      ...COMMON,
      prompt: needs(REFERENCES, NEEDS_REFERENCE, as('input.prompt')),
      videoUrls: references,
      imageUrls: references,
      shotType,
      audio: as('parameters.audio'),
    },
  ],
  [/^wan2\.7-t2v/, { ...WAN_27, audioUrl: spoken }],
  [/^wan2\.7-i2v/, { ...WAN_27, ...each(FRAMES), videoUrl: listed({ videoUrl: 'first_clip' }) }],
  [
    /^wan2\.7-r2v/,
    {
      ...WAN_27,
      prompt: needs(REFERENCES, NEEDS_REFERENCE, prompt27),
      videoUrls: withVoice,
      imageUrls: withVoice,
      audioUrl: withOther, // Goes with the first reference.
    },
  ],
  [/^wan2\.7-videoedit/, { ...WAN_27, ...each(EDITED), prompt: needs(['videoUrl'], 'a clip to edit', prompt27) }],
  [/^happyhorse-[\d.]+-t2v/, HORSE],
  [/^happyhorse-[\d.]+-i2v/, { ...HORSE, imageUrl: listed({ imageUrl: 'first_frame' }) }],
  [/^happyhorse-[\d.]+-r2v/, { ...HORSE, imageUrls: listed({ imageUrls: 'reference_image' }) }],
  [/^happyhorse-[\d.]+-video-edit/, { ...HORSE, ...each(EDITED), audioSetting: as('parameters.audio_setting') }],
  [/^wan2\.2-t2v/, oldMapping({ resolution: only(['832×480', '480×832'], as('parameters.size', toSize)) })],
  [/^wan2\.2-i2v/, oldMapping({ imageUrl: firstPicture, resolution: lines })],
  [
    /^wan2\.2-kf2v/,
    oldMapping({
      imageUrl: file('input.first_frame_url'),
      lastImageUrl: file('input.last_frame_url'),
      resolution: lines,
    }),
  ],
];

/** A clip that is extended brings its own sound: only pictures are driven by one. */
export const extended = (mapping: Mapping): Mapping => ({
  ...mapping,
  audioUrl: (_value, { refuse }) => refuse('audioUrl is not offered there together with a clip to extend'),
});
