import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, luma, mix, scale } from '../../storyboard/colour.ts';
import type { Hour } from '../../storyboard/plan.ts';
import { lerp, smoothstep } from '../noise.ts';
import { createSheet, fullBox, glow, type Kit, type Layer, lay, pixels, toLayer } from '../sheet.ts';

// How the air around the light glows.
const SHINE: Record<Hour, { readonly strength: number; readonly falloff: number }> = {
  dawn: { strength: 0.75, falloff: 2.8 },
  day: { strength: 0.5, falloff: 4.2 },
  golden: { strength: 0.72, falloff: 3.2 },
  sunset: { strength: 0.8, falloff: 3 },
  dusk: { strength: 0.28, falloff: 5 },
  night: { strength: 0.3, falloff: 5.5 },
};

export type Sun = { readonly x: number; readonly y: number; readonly radius: number; readonly isMoon: boolean };

// How high the light stands, as part of the sky above the horizon.
const HEIGHT: Record<Hour, number> = { dawn: 0.14, day: 0.62, golden: 0.26, sunset: 0.1, dusk: 0.3, night: 0.66 };

export function sunOf(kit: Kit, horizonY: number): Sun {
  const { hour, subjects } = kit.scene;
  const isMoon = hour === 'night' || hour === 'dusk';
  const big = subjects.some(({ kind }) => kind === 'moon');
  const side = kit.random.chance(0.5) ? kit.random.between(0.18, 0.4) : kit.random.between(0.6, 0.82);
  const radius = kit.unit * (isMoon ? (big ? 0.075 : 0.028) : hour === 'day' ? 0.035 : 0.05);
  return { x: side * kit.w, y: horizonY * (1 - HEIGHT[hour]), radius, isMoon };
}

/** The sky down to the horizon and the haze below it: gradient, light around the sun, clouds, stars. */
export function sky(kit: Kit, horizonY: number, sun: Sun): Layer {
  const sheet = createSheet(fullBox(kit), kit.density);
  const { ctx, box } = sheet;
  lay(ctx, pixels(box, 150, skyPixel(kit, horizonY, sun, box.y)), box);
  if (kit.scene.hour === 'night' || kit.scene.hour === 'dusk' || kit.scene.weather.includes('stars'))
    stars(kit, sheet.ctx, horizonY);
  const { weather } = kit.scene;
  const covered = weather.includes('rain') || weather.includes('storm') || weather.includes('cloud');
  if (!covered) disc(kit, ctx, sun);
  return toLayer(sheet, 0, { smooth: false });
}

function skyPixel(kit: Kit, horizonY: number, sun: Sun, top: number) {
  const { palette, noise, unit, scene } = kit;
  const heavy = scene.weather.includes('storm') || scene.weather.includes('rain') || scene.weather.includes('cloud');
  const cover = heavy ? 0.36 : scene.hour === 'night' ? 0.62 : 0.53;
  const aurora = scene.weather.includes('aurora');
  const shift = kit.random.between(0, 200);
  const reach = SHINE[scene.hour];
  const lit = mix(palette.light, palette.horizon, 0.35);
  const under = mix(palette.sky, scene.hour === 'day' ? palette.horizon : palette.zenith, 0.45);
  return (x: number, y: number, out: Float32Array): void => {
    const t = (y - top) / (horizonY - top);
    const low = smoothstep(0.45, 1, t);
    const high = smoothstep(0, 0.62, t);
    const far = Math.hypot(x - sun.x, (y - sun.y) * 1.15) / unit;
    const shine = reach.strength * Math.exp(-far * reach.falloff);
    // Clouds lie on a ceiling seen from below: flatter and denser towards the horizon.
    const flat = 0.35 + 2.6 * Math.max(0, 1 - t);
    const cx = shift + (((x - kit.w / 2) / unit) * 3.2) / (0.45 + flat * 0.4);
    const cy = (y / unit) * 7.5 + shift;
    const body = smoothstep(cover, cover + 0.3, noise.cloud(cx, cy, 4)) * smoothstep(1.02, 0.8, t);
    const edge =
      body > 0.01
        ? body - smoothstep(cover, cover + 0.3, noise.cloud(cx + ((sun.x - x) / unit) * 0.35, cy - 0.5, 3))
        : 0;
    const bright = Math.min(1, Math.max(0, 0.42 + edge * 0.9 + shine * 0.9));
    const veil = body * (heavy ? 0.85 : 0.7);
    const curtain = aurora ? auroraAt(kit, x, y, t, shift) : 0;
    for (let channel = 0; channel < 3; channel++) {
      const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
      let value = lerp(lerp(palette.zenith[index], palette.sky[index], high), palette.horizon[index], low);
      value = lerp(value, lerp(under[index], lit[index], bright), veil);
      value = lerp(value, palette.light[index], shine);
      out[channel] = value + palette.accent[index] * curtain;
    }
    out[3] = 1;
  };
}

function auroraAt({ noise, unit }: Kit, x: number, y: number, t: number, shift: number): number {
  const wave = noise.cloud((x / unit) * 1.6 + shift, 3, 3);
  const foot = 0.35 + 0.75 * wave - 0.2;
  const above = foot - t;
  if (above < -0.03) return 0;
  const folds = 0.35 + 0.65 * noise.at((x / unit) * 14 + wave * 9 + shift, (y / unit) * 0.4);
  return 0.85 * folds * smoothstep(-0.03, 0.03, above) * Math.exp(-above * 3.4);
}

function stars(kit: Kit, ctx: SKRSContext2D, horizonY: number): void {
  const { w, h, marginX, marginY, random, unit, scene } = kit;
  const many = scene.weather.includes('stars')
    ? 520
    : scene.weather.includes('storm') || scene.weather.includes('rain')
      ? 0
      : 210;
  const count = scene.hour === 'dusk' ? many * 0.4 : many;
  const bottom = Math.min(h, horizonY);
  for (let index = 0; index < count; index++) {
    const x = random.between(-marginX, w + marginX);
    const y = random.between(-marginY, bottom);
    const fade = 1 - smoothstep(0.55, 1, y / bottom);
    const bright = random.next() ** 3;
    const radius = unit * (0.0007 + 0.0013 * bright);
    ctx.fillStyle = css(mix([255, 255, 255], kit.palette.light, random.next() * 0.6), fade * (0.25 + 0.75 * bright));
    ctx.fillRect(x - radius, y - radius, radius * 2, radius * 2);
    if (bright > 0.86) glow(ctx, { x, y, radius: radius * 7, colour: [220, 232, 255], alpha: 0.5 * fade });
  }
}

function disc(kit: Kit, ctx: SKRSContext2D, sun: Sun): void {
  const { palette, scene } = kit;
  const colour = mix([255, 255, 255], palette.light, sun.isMoon ? 0.35 : 0.45);
  glow(ctx, {
    x: sun.x,
    y: sun.y,
    radius: sun.radius * (sun.isMoon ? 5 : 7),
    colour: palette.light,
    alpha: sun.isMoon ? 0.35 : 0.55,
  });
  if (scene.hour === 'day' && !sun.isMoon) {
    glow(ctx, { x: sun.x, y: sun.y, radius: sun.radius * 2.4, colour: [255, 255, 255], alpha: 1 });
    return;
  }
  ctx.fillStyle = css(colour, sun.isMoon ? 0.94 : 0.97);
  ctx.beginPath();
  ctx.arc(sun.x, sun.y, sun.radius, 0, Math.PI * 2);
  ctx.fill();
  if (!sun.isMoon || sun.radius < kit.unit * 0.02) return;
  // The seas of the moon, so that it is not a lamp.
  ctx.save();
  ctx.clip();
  for (let index = 0; index < 9; index++) {
    const x = sun.x + sun.radius * kit.random.between(-0.7, 0.7);
    const y = sun.y + sun.radius * kit.random.between(-0.7, 0.7);
    glow(ctx, {
      x,
      y,
      radius: sun.radius * kit.random.between(0.25, 0.6),
      colour: scale(palette.sky, luma(palette.sky) > 90 ? 0.8 : 1.4),
      alpha: 0.28,
    });
  }
  ctx.restore();
}
