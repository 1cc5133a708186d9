import type { Json } from '@reelay/catalog';
import { as, type Mapped, type Mapping, mapInput, type Rule, words } from '../kit/body.ts';
import { type Body, FileUse, outOfReach } from '../kit/media.ts';
import type { Job } from '../provider.ts';

// Everything that a job says is one text: the address of a picture, the prompt, and Midjourney's flags. Limits: Youchuan's
// API reference, read 2026-11-22.
const MAX_CHARS = 8_192;

/** How each route calls its version. */
const VERSIONS: Readonly<Record<string, string>> = {
  v7: '--v 7',
  v61: '--v 6.1',
  v6: '--v 6',
  niji7: '--niji 7',
  niji6: '--niji 6',
};

/** Text that a flag could hide in. One would change what the rest of the request says. */
const plain =
  (path: string): Rule =>
  (value, { name, set, refuse }) => {
    const text = String(value);
    const [flag] = /(?<!\S)--[a-z]+/i.exec(text) ?? [];
    if (flag !== undefined) refuse(`${name} holds ${flag}: use the parameters instead of flags`);
    if (text.trim() === '') refuse(`${name} says nothing`);
    set(path, value);
  };

/** The address of a file. */
const address =
  (path: string): Rule =>
  (_value, { job, name, set }) => {
    const [file] = job.media[name] ?? [];
    if (file !== undefined) set(path, file.url);
  };

/** A weight means something only beside what it weighs: its default is filled in without it, too. */
const beside =
  (reference: string, path: string): Rule =>
  (value, { job, set }) => {
    if (job.media[reference] !== undefined) set(path, value);
  };

/** The parts of the text by their places: `before` it, the `prompt`, and the flags. */
const MAPPING: Mapping = {
  prompt: plain('prompt'),
  imageUrl: address('before'),
  firstImageUrl: address('before'),
  aspectRatio: as('flags.ar'),
  chaos: as('flags.chaos'),
  quality: as('flags.q'),
  stylize: as('flags.stylize'),
  weird: as('flags.weird'),
  raw: as('flags.raw'),
  iw: beside('imageUrl', 'flags.iw'),
  cref: address('flags.cref'),
  cw: beside('cref', 'flags.cw'),
  sref: address('flags.sref'),
  sw: beside('sref', 'flags.sw'),
  sv: beside('sref', 'flags.sv'),
  oref: address('flags.oref'),
  ow: beside('oref', 'flags.ow'),
  stop: as('flags.stop'),
  tile: as('flags.tile'),
  negativePrompt: plain('flags.no'),
  motion: as('flags.motion'),
  loop: as('flags.loop'),
  lastImageUrl: address('flags.end'),
  resolution: words('videoType', { '480p': 0, '720p': 1 }),
};

const isObject = (part: unknown): part is Readonly<Record<string, Json>> =>
  typeof part === 'object' && part !== null && !Array.isArray(part);

/** `--tile`, `--ar 16:9`, or nothing for what is not wanted. */
const toFlags = (flags: unknown): string[] =>
  Object.entries(isObject(flags) ? flags : {}).flatMap(([name, value]) => {
    if (value === false) return [];
    return value === true ? `--${name}` : `--${name} ${String(value)}`;
  });

/** @returns the body without its callback. */
export function planOf(job: Job, reach: { canBeReached: boolean }): Mapped {
  const { body: parts, reasons } = mapInput(job, MAPPING);
  const { before, prompt, flags, videoType } = parts;
  const version = VERSIONS[job.route.model] ?? [];
  const text = [before ?? [], prompt ?? [], version, toFlags(flags)].flat().join(' ');
  const isVideo = job.route.op === 'video-diffusion';
  const files = Object.values(job.media).flatMap((all) => all.map((one) => new FileUse(one, 'url')));
  const isLong = [...text].length > MAX_CHARS;
  const body: Body = isVideo ? { prompt: text, ...(videoType === undefined ? {} : { videoType }) } : { text };
  return {
    body,
    reasons: [
      ...reasons,
      ...(isLong ? [`prompt, files and flags together may have at most ${MAX_CHARS} characters there`] : []),
      ...outOfReach({ files }, reach),
    ],
  };
}
