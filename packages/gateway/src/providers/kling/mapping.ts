import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { absent, all, as, atMost, file, type Mapping, type Rule, toText, upstreamId, withOther } from '../kit/body.ts';
import { asNumber, type Body, type BodyPart, FileUse } from '../kit/media.ts';
import type { Job } from '../provider.ts';
import { STORY } from './story.ts';

/** One of Kling's calls. */
export type KlingCall = {
  readonly mapping: Mapping;
  /** It makes with the model that the route names. */
  readonly takesModel?: true;
  /** What it answers at once, in place of a job. */
  readonly answers?: 'sound' | 'faces';
  /** What cannot be said parameter by parameter. */
  readonly finish?: (body: Body) => Body;
};

const isOn = (value: Json): boolean => value === true || value === 'true' || value === 'yes';
const onOff: Rule = as('sound', (value) => (isOn(value) ? 'on' : 'off'));
const yesNo = (value: Json): string => (isOn(value) ? 'yes' : 'no');

const filesOf = ({ media }: Job, name: string, wrap: (one: FileUse) => BodyPart): BodyPart[] =>
  (media[name] ?? []).map((one) => wrap(new FileUse(one, 'bare-address')));

/** An earlier result: by its id where it was made here, by its file where it was made elsewhere. One that was never ours
 *  is passed on as it is. */
const resultOr =
  (path: string, byFile: Rule): Rule =>
  (value, draft) => {
    const { upstreamIds, media } = draft.job;
    const isFile = upstreamIds[String(value)] === undefined && (media[draft.name] ?? []).length > 0;
    (isFile ? byFile : upstreamId(path))(value, draft);
  };

const Named = (field: string) => z.array(z.object({ [field]: z.union([z.string().min(1), z.number()]) }));

/** Objects with one id each, which goes out as a number with all its digits. */
const ids =
  (path: string, field: string, max?: number): Rule =>
  (value, { job, name, set, refuse }) => {
    const named = Named(field).safeParse(value);
    if (!named.success) return refuse(`${name} does not suit Kling: each item must have a ${field}`);
    if (max !== undefined && named.data.length > max) return refuse(`${name} may have at most ${max} items there`);
    const list = named.data.map((one) => String(one[field]));
    for (const id of list) if (job.elsewhere.includes(id)) refuse(`${name} ${id} was made on another channel`);
    set(
      path,
      list.map((id) => ({ [field]: asNumber(job.upstreamIds[id] ?? id) })),
    );
  };

const VIDEO: Mapping = {
  ...STORY,
  negativePrompt: atMost(2_500, 'negative_prompt'),
  duration: as('duration', toText),
  guidanceScale: as('cfg_scale'),
  cfgScale: as('cfg_scale'),
  sound: onOff,
};

const firstFrame = file('image', 'bare-address');
const lastFrame = file('image_tail', 'bare-address');

/** A list of everything that may be referred to, in the order of `<<<image_1>>>`, `<<<image_2>>>` in a prompt. */
const pictures: Rule = (_value, { job, set, refuse }) => {
  const all = [
    ...filesOf(job, 'firstImageUrl', (image_url) => ({ image_url, type: 'first_frame' })),
    ...filesOf(job, 'lastImageUrl', (image_url) => ({ image_url, type: 'end_frame' })),
    ...filesOf(job, 'imageUrls', (image_url) => ({ image_url })),
  ];
  // Kling API reference, capability map of the omni models.
  const max = job.input.videoUrl === undefined ? 7 : 4;
  if (all.length > max) refuse(`imageUrls may have at most ${max} pictures there${max === 4 ? ' beside a video' : ''}`);
  set('image_list', all);
};

const clip: Rule = (_value, { job, set, refuse }) => {
  const [one] = job.media.videoUrl ?? [];
  if (one === undefined) return;
  const keeps = job.input.keepOriginalSound;
  const use = {
    video_url: new FileUse(one, 'url'),
    refer_type: job.endpoint.task === 'video-edit' ? 'base' : 'feature',
    ...(keeps === undefined ? {} : { keep_original_sound: yesNo(keeps) }),
  };
  set('video_list', [use]);
  if (isOn(job.input.sound ?? false)) refuse('sound true is not offered there together with a video');
};

const OMNI: Mapping = {
  ...STORY,
  duration: as('duration', toText),
  sound: onOff,
  mode: as('mode'),
  aspectRatio: as('aspect_ratio'),
  firstImageUrl: pictures,
  lastImageUrl: pictures,
  imageUrls: pictures,
  videoUrl: clip,
  keepOriginalSound: withOther, // Says something of the clip, and nothing without one.
  elementList: ids('element_list', 'element_id'),
};

const MOTION: Mapping = {
  prompt: as('prompt'),
  negativePrompt: absent(),
  imageUrl: file('image_url', 'bare-address'),
  videoUrl: file('video_url', 'url'),
  characterOrientation: as('character_orientation'),
  keepOriginalSound: as('keep_original_sound', yesNo),
  elementList: ids('element_list', 'element_id'),
};

const ELEMENT: Mapping = {
  name: atMost(20, 'element_name'),
  description: atMost(100, 'element_description'),
  imageUrl: all(
    (_value, { set }) => set('reference_type', 'image_refer'),
    file('element_image_list.frontal_image', 'bare-address'),
  ),
  elementReferList: (_value, { job, set }) =>
    set(
      'element_image_list.refer_images',
      filesOf(job, 'elementReferList', (image_url) => ({ image_url })),
    ),
  tagList: ids('tag_list', 'tag_id'),
};

const spoken = file('face_choose.sound_file', 'bare-address');
const LIP_SYNC: Mapping = {
  sessionId: upstreamId('session_id'),
  faceId: as('face_choose.face_id'),
  audioId: resultOr('face_choose.audio_id', spoken),
  audioUrl: spoken,
  soundStartTime: as('face_choose.sound_start_time'),
  soundEndTime: as('face_choose.sound_end_time'),
  soundInsertTime: as('face_choose.sound_insert_time'),
  soundVolume: as('face_choose.sound_volume'),
  originalAudioVolume: as('face_choose.original_audio_volume'),
};

const clipOfFaces = file('video_url', 'url');

/** By the path of the call. Media are addresses, or base64 without a prefix; clips are addresses only. */
export const CALLS: Readonly<Record<string, KlingCall>> = {
  '/v1/videos/text2video': { mapping: { ...VIDEO, aspectRatio: as('aspect_ratio') }, takesModel: true },
  '/v1/videos/image2video': {
    mapping: {
      ...VIDEO,
      imageUrl: firstFrame,
      firstImageUrl: firstFrame,
      lastImageUrl: lastFrame,
      endImageUrl: lastFrame,
      elementList: ids('element_list', 'element_id', 3),
    },
    takesModel: true,
  },
  '/v1/videos/omni-video': { mapping: OMNI, takesModel: true },
  '/v1/videos/motion-control': { mapping: MOTION, takesModel: true },
  '/v1/videos/avatar/image2video': {
    mapping: { imageUrl: firstFrame, audioUrl: file('sound_file', 'bare-address'), prompt: as('prompt') },
  },
  '/v1/videos/advanced-lip-sync': {
    mapping: LIP_SYNC,
    // A list, with room for one.
    finish: ({ face_choose: face = null, ...rest }) => ({ ...rest, face_choose: [face] }),
  },
  '/v1/general/advanced-custom-elements': { mapping: ELEMENT },
  '/v1/videos/identify-face': {
    mapping: { videoUrl: clipOfFaces, videoId: resultOr('video_id', clipOfFaces) },
    answers: 'faces',
  },
  '/v1/audio/tts': {
    mapping: {
      text: as('text'),
      voiceId: as('voice_id'),
      voiceLanguage: as('voice_language'),
      voiceSpeed: as('voice_speed'),
    },
    answers: 'sound',
  },
};
