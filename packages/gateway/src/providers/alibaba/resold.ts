import type { Json } from '@reelay/catalog';
import {
  absent,
  as,
  atMost,
  ignored,
  type Mapping,
  only,
  type Rule,
  toNumber,
  toUpper,
  withOther,
} from '../kit/body.ts';
import { asNumber, type BodyPart, FileUse } from '../kit/media.ts';
import { listShots, secondsOf } from '../kit/shots.ts';
import type { Job } from '../provider.ts';
import { seed } from './videos.ts';

// Models of other makers that Model Studio sells in Beijing: Kling, Vidu, PixVerse. Files are fetched, never sent along.
// "Kling video generation", "Vidu …", "PixVerse …" of the API reference, editions of spring 2026.

const isTrue = (value: Json): boolean => value === true || value === 'true';
const sound = as('parameters.audio', isTrue);

const urlsOf = ({ media }: Job, name: string, more: { [name: string]: BodyPart }): BodyPart[] =>
  (media[name] ?? []).map((one) => ({ ...more, url: new FileUse(one, 'url') }));

/** The whole list, whichever parameter comes first. */
const listed =
  (types: Readonly<Record<string, string>>): Rule =>
  (_value, { job, set }) =>
    set(
      'input.media',
      Object.entries(types).flatMap(([name, type]) => urlsOf(job, name, { type })),
    );

const isEdit = (job: Job): boolean => job.endpoint.task === 'video-edit';
const KLING_FRAMES = { firstImageUrl: 'first_frame', imageUrl: 'first_frame', lastImageUrl: 'last_frame' };
const klingFrames = listed({ ...KLING_FRAMES, endImageUrl: 'last_frame' });
/** The clip first, then the pictures in the order of `<<<image_1>>>`. */
const klingReferences: Rule = (_value, { job, set, refuse }) => {
  const { keepOriginalSound, videoUrl, sound: isLoud } = job.input;
  const clip = {
    type: isEdit(job) ? 'base' : 'feature',
    keep_original_sound: keepOriginalSound === true ? 'yes' : 'no',
  };
  set('input.media', [...urlsOf(job, 'videoUrl', clip), ...urlsOf(job, 'imageUrls', { type: 'refer' })]);
  const max = videoUrl === undefined ? 7 : 4;
  if ((job.media.imageUrls ?? []).length > max) refuse(`imageUrls may have at most ${max} pictures there`);
  if (videoUrl !== undefined && isLoud === true) refuse('sound true is not offered there together with a video');
};

const elements: Rule = (value, { job, name, set, refuse }) => {
  const ids = (Array.isArray(value) ? value : []).flatMap((one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one) ? [String(one.element_id)] : [],
  );
  for (const id of ids) if (job.elsewhere.includes(id)) refuse(`${name} ${id} was made on another channel`);
  set(
    'input.element_list',
    ids.map((id) => ({ element_id: asNumber(job.upstreamIds[id] ?? id) })),
  );
};

const isCut = ({ multiShot, shotType }: Job['input']): boolean => multiShot === true && shotType !== 'intelligence';
const MAX_SHOTS = 6;

const klingShots: Rule = (value, { job: { input }, set, refuse }) => {
  if (value !== true) return;
  set('input.multi_shot', true);
  set('input.shot_type', isCut(input) ? 'customize' : 'intelligence');
  if (['lastImageUrl', 'endImageUrl'].some((name) => input[name] !== undefined)) {
    refuse('multiShot true is not offered there together with a last picture');
  }
  if (!isCut(input)) return;
  const shots = listShots(input.multiPrompt ?? null);
  const fits = shots.every(
    ({ prompt, duration }) => typeof prompt === 'string' && [...prompt].length <= 512 && Number(duration) >= 1,
  );
  if (shots.length === 0 || shots.length > MAX_SHOTS || !fits) {
    refuse(
      `multiPrompt does not suit Kling: it takes 1 to ${MAX_SHOTS} shots, each with a prompt of at most 512 characters and a whole duration`,
    );
  } else if (secondsOf(shots) !== Number(input.duration)) {
    refuse(
      `multiPrompt is ${secondsOf(shots)} seconds long, and duration is ${String(input.duration)}: they must agree there`,
    );
  }
  set(
    'input.multi_prompt',
    shots.map(({ prompt = '', duration }, index) => ({ index: index + 1, prompt, duration: Number(duration) })),
  );
};

/** Of the strength of the prompt, only what the maker does by itself. */
const usual: Rule = (value, draft) => {
  const param = draft.job.endpoint.params[draft.name];
  absent(param?.type === 'number' ? (param.default ?? null) : null)(value, draft);
};

const KLING: Mapping = {
  prompt: (value, draft) => {
    if (!isCut(draft.job.input)) atMost(2_500, 'input.prompt')(value, draft);
  },
  negativePrompt: absent(),
  cfgScale: usual,
  duration: as('parameters.duration', toNumber),
  sound,
  aspectRatio: as('parameters.aspect_ratio'),
  multiShot: klingShots,
  shotType: withOther,
  multiPrompt: withOther,
  elementList: elements,
  firstImageUrl: klingFrames,
  imageUrl: klingFrames,
  lastImageUrl: klingFrames,
  endImageUrl: klingFrames,
  videoUrl: klingReferences,
  imageUrls: klingReferences,
  keepOriginalSound: withOther, // Goes with the clip.
};

/** Of Vidu only the wide shape has a size that is published. */
const VIDU_WIDE: Readonly<Record<string, string>> = { '540p': '960*528', '720p': '1280*720', '1080p': '1920*1080' };
const viduShape: Rule = (value, draft) => {
  only(['16:9'], (_ratio, { job, set }) => {
    const size = VIDU_WIDE[String(job.input.resolution)];
    if (size !== undefined) set('parameters.size', size);
  })(value, draft);
};
const viduPictures = listed({ imageUrl: 'image', firstImageUrl: 'image', lastImageUrl: 'image', imageUrls: 'image' });

const VIDU: Mapping = {
  prompt: atMost(5_000, 'input.prompt'),
  duration: as('parameters.duration', toNumber),
  resolution: only(Object.keys(VIDU_WIDE), as('parameters.resolution', toUpper)),
  aspectRatio: viduShape,
  audio: sound,
  style: absent('general'),
  movementAmplitude: ignored('Vidu says that the third generation passes over it'),
  imageUrl: viduPictures,
  firstImageUrl: viduPictures,
  lastImageUrl: viduPictures,
  imageUrls: viduPictures,
};

/** Width and height of PixVerse, by lines and shape. */
const SHAPES = ['16:9', '4:3', '1:1', '3:4', '9:16', '3:2', '2:3', '21:9'];
const PIXVERSE_SIZES: Readonly<Record<string, readonly string[]>> = {
  '360p': ['640*360', '640*480', '640*640', '480*640', '360*640', '640*432', '432*640', '640*288'],
  '540p': ['1024*576', '1024*768', '1024*1024', '768*1024', '576*1024', '1024*688', '688*1024', '1024*448'],
  '720p': ['1280*720', '1108*832', '960*960', '832*1108', '720*1280', '1200*800', '800*1200', '1280*560'],
  '1080p': ['1920*1080', '1664*1248', '1440*1440', '1248*1664', '1080*1920', '1776*1184', '1184*1776', '1920*832'],
};
/** 5.6 draws more of these two. */
const PIXVERSE_56: Readonly<Record<string, readonly string[]>> = {
  ...PIXVERSE_SIZES,
  '720p': ['1280*720', '1280*960', '1280*1280', '960*1280', '720*1280'],
  '1080p': ['1920*1080', '1920*1440', '1808*1808', '1440*1920', '1080*1920'],
};

const pixverseSize: Rule = (value, { job, name, set, refuse }) => {
  const sizes = job.route.model.includes('v5.6') ? PIXVERSE_56 : PIXVERSE_SIZES;
  const size = sizes[String(job.input.resolution)]?.[SHAPES.indexOf(String(value))];
  if (size === undefined) refuse(`${name} ${JSON.stringify(value)} is not offered there`);
  else set('parameters.size', size);
};

const PIXVERSE: Mapping = {
  prompt: as('input.prompt'),
  negativePrompt: absent(),
  thinkingType: absent('auto'),
  style: absent(),
  generateMultiClipSwitch: absent(false),
  generateAudioSwitch: sound,
  duration: as('parameters.duration', toNumber),
  resolution: as('parameters.resolution', toUpper),
  seed,
};
const pixverseFrames = listed({ firstImageUrl: 'first_frame', endImageUrl: 'last_frame' });
const bothFrames: Rule = (value, draft) => {
  pixverseFrames(value, draft);
  if (draft.job.input.endImageUrl === undefined) draft.refuse('a last picture is needed there');
};

/** By model. The first that fits. */
export const RESOLD_MODELS: readonly (readonly [RegExp, Mapping])[] = [
  [/^kling\//, KLING],
  [/^vidu\//, VIDU],
  // The size says both.
  [/^pixverse\/.*-t2v$/, { ...PIXVERSE, resolution: withOther, aspectRatio: pixverseSize }],
  [/^pixverse\/.*-it2v$/, { ...PIXVERSE, imageUrl: listed({ imageUrl: 'image_url' }) }],
  // The first picture decides the shape, whatever its row says of one.
  [
    /^pixverse\/.*-kf2v$/,
    { ...PIXVERSE, firstImageUrl: bothFrames, endImageUrl: pixverseFrames, aspectRatio: absent('1:1') },
  ],
];

export const isResold = (model: string): boolean => RESOLD_MODELS.some(([name]) => name.test(model));
