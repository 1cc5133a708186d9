import { createPcm, type Pcm, toSampleCount } from '../media/pcm.ts';
import { createRandom } from '../storyboard/random.ts';
import { addBlip, type Blip } from './tones.ts';

/** A puff of air: when, how long, between which pitches of noise, how loud and how soon it is loudest. */
const air = (atMs: number, lengthMs: number, fromHz: number, toHz: number, gain: number, attack: number): Blip => ({
  ...{ atMs, lengthMs, fromHz, toHz, gain, attack },
  pan: 0,
  isNoise: true,
});
const tone = (atMs: number, lengthMs: number, fromHz: number, toHz: number, gain: number, attack = 0.1): Blip => ({
  ...{ atMs, lengthMs, fromHz, toHz, gain, attack },
  pan: 0,
});

/** What people do with mouth and hands beside speaking. */
const GESTURES: Readonly<Record<string, readonly Blip[]>> = {
  coughs: [0, 320].flatMap((at) => [air(at, 160, 1400, 500, 0.9, 0.05), tone(at, 130, 190, 110, 0.25, 0.05)]),
  breath: [air(0, 420, 1500, 2400, 0.3, 0.8), air(470, 520, 1800, 700, 0.3, 0.2)],
  pant: [0, 300, 600, 900].flatMap((at) => [
    air(at, 130, 1500, 2200, 0.4, 0.6),
    air(at + 150, 140, 1700, 900, 0.4, 0.2),
  ]),
  inhale: [air(0, 650, 1300, 2800, 0.4, 0.85)],
  exhale: [air(0, 900, 2000, 600, 0.4, 0.15)],
  gasps: [air(0, 300, 1400, 3600, 0.7, 0.9)],
  sniffs: [0, 260].map((at) => air(at, 180, 3000, 4200, 0.45, 0.8)),
  sighs: [
    air(0, 350, 1300, 2200, 0.25, 0.85),
    air(380, 1000, 1900, 400, 0.45, 0.1),
    tone(380, 700, 210, 130, 0.06, 0.2),
  ],
  snorts: [air(0, 350, 420, 300, 1, 0.4), tone(0, 330, 75, 60, 0.3, 0.3)],
  burps: [tone(0, 480, 85, 62, 0.5), tone(0, 480, 170, 124, 0.3), air(0, 480, 380, 300, 0.5, 0.2)],
  'lip-smacking': [0, 210].flatMap((at) => [air(at, 35, 3000, 1200, 1, 0.03), tone(at, 30, 900, 1500, 0.3, 0.05)]),
  hissing: [air(0, 900, 6500, 6500, 0.5, 0.2)],
  whistles: [tone(0, 380, 1200, 2100, 0.22, 0.3), tone(400, 480, 2200, 1300, 0.22, 0.2)],
  applause: clapping(2_600),
};

function clapping(lengthMs: number): readonly Blip[] {
  const random = createRandom(8);
  return Array.from({ length: 220 }, () => {
    const at = random.between(0, lengthMs);
    // Hands warm up and tire.
    const gain = random.between(0.15, 0.5) * Math.sin((Math.PI * (at + 300)) / (lengthMs + 600));
    return { ...air(at, 60, random.between(900, 2600), 900, gain, 0.02), pan: random.between(-0.7, 0.7) };
  });
}

/** The sound of a gesture, at the loudness of speech. Silence of no length for a name that is none. */
export function gesture(name: string): Pcm {
  const blips = GESTURES[name] ?? [];
  const lengthMs = Math.max(0, ...blips.map((blip) => blip.atMs + blip.lengthMs));
  const pcm = createPcm(toSampleCount(lengthMs) + 1);
  for (const blip of blips) addBlip(pcm, blip);
  return pcm;
}
