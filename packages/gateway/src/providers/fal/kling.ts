import type { Json } from '@reelay/catalog';
import { ignored, withOther } from '../kit/body.ts';
import { lipSyncRules } from '../kit/lip-sync.ts';
import { FileUse } from '../kit/media.ts';
import { type ModelMapping, type ModelRule, to, toOr } from '../kit/model-body.ts';
import { listShots } from '../kit/shots.ts';

/** The maker writes `<<<image_1>>>` where fal writes `@Image1`. */
const MENTION = /<<<(image|video|element)_(\d+)>>>/g;
const inFalsWords = (text: string): string =>
  text.replace(MENTION, (_all, kind: string, number: string) => `@${kind[0]?.toUpperCase()}${kind.slice(1)}${number}`);

/** Shots that the caller cuts have texts of their own, which stand in place of the one. */
const prompt: ModelRule = (value, draft) => {
  const { multiShot, shotType } = draft.job.input;
  if (multiShot !== true || shotType === 'intelligence') to('prompt', 'text')(inFalsWords(String(value)), draft);
};

const multiShot: ModelRule = (value, { job, set, refuse }) => {
  if (value !== true) return;
  if (job.input.shotType === 'intelligence') return set('shot_type', 'intelligent');
  if (job.input.multiPrompt === undefined) refuse('multiShot needs the shots in multiPrompt');
};

const multiPrompt: ModelRule = (value, { job, set, refuse }) => {
  const { multiShot: isCut, shotType, prompt: text } = job.input;
  // Switched off, the shots are not looked at, unless they are all there is.
  if (isCut !== true && text !== undefined) return;
  if (shotType === 'intelligence') return refuse('multiPrompt is not used there when the model cuts the shots');
  set('shot_type', 'customize');
  set(
    'multi_prompt',
    listShots(value).map((shot) => ({ ...shot, prompt: inFalsWords(String(shot.prompt)) })),
  );
};

/** fal takes the pictures of an element in place of its id: the front view, then the others. */
const elements: ModelRule = (value, { job, name, set, refuse }) => {
  const ids = (Array.isArray(value) ? value : []).map((one) => String(isObject(one) ? one.element_id : ''));
  const views = ids.map((_id, index) => job.media[`${name}[${index}].element_id`] ?? []);
  const unknown = ids.find((_id, index) => views[index]?.length === 0);
  if (unknown !== undefined) return refuse(`${name} ${unknown} was not made here, and its pictures are needed there`);
  set(
    'elements',
    views.map(([front, ...others]) => ({
      ...(front === undefined ? {} : { frontal_image_url: new FileUse(front) }),
      reference_image_urls: others.map((one) => new FileUse(one)),
    })),
  );
};

export const kling: ModelMapping = {
  prompt,
  aspectRatio: toOr(ignored('the clip has the shape of its first frame'), 'aspect_ratio'),
  guidanceScale: to('cfg_scale'),
  multiShot,
  multiPrompt,
  shotType: withOther,
  elementList: elements,
  keepOriginalSound: toOr(ignored('there is no clip whose sound could stay'), 'keep_audio', 'keep_original_sound'),
  mode: withOther,
  voiceLanguage: ignored('each voice speaks one language'),
  ...lipSyncRules({ video: 'video_url', audio: 'audio_url' }),
};

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
