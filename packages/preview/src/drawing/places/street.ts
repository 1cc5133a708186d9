import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { createSheet, glow, type Kit, type Layer, type Setting, toLayer } from '../sheet.ts';
import { isDark, tower } from './city.ts';
import { road, type StreetLight } from './road.ts';
import { sky, sunOf } from './sky.ts';

/** One-point perspective. `s` is the size of things: 0 in the vanishing point, 1 where the camera's subject stands. */
export type Lane = {
  readonly vanishX: number;
  readonly horizonY: number;
  /** At `s` = 1: from the middle of the road to the walls, and from the horizon down to the kerb. */
  readonly half: number;
  readonly drop: number;
  readonly nearest: number;
};

/** A street seen along its middle: walls run to one point, signs hang over the pavement, a wet road mirrors them. */
export function street(kit: Kit): Setting {
  const { w, h, random, unit } = kit;
  const horizonY = h * 0.6;
  const half = Math.max(0.27 * w, 0.3 * unit);
  const lane: Lane = {
    vanishX: w * random.between(0.45, 0.55),
    horizonY,
    half,
    drop: 0.31 * h,
    nearest: (0.72 * w) / half,
  };
  const sun = sunOf(kit, horizonY);
  const layers: Layer[] = [sky(kit, horizonY, sun), ending(kit, lane)];
  const lights: StreetLight[] = [];
  const blocks = [
    { from: 0.09, to: 0.25, depth: 0.2 },
    { from: 0.22, to: 0.62, depth: 0.45 },
    { from: 0.55, to: lane.nearest, depth: 0.85 },
  ];
  const walls = blocks.flatMap((block) =>
    ([-1, 1] as const).map((side) => wall(kit, lane, { ...block, side }, lights)),
  );
  layers.push(road(kit, lane, lights), ...walls);
  const light = isDark(kit) ? { x: lane.vanishX, y: horizonY - h * 0.06 } : sun;
  return { layers, front: [], floorY: h * 0.9, lightX: light.x, lightY: light.y };
}

/** What closes the view: towers in the haze and the glare between them. */
function ending(kit: Kit, { vanishX, horizonY }: Lane): Layer {
  const { palette, unit, h, random } = kit;
  const sheet = createSheet(
    { x: vanishX - unit * 0.3, y: horizonY - h * 0.3, w: unit * 0.6, h: h * 0.32 },
    kit.density,
  );
  for (let index = 0; index < 9; index++) {
    const width = unit * random.between(0.035, 0.08);
    const x = vanishX + unit * random.between(-0.22, 0.16);
    const colour = mix(palette.haze, palette.shade, 0.12 + index * 0.035);
    tower(kit, sheet.ctx, {
      x,
      width,
      top: horizonY - h * random.between(0.05, 0.24),
      bottom: horizonY + h * 0.02,
      near: 0.2,
      colour,
    });
  }
  const glare = isDark(kit) ? mix(palette.accent, palette.light, 0.4) : palette.light;
  glow(sheet.ctx, { x: vanishX, y: horizonY, radius: unit * 0.28, colour: glare, alpha: isDark(kit) ? 0.8 : 0.55 });
  return toLayer(sheet, 0.1);
}

/** How far the houses reach away from the road, as part of their distance from its middle. */
const OUTER = 1.3;

type Block = { readonly from: number; readonly to: number; readonly depth: number; readonly side: -1 | 1 };
type House = {
  readonly side: -1 | 1;
  readonly far: number;
  readonly near: number;
  readonly tall: number;
  readonly base: Rgb;
};

/** The houses of one side between two distances, far ones first. */
function wall(kit: Kit, lane: Lane, p: Block, lights: StreetLight[]): Layer {
  const { w, h, marginX, marginY, random, palette } = kit;
  const inner = lane.vanishX + p.side * p.from * lane.half - p.side * kit.unit * 0.09 * p.from;
  // Beyond its last house the nearer ones stand in front.
  const outer =
    p.depth > 0.8 ? (p.side < 0 ? -marginX : w + marginX) : lane.vanishX + p.side * p.to * lane.half * OUTER;
  const left = Math.max(-marginX, Math.min(inner, outer));
  const right = Math.min(w + marginX, Math.max(inner, outer));
  const top = Math.max(-marginY, lane.horizonY - p.to * h * 1.15);
  const bottom = Math.min(h + marginY, lane.horizonY + p.to * lane.drop + h * 0.02);
  const sheet = createSheet({ x: left, y: top, w: Math.max(1, right - left), h: bottom - top }, kit.density);
  for (let far = p.from; far < p.to; ) {
    const near = Math.min(p.to, far * random.between(1.22, 1.5));
    const share = Math.min(1, near);
    const base = mix(mix(palette.haze, palette.ground, 0.4 + 0.5 * share), palette.shade, 0.2 + 0.6 * share);
    house(kit, sheet.ctx, lane, { side: p.side, far, near, tall: h * random.between(0.6, 1.15), base }, lights);
    far = near;
  }
  return toLayer(sheet, p.depth, { snap: p.depth > 0.8 });
}

const xAt = (lane: Lane, side: -1 | 1, s: number): number => lane.vanishX + side * s * lane.half;
const yAt = (lane: Lane, s: number, above: number): number => lane.horizonY + s * (lane.drop - above);

function quad(
  ctx: SKRSContext2D,
  lane: Lane,
  p: { side: -1 | 1; far: number; near: number; low: number; high: number },
): void {
  const [farX, nearX] = [xAt(lane, p.side, p.far), xAt(lane, p.side, p.near)];
  ctx.beginPath();
  ctx.moveTo(farX, yAt(lane, p.far, p.low));
  ctx.lineTo(farX, yAt(lane, p.far, p.high));
  ctx.lineTo(nearX, yAt(lane, p.near, p.high));
  ctx.lineTo(nearX, yAt(lane, p.near, p.low));
  ctx.fill();
}

function house(kit: Kit, ctx: SKRSContext2D, lane: Lane, p: House, lights: StreetLight[]): void {
  const { palette, random } = kit;
  const dark = isDark(kit);
  const [farX, nearX] = [xAt(lane, p.side, p.far), xAt(lane, p.side, p.near)];
  // The end wall that stands up behind a lower neighbour.
  ctx.fillStyle = css(mix(p.base, palette.shade, 0.45));
  const topY = yAt(lane, p.near, p.tall);
  const outer = p.side * lane.half * p.near * (OUTER - 1);
  ctx.fillRect(Math.min(nearX, nearX + outer), topY, Math.abs(outer), yAt(lane, p.near, 0) - topY);
  const gradient = ctx.createLinearGradient(farX, 0, nearX, 0);
  const glare = dark ? mix(palette.accent, palette.light, 0.35) : palette.light;
  gradient.addColorStop(0, css(mix(p.base, glare, dark ? 0.3 : 0.34)));
  gradient.addColorStop(1, css(mix(p.base, palette.shade, 0.18)));
  ctx.fillStyle = gradient;
  quad(ctx, lane, { ...p, low: 0, high: p.tall });
  panes(kit, ctx, lane, p);
  const shopHigh = kit.h * 0.115;
  if (dark || random.chance(0.6)) shop(kit, ctx, lane, p, shopHigh, lights);
  const cornice = mix(p.base, palette.shade, 0.5);
  ctx.fillStyle = css(cornice);
  quad(ctx, lane, { ...p, low: shopHigh * 1.1, high: shopHigh * 1.22 });
  quad(ctx, lane, { ...p, low: p.tall * 0.975, high: p.tall * 1.01 });
  if (random.chance(0.85)) sign(kit, ctx, lane, p, shopHigh, lights);
}

/** Depth runs as 1 / s, so equal windows come out narrower far away. */
function slices(p: House, count: number): (at: number) => number {
  const [farZ, nearZ] = [1 / p.far, 1 / p.near];
  return (at) => 1 / (farZ + ((nearZ - farZ) * at) / count);
}

function panes(kit: Kit, ctx: SKRSContext2D, lane: Lane, p: House): void {
  const { random, palette, h } = kit;
  const dark = isDark(kit);
  const columns = Math.max(2, Math.min(9, Math.round((1 / p.far - 1 / p.near) / 0.16)));
  const sAt = slices(p, columns);
  const floor = h * 0.075;
  const share = dark ? random.between(0.18, 0.5) : 0.85;
  const warm: Rgb = mix([255, 200, 125], palette.light, 0.15);
  for (let low = h * 0.16; low + floor < p.tall; low += floor) {
    for (let column = 0; column < columns; column++) {
      const lit = random.chance(share);
      const colour = dark
        ? lit
          ? random.chance(0.7)
            ? warm
            : palette.light
          : mix(palette.shade, palette.sky, 0.5)
        : mix(palette.sky, palette.shade, 0.35);
      ctx.fillStyle = css(colour, lit && dark ? random.between(0.3, 0.9) : 0.5);
      quad(ctx, lane, {
        side: p.side,
        far: sAt(column + 0.26),
        near: sAt(column + 0.76),
        low: low + floor * 0.2,
        high: low + floor * 0.78,
      });
    }
  }
}

/** A lit shop front. */
function shop(kit: Kit, ctx: SKRSContext2D, lane: Lane, p: House, high: number, lights: StreetLight[]): void {
  const { random, palette } = kit;
  const dark = isDark(kit);
  const colour: Rgb = random.pick([mix([255, 190, 110], palette.light, 0.2), palette.accent, palette.light]);
  const [top, bottom] = [yAt(lane, p.near, high), yAt(lane, p.near, 0)];
  const gradient = ctx.createLinearGradient(0, top, 0, bottom);
  gradient.addColorStop(0, css(mix(colour, [255, 255, 255], 0.25), dark ? 0.85 : 0.35));
  gradient.addColorStop(1, css(colour, dark ? 0.16 : 0.05));
  ctx.fillStyle = gradient;
  const sAt = slices(p, 3);
  for (let pane = 0; pane < 3; pane++)
    quad(ctx, lane, { side: p.side, far: sAt(pane + 0.1), near: sAt(pane + 0.9), low: high * 0.12, high: high * 0.92 });
  if (dark)
    lights.push({
      x: (xAt(lane, p.side, p.far) + xAt(lane, p.side, p.near)) / 2,
      s: (p.far + p.near) / 2,
      colour,
      strength: 0.5,
    });
}

/** A sign hung across the pavement; by night a tube with its halo. Strokes stand for writing nobody can read from here. */
function sign(kit: Kit, ctx: SKRSContext2D, lane: Lane, p: House, shopHigh: number, lights: StreetLight[]): void {
  const { random, palette, unit } = kit;
  const dark = isDark(kit);
  const s = random.between(p.far, p.near);
  if (s > 1.5) return;
  const colour: Rgb = random.pick([
    palette.accent,
    palette.light,
    mix(palette.accent, [255, 205, 80], 0.75),
    mix(palette.light, [90, 255, 190], 0.6),
  ]);
  const [width, height] = [unit * 0.062 * s, unit * s * random.between(0.16, 0.3)];
  const x = p.side < 0 ? xAt(lane, p.side, s) : xAt(lane, p.side, s) - width;
  const y = yAt(lane, s, shopHigh * random.between(1.25, 2.4)) - height;
  if (dark) {
    glow(ctx, { x: x + width / 2, y: y + height / 2, radius: height * 1.05, colour, alpha: 0.5 });
    lights.push({ x: x + width / 2, s, colour, strength: 1 });
  }
  ctx.fillStyle = css(mix(palette.shade, colour, dark ? 0.2 : 0.4), 0.95);
  ctx.fillRect(x, y, width, height);
  ctx.strokeStyle = css(mix(colour, [255, 255, 255], 0.4), dark ? 0.95 : 0.5);
  ctx.lineWidth = Math.max(1, unit * 0.0035 * s);
  ctx.strokeRect(x + width * 0.1, y + height * 0.03, width * 0.8, height * 0.94);
  const cells = Math.max(2, Math.round(height / (width * 0.8)));
  for (let cell = 0; cell < cells; cell++)
    glyph(
      kit,
      ctx,
      x + width / 2,
      y + (height * (cell + 0.62)) / (cells + 0.24),
      Math.min(width * 0.5, height / (cells + 1)),
    );
}

function glyph({ random }: Kit, ctx: SKRSContext2D, x: number, y: number, size: number): void {
  ctx.beginPath();
  for (let stroke = 0; stroke < 3; stroke++) {
    const flat = random.chance(0.5);
    const at = random.between(-0.4, 0.4) * size;
    ctx.moveTo(x + (flat ? -size * 0.42 : at), y + (flat ? at : -size * 0.42));
    ctx.lineTo(x + (flat ? size * 0.42 : at + size * 0.1), y + (flat ? at : size * 0.42));
  }
  ctx.stroke();
}
