import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { css, mix } from '../storyboard/colour.ts';
import type { Palette } from '../storyboard/plan.ts';
import { smoothstep } from './noise.ts';
import type { Picture } from './painting.ts';

/** Reference pictures held into a painted scene, one after another within a span of time. */
export type Cards = { draw(ctx: SKRSContext2D, atMs: number): void };

const FADE_MS = 350;

export function createCards(p: {
  readonly pictures: readonly Picture[];
  readonly w: number;
  readonly h: number;
  readonly palette: Palette;
  readonly startMs: number;
  readonly endMs: number;
}): Cards {
  const each = (p.endMs - p.startMs) / p.pictures.length;
  let current: { readonly index: number; readonly card: Canvas } | undefined;
  return {
    draw(ctx, atMs) {
      const index = Math.floor((atMs - p.startMs) / each);
      const picture = p.pictures[index];
      if (picture === undefined) return;
      if (current?.index !== index) current = { index, card: paintCard(picture, p) };
      const gone = atMs - p.startMs - index * each;
      const shown = smoothstep(0, FADE_MS, gone) * smoothstep(0, FADE_MS, each - gone);
      const { card } = current;
      // Nearer and a little aside over its time, like everything else in the scene.
      const zoom = 0.97 + 0.05 * (gone / each);
      const side = index % 2 === 0 ? 1 : -1;
      const x = p.w / 2 + side * p.w * 0.025 * (gone / each - 0.5);
      ctx.globalCompositeOperation = 'source-over';
      ctx.globalAlpha = shown;
      ctx.imageSmoothingEnabled = true;
      const [wide, tall] = [card.width * zoom, card.height * zoom];
      ctx.drawImage(card, x - wide / 2, p.h * 0.48 - tall / 2, wide, tall);
      ctx.globalAlpha = 1;
    },
  };
}

/** A framed picture: never cropped, its shadow painted in. */
function paintCard(picture: Picture, p: { w: number; h: number; palette: Palette }): Canvas {
  const scale = Math.min((p.w * 0.62) / picture.width, (p.h * 0.58) / picture.height);
  const [wide, tall] = [Math.max(1, picture.width * scale), Math.max(1, picture.height * scale)];
  const rim = Math.max(1, Math.min(p.w, p.h) * 0.006);
  const pad = Math.ceil(Math.min(p.w, p.h) * 0.05);
  const canvas = createCanvas(Math.ceil(wide + 2 * pad), Math.ceil(tall + 2 * pad));
  const ctx = canvas.getContext('2d');
  ctx.save();
  ctx.shadowColor = 'rgba(0,0,0,0.6)';
  ctx.shadowBlur = pad * 0.8;
  ctx.shadowOffsetY = pad * 0.2;
  ctx.fillStyle = css(mix(p.palette.light, [255, 255, 255], 0.4));
  ctx.fillRect(pad - rim, pad - rim, wide + 2 * rim, tall + 2 * rim);
  ctx.restore();
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(picture, pad, pad, wide, tall);
  return canvas;
}
