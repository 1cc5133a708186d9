import { css, luma, mix } from '../../storyboard/colour.ts';
import { clamp, lerp } from '../noise.ts';
import { createSheet, fullBox, type Kit, type Layer, lay, pixels, type Setting, toLayer } from '../sheet.ts';
import { bokeh } from './beyond.ts';
import { rays } from './rays.ts';

/** A seamless backdrop, one lamp from above, a plinth for small things. */
export function studio(kit: Kit): Setting {
  const { w, h, random, palette, scene } = kit;
  const light = { x: w * random.between(0.25, 0.4), y: h * 0.08 };
  const layers = [backdrop(kit, light)];
  if (luma(palette.horizon) < 180) layers.push(rays(kit, { x: light.x, y: -h * 0.15, strength: 0.22 }));
  if (scene.lights.length > 0 || scene.framing === 'close')
    for (let index = 0; index < 6; index++) layers.push(bokeh(kit, index));
  const top = h * 0.74;
  return {
    layers,
    shelf: { layer: plinth(kit, top, light.x), y: top + kit.unit * 0.012 },
    front: [],
    floorY: h * 0.86,
    lightX: light.x,
    lightY: light.y,
  };
}

function backdrop(kit: Kit, light: { x: number; y: number }): Layer {
  const { palette, unit, h, w, noise } = kit;
  const box = fullBox(kit);
  const sheet = createSheet(box, kit.density);
  const bend = h * 0.72;
  lay(
    sheet.ctx,
    pixels(box, 130, (x, y, out) => {
      const pool = Math.exp(
        -(((x - lerp(light.x, w / 2, 0.6)) / (unit * 0.42)) ** 2) - ((y - h * 0.42) / (unit * 0.5)) ** 2,
      );
      const floor = clamp((y - bend) / (h * 0.1));
      const spot = Math.exp(-(((x - w / 2) / (unit * 0.45)) ** 2) - ((y - h * 0.86) / (unit * 0.13)) ** 2);
      const cloth = 0.94 + 0.12 * noise.cloud((x / unit) * 3.2, (y / unit) * 3.2, 4);
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        const wall = lerp(lerp(palette.zenith[index], palette.sky[index], 0.5), palette.horizon[index], pool);
        const ground = lerp(
          lerp(palette.shade[index], palette.ground[index], 0.9),
          palette.horizon[index],
          spot * 0.85,
        );
        out[channel] = Math.min(255, lerp(wall, ground, floor) * cloth);
      }
      out[3] = 1;
    }),
    box,
  );
  return toLayer(sheet, 0.15, { smooth: false });
}

function plinth(kit: Kit, top: number, lightX: number): Layer {
  const { w, h, unit, palette, marginY } = kit;
  const half = unit * 0.2;
  const flat = unit * 0.042;
  const sheet = createSheet(
    { x: w / 2 - half * 1.1, y: top - flat * 1.2, w: half * 2.2, h: h + marginY - top + flat * 1.2 },
    kit.density,
  );
  const { ctx } = sheet;
  const side = ctx.createLinearGradient(w / 2 - half, 0, w / 2 + half, 0);
  const lit = mix(palette.ground, palette.light, 0.5);
  const dark = mix(palette.ground, palette.shade, 0.75);
  const stops = lightX < w / 2 ? [lit, mix(lit, dark, 0.6), dark] : [dark, mix(lit, dark, 0.6), lit];
  for (const [index, colour] of stops.entries()) side.addColorStop(index / 2, css(colour));
  ctx.fillStyle = side;
  ctx.fillRect(w / 2 - half, top, half * 2, h + marginY - top);
  const face = ctx.createLinearGradient(w / 2 - half, top - flat, w / 2 + half, top + flat);
  face.addColorStop(0, css(mix(palette.horizon, palette.light, 0.6)));
  face.addColorStop(1, css(mix(palette.ground, palette.horizon, 0.5)));
  ctx.fillStyle = face;
  ctx.beginPath();
  ctx.ellipse(w / 2, top, half, flat, 0, 0, Math.PI * 2);
  ctx.fill();
  ctx.strokeStyle = css(palette.light, 0.5);
  ctx.lineWidth = Math.max(1, unit * 0.0016);
  ctx.stroke();
  return toLayer(sheet, 0.95);
}
