import { type Canvas, createCanvas } from '@napi-rs/canvas';

/** How the picture moves at one moment, compared with the moment before. */
export type Motion = {
  /** Mean change of brightness, 0 for a still picture to about 1 for a cut. */
  readonly energy: number;
  /** Where the change is, from -0.5 at the left or top edge to 0.5; 0 for a still picture. */
  readonly x: number;
  readonly y: number;
};

const COLUMNS = 48;
const ROWS = 48;
/** Compression alone changes brightness by this much. */
const NOISE = 6;
const STILL: Motion = { energy: 0, x: 0, y: 0 };

/** Measures movement from one picture to the next. The first picture does not move. */
export function createMotionMeter(): (picture: Canvas) => Motion {
  const small = createCanvas(COLUMNS, ROWS);
  const context = small.getContext('2d', { willReadFrequently: true });
  let before: Float32Array | undefined;
  return (picture) => {
    context.drawImage(picture, 0, 0, COLUMNS, ROWS);
    const now = toBrightness(context.getImageData(0, 0, COLUMNS, ROWS).data);
    const motion = before === undefined ? STILL : compare(before, now);
    before = now;
    return motion;
  };
}

function toBrightness(rgba: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: COLUMNS * ROWS }, (_, pixel) => {
    const at = pixel * 4;
    // BT.709 luma.
    return 0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0);
  });
}

function compare(before: Float32Array, now: Float32Array): Motion {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let pixel = 0; pixel < now.length; pixel += 1) {
    const change = Math.max(0, Math.abs((now[pixel] ?? 0) - (before[pixel] ?? 0)) - NOISE);
    sum += change;
    sumX += change * ((pixel % COLUMNS) / (COLUMNS - 1) - 0.5);
    sumY += change * (Math.floor(pixel / COLUMNS) / (ROWS - 1) - 0.5);
  }
  if (sum === 0) return STILL;
  // A tenth of the whole range is lively; more does not look livelier.
  return { energy: Math.min(1, sum / now.length / 25), x: sumX / sum, y: sumY / sum };
}
