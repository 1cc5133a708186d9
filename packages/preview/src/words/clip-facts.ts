import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { MediaFile } from '../contract.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { openFootage } from '../media/footage.ts';
import { createMotionMeter } from '../media/motion.ts';
import { loudness, type Pcm } from '../media/pcm.ts';
import { measurePicture, type PictureFacts } from './picture-facts.ts';

/** What can be measured in a clip. */
export type ClipFacts = {
  readonly fps: number | undefined;
  /** Where the picture changes as a whole. */
  readonly cutsMs: readonly number[];
  /** 0 still to 1 lively. */
  readonly motion: number;
  /** Of pictures near the beginning, the middle and the end. */
  readonly pictures: readonly PictureFacts[];
  /** Undefined for a clip without sound; the level of silence is -Infinity. */
  readonly sound: { readonly dbfs: number; readonly peakDbfs: number; readonly silentShare: number } | undefined;
  /** How much of it was looked at. */
  readonly seenMs: number;
};

/** Decoding a minute of HD takes some seconds; what comes later is not looked at. */
const MAX_SEEN_MS = 60_000;
const LOOKS_PER_SECOND = 8;
const BINS = 4;
/** Of all pixels, how many must have changed colour for a cut. */
const CUT = 0.45;
const SILENCE_DBFS = -50;
const SILENCE_STEP = 4_800;

export async function measureClip(clip: MediaFile): Promise<ClipFacts> {
  const seenMs = Math.min(MAX_SEEN_MS, clip.facts.durationMs ?? MAX_SEEN_MS);
  const footage = await openFootage(clip.path, { widthPx: 320, heightPx: 180 });
  const meter = createMotionMeter();
  const histogramOf = createHistograms();
  const count = Math.max(1, Math.floor((seenMs * LOOKS_PER_SECOND) / 1000));
  const looksAt = new Set([0.1, 0.5, 0.9].map((share) => Math.floor(count * share)));
  const cutsMs: number[] = [];
  const pictures: PictureFacts[] = [];
  let moved = 0;
  let before: Float32Array | undefined;
  try {
    for (let look = 0; look < count; look += 1) {
      const atMs = (look * 1000) / LOOKS_PER_SECOND;
      const shown = await footage.at(atMs);
      const { energy } = meter(shown);
      const histogram = histogramOf(shown);
      if (before !== undefined && distance(before, histogram) > CUT) cutsMs.push(Math.round(atMs));
      else moved += energy;
      before = histogram;
      if (looksAt.has(look)) pictures.push(measurePicture(shown));
    }
  } finally {
    await footage.close();
  }
  const sound = clip.facts.hasAudio === true ? await decodeSound(clip.path, { maxMs: seenMs }) : undefined;
  return {
    fps: footage.fps,
    cutsMs,
    motion: moved / count,
    pictures,
    sound: sound && measureSound(sound),
    seenMs,
  };
}

/** The shares of 64 colours in a picture. */
function createHistograms(): (picture: Canvas) => Float32Array {
  const small = createCanvas(48, 48);
  const context = small.getContext('2d', { willReadFrequently: true });
  return (picture) => {
    context.drawImage(picture, 0, 0, 48, 48);
    const { data } = context.getImageData(0, 0, 48, 48);
    const shares = new Float32Array(BINS ** 3);
    const bin = (value: number | undefined): number => Math.floor(((value ?? 0) * BINS) / 256);
    for (let at = 0; at < data.length; at += 4) {
      const index = (bin(data[at]) * BINS + bin(data[at + 1])) * BINS + bin(data[at + 2]);
      shares[index] = (shares[index] ?? 0) + 4 / data.length;
    }
    return shares;
  };
}

const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, share, index) => sum + Math.abs(share - (b[index] ?? 0)), 0) / 2;

function measureSound(pcm: Pcm): NonNullable<ClipFacts['sound']> {
  let [peak, silent, steps] = [0, 0, 0];
  for (let at = 0; at < pcm.left.length; at += SILENCE_STEP) {
    const part = { left: pcm.left.subarray(at, at + SILENCE_STEP), right: pcm.right.subarray(at, at + SILENCE_STEP) };
    for (const sample of part.left) peak = Math.max(peak, Math.abs(sample));
    for (const sample of part.right) peak = Math.max(peak, Math.abs(sample));
    if (decibels(loudness(part)) < SILENCE_DBFS) silent += 1;
    steps += 1;
  }
  return { dbfs: decibels(loudness(pcm)), peakDbfs: decibels(peak), silentShare: silent / Math.max(1, steps) };
}

const decibels = (level: number): number => 20 * Math.log10(level);
