import type { MediaFile } from '../contract.ts';
import { BadMedia } from '../media/bad-media.ts';
import { loadPicture } from '../media/pictures.ts';
import { type Group, toAnswer } from '../words/answer.ts';
import { measureClip } from '../words/clip-facts.ts';
import { aboutClip, aboutPicture, aboutText } from '../words/findings.ts';
import { measurePicture } from '../words/picture-facts.ts';
import { type Job, textOf } from './job.ts';

const BEYOND_MEDIA = {
  en: 'What it shows, who is in it and what it means only a model can tell.',
  zh: '画面内容、人物与含义需要由模型来回答。',
};
const BEYOND_TEXT = {
  en: 'Knowledge and opinion beyond the words themselves only a model can give.',
  zh: '文字之外的知识与见解需要由模型来回答。',
};

/** Answers with what can be measured in the picture. */
export const describePicture: Job = async ({ request, roles }) => {
  const groups = await picturesIn(roles.pictures);
  if (groups.length === 0) throw new BadMedia('There is no picture.');
  return { files: [], text: toAnswer({ prompt: textOf(request, 'prompt'), groups, beyond: BEYOND_MEDIA }) };
};

/** Answers with what can be measured in the clip and its sound. */
export const describeClip: Job = async ({ request, roles }) => {
  const groups = await clipsIn(roles.clips);
  if (groups.length === 0) throw new BadMedia('There is no clip.');
  return { files: [], text: toAnswer({ prompt: textOf(request, 'prompt'), groups, beyond: BEYOND_MEDIA }) };
};

/** Answers with what can be counted, computed and drawn from the request's own words. */
export const answerText: Job = async ({ request }) => {
  const prompt = textOf(request, 'prompt');
  return { files: [], text: toAnswer({ prompt, groups: [textIn(prompt)], beyond: BEYOND_TEXT }) };
};

/** Answers about the words and about whatever came with them. */
export const chat: Job = async ({ request, roles }) => {
  const prompt = textOf(request, 'prompt');
  const media = [...(await picturesIn(roles.pictures)), ...(await clipsIn(roles.clips))];
  const beyond = media.length === 0 ? BEYOND_TEXT : BEYOND_MEDIA;
  return { files: [], text: toAnswer({ prompt, groups: [textIn(prompt), ...media], beyond }) };
};

const textIn = (prompt: string): Group => ({ name: 'text', findings: aboutText(prompt) });

const picturesIn = (files: readonly MediaFile[]): Promise<Group[]> =>
  Promise.all(
    files.map(async (file, index) => ({
      name: numbered('image', index, files.length),
      findings: aboutPicture(file, measurePicture(await loadPicture(file.path))),
    })),
  );

const clipsIn = (files: readonly MediaFile[]): Promise<Group[]> =>
  Promise.all(
    files.map(async (file, index) => ({
      name: numbered('video', index, files.length),
      findings: aboutClip(file, await measureClip(file)),
    })),
  );

const numbered = (name: string, index: number, count: number): string => (count > 1 ? `${name} ${index + 1}` : name);
