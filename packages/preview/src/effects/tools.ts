import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Picture } from '../drawing/index.ts';
import { createRandom } from '../storyboard/random.ts';

/** What an effect draws on and from. */
export type Stage = {
  readonly ctx: SKRSContext2D;
  readonly picture: Picture;
  readonly w: number;
  readonly h: number;
  readonly atMs: number;
  /** 0 at the first frame, which is the picture as it was given, to 1 when the effect has come. */
  readonly share: number;
  readonly seed: number;
};

/** Part of the way from one number to another, eased. */
export function ease(from: number, to: number, at: number): number {
  const part = Math.max(0, Math.min(1, (at - from) / (to - from)));
  return part * part * (3 - 2 * part);
}

type Place = { zoom?: number; x?: number; y?: number; turn?: number };

/** The picture over the whole frame; `x` and `y` are shares of the frame. */
export function cover({ ctx, picture, w, h }: Stage, p: Place = {}): void {
  const scale = Math.max(w / picture.width, h / picture.height) * (p.zoom ?? 1);
  ctx.save();
  ctx.translate(w * (0.5 + (p.x ?? 0)), h * (0.5 + (p.y ?? 0)));
  ctx.rotate(p.turn ?? 0);
  ctx.scale(scale, scale);
  ctx.imageSmoothingQuality = 'medium';
  ctx.drawImage(picture, -picture.width / 2, -picture.height / 2);
  ctx.restore();
}

/** Swells the picture around a point, or draws it in with a negative amount. Rings, each a little nearer than the one
 *  around it: 14 of them are smooth to the eye. */
export function bulge(stage: Stage, p: { x: number; y: number; radius: number; amount: number }): void {
  const { ctx, w, h } = stage;
  const RINGS = 14;
  const [cx, cy, far] = [w * p.x, h * p.y, Math.min(w, h) * p.radius];
  for (let ring = RINGS; ring > 0; ring -= 1) {
    const part = ring / RINGS;
    const zoom = 1 + p.amount * (1 - part) * (1 - part) * (1 + 2 * part);
    ctx.save();
    ctx.beginPath();
    ctx.arc(cx, cy, far * part, 0, 7);
    ctx.clip();
    ctx.translate(cx, cy);
    ctx.scale(zoom, zoom);
    ctx.translate(-cx, -cy);
    cover(stage);
    ctx.restore();
  }
}

type Mode = 'multiply' | 'screen' | 'overlay' | 'color' | 'saturation' | 'source-over' | 'soft-light' | 'hard-light';

/** A colour over everything. */
export function wash({ ctx, w, h }: Stage, colour: string, p: { mode: Mode; alpha: number }): void {
  ctx.save();
  ctx.globalCompositeOperation = p.mode;
  ctx.globalAlpha = p.alpha;
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, w, h);
  ctx.restore();
}

/** A colour that comes in from the edges. */
export function edges({ ctx, w, h }: Stage, colour: string, p: { alpha: number; from?: number }): void {
  const far = Math.hypot(w, h) / 2;
  const shade = ctx.createRadialGradient(w / 2, h / 2, far * (p.from ?? 0.45), w / 2, h / 2, far);
  shade.addColorStop(0, 'rgba(0, 0, 0, 0)');
  shade.addColorStop(1, colour);
  ctx.save();
  ctx.globalAlpha = p.alpha;
  ctx.fillStyle = shade;
  ctx.fillRect(0, 0, w, h);
  ctx.restore();
}

/** A light around a point. */
export function glow(
  { ctx, w, h }: Stage,
  colour: string,
  p: { x: number; y: number; size: number; alpha: number },
): void {
  const size = Math.min(w, h) * p.size;
  const light = ctx.createRadialGradient(w * p.x, h * p.y, 0, w * p.x, h * p.y, size);
  light.addColorStop(0, colour);
  light.addColorStop(1, 'rgba(0, 0, 0, 0)');
  ctx.save();
  ctx.globalCompositeOperation = 'screen';
  ctx.globalAlpha = p.alpha;
  ctx.fillStyle = light;
  ctx.fillRect(w * p.x - size, h * p.y - size, size * 2, size * 2);
  ctx.restore();
}

/** Sideways and up and down, as from blows; 1 is strong. */
export function shake({ atMs }: Stage, amount: number): { x: number; y: number; turn: number } {
  return {
    x: 0.008 * amount * Math.sin(atMs * 0.047),
    y: 0.01 * amount * Math.sin(atMs * 0.061 + 1),
    turn: 0.008 * amount * Math.sin(atMs * 0.039),
  };
}

/** One of many small things in the air. */
export type Mote = { x: number; y: number; size: number; turn: number; index: number; random: number };

/** Draws things that rise (or, with a negative speed, fall), each on a way of its own; more of them as the effect comes. */
export function swarm(
  stage: Stage,
  p: { count: number; seconds: number; size: number },
  draw: (ctx: SKRSContext2D, mote: Mote) => void,
): void {
  const { ctx, w, h, atMs, share, seed } = stage;
  const random = createRandom(seed ^ 0x5eed);
  const unit = Math.min(w, h) * p.size;
  for (let index = 0; index < p.count; index += 1) {
    const [lane, start, scale, swing, chance] = [
      random.next(),
      random.next(),
      0.5 + random.next(),
      random.next(),
      random.next(),
    ];
    if (chance > share) continue;
    const gone = (start + atMs / 1000 / Math.abs(p.seconds)) % 1;
    const way = p.seconds > 0 ? 1 - gone : gone;
    const x = lane + 0.03 * Math.sin(atMs / 400 + swing * 9);
    ctx.save();
    ctx.globalAlpha = Math.min(1, 5 * gone, 4 * (1 - gone));
    ctx.translate(x * w, (way * 1.2 - 0.1) * h);
    draw(ctx, { x, y: way, size: unit * scale, turn: swing * 6 + atMs / 900, index, random: swing });
    ctx.restore();
  }
}

export function heart(ctx: SKRSContext2D, size: number, colour: string): void {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.moveTo(0, size * 0.45);
  ctx.bezierCurveTo(-size * 0.9, -size * 0.1, -size * 0.45, -size * 0.75, 0, -size * 0.28);
  ctx.bezierCurveTo(size * 0.45, -size * 0.75, size * 0.9, -size * 0.1, 0, size * 0.45);
  ctx.fill();
}

/** A ragged line between two points. */
export function crack(
  stage: Stage,
  p: { from: [number, number]; to: [number, number]; colour: string; wide: number },
): void {
  const { ctx, w, h, seed } = stage;
  const random = createRandom(seed ^ Math.round(p.from[0] * 977 + p.to[1] * 131));
  ctx.strokeStyle = p.colour;
  ctx.lineWidth = Math.min(w, h) * p.wide;
  ctx.lineCap = 'round';
  ctx.beginPath();
  ctx.moveTo(p.from[0] * w, p.from[1] * h);
  for (let step = 1; step <= 9; step += 1) {
    const part = step / 9;
    const off = (random.next() - 0.5) * 0.07;
    const x = p.from[0] + (p.to[0] - p.from[0]) * part + off;
    ctx.lineTo(x * w, (p.from[1] + (p.to[1] - p.from[1]) * part + off) * h);
  }
  ctx.stroke();
}
