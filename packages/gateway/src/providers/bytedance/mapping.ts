import type { Json } from '@reelay/catalog';
import {
  as,
  file,
  files,
  ignored,
  type Mapping,
  only,
  type Rule,
  toNumber,
  toUpper,
  withOther,
  words,
} from '../kit/body.ts';
import { type BodyPart, type FileForm, FileUse } from '../kit/media.ts';
import type { Job } from '../provider.ts';

const isTrue = (value: Json): boolean => value === true || value === 'true';

type Kind = 'image_url' | 'video_url' | 'audio_url';
/** What each parameter is among the contents of a prompt, in their order. A clip is fetched, and never sent along. */
const CONTENTS: readonly (readonly [name: string, kind: Kind, role: string, form: FileForm])[] = [
  ['firstFrameUrl', 'image_url', 'first_frame', 'address'],
  ['firstImageUrl', 'image_url', 'first_frame', 'address'],
  ['lastFrameUrl', 'image_url', 'last_frame', 'address'],
  ['lastImageUrl', 'image_url', 'last_frame', 'address'],
  ['imageUrls', 'image_url', 'reference_image', 'address'],
  ['videoUrls', 'video_url', 'reference_video', 'url'],
  ['audioUrls', 'audio_url', 'reference_audio', 'address'],
];

/** All contents at once, whichever parameter is first. */
const content: Rule = (_value, { job, set }) => set('content', contentsOf(job));

function contentsOf({ input, media }: Job): BodyPart[] {
  const text = typeof input.prompt === 'string' && input.prompt !== '' ? [{ type: 'text', text: input.prompt }] : [];
  const shown = CONTENTS.flatMap(([name, type, role, form]) =>
    (media[name] ?? []).map((one) => ({ type, role, [type]: { url: new FileUse(one, form) } })),
  );
  return [...text, ...shown];
}

const sounds: Rule = (value, draft) => {
  const { imageUrls, videoUrls } = draft.job.input;
  if (imageUrls === undefined && videoUrls === undefined)
    draft.refuse('audioUrls alone are not offered there: a picture or a clip must come along');
  content(value, draft);
};

/** Rows of 2.0 that also offer `native1080p` mean a picture that is made smaller and enlarged by `1080p`, `2k`, `4k`. */
const resolution: Rule = (value, draft) => {
  const { model } = draft.job.route;
  if (!model.includes('seedance-2-')) return as('resolution')(value, draft);
  const plain = { '480p': '480p', '720p': '720p' };
  words('resolution', /-(fast|mini)-/.test(model) ? plain : { ...plain, native1080p: '1080p' })(value, draft);
};

export const VIDEO: Mapping = {
  prompt: content,
  firstFrameUrl: content,
  firstImageUrl: content,
  lastFrameUrl: content,
  lastImageUrl: content,
  imageUrls: content,
  videoUrls: content,
  audioUrls: sounds,
  resolution,
  ratio: as('ratio'),
  aspectRatio: as('ratio'),
  duration: as('duration', toNumber),
  seed: as('seed'),
  generateAudio: as('generate_audio', isTrue),
  returnLastFrame: as('return_last_frame'),
  cameraFixed: as('camera_fixed', isTrue),
  webSearch: (value, { set }) => {
    if (value === true) set('tools', [{ type: 'web_search' }]);
  },
  realPersonMode: ignored('it only chooses how a platform asks real persons: Ark takes what it takes, or says why not'),
  conversionSlots: ignored('as realPersonMode'),
};

// Ark's reference, "size" of 4.5 and 5 lite.
const MIN_PIXELS = 3_686_400;
const MAX_PIXELS = 16_777_216;
const MAX_RATIO = 16;
const MAX_PICTURES = 15;

const side: Rule = (_value, { job, set, refuse }) => {
  const { width, height, resolution: named } = job.input;
  if (typeof width !== 'number' || typeof height !== 'number' || named !== undefined) return;
  set('size', `${width}x${height}`);
  // The limits of 4.0 are not published.
  if (job.route.model.includes('seedream-4-0')) return;
  const pixels = width * height;
  if (pixels < MIN_PIXELS || pixels > MAX_PIXELS) {
    refuse(`width ${width} and height ${height} are not offered there: ${MIN_PIXELS} to ${MAX_PIXELS} pixels`);
  }
  if (Math.max(width / height, height / width) > MAX_RATIO) {
    refuse(`width ${width} and height ${height} are not offered there: one side at most ${MAX_RATIO} times the other`);
  }
};

/** Said only for a series; otherwise there is one picture. */
const series: Rule = (value, { job, set, refuse }) => {
  if (job.input.sequentialImageGeneration !== 'auto') return;
  set('sequential_image_generation_options.max_images', value);
  const given = job.media.imageUrls?.length ?? 0;
  if (given + Number(value) > MAX_PICTURES) refuse(`imageUrls and maxImages may be ${MAX_PICTURES} together there`);
};

export const IMAGE: Mapping = {
  prompt: as('prompt'),
  imageUrls: files('image'),
  width: side,
  height: withOther,
  resolution: as('size', toUpper),
  sequentialImageGeneration: as('sequential_image_generation'),
  maxImages: series,
  toolsType: only(['web_search'], (value, { set }) => set('tools', [{ type: value }])),
};

/** Of the visual API. Its picture goes along or is fetched, its clip is fetched. */
export const visualMapping = (p: { canBeReached: boolean }): Mapping => ({
  imageUrl: p.canBeReached ? files('image_urls', 'url') : files('binary_data_base64', 'base64'),
  videoUrl: file('video_url', 'url'),
});
