import { decodeSound } from '../src/media/decode-sound.ts';
import { type Pcm, SAMPLES_PER_SECOND } from '../src/media/pcm.ts';

// What tests hear, by other means than the renderer's own.

export async function hear(path: string): Promise<Pcm> {
  const pcm = await decodeSound(path, { maxMs: 600_000 });
  if (pcm === undefined) throw new Error('the file has no sound');
  return pcm;
}

export const secondsOf = (pcm: Pcm): number => pcm.left.length / SAMPLES_PER_SECOND;

export function dbfsOf(pcm: Pcm, from = 0, to = Number.POSITIVE_INFINITY): number {
  const part = pcm.left.subarray(from * SAMPLES_PER_SECOND, Math.min(pcm.left.length, to * SAMPLES_PER_SECOND));
  return 10 * Math.log10(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

export const peakOf = (pcm: Pcm): number => pcm.left.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

/** In sixteenths of a millisecond: 640 Hz. */
const SHORTEST = 25;

/** The usual pitch of a voice in Hz: the median, over loud stretches, of the shift at which the mean difference between a
 *  stretch and its shifted self first comes near its least (AMDF). */
export function pitchOf(pcm: Pcm): number {
  const [step, window] = [3, 960];
  const rate = SAMPLES_PER_SECOND / step;
  const few = pcm.left.filter((_, index) => index % step === 0);
  const loud = Math.sqrt(few.reduce((sum, sample) => sum + sample * sample, 0) / few.length);
  const pitches: number[] = [];
  for (let at = 0; at + window * 2 < few.length; at += window) {
    const part = few.subarray(at, at + window);
    if (Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / window) < loud) continue;
    const differences: number[] = [];
    for (let lag = SHORTEST; lag < 270; lag += 1) {
      let sum = 0;
      for (let n = 0; n < window; n += 1) sum += Math.abs((part[n] ?? 0) - (few[at + n + lag] ?? 0));
      differences.push(sum / window);
    }
    const least = Math.min(...differences);
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
    if (least > mean * 0.6) continue;
    const first = differences.findIndex(
      (difference, index) => difference < least + (mean - least) * 0.15 && difference <= (differences[index + 1] ?? 1),
    );
    pitches.push(rate / (first + SHORTEST));
  }
  return pitches.sort((a, b) => a - b)[Math.floor(pitches.length / 2)] ?? 0;
}

/** How strongly a sound pulses at a tempo: the likeness of its rises in loudness to themselves a beat later. */
export function pulseAt(pcm: Pcm, beatsPerMinute: number): number {
  const hop = 480;
  const levels: number[] = [];
  for (let at = 0; at + hop < pcm.left.length; at += hop) {
    levels.push(Math.sqrt(pcm.left.subarray(at, at + hop).reduce((sum, sample) => sum + sample * sample, 0) / hop));
  }
  const rises = levels.map((level, index) => Math.max(0, level - (levels[index - 1] ?? 0)));
  const mean = rises.reduce((sum, rise) => sum + rise, 0) / rises.length;
  const lag = Math.round((60 / beatsPerMinute) * (SAMPLES_PER_SECOND / hop));
  let [product, power] = [0, 0];
  rises.forEach((rise, index) => {
    const later = rises[index + lag];
    if (later === undefined) return;
    product += (rise - mean) * (later - mean);
    power += (rise - mean) ** 2;
  });
  return product / power;
}

/** Stretches of silence longer than `least` seconds, each in seconds. */
export function silencesIn(pcm: Pcm, least: number): number[] {
  const found: number[] = [];
  let quiet = 0;
  for (const sample of pcm.left) {
    if (Math.abs(sample) < 0.003) quiet += 1;
    else {
      if (quiet > least * SAMPLES_PER_SECOND) found.push(quiet / SAMPLES_PER_SECOND);
      quiet = 0;
    }
  }
  return found;
}

/** What the first frame of sound in an MP3 says of itself. */
export function readMp3(bytes: Buffer): { sampleRate: number; bitRate: number; channels: number } {
  // An ID3 tag says its length in four times seven bits.
  const tag =
    bytes.toString('latin1', 0, 3) === 'ID3'
      ? 10 + [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (bytes[at] ?? 0), 0)
      : 0;
  const first = readFrame(bytes, tag);
  // The first frame holds a table of the file, and may be larger for it.
  return readFrame(bytes, tag + first.lengthBytes);
}

function readFrame(bytes: Buffer, at: number) {
  const isVersion1 = ((bytes[at + 1] ?? 0) & 0x08) !== 0;
  const third = bytes[at + 2] ?? 0;
  const rates = [44_100, 48_000, 32_000].map((rate) => (isVersion1 ? rate : rate / 2));
  const bits = isVersion1
    ? [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    : [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
  const sampleRate = rates[(third >> 2) & 3] ?? 1;
  const bitRate = (bits[third >> 4] ?? 0) * 1000;
  const lengthBytes = Math.floor(((isVersion1 ? 144 : 72) * bitRate) / sampleRate) + ((third >> 1) & 1);
  return { sampleRate, bitRate, channels: (bytes[at + 3] ?? 0) >> 6 === 3 ? 1 : 2, lengthBytes };
}
