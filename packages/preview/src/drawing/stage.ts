import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Shot } from '../storyboard/plan.ts';
import { createRandom, mixSeed } from '../storyboard/random.ts';
import { createAir } from './air.ts';
import { project, REACH_X, REACH_Y, type View, viewAt } from './camera.ts';
import { defocus } from './defocus.ts';
import type { Noise } from './noise.ts';
import { paintPlace } from './places/index.ts';
import type { Kit, Layer } from './sheet.ts';
import { paintSubjects } from './subjects/index.ts';

/** One shot, painted: drawing a frame of it only moves what is there. */
export type Stage = { draw(ctx: SKRSContext2D, atMs: number): void };

// Larger frames are painted at this many pixels and enlarged: layers of 8 million pixels would need a gigabyte.
const MAX_PAINTED_PIXELS = 1_080 * 1_920;

/** Height at which figures stand that have no scene around them. */
const FIGURES_STAND = 0.92;

export type StageSize = { readonly w: number; readonly h: number; readonly seed: number; readonly noise: Noise };

/** What the painters of a shot share. */
export function createKit(shot: Shot, p: StageSize): Kit {
  const { w, h } = p;
  return {
    w,
    h,
    unit: Math.sqrt(w * h),
    scene: shot.scene,
    palette: shot.scene.palette,
    // Shots of one place are painted alike, so that a cut to a nearer view stays in the same landscape.
    random: createRandom(mixSeed(p.seed, `variant ${shot.scene.variant}`)),
    noise: p.noise,
    density: Math.min(1, Math.sqrt(MAX_PAINTED_PIXELS / (w * h))),
    marginX: Math.ceil(w * (REACH_X + 0.01)),
    marginY: Math.ceil(h * (REACH_Y + 0.01)),
  };
}

/** Paints a shot. */
export function createStage(shot: Shot, p: StageSize): Stage {
  const kit = createKit(shot, p);
  const setting = shot.scene.framing === 'close' ? defocus(kit, paintPlace(kit)) : paintPlace(kit);
  const layers = [...setting.layers, ...paintSubjects(kit, setting), ...setting.front];
  const air = createAir(kit);
  return {
    draw(ctx, atMs) {
      const view = viewAt(shot, atMs, p.seed);
      for (const layer of layers) drawLayer(ctx, layer, view, kit, atMs / 1_000);
      air.draw(ctx, view, atMs / 1_000);
      ctx.globalAlpha = 1;
      ctx.globalCompositeOperation = 'source-over';
    },
  };
}

/** The subjects of a shot alone, standing where the lower edge of the frame is, to be drawn over something else. */
export function createFigures(shot: Shot, p: StageSize): Stage {
  const kit = createKit(shot, p);
  const [floorY, lightX, lightY] = [p.h * FIGURES_STAND, p.w * 0.28, p.h * 0.12];
  const layers = paintSubjects(kit, { layers: [], front: [], floorY, lightX, lightY });
  return {
    draw(ctx, atMs) {
      for (const layer of layers) drawLayer(ctx, layer, viewAt(shot, atMs, p.seed), kit, atMs / 1_000);
      ctx.globalAlpha = 1;
      ctx.globalCompositeOperation = 'source-over';
    },
  };
}

function drawLayer(
  ctx: SKRSContext2D,
  layer: Layer,
  view: View,
  frame: { w: number; h: number },
  seconds: number,
): void {
  const { sway, flicker } = layer;
  let { x, y } = layer;
  if (layer.driftX !== undefined) x += layer.driftX * seconds;
  if (sway !== undefined) {
    const wave = Math.sin((seconds / sway.seconds + sway.phase) * Math.PI * 2);
    x += sway.x * wave;
    y += sway.y * wave;
  }
  const to = project({ x, y, w: layer.w, h: layer.h }, layer.depth, view, frame);
  if (to.x >= frame.w || to.y >= frame.h || to.x + to.w <= 0 || to.y + to.h <= 0) return;
  ctx.globalAlpha = layer.alpha * (flicker === undefined ? 1 : flickerAt(flicker, seconds));
  ctx.globalCompositeOperation = layer.blend;
  const smooth = layer.smooth && !(layer.snap && to.w === layer.w && layer.canvas.width === layer.w);
  ctx.imageSmoothingEnabled = smooth;
  if (smooth) ctx.drawImage(layer.canvas, to.x, to.y, to.w, to.h);
  else ctx.drawImage(layer.canvas, Math.round(to.x), Math.round(to.y), Math.round(to.w), Math.round(to.h));
}

/** Fire and tubes are never steady, and never repeat soon: three waves of unrelated lengths. */
export function flickerAt(p: { amount: number; hz: number; phase: number }, seconds: number): number {
  const turn = (seconds * p.hz + p.phase) * Math.PI * 2;
  const wave = 0.5 * Math.sin(turn) + 0.3 * Math.sin(turn * 2.37 + 1.3) + 0.2 * Math.sin(turn * 0.43 + 4);
  return 1 - p.amount * (0.5 + 0.5 * wave);
}
