import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { createNoise } from '../drawing/noise.ts';
import { crop } from '../drawing/sheet.ts';
import { createFigures } from '../drawing/stage.ts';
import type { Shot } from '../storyboard/index.ts';

/** Figures leave room for a scene around them: without one they are painted larger, cut to what is painted, and fitted. */
const FIGURES_LARGER = 2;
const FIGURES_SHARE = 0.88;

/** The subjects of a shot without anything around them, as large as the canvas allows. */
export function drawCutFigures(context: SKRSContext2D, shot: Shot, seed: number): void {
  const { width, height } = context.canvas;
  const [w, h] = [width * FIGURES_LARGER, height * FIGURES_LARGER];
  const canvas = createCanvas(w, h);
  const ctx = canvas.getContext('2d');
  createFigures(shot, { w, h, seed, noise: createNoise(seed) }).draw(ctx, (shot.startMs + shot.endMs) / 2);
  const painted = crop({ canvas, ctx, box: { x: 0, y: 0, w, h } }).canvas;
  const scale = FIGURES_SHARE * Math.min(width / painted.width, height / painted.height);
  const [wide, tall] = [painted.width * scale, painted.height * scale];
  context.imageSmoothingQuality = 'high';
  context.drawImage(painted, (width - wide) / 2, (height - tall) / 2, wide, tall);
}
