import { toFlag } from '../geometry.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { createPcm, mixInto, type Pcm, toSampleCount } from '../media/pcm.ts';
import { limitPeaks } from '../sound/levels.ts';
import type { JobInput } from './job.ts';

/** The sound of the first given clip where the caller keeps it, else undefined. */
export async function keptSound({ request, roles, geometry }: JobInput): Promise<Pcm | undefined> {
  const clip = roles.clips[0];
  if (clip?.facts.hasAudio !== true || toFlag(request.input.keepOriginalSound) === false) return undefined;
  return decodeSound(clip.path, { maxMs: geometry.durationMs });
}

/** One sound among several. */
export type Part = { readonly pcm: Pcm; readonly atMs: number; readonly gain: number };

/** Adds sounds up, `durationMs` long, with no peak above the limit. */
export function mixParts(parts: readonly Part[], durationMs: number): Pcm {
  const mix = createPcm(toSampleCount(durationMs));
  for (const { pcm, atMs, gain } of parts) mixInto(mix, pcm, { atMs, gain });
  limitPeaks(mix);
  return mix;
}

/** The same sound with straight fades at its ends. */
export function faded(pcm: Pcm, p: { inMs: number; outMs: number }): Pcm {
  const count = pcm.left.length;
  const [rise, fall] = [Math.max(1, toSampleCount(p.inMs)), Math.max(1, toSampleCount(p.outMs))];
  const shape = (channel: Float32Array): Float32Array =>
    channel.map((sample, at) => sample * Math.min(1, at / rise, (count - at) / fall));
  return { left: shape(pcm.left), right: shape(pcm.right) };
}
