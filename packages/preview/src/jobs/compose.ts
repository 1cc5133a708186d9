import { type Pcm, SAMPLES_PER_SECOND } from '../media/pcm.ts';
import { findLines } from '../sound/dialogue.ts';
import { level } from '../sound/levels.ts';
import { createSoundtrack } from '../sound/soundtrack.ts';
import { sayWords } from '../sound/speech.ts';
import { NoSpeech } from '../sound/synthesiser.ts';
import type { Storyboard } from '../storyboard/index.ts';
import { mixParts, type Part } from './clip-sound.ts';

const SPOKEN_DBFS = -19;
const UNDER_SPEECH = 0.5;
const PAUSE_MS = 200;

/** The sound of a plan, with the lines that its words put into somebody's mouth. Where no synthesiser is installed
 *  nobody speaks. */
export async function composeSound(p: { plan: Storyboard; durationMs: number; seed: number }): Promise<Pcm> {
  const { plan, durationMs, seed } = p;
  const made = createSoundtrack({ storyboard: plan, durationMs, seed });
  const spoken = await speakLines(plan);
  if (spoken.length === 0) return made;
  return mixParts([{ pcm: made, atMs: 0, gain: UNDER_SPEECH }, ...spoken], durationMs);
}

async function speakLines(plan: Storyboard): Promise<Part[]> {
  const parts: Part[] = [];
  let freeAtMs = 0;
  try {
    for (const { speech, atMs } of findLines(plan)) {
      const pcm = await sayWords(speech);
      level(pcm, { dbfs: SPOKEN_DBFS });
      // Nobody interrupts: a line waits for the one before it.
      const startMs = Math.max(atMs, freeAtMs);
      parts.push({ pcm, atMs: startMs, gain: 1 });
      freeAtMs = startMs + (pcm.left.length * 1000) / SAMPLES_PER_SECOND + PAUSE_MS;
    }
  } catch (error) {
    if (!(error instanceof NoSpeech)) throw error;
  }
  return parts;
}
