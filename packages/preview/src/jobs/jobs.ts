import type { Task } from '@reelay/catalog';
import type { RenderRequest, RenderResult } from '../contract.ts';
import { toGeometry } from '../geometry.ts';
import { toRoles } from '../media-roles.ts';
import { animatePortrait } from './animate-portrait.ts';
import { answerText, chat, describeClip, describePicture } from './answer.ts';
import { applyEffect } from './apply-effect.ts';
import { cloneVoice } from './clone-voice.ts';
import { designVoice } from './design-voice.ts';
import { drawFilm } from './draw-film.ts';
import { drawStills } from './draw-stills.ts';
import { editFootage } from './edit-footage.ts';
import { editStills } from './edit-stills.ts';
import { enhancePicture } from './enhance-picture.ts';
import { extendFootage } from './extend-footage.ts';
import { filmReferences } from './film-references.ts';
import { followMotion } from './follow-motion.ts';
import { createCharacter, createElement, identifyFaces } from './identities.ts';
import type { Job } from './job.ts';
import { modelFromPictures, modelFromText } from './make-model.ts';
import { makeMusic } from './make-music.ts';
import { makeWorld } from './make-world.ts';
import { registerMedia } from './register-media.ts';
import { interpolateFootage, upscaleFootage } from './remake-footage.ts';
import { speak } from './speak.ts';
import { syncLips } from './sync-lips.ts';
import { upscalePicture } from './upscale-picture.ts';
import { makeLyrics } from './write-lyrics.ts';

/** What is made for each task. */
const JOBS: Readonly<Record<Task, Job>> = {
  'text-to-video': drawFilm,
  'image-to-video': drawFilm,
  'start-end-to-video': drawFilm,
  'video-effect': applyEffect,
  'reference-to-video': filmReferences,
  'video-extend': extendFootage,
  'video-edit': editFootage,
  'video-restyle': editFootage,
  'video-upscale': upscaleFootage,
  'video-interpolate': interpolateFootage,
  'motion-control': followMotion,
  'audio-image-to-video': animatePortrait,
  'lip-sync': syncLips,
  'text-to-image': drawStills,
  'image-to-image': editStills,
  'image-upscale': upscalePicture,
  'image-enhance': enhancePicture,
  'text-to-speech': speak,
  'voice-clone': cloneVoice,
  'voice-design': designVoice,
  'media-upload': registerMedia,
  'text-to-music': makeMusic,
  'text-to-lyrics': makeLyrics,
  'text-to-text': answerText,
  'image-to-text': describePicture,
  'video-to-text': describeClip,
  chat,
  'text-to-world': makeWorld,
  'image-to-world': makeWorld,
  'multi-image-to-world': makeWorld,
  'video-to-world': makeWorld,
  'text-to-3d': modelFromText,
  'image-to-3d': modelFromPictures,
  'multi-image-to-3d': modelFromPictures,
  'face-identify': identifyFaces,
  'element-create': createElement,
  'character-upload': createCharacter,
};

/** Makes the result of a request. @throws {BadMedia} {BadInput} {Unavailable} */
export const runJob = (request: RenderRequest, onProgress: (fraction: number) => void): Promise<RenderResult> =>
  JOBS[request.task]({ request, geometry: toGeometry(request), roles: toRoles(request), onProgress });
