import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { createPainter, type Picture } from '../drawing/index.ts';
import { meanColour } from '../mesh/textures.ts';
import type { Storyboard } from '../storyboard/index.ts';

/** All around, from straight up to straight down: twice as wide as tall (equirectangular). */
export const PANORAMA = { width: 2048, height: 1024 } as const;
/** How much of the width is drawn twice and blended, so that the left edge meets the right one. */
const SEAM = 0.12;
/** The scene stands in the middle of the height; above it is sky, below it ground. */
const [SCENE_TOP, SCENE_HEIGHT] = [0.2, 0.6];

/** The place of a plan, seen all around. */
export function paintPanorama(plan: Storyboard, seed: number): Canvas {
  const { width, height } = PANORAMA;
  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext('2d');
  const [shot] = plan.shots;
  if (shot === undefined) throw new Error('a plan has a shot');
  const scene = createCanvas(Math.round(width * (1 + SEAM)), Math.round(height * SCENE_HEIGHT));
  createPainter({ storyboard: plan, widthPx: scene.width, heightPx: scene.height, seed }).draw(
    scene.getContext('2d'),
    shot.startMs,
  );
  layAround(ctx, scene);
  return canvas;
}

/** A given picture as the view ahead, its edges carried on around and above. `isWhole`: it is a panorama itself. */
export function panoramaFrom(picture: Picture, p: { isWhole: boolean }): Canvas {
  const { width, height } = PANORAMA;
  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext('2d');
  ctx.imageSmoothingQuality = 'high';
  if (p.isWhole) {
    ctx.drawImage(picture, 0, 0, width, height);
    return canvas;
  }
  // Mirrored beside itself, a picture goes on without a seam.
  const tall = Math.round(height * SCENE_HEIGHT);
  const wide = Math.round((tall * picture.width) / picture.height);
  const count = Math.max(2, 2 * Math.round(width / wide / 2));
  const step = width / count;
  const band = createCanvas(width, tall);
  const strip = band.getContext('2d');
  strip.imageSmoothingQuality = 'high';
  for (let index = 0; index < count; index += 1) {
    // One stands in the middle of the width, which is straight ahead.
    const left = (index - 0.5) * step;
    drawTile(strip, picture, { left, width: step, height: tall, isMirrored: index % 2 !== (count / 2) % 2 });
  }
  drawTile(strip, picture, { left: width - step / 2, width: step, height: tall, isMirrored: (count / 2) % 2 !== 0 });
  layAround(ctx, band);
  return canvas;
}

function drawTile(
  ctx: SKRSContext2D,
  picture: Picture,
  p: { left: number; width: number; height: number; isMirrored: boolean },
): void {
  ctx.save();
  ctx.translate(p.left + (p.isMirrored ? p.width : 0), 0);
  ctx.scale(p.isMirrored ? -1 : 1, 1);
  ctx.drawImage(picture, 0, 0, p.width, p.height);
  ctx.restore();
}

/** Lays a band over the middle, fading into the colours of its edges above and below, and blends its ends where it is
 *  wider. */
function layAround(ctx: SKRSContext2D, band: Canvas): void {
  const { width, height } = PANORAMA;
  ctx.fillStyle = edgeColour(band, 0);
  ctx.fillRect(0, 0, width, height / 2);
  ctx.fillStyle = edgeColour(band, band.height - EDGE_PX);
  ctx.fillRect(0, height / 2, width, height / 2);
  const faded = createCanvas(band.width, band.height);
  const soft = faded.getContext('2d');
  soft.drawImage(band, 0, 0);
  soft.globalCompositeOperation = 'destination-in';
  const fade = soft.createLinearGradient(0, 0, 0, band.height);
  // biome-ignore format: a curve
  for (const [at, alpha] of [[0, 0], [0.22, 1], [0.86, 1], [1, 0]] as const) fade.addColorStop(at, `rgba(0, 0, 0, ${alpha})`);
  soft.fillStyle = fade;
  soft.fillRect(0, 0, band.width, band.height);
  const top = height * SCENE_TOP;
  ctx.drawImage(faded, 0, 0, width, band.height, 0, top, width, band.height);
  const extra = band.width - width;
  if (extra <= 0) return;
  // What lies beyond the right edge comes in from the left one, thinning out.
  const end = createCanvas(extra, band.height);
  const thin = end.getContext('2d');
  thin.drawImage(faded, width, 0, extra, band.height, 0, 0, extra, band.height);
  thin.globalCompositeOperation = 'destination-in';
  const out = thin.createLinearGradient(0, 0, extra, 0);
  out.addColorStop(0, 'rgba(0, 0, 0, 1)');
  out.addColorStop(1, 'rgba(0, 0, 0, 0)');
  thin.fillStyle = out;
  thin.fillRect(0, 0, extra, band.height);
  ctx.drawImage(end, 0, top);
}

const EDGE_PX = 4;

function edgeColour(band: Canvas, y: number): string {
  const line = createCanvas(64, 1);
  line.getContext('2d').drawImage(band, 0, y, band.width, EDGE_PX, 0, 0, 64, 1);
  return meanColour(line);
}
