import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Picture } from '../drawing/index.ts';

type Channel = { readonly mean: number; readonly spread: number };

const SAMPLE_SIDE = 96;
/** A flat picture has no spread to divide by, and a very wide one would posterise. */
const [MIN_GAIN, MAX_GAIN] = [0.5, 2];

/** Gives a canvas the colours of another picture: each channel its mean and spread (Reinhard et al. 2001, in RGB).
 *  @param share 0 leaves the canvas as it is, 1 goes all the way. */
export function matchColours(ctx: SKRSContext2D, like: Picture, share: number): void {
  const { width, height } = ctx.canvas;
  const [own, other] = [measure(ctx.canvas), measure(like)];
  const curves = own.map(({ mean, spread }, channel) => {
    const wanted = other[channel] ?? { mean, spread };
    const gain = Math.min(MAX_GAIN, Math.max(MIN_GAIN, wanted.spread / Math.max(1, spread)));
    return Uint8ClampedArray.from({ length: 256 }, (_, at) => {
      const matched = wanted.mean + (at - mean) * gain;
      return at + (matched - at) * share;
    });
  });
  const image = ctx.getImageData(0, 0, width, height);
  for (let at = 0; at < image.data.length; at += 4) {
    for (let channel = 0; channel < 3; channel += 1) {
      image.data[at + channel] = curves[channel]?.[image.data[at + channel] ?? 0] ?? 0;
    }
  }
  ctx.putImageData(image, 0, 0);
}

function measure(picture: Picture): Channel[] {
  const ctx = createCanvas(SAMPLE_SIDE, SAMPLE_SIDE).getContext('2d');
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(picture, 0, 0, SAMPLE_SIDE, SAMPLE_SIDE);
  const { data } = ctx.getImageData(0, 0, SAMPLE_SIDE, SAMPLE_SIDE);
  const count = SAMPLE_SIDE ** 2;
  return [0, 1, 2].map((channel) => {
    let [sum, squares] = [0, 0];
    for (let at = channel; at < data.length; at += 4) {
      const value = data[at] ?? 0;
      sum += value;
      squares += value * value;
    }
    const mean = sum / count;
    return { mean, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  });
}
