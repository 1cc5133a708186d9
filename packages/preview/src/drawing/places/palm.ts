import type { SKRSContext2D } from '@napi-rs/canvas';
import { css } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { type Box, createSheet, type Kit, type Layer, toLayer } from '../sheet.ts';

/** A palm leaning into the picture from one side. */
export function palm(kit: Kit): Layer {
  const { w, h, unit, palette, random } = kit;
  const side = random.chance(0.5) ? 1 : -1;
  const footX = side > 0 ? w * 1.02 : -w * 0.02;
  const box: Box = { x: footX - unit * 0.42, y: h * 0.12, w: unit * 0.84, h: h * 0.98 };
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  const [topX, topY] = [footX - side * unit * 0.13, h * 0.34];
  ctx.strokeStyle = css(palette.shade);
  ctx.lineCap = 'round';
  for (let step = 0; step < 12; step++) {
    const at = step / 12;
    const point = (share: number): [number, number] => [
      footX + (topX - footX) * share ** 1.7,
      h * 1.08 + (topY - h * 1.08) * share,
    ];
    ctx.lineWidth = unit * (0.026 - 0.013 * at);
    ctx.beginPath();
    ctx.moveTo(...point(at));
    ctx.lineTo(...point(at + 1 / 12));
    ctx.stroke();
  }
  for (let leaf = 0; leaf < 11; leaf++)
    frond(ctx, topX, topY, (leaf / 11) * Math.PI * 2 + 0.2, unit * random.between(0.17, 0.25), palette.shade);
  return toLayer(sheet, 1.3, { sway: { x: unit * 0.006, y: 0, seconds: 5, phase: random.next() } });
}

function frond(ctx: SKRSContext2D, x: number, y: number, turn: number, length: number, colour: Rgb): void {
  ctx.fillStyle = css(colour);
  const [endX, endY] = [x + Math.cos(turn) * length, y + Math.sin(turn) * length * 0.55 + length * 0.35];
  const [midX, midY] = [x + Math.cos(turn) * length * 0.55, y + Math.sin(turn) * length * 0.55 - length * 0.12];
  for (let rib = 0; rib <= 14; rib++) {
    const at = rib / 14;
    const spineX = (1 - at) ** 2 * x + 2 * at * (1 - at) * midX + at * at * endX;
    const spineY = (1 - at) ** 2 * y + 2 * at * (1 - at) * midY + at * at * endY;
    const drop = length * 0.2 * Math.sin(Math.PI * Math.min(1, at + 0.12));
    ctx.beginPath();
    ctx.moveTo(spineX - length * 0.03, spineY);
    ctx.lineTo(spineX + length * 0.03, spineY);
    ctx.lineTo(spineX + Math.cos(turn) * length * 0.07, spineY + drop);
    ctx.fill();
  }
}
