import { createPcm, type Pcm, toSampleCount } from '../media/pcm.ts';
import { addTone } from './tones.ts';

/** "AI" in Morse: short long, short short. The audible label that Chinese rules for generated sound name (GB 45438-2025). */
const RHYTHM = [
  { atMs: 0, lengthMs: 90 },
  { atMs: 180, lengthMs: 270 },
  { atMs: 720, lengthMs: 90 },
  { atMs: 900, lengthMs: 90 },
];
const [PAUSE_MS, MARK_MS] = [300, 1_100];

/** The same sound with the label at its end. */
export function addRhythmMark(pcm: Pcm): Pcm {
  const marked = createPcm(pcm.left.length + toSampleCount(PAUSE_MS + MARK_MS));
  marked.left.set(pcm.left);
  marked.right.set(pcm.right);
  const startMs = (pcm.left.length * 1000) / toSampleCount(1000) + PAUSE_MS;
  for (const { atMs, lengthMs } of RHYTHM) {
    addTone(marked, {
      atMs: startMs + atMs,
      lengthMs,
      hz: 880,
      gain: 0.12,
      harmonics: [1, 0.2],
      attack: 0.1,
      release: 0.1,
      spread: 0,
    });
  }
  return marked;
}
