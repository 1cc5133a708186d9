import type { Json } from '@reelay/catalog';
import { as, atMost, file, type Mapping, type Rule, toNumber } from '../kit/body.ts';
import { asNumber } from '../kit/media.ts';
import type { Job } from '../provider.ts';

type Op = 'video/text/generate' | 'video/img/generate' | 'video/transition/generate' | 'video/extend/generate';

const isTrue = (value: Json): boolean => value === true || value === 'true';

/** Ids of the ready-made effects that are published. Anything and Robot are one effect, whose name has a comma. */
const TEMPLATES: Readonly<Record<string, string>> = {
  Microwave: '324641385496960',
  Anything: '313358700761536',
  Robot: '313358700761536',
};

type Templates = {
  readonly ids: Readonly<Record<string, string>>;
  /** What cannot be read of the setting. */
  readonly unread: readonly string[];
};

/** The published ones, and those that the owner of the channel named. @param text `Hug=123, Kiss=456`. */
export function templatesOf(text = ''): Templates {
  const entries = text.split(',').filter((entry) => entry.trim() !== '');
  const read = entries.map((entry) => /^\s*(.+?)\s*=\s*(\d+)\s*$/.exec(entry) ?? entry.trim());
  const own = read.flatMap((one) => (typeof one === 'string' ? [] : [[one[1] ?? '', one[2] ?? ''] as const]));
  return {
    ids: { ...TEMPLATES, ...Object.fromEntries(own) },
    unread: read.filter((one) => typeof one === 'string'),
  };
}

const effect =
  ({ ids, unread }: Templates): Rule =>
  (value, { name, set, refuse }) => {
    const id = ids[String(value)];
    if (id !== undefined) return set('template_id', asNumber(id));
    const hint = unread.length === 0 ? 'may tell it' : `cannot be read at ${JSON.stringify(unread[0])}`;
    refuse(`${name} ${JSON.stringify(value)} has a template whose id is not known: PIXVERSE_TEMPLATES ${hint}`);
  };

/** No length is given for the two together. */
const duration: Rule = (value, { job: { input, route }, name, set, refuse }) => {
  const isTooLong = route.model.startsWith('v5') && Number(value) > 8 && input.resolution === '1080p';
  if (isTooLong) refuse(`${name} ${JSON.stringify(value)} is not offered there at 1080p`);
  else set('duration', toNumber(value));
};

/** -1 asks for any, and any is what is taken where none is sent. */
const seed: Rule = (value, { set }) => {
  if (value !== -1) set('seed', value);
};

const COMMON: Mapping = {
  prompt: atMost(5_000, 'prompt'),
  negativePrompt: as('negative_prompt'),
  resolution: as('quality'),
  duration,
  seed,
  style: as('style'),
  thinkingType: as('thinking_type'),
  generateAudioSwitch: as('generate_audio_switch', isTrue),
  generateMultiClipSwitch: as('generate_multi_clip_switch', isTrue),
};

/** How far the sides of a picture may be from a ratio that names its shape. */
const TOLERANCE = 0.02;

/** The first picture decides the shape: a ratio that is asked for must be the picture's own. What its row fills in asks for
 *  nothing. */
const shapeOfPicture: Rule = (value, { job: { endpoint, media }, name, refuse }) => {
  const param = endpoint.params[name];
  if (param?.type === 'one-of' && param.default === value) return;
  const { widthPx = 0, heightPx = 1 } = (media.firstImageUrl ?? media.imageUrl)?.[0]?.facts ?? {};
  const [across = 0, down = 1] = String(value).split(':').map(Number);
  if (Math.abs((widthPx * down) / (heightPx * across) - 1) <= TOLERANCE) return;
  refuse(`${name} ${JSON.stringify(value)} is not offered there: the video has the shape of the first picture`);
};

const TEXT: Mapping = { ...COMMON, aspectRatio: as('aspect_ratio') };
const PICTURE: Mapping = {
  ...COMMON,
  imageUrl: file('img_id'),
  firstImageUrl: file('img_id'),
  aspectRatio: shapeOfPicture,
};
const TRANSITION: Mapping = {
  ...COMMON,
  imageUrl: file('first_frame_img'),
  firstImageUrl: file('first_frame_img'),
  endImageUrl: file('last_frame_img'),
  aspectRatio: shapeOfPicture,
};
const EXTEND: Mapping = { ...COMMON, videoUrl: file('video_media_id') };

/** A transition without a last picture is a picture that moves. */
export function opOf({ route, media }: Job): string {
  const { op = '' } = route;
  return op === 'video/transition/generate' && media.endImageUrl === undefined ? 'video/img/generate' : op;
}

/** Undefined: there is no such call. */
export function mappingOf(op: string, templates: Templates): Mapping | undefined {
  const mappings: Readonly<Record<Op, Mapping>> = {
    'video/text/generate': TEXT,
    'video/img/generate': { ...PICTURE, effect: effect(templates) },
    'video/transition/generate': TRANSITION,
    'video/extend/generate': EXTEND,
  };
  return Object.hasOwn(mappings, op) ? mappings[op as Op] : undefined; // It is one of its keys.
}
