import type { Input, Task } from '@reelay/catalog';
import type { Roles } from '../media-roles.ts';
import type { Line } from './lines.ts';
import { toFlag } from './values.ts';

const BRINGS_SOUND: ReadonlySet<Task> = new Set(['lip-sync', 'audio-image-to-video', 'text-to-speech']);

/** Tasks in which the given clip's own sound stays unless somebody says otherwise. */
const KEEPS_SOUND: ReadonlySet<Task> = new Set([
  'video-edit',
  'video-extend',
  'video-restyle',
  'video-upscale',
  'video-interpolate',
  'character-upload',
]);
/** Tasks that hand the footage on as it is: a sound is the clip's own or there is none. */
const ONLY_OWN_SOUND: ReadonlySet<Task> = new Set(['video-upscale', 'video-interpolate']);

/** Switches by which rows turn sound on and off. */
const SWITCHES = ['sound', 'generateAudio', 'generateAudioSwitch', 'enableAudio', 'audio', 'bgm'] as const;

type Asked = { readonly line: Line; readonly roles: Roles; readonly input: Input; readonly task: Task };

/** Whether the clip has a sound track: promised by a switch, by the model line, or given. */
export function hasSound({ line, roles, input, task }: Asked): boolean {
  const isOwn = [...roles.clips, ...roles.session].some(({ facts }) => facts.hasAudio === true);
  if (ONLY_OWN_SOUND.has(task)) return isOwn;
  if (BRINGS_SOUND.has(task)) return true;
  const said = SWITCHES.map((name) => toFlag(input[name])).filter((flag) => flag !== undefined);
  // A sound that was given is there to be heard, whatever the switch for made-up sound says.
  if (said.includes(true) || line.alwaysSounds === true || roles.sounds.length > 0) return true;
  // `auto` leaves it to the model, and a preview would rather let it be heard; `origin` is the clip's own.
  if (input.audioSetting === 'auto') return true;
  if (roles.clips[0]?.facts.hasAudio !== true) return false;
  // The clip's own sound stays where the caller keeps it, and where nobody was asked.
  const isUsual = KEEPS_SOUND.has(task) || line.keepsSound === true;
  return toFlag(input.keepOriginalSound) ?? (said.length === 0 && isUsual);
}
