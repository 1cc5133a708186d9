import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Rgb } from '../storyboard/plan.ts';
import { createRandom } from '../storyboard/random.ts';
import { smoothstep } from './noise.ts';
import { lay, pixels } from './sheet.ts';

const GRAIN_SIDE = 256;
// In coded steps of 255: seen as texture, not as noise, and enough to break up the bands of an 8-bit gradient.
const GRAIN_STEPS = 5;

/** What lies over every frame: darker corners and a trace of grain. */
export type Finish = {
  /** @param share 0 leaves the frame as it is, 1 is the full effect. */
  draw(ctx: SKRSContext2D, atMs: number, share: number): void;
};

export function createFinish(p: { w: number; h: number; seed: number; edge: Rgb; strength: number }): Finish {
  const corners = paintCorners(p);
  const grain = paintGrain(p.seed);
  const pattern = grain.getContext('2d').createPattern(grain, 'repeat');
  return {
    draw(ctx, atMs, share) {
      if (share <= 0) return;
      ctx.globalAlpha = share;
      ctx.globalCompositeOperation = 'source-over';
      ctx.drawImage(corners, 0, 0, p.w, p.h);
      // Film shows each grain once: another part of the tile every twelfth of a second.
      const step = createRandom(Math.floor(atMs / 83) ^ p.seed);
      const [x, y] = [step.below(GRAIN_SIDE), step.below(GRAIN_SIDE)];
      ctx.save();
      ctx.translate(-x, -y);
      if (pattern !== null) ctx.fillStyle = pattern;
      ctx.fillRect(x, y, p.w, p.h);
      ctx.restore();
      ctx.globalAlpha = 1;
    },
  };
}

const CORNER_COLUMNS = 64;

function paintCorners(p: { w: number; h: number; edge: Rgb; strength: number }): Canvas {
  const box = { x: 0, y: 0, w: p.w, h: p.h };
  const shade = pixels(box, CORNER_COLUMNS, (x, y, out) => {
    const away = Math.hypot((2 * x) / p.w - 1, (2 * y) / p.h - 1) / Math.SQRT2;
    out.set(p.edge);
    out[3] = p.strength * smoothstep(0.3, 1.08, away);
  });
  const canvas = createCanvas(p.w, p.h);
  lay(canvas.getContext('2d'), shade, box);
  return canvas;
}

function paintGrain(seed: number): Canvas {
  const canvas = createCanvas(GRAIN_SIDE, GRAIN_SIDE);
  const ctx = canvas.getContext('2d');
  const image = ctx.createImageData(GRAIN_SIDE, GRAIN_SIDE);
  const random = createRandom(seed ^ 0x6e1a);
  for (let index = 0; index < image.data.length; index += 4) {
    const bright = random.chance(0.5) ? 255 : 0;
    image.data.fill(bright, index, index + 3);
    image.data[index + 3] = Math.round(random.next() * GRAIN_STEPS);
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}
