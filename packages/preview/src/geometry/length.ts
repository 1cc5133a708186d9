import type { Input, Task } from '@reelay/catalog';
import type { Roles } from '../media-roles.ts';
import type { Line } from './lines.ts';
import { toNumber, toSeconds } from './values.ts';

const MAX_DURATION_MS = 600_000;
/** Veo, the only line without a length for it, adds 7 s: Gemini API reference, "Extend Veo videos". */
const EXTENSION_MS = 7000;
/** An extension adds something, even where the asked length is no longer than the clip. */
const MIN_EXTENSION_MS = 1000;

type Asked = { readonly line: Line & { seconds: number }; readonly roles: Roles; readonly input: Input; task: Task };

/** How long the clip is, in whole milliseconds. */
export function toDurationMs({ line, roles, input, task }: Asked): number {
  const clipMs = [...roles.session, ...roles.clips].find(({ facts }) => facts.kind === 'video')?.facts.durationMs;
  const usedMs = clipMs === undefined ? undefined : Math.min(clipMs, (line.usedSeconds ?? Infinity) * 1000);
  const soundMs = roles.sounds[0]?.facts.durationMs;
  const asked = toSeconds(input.duration);
  const askedMs = (asked ?? line.seconds) * 1000;
  return Math.min(MAX_DURATION_MS, Math.round(lengthMs()));

  function lengthMs(): number {
    switch (task) {
      case 'video-extend':
        return clipMs === undefined ? askedMs : extendedMs(line, clipMs, asked);
      case 'video-edit':
        // A length asked for is cut out of the clip (Model Studio, "wan2.7-videoedit"): there is no more than it has.
        return asked === undefined ? (usedMs ?? askedMs) : Math.min(askedMs, usedMs ?? askedMs);
      case 'video-restyle':
      case 'video-upscale':
      case 'video-interpolate':
      case 'motion-control':
      case 'character-upload':
        return asked === undefined ? (usedMs ?? askedMs) : askedMs;
      case 'reference-to-video':
        // Skyreels: with `refVideos`, `duration` is not looked at.
        return input.refVideos === undefined ? askedMs : referenceMs(input, clipMs, askedMs);
      case 'lip-sync':
        return clipMs ?? toLipSyncMs(input, soundMs ?? askedMs);
      case 'audio-image-to-video':
        return asked === undefined ? (soundMs ?? askedMs) : askedMs;
      default:
        return askedMs;
    }
  }
}

function extendedMs(line: Line, clipMs: number, asked: number | undefined): number {
  if (asked === undefined) return clipMs + EXTENSION_MS;
  if (line.durationIsTotal === true) return Math.max(asked * 1000, clipMs + MIN_EXTENSION_MS);
  return clipMs + asked * 1000;
}

/** A clip to go on from is continued, any other is followed for as long as it lasts. */
function referenceMs(input: Input, clipMs: number | undefined, askedMs: number): number {
  if (clipMs === undefined) return askedMs;
  return isExtension(input) ? clipMs + askedMs : clipMs;
}

/** Whether a reference clip is one to go on from: `refVideos` with `type: "extend"`. */
export function isExtension(input: Input): boolean {
  const said = Array.isArray(input.refVideos) ? input.refVideos[0] : input.refVideos;
  return said !== null && typeof said === 'object' && !Array.isArray(said) && said.type === 'extend';
}

/** Without footage the talking face lasts as long as the sound that is put into it. */
function toLipSyncMs(input: Input, soundMs: number): number {
  const startMs = toNumber(input.soundStartTime) ?? 0;
  const endMs = Math.min(soundMs, toNumber(input.soundEndTime) ?? soundMs);
  return (toNumber(input.soundInsertTime) ?? 0) + Math.max(1000, endMs - startMs);
}
