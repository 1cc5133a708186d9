import { as, type Mapping, type Rule, words } from '../kit/body.ts';
import { type Body, FileUse } from '../kit/media.ts';
import type { Job } from '../provider.ts';

// LTX's reference, "text to video", "image to video" and "input formats", edition of November 2026.

const UP_TO_TEN = [6, 8, 10];
/** In seconds, at 1080p. */
const LENGTHS: Readonly<Record<string, readonly number[]>> = {
  'ltx-2-3-pro': UP_TO_TEN,
  'ltx-2-3-fast': [...UP_TO_TEN, 12, 14, 16, 18, 20],
};
/** Longer clips are made at this rate only, in frames a second. */
const RATE_OF_LONG_CLIPS = 25;

const duration: Rule = (value, { job: { route }, name, set, refuse }) => {
  const seconds = Number(value);
  const lengths = LENGTHS[route.model] ?? UP_TO_TEN;
  if (!lengths.includes(seconds)) return refuse(`${name} ${seconds} is not offered there: only ${lengths.join(', ')}`);
  set('duration', seconds);
  if (seconds > 10) set('fps', RATE_OF_LONG_CLIPS);
};

const SIZES: Readonly<Record<string, string>> = { '16:9': '1920x1080', '9:16': '1080x1920' };

/** The smallest size that is made. */
const definition: Rule = (value, { name, refuse }) => {
  if (value !== '1080p') refuse(`${name} ${JSON.stringify(value)} is not offered there: only 1080p`);
};

const MEGABYTE = 1024 ** 2;
/** An address is fetched up to the one, bytes are taken along up to the other, which as base64 are seven megabytes. */
const MAX_BYTES = { fetched: 15 * MEGABYTE, sentAlong: 5 * MEGABYTE } as const;

const picture =
  (canBeReached: boolean): Rule =>
  (_value, { job, name, set, refuse }) => {
    const [file] = job.media[name] ?? [];
    if (file === undefined) return;
    const maxBytes = canBeReached ? MAX_BYTES.fetched : MAX_BYTES.sentAlong;
    if (file.facts.sizeBytes > maxBytes) refuse(`${name} may have at most ${maxBytes / MEGABYTE} MB there`);
    else set('image_uri', new FileUse(file));
  };

export const mappingOf = (p: { canBeReached: boolean }): Mapping => ({
  prompt: as('prompt'),
  aspectRatio: words('resolution', SIZES),
  resolution: definition,
  duration,
  imageUrl: picture(p.canBeReached),
});

/** The rows are those of clips with sound. */
export const constantOf = ({ route }: Job): Body => ({ model: route.model, generate_audio: true });
