import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Camera } from '../storyboard/plan.ts';
import { clamp, lerp, smoothstep } from './noise.ts';
import type { Picture } from './painting.ts';

/** A given picture with a camera on it. */
export type Footage = { draw(ctx: SKRSContext2D, atMs: number, alpha?: number): void };

export type FootageOptions = {
  readonly picture: Picture;
  readonly w: number;
  readonly h: number;
  readonly camera: Camera;
  readonly startMs: number;
  readonly endMs: number;
  /** When the picture is seen exactly as it is, cut to cover the frame: the camera leaves it there or arrives there. */
  readonly exactAt: 'start' | 'end';
};

/** Cut around the centre so that it covers the size, as any "cover" resizing does. */
export function coverFit(picture: Picture, w: number, h: number): Canvas {
  const canvas = createCanvas(w, h);
  const ctx = canvas.getContext('2d');
  const scale = Math.max(w / picture.width, h / picture.height);
  ctx.imageSmoothingQuality = 'high';
  const [wide, tall] = [picture.width * scale, picture.height * scale];
  ctx.drawImage(picture, (w - wide) / 2, (h - tall) / 2, wide, tall);
  return canvas;
}

type Drift = { readonly zoom: number; readonly x: number; readonly y: number; readonly lift: number };

// A picture has nothing beyond its edges, so every move also goes nearer by as much as it needs room.
function driftOf({ move, pace }: Camera): Drift {
  const reach = Math.min(1.5, pace);
  switch (move) {
    case 'static':
      return { zoom: 0, x: 0, y: 0, lift: 0 };
    case 'pan-left':
    case 'track-left':
    case 'orbit-left':
      return { zoom: 0.09 * reach, x: -1, y: 0, lift: 0.035 };
    case 'pan-right':
    case 'track-right':
    case 'orbit-right':
      return { zoom: 0.09 * reach, x: 1, y: 0, lift: 0.035 };
    case 'tilt-up':
    case 'crane-up':
      return { zoom: 0.09 * reach, x: 0, y: -1, lift: 0.03 };
    case 'tilt-down':
    case 'crane-down':
      return { zoom: 0.09 * reach, x: 0, y: 1, lift: 0.03 };
    case 'pull-out':
    case 'zoom-out':
      return { zoom: 0.05 * reach, x: 0, y: 0, lift: -0.02 };
    case 'zoom-in':
      return { zoom: 0.17 * reach, x: 0, y: 0, lift: 0 };
    case 'push-in':
    case 'track-forward':
      return { zoom: 0.13 * reach, x: 0, y: 0, lift: 0.045 };
  }
}

const FULL_MOVE_SECONDS = 4;

/** Moves over a picture, its middle a little more than its edges: a hint of depth. */
export function createFootage(p: FootageOptions): Footage {
  const { w, h } = p;
  const whole = coverFit(p.picture, w, h);
  const drift = driftOf(p.camera);
  const middle = drift.lift > 0 ? cutMiddle(whole) : undefined;
  const lengthMs = Math.max(1, p.endMs - p.startMs);
  const amount = clamp(lengthMs / 1_000 / FULL_MOVE_SECONDS, 0.35, 1.3);
  return {
    draw(ctx, atMs, alpha = 1) {
      const gone = clamp((atMs - p.startMs) / lengthMs);
      const share = amount * (p.exactAt === 'start' ? leave(gone) : 1 - arrive(gone));
      ctx.globalCompositeOperation = 'source-over';
      ctx.globalAlpha = alpha;
      ctx.imageSmoothingEnabled = true;
      ctx.imageSmoothingQuality = 'low';
      place(ctx, whole, { x: 0, y: 0, w, h }, { drift, share, zoom: 1 + drift.zoom * share, frame: p });
      if (middle !== undefined && share > 0) {
        const zoom = (1 + drift.zoom * share) * (1 + drift.lift * share);
        place(ctx, middle.canvas, middle, { drift, share, zoom, frame: p });
      }
      ctx.globalAlpha = 1;
    },
  };
}

const leave = (gone: number): number => lerp(gone, smoothstep(0, 1, gone), 0.5);
const arrive = (gone: number): number => smoothstep(0, 1, gone);

type Move = {
  readonly drift: Drift;
  readonly share: number;
  readonly zoom: number;
  readonly frame: { w: number; h: number };
};

function place(ctx: SKRSContext2D, canvas: Canvas, box: { x: number; y: number; w: number; h: number }, m: Move): void {
  const { w, h } = m.frame;
  // The room that going nearer has made, used up to nine tenths.
  const room = (m.drift.zoom * m.share * 0.9) / 2;
  const [shiftX, shiftY] = [-m.drift.x * room * w, -m.drift.y * room * h];
  const x = w / 2 + (box.x - w / 2) * m.zoom + shiftX;
  const y = h / 2 + (box.y - h / 2) * m.zoom + shiftY;
  ctx.drawImage(canvas, x, y, box.w * m.zoom, box.h * m.zoom);
}

/** The middle of a picture, fading out towards its edges. */
function cutMiddle(whole: Canvas): { canvas: Canvas; x: number; y: number; w: number; h: number } {
  const [w, h] = [Math.round(whole.width * 0.66), Math.round(whole.height * 0.7)];
  const [x, y] = [Math.round((whole.width - w) / 2), Math.round((whole.height - h) / 2)];
  const canvas = createCanvas(w, h);
  const ctx = canvas.getContext('2d');
  ctx.drawImage(whole, -x, -y);
  ctx.globalCompositeOperation = 'destination-in';
  ctx.translate(w / 2, h / 2);
  ctx.scale(w / 2, h / 2);
  const gradient = ctx.createRadialGradient(0, 0, 0.35, 0, 0, 1);
  gradient.addColorStop(0, 'rgba(0,0,0,1)');
  gradient.addColorStop(0.5, 'rgba(0,0,0,0.5)');
  gradient.addColorStop(1, 'rgba(0,0,0,0)');
  ctx.fillStyle = gradient;
  ctx.fillRect(-1, -1, 2, 2);
  return { canvas, x, y, w, h };
}
