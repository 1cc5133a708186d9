import { createPcm, type Pcm, SAMPLES_PER_SECOND, toSampleCount } from '../media/pcm.ts';
import type { Storyboard } from '../storyboard/plan.ts';
import { createRandom, mixSeed } from '../storyboard/random.ts';
import { addAmbience } from './ambience.ts';
import { level } from './levels.ts';
import { addMusic } from './music.ts';
import { addBlip } from './tones.ts';

/** How loud a place is beside the first, most important one. */
const AMBIENCE_GAINS = [1, 0.55, 0.35];
const FADE_IN_MS = 60;
const FADE_OUT_MS = 350;

/** The sound of a storyboard: its places, music in its mood, a swell into each cut. Between -23 and -18 dBFS on
 *  average, never above -1. The same for the same storyboard and seed. */
export function createSoundtrack(p: { storyboard: Storyboard; durationMs: number; seed: number }): Pcm {
  const pcm = createPcm(toSampleCount(p.durationMs));
  const { mood, shots } = p.storyboard;
  mood.ambience.slice(0, AMBIENCE_GAINS.length).forEach((kind, index) => {
    addAmbience(pcm, { kind, gain: AMBIENCE_GAINS[index] ?? 0, random: createRandom(mixSeed(p.seed, kind)) });
  });
  addMusic(pcm, { mood, random: createRandom(mixSeed(p.seed, 'music')) });
  for (const shot of shots.slice(1)) addCut(pcm, { atMs: shot.startMs, tension: mood.tension });
  level(pcm, { dbfs: -23 + 5 * mood.energy });
  fade(pcm);
  return pcm;
}

function addCut(pcm: Pcm, p: { atMs: number; tension: number }): void {
  const riseMs = 500 + 500 * p.tension;
  addBlip(pcm, {
    atMs: p.atMs - riseMs,
    lengthMs: riseMs * 1.15,
    fromHz: 300,
    toHz: 2600,
    gain: 0.12,
    pan: 0,
    attack: 0.87,
    isNoise: true,
  });
  addBlip(pcm, {
    atMs: p.atMs,
    lengthMs: 700,
    fromHz: 64,
    toHz: 38,
    gain: 0.1 + 0.12 * p.tension,
    pan: 0,
    attack: 0.01,
  });
}

function fade(pcm: Pcm): void {
  const count = pcm.left.length;
  const fadeIn = Math.min(count / 2, (FADE_IN_MS * SAMPLES_PER_SECOND) / 1000);
  const fadeOut = Math.min(count / 2, (FADE_OUT_MS * SAMPLES_PER_SECOND) / 1000);
  for (const channel of [pcm.left, pcm.right]) {
    for (let i = 0; i < fadeIn; i += 1) channel[i] = ((channel[i] ?? 0) * i) / fadeIn;
    for (let i = 1; i <= fadeOut; i += 1) channel[count - i] = ((channel[count - i] ?? 0) * (i - 1)) / fadeOut;
  }
}
