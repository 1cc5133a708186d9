import { css } from '../../storyboard/colour.ts';
import { createSheet, fullBox, type Kit, type Layer, toLayer } from '../sheet.ts';

/** Shafts of light from a point through haze; soft enough to be moved by whole pixels. */
export function rays(kit: Kit, p: { readonly x: number; readonly y: number; readonly strength: number }): Layer {
  const { random, unit, palette } = kit;
  const small = createSheet(fullBox(kit), 0.14);
  const reach = unit * 2.2;
  for (let index = 0; index < 11; index++) {
    const turn = Math.PI / 2 + random.between(-0.95, 0.95);
    const spread = random.between(0.015, 0.075);
    const gradient = small.ctx.createRadialGradient(p.x, p.y, 0, p.x, p.y, reach * random.between(0.45, 0.85));
    gradient.addColorStop(0, css(palette.light, 0.55 * p.strength));
    gradient.addColorStop(0.35, css(palette.light, 0.26 * p.strength));
    gradient.addColorStop(1, css(palette.light, 0));
    small.ctx.fillStyle = gradient;
    small.ctx.beginPath();
    small.ctx.moveTo(p.x, p.y);
    small.ctx.lineTo(p.x + Math.cos(turn - spread) * reach, p.y + Math.sin(turn - spread) * reach);
    small.ctx.lineTo(p.x + Math.cos(turn + spread) * reach, p.y + Math.sin(turn + spread) * reach);
    small.ctx.fill();
  }
  // Enlarged from a small painting, their edges are soft without a blur.
  const sheet = createSheet(small.box, kit.density);
  sheet.ctx.imageSmoothingQuality = 'low';
  const { x, y, w, h } = small.box;
  sheet.ctx.drawImage(small.canvas, x, y, w, h);
  return toLayer(sheet, 0, {
    blend: 'lighter',
    smooth: false,
    flicker: { amount: 0.35, hz: 0.16, phase: random.next() },
  });
}
