import type { MediaFile } from '../contract.ts';
import { toNumber } from '../geometry.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { openMedia } from '../media/demux.ts';
import { measureVoice } from '../sound/measure-voice.ts';
import type { Voice } from '../sound/voices.ts';

/** Enough to hear how somebody speaks. */
const SAMPLE_MS = 30_000;
const NOTE = /Voice: (\{[^{}]*\})/;

/** What the comment of a demo recording says of its voice, so that later speech has exactly that voice and not one that
 *  was measured again. */
export function noteVoice(voice: Voice): string {
  const rounded = Object.entries(voice).map(([name, value]) => [
    name,
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
  ]);
  return `Voice: ${JSON.stringify(Object.fromEntries(rounded))}`;
}

/** The voice of an earlier task's recording, or of anybody's: what its comment says, else what is measured. Undefined
 *  where nobody is heard. @throws {BadMedia} */
export async function knownVoice(
  file: MediaFile,
  p: { isNoisy: boolean } = { isNoisy: false },
): Promise<Voice | undefined> {
  const noted = await readNote(file.path);
  if (noted !== undefined) return noted;
  const sound = await decodeSound(file.path, { maxMs: SAMPLE_MS });
  return sound && measureVoice(sound, p);
}

async function readNote(path: string): Promise<Voice | undefined> {
  const media = await openMedia(path);
  const comment = media.format.metadata?.get('comment') ?? '';
  await media.close();
  const found = NOTE.exec(comment)?.[1];
  return found === undefined ? undefined : toVoice(found);
}

/** A comment is a stranger's text: numbers are taken from it, within what a voice can be. */
function toVoice(note: string): Voice | undefined {
  const said = parse(note);
  const number = (name: string, low: number, high: number): number =>
    Math.min(high, Math.max(low, toNumber(said[name]) ?? low));
  if (toNumber(said.pitchHz) === undefined) return undefined;
  const accent = typeof said.accent === 'string' && /^en-gb(-scotland)?$/.test(said.accent) ? said.accent : undefined;
  return {
    pitchHz: number('pitchHz', 50, 560),
    liveliness: number('liveliness', 0, 1),
    formants: number('formants', 0.75, 1.5),
    roughness: number('roughness', 0, 7),
    breath: number('breath', 0, 1),
    pace: number('pace', 0.5, 2),
    ...(accent !== undefined && { accent }),
  };
}

function parse(note: string): Readonly<Record<string, string | number>> {
  try {
    return JSON.parse(note);
  } catch {
    return {};
  }
}
