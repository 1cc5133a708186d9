import { absent, all, as, atMost, file, type Mapped, type Mapping, mapInput } from '../kit/body.ts';
import type { Job } from '../provider.ts';

/** The catalog offers more. */
const MAX_TEXTURE_CHARS = 600;

/** The picture is passed over where there are words, too. */
const notWithPicture: Mapping[string] = (_value, { job, refuse }) => {
  if (job.media.textureImageUrl !== undefined) refuse('texturePrompt and textureImageUrl are not taken together there');
};

/** What the surface is made by. */
const SURFACE: Mapping = {
  enablePbr: as('enable_pbr'),
  texturePrompt: all(atMost(MAX_TEXTURE_CHARS, 'texture_prompt'), notWithPicture),
  textureImageUrl: file('texture_image_url'),
};
/** What the shape is made by. */
const SHAPE: Mapping = {
  prompt: as('prompt'),
  imageUrl: file('image_url'),
  // These models have no styles.
  artStyle: absent('realistic'),
  topology: as('topology'),
  targetPolycount: as('target_polycount'),
  symmetryMode: as('symmetry_mode'),
  shouldRemesh: as('should_remesh'),
  taPose: (value, { set }) => {
    if (value === true) set('pose_mode', 't-pose');
  },
  enablePromptExpansion: absent(false),
};

const only = (job: Job, names: Mapping, isIn: boolean): Job => ({
  ...job,
  input: Object.fromEntries(Object.entries(job.input).filter(([name]) => Object.hasOwn(names, name) === isIn)),
});

/** From a picture: one task makes both. */
export const toImageTask = (job: Job): Mapped =>
  mapInput(job, { ...SHAPE, ...SURFACE, shouldTexture: as('should_texture') }, { ai_model: job.route.model });

/** From words: the shape first. */
export const toPreview = (job: Job): Mapped =>
  mapInput(only(job, SURFACE, false), SHAPE, { mode: 'preview', ai_model: job.route.model });

/** Then its surface. */
export const toRefine = (job: Job, previewId = ''): Mapped =>
  mapInput(only(job, SURFACE, true), SURFACE, {
    mode: 'refine',
    preview_task_id: previewId,
    ai_model: job.route.model,
  });
