import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, mix, scale } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { lerp } from '../noise.ts';
import {
  type Box,
  bandBox,
  createSheet,
  fullBox,
  glow,
  type Kit,
  type Layer,
  lay,
  pixels,
  type Setting,
  toLayer,
} from '../sheet.ts';
import { isDark } from './city.ts';
import { rays } from './rays.ts';

/** A room with one large window, curtains, and a table or sill before it. */
export function interior(kit: Kit): Setting {
  const { w, h, unit, random } = kit;
  const width = Math.min(w * 0.72, unit * 0.62);
  const x = w * random.between(0.4, 0.6) - width / 2;
  const pane: Box = { x, y: h * 0.1, w: width, h: h * 0.56 };
  const light = { x: pane.x + pane.w / 2, y: pane.y + pane.h * 0.4 };
  const layers = [room(kit, pane)];
  if (!isDark(kit)) layers.push(rays(kit, { x: light.x, y: -h * 0.06, strength: 0.26 }));
  else layers.push(lampGlow(kit));
  return {
    layers,
    shelf: { layer: plank(kit, light, h * 0.76), y: h * 0.8 },
    front: [leaves(kit)],
    floorY: h * 1.1,
    lightX: light.x,
    lightY: light.y,
  };
}

function room(kit: Kit, pane: Box): Layer {
  const { palette, noise, unit, h } = kit;
  // The table hides the rest.
  const box = { ...fullBox(kit), h: kit.marginY + h * 0.86 };
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  const [cx, cy] = [pane.x + pane.w / 2, pane.y + pane.h / 2];
  const strength = isDark(kit) ? 0.3 : 0.75;
  lay(
    ctx,
    pixels(box, 110, (x, y, out) => {
      const far = Math.hypot(x - cx, (y - cy) * 0.8) / unit;
      const lit = strength * Math.exp(-far * 2) + 0.1 * noise.cloud((x / unit) * 3, (y / unit) * 3, 3);
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        out[channel] = Math.min(
          255,
          lerp(lerp(palette.zenith[index], palette.sky[index], 0.75), palette.horizon[index], lit * 1.1),
        );
      }
      out[3] = 1;
    }),
    box,
  );
  furniture(kit, ctx, pane);
  view(kit, ctx, pane);
  mullions(kit, ctx, pane);
  for (const side of [-1, 1] as const) curtain(kit, ctx, pane, side);
  const gradient = ctx.createLinearGradient(0, h * 0.62, 0, h * 0.95);
  gradient.addColorStop(0, css(palette.shade, 0));
  gradient.addColorStop(1, css(palette.shade, 0.75));
  ctx.fillStyle = gradient;
  ctx.fillRect(box.x, h * 0.6, box.w, h);
  return toLayer(sheet, 0.3);
}

/** What is outside, softly: sky, a distant line of trees or roofs, the sun or lights. */
function view(kit: Kit, ctx: SKRSContext2D, pane: Box): void {
  const { palette, random, noise, unit, scene } = kit;
  const dark = isDark(kit);
  const small = createSheet(pane, 0.16);
  const outside: Rgb = dark ? mix(palette.accent, [16, 26, 58], 0.8) : mix(palette.light, [255, 255, 255], 0.25);
  const low: Rgb = dark ? mix(palette.horizon, [46, 64, 110], 0.5) : mix(palette.light, palette.horizon, 0.35);
  const gradient = small.ctx.createLinearGradient(0, pane.y, 0, pane.y + pane.h);
  gradient.addColorStop(0, css(mix(outside, scene.hour === 'day' ? [150, 196, 236] : outside, 0.5)));
  gradient.addColorStop(0.75, css(low));
  gradient.addColorStop(1, css(mix(low, palette.ground, 0.5)));
  small.ctx.fillStyle = gradient;
  small.ctx.fillRect(pane.x, pane.y, pane.w, pane.h);
  for (const near of [0, 1]) {
    small.ctx.fillStyle = css(mix(low, mix(palette.ground, palette.shade, 0.4), 0.3 + 0.4 * near), 0.9);
    small.ctx.beginPath();
    small.ctx.moveTo(pane.x, pane.y + pane.h);
    for (let x = pane.x; x <= pane.x + pane.w; x += unit * 0.015) {
      small.ctx.lineTo(
        x,
        pane.y + pane.h * (0.74 + 0.12 * near) - unit * 0.13 * noise.cloud((x / unit) * 9 + near * 9, 3, 3),
      );
    }
    small.ctx.lineTo(pane.x + pane.w, pane.y + pane.h);
    small.ctx.fill();
  }
  for (let index = 0; index < 16; index++) {
    const [x, y] = [pane.x + pane.w * random.next(), pane.y + pane.h * random.between(0.45, 0.95)];
    glow(small.ctx, {
      x,
      y,
      radius: unit * random.between(0.02, 0.05),
      colour: dark ? random.pick([palette.light, palette.accent, [255, 170, 90]]) : palette.light,
      alpha: dark ? 0.85 : 0.4,
    });
  }
  lay(ctx, small.canvas, pane);
  const [sunX, sunY] = [pane.x + pane.w * random.between(0.25, 0.75), pane.y + pane.h * random.between(0.2, 0.5)];
  glow(ctx, {
    x: sunX,
    y: sunY,
    radius: unit * (dark ? 0.1 : 0.32),
    colour: dark ? [225, 234, 255] : mix(palette.light, [255, 255, 255], 0.5),
    alpha: dark ? 0.8 : 0.9,
  });
}

function mullions(kit: Kit, ctx: SKRSContext2D, pane: Box): void {
  const { palette, unit } = kit;
  const wood = mix(palette.shade, palette.ground, 0.3);
  const bar = unit * 0.011;
  ctx.fillStyle = css(wood);
  for (const at of [1 / 3, 2 / 3]) ctx.fillRect(pane.x + pane.w * at - bar / 2, pane.y, bar, pane.h);
  ctx.fillRect(pane.x, pane.y + pane.h * 0.36, pane.w, bar);
  ctx.lineWidth = bar * 2.2;
  ctx.strokeStyle = css(wood);
  ctx.strokeRect(pane.x, pane.y, pane.w, pane.h);
  // The edges that the light from outside touches.
  ctx.lineWidth = Math.max(1, bar * 0.22);
  ctx.strokeStyle = css(palette.light, 0.55);
  ctx.strokeRect(pane.x + bar * 1.1, pane.y + bar * 1.1, pane.w - bar * 2.2, pane.h - bar * 2.2);
}

function curtain(kit: Kit, ctx: SKRSContext2D, pane: Box, side: -1 | 1): void {
  const { palette, unit, random, h } = kit;
  const edge = side < 0 ? pane.x : pane.x + pane.w;
  const cloth = mix(palette.horizon, palette.accent, 0.25);
  for (let fold = 0; fold < 9; fold++) {
    const x = edge + side * unit * (0.1 - fold * 0.022);
    const width = unit * 0.03;
    const shine = (isDark(kit) ? 0.25 : 0.6) * (0.35 + 0.65 * (fold / 9));
    const gradient = ctx.createLinearGradient(x - width, 0, x + width, 0);
    gradient.addColorStop(0, css(mix(scale(cloth, 0.4), palette.shade, 0.4)));
    gradient.addColorStop(0.5, css(mix(scale(cloth, 0.6), palette.light, shine * 0.6)));
    gradient.addColorStop(1, css(mix(scale(cloth, 0.4), palette.shade, 0.4)));
    ctx.fillStyle = gradient;
    const sway = unit * random.between(-0.012, 0.012);
    ctx.beginPath();
    ctx.moveTo(x - width * 0.6, pane.y - unit * 0.04);
    ctx.lineTo(x + width * 0.6, pane.y - unit * 0.04);
    ctx.quadraticCurveTo(x + width * 0.8, h * 0.4, x + width * 0.7 + sway + side * unit * 0.02, h * 0.78);
    ctx.lineTo(x - width * 0.7 + sway + side * unit * 0.02, h * 0.78);
    ctx.quadraticCurveTo(x - width * 0.6, h * 0.4, x - width * 0.6, pane.y - unit * 0.04);
    ctx.fill();
  }
}

/** Frames on the wall and a shelf of books, half lost in shadow. */
function furniture(kit: Kit, ctx: SKRSContext2D, pane: Box): void {
  const { palette, random, unit, h } = kit;
  for (const side of [-1, 1]) {
    const x = side < 0 ? pane.x - unit * 0.3 : pane.x + pane.w + unit * 0.14;
    if (random.chance(0.5)) {
      const [width, height] = [unit * 0.13, unit * random.between(0.12, 0.17)];
      ctx.fillStyle = css(mix(palette.shade, palette.ground, 0.35));
      ctx.fillRect(x, h * 0.24, width, height);
      ctx.fillStyle = css(mix(palette.haze, palette.accent, 0.35), 0.8);
      ctx.fillRect(x + width * 0.09, h * 0.24 + width * 0.09, width * 0.82, height - width * 0.18);
      continue;
    }
    for (let row = 0; row < 3; row++) {
      const y = h * (0.26 + row * 0.15);
      ctx.fillStyle = css(mix(palette.shade, palette.ground, 0.3));
      ctx.fillRect(x - unit * 0.02, y, unit * 0.24, unit * 0.009);
      for (let at = x - unit * 0.01; at < x + unit * 0.19; ) {
        const [width, height] = [unit * random.between(0.008, 0.018), unit * random.between(0.05, 0.085)];
        ctx.fillStyle = css(
          mix(
            random.pick([palette.accent, palette.ground, palette.haze, palette.horizon]),
            palette.shade,
            random.between(0.35, 0.65),
          ),
        );
        ctx.fillRect(at, y - height, width, height);
        at += width * 1.06;
      }
    }
  }
}

/** The table, sill or bench in front, with the window's light lying on it. */
export function plank(kit: Kit, light: { x: number; y: number }, top: number): Layer {
  const { h, marginY, palette, unit, noise } = kit;
  const box = bandBox(kit, top, h + marginY);
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  const edge = top + h * 0.075;
  lay(
    ctx,
    pixels(box, 150, (x, y, out) => {
      const near = (y - top) / (edge - top);
      const grain = noise.cloud((x / unit) * 2.2, (y / unit) * (near < 1 ? 70 : 34), 3);
      const shine =
        Math.exp(-(((x - light.x) / (unit * 0.34)) ** 2)) * (near < 1 ? 0.85 - 0.25 * near : 0.2 * Math.exp(1 - near));
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        const wood = lerp(
          palette.shade[index],
          palette.ground[index],
          (near < 1 ? 0.75 : 0.4 * Math.exp(1 - near) + 0.1) * (0.6 + 0.7 * grain),
        );
        out[channel] = Math.min(
          255,
          wood + palette.light[index] * shine * (isDark(kit) ? 0.32 : 0.55) * (0.7 + 0.5 * grain),
        );
      }
      out[3] = 1;
    }),
    box,
  );
  ctx.fillStyle = css(palette.light, 0.28);
  ctx.fillRect(box.x, edge, box.w, Math.max(1, unit * 0.0018));
  ctx.fillStyle = css(palette.light, 0.4);
  ctx.fillRect(box.x, top, box.w, Math.max(1, unit * 0.0014));
  return toLayer(sheet, 0.95);
}

function lampGlow(kit: Kit): Layer {
  const { w, h, random, unit, palette } = kit;
  const [x, y, radius] = [w * (random.chance(0.5) ? 0.14 : 0.86), h * 0.42, unit * 0.3];
  const sheet = createSheet({ x: x - radius, y: y - radius, w: radius * 2, h: radius * 2 }, kit.density * 0.4);
  glow(sheet.ctx, { x, y, radius, colour: palette.light, alpha: 0.75 });
  return toLayer(sheet, 0.5, { blend: 'lighter', flicker: { amount: 0.12, hz: 0.7, phase: random.next() } });
}

/** A plant at the edge of the picture, too near to be sharp. */
function leaves(kit: Kit): Layer {
  const { w, h, unit, random, palette } = kit;
  const side = random.chance(0.5) ? 1 : 0;
  const box = { x: side * w - unit * 0.17, y: h * 0.5, w: unit * 0.34, h: h * 0.6 };
  const sheet = createSheet(box, kit.density * 0.22);
  for (let leaf = 0; leaf < 13; leaf++) {
    const [x, y] = [side * w + unit * random.between(-0.08, 0.08), h * random.between(0.62, 1)];
    sheet.ctx.fillStyle = css(mix(palette.shade, palette.ground, random.between(0.05, 0.4)), 0.96);
    sheet.ctx.beginPath();
    sheet.ctx.ellipse(x, y, unit * 0.075, unit * 0.022, random.between(-1.2, 1.2), 0, Math.PI * 2);
    sheet.ctx.fill();
  }
  return toLayer(sheet, 1.5, { sway: { x: unit * 0.003, y: 0, seconds: 6, phase: 0 } });
}
