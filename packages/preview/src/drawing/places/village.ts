import { css, mix } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { glow, type Kit, type Sheet } from '../sheet.ts';
import { isDark } from './city.ts';
import type { Outline } from './ridge.ts';

/** Cottages along a slope, windows lit when it is dark. */
export function cottages(kit: Kit, { ctx }: Sheet, outline: Outline, near: number, colour: Rgb): void {
  const { w, marginX, random, unit, palette, scene } = kit;
  const size = unit * 0.055 * near;
  for (let x = -marginX; x < w + marginX; x += size * random.between(1, 2.6)) {
    if (kit.noise.at((x / unit) * 4, near * 7) < 0.4) continue;
    const [width, height] = [size * random.between(0.8, 1.25), size * random.between(0.5, 0.7)];
    const footY = outline(x + width / 2) + size * random.between(0.15, 0.5);
    const wall = mix(mix(colour, palette.horizon, 0.25), palette.shade, random.between(0.15, 0.4));
    ctx.fillStyle = css(wall);
    ctx.fillRect(x, footY - height, width, height);
    ctx.fillStyle = css(
      scene.snowy ? mix(palette.horizon, [255, 255, 255], 0.4) : mix(palette.shade, palette.accent, 0.15),
    );
    ctx.beginPath();
    ctx.moveTo(x - width * 0.1, footY - height);
    ctx.lineTo(x + width * 0.5, footY - height * 1.85);
    ctx.lineTo(x + width * 1.1, footY - height);
    ctx.fill();
    for (const at of [0.2, 0.6]) {
      const lit = isDark(kit) && random.chance(0.8);
      const [left, top] = [x + width * at, footY - height * 0.7];
      if (lit)
        glow(ctx, {
          x: left + width * 0.1,
          y: top + height * 0.15,
          radius: size * 0.5,
          colour: [255, 188, 96],
          alpha: 0.7,
        });
      ctx.fillStyle = css(lit ? [255, 212, 140] : mix(palette.sky, palette.shade, 0.4), 0.9);
      ctx.fillRect(left, top, width * 0.2, height * 0.32);
    }
  }
}

/** Grass heads and flowers over a near field, smaller and denser with distance. */
export function tufts(kit: Kit, { ctx, box }: Sheet, outline: Outline): void {
  const { h, random, unit, palette } = kit;
  for (let index = 0; index < 520; index++) {
    const x = random.between(box.x, box.x + box.w);
    const far = random.next() ** 1.6;
    const y = outline(x) + unit * 0.01 + (h - outline(x)) * far;
    const size = unit * (0.004 + 0.02 * far);
    const flower = random.chance(0.24);
    const colour = flower
      ? mix(palette.accent, palette.light, random.next() * 0.7)
      : mix(mix(palette.ground, palette.light, 0.3 * random.next()), palette.shade, 0.5 * far * random.next());
    ctx.strokeStyle = css(colour, 0.8);
    ctx.lineWidth = Math.max(0.7, size * 0.14);
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.quadraticCurveTo(x, y - size * 0.6, x + size * random.between(-0.4, 0.5), y - size);
    ctx.stroke();
    if (!flower) continue;
    ctx.fillStyle = css(colour, 0.95);
    ctx.beginPath();
    ctx.ellipse(x, y - size, size * 0.24, size * 0.16, 0, 0, Math.PI * 2);
    ctx.fill();
  }
}
