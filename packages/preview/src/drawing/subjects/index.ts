import type { Path2D } from '@napi-rs/canvas';
import { css, luma, mix } from '../../storyboard/colour.ts';
import type { Framing, Place, Subject, SubjectKind } from '../../storyboard/plan.ts';
import { createRandom, mixSeed } from '../../storyboard/random.ts';
import { isDark } from '../places/city.ts';
import { createSheet, crop, glow, type Kit, type Layer, type Setting, type Sheet, toLayer } from '../sheet.ts';
import { balloon, plane, spaceship } from './aircraft.ts';
import { bird, birds, butterfly, cat, dragon, rabbit } from './animals.ts';
import { bear, deer, dog, elephant, fox, horse } from './beasts.ts';
import { bridge, castle, house, tower } from './buildings.ts';
import { elder } from './glassblower.ts';
import { hands } from './hands.ts';
import { guitar, piano } from './instruments.ts';
import { fire, lantern } from './lights.ts';
import type { Brush, Model } from './model.ts';
import { child, couple, crowd, dancer, face, person, robot, runner, umbrella } from './people.ts';
import { flowers, tree } from './plants.ts';
import { fish, jellyfish, turtle, whale } from './sea-life.ts';
import { book, bottle, cup, fruit, screen, vase } from './things.ts';
import { bicycle, boat, car, train } from './vehicles.ts';

// The moon and planets belong to their skies, and are painted there.
const MODELS: Record<Exclude<SubjectKind, 'moon' | 'planet'>, Model> = {
  person,
  couple,
  crowd,
  child,
  elder,
  dancer,
  runner,
  face,
  hands,
  robot,
  umbrella,
  cat,
  dog,
  fox,
  horse,
  deer,
  bear,
  elephant,
  rabbit,
  bird,
  birds,
  butterfly,
  dragon,
  fish,
  whale,
  jellyfish,
  turtle,
  car,
  train,
  bicycle,
  boat,
  plane,
  balloon,
  spaceship,
  tree,
  flowers,
  house,
  castle,
  tower,
  bridge,
  lantern,
  vase,
  cup,
  bottle,
  fruit,
  book,
  screen,
  guitar,
  piano,
  fire,
};

/** A standing person's height as part of the frame's unit. */
const HEIGHT: Record<Framing, number> = { wide: 0.27, medium: 0.42, close: 0.78 };
const MAX_REACH = 0.62;

type Placed = {
  readonly model: Model;
  readonly kind: SubjectKind;
  readonly x: number;
  readonly footY: number;
  readonly size: number;
  readonly depth: number;
};

/** The subjects of a shot as layers, with the shelf that some stand on and others stand behind. */
export function paintSubjects(kit: Kit, setting: Setting): readonly Layer[] {
  const far: Layer[] = [];
  const behind: Layer[] = [];
  const before: Layer[] = [];
  let usesShelf = kit.scene.place !== 'studio';
  const placed = shownSubjects(kit).flatMap((subject, index) => place(kit, setting, subject, index));
  // A near view of people has no room for the table before them.
  if (placed.some(({ model }) => model.cut === true)) usesShelf = false;
  for (const one of placed) {
    const layer = paint(kit, setting, one);
    const onShelf = one.model.stand === 'shelf' && setting.shelf !== undefined;
    if (onShelf) usesShelf = true;
    if (one.model.stand === 'far' || one.model.stand === 'air') far.push(layer);
    else if (onShelf) before.push(layer);
    else behind.push(layer);
  }
  const shelf = setting.shelf !== undefined && usesShelf ? [setting.shelf.layer] : [];
  return [...far, ...behind, ...shelf, ...before];
}

/** Hands that shape glass hold it already; it need not stand beside them. */
function shownSubjects({ scene }: Kit): readonly Subject[] {
  const working = scene.framing === 'close' && scene.lights.includes('molten');
  const busy = scene.subjects.some(({ kind }) => kind === 'hands' || kind === 'elder');
  return working && busy ? scene.subjects.filter(({ kind }) => kind !== 'vase') : scene.subjects;
}

function modelOf(kind: SubjectKind, framing: Framing): Model | undefined {
  if (kind === 'moon' || kind === 'planet') return undefined;
  const model = MODELS[kind];
  return framing === 'close' ? (model.close ?? model) : model;
}

function place(kit: Kit, setting: Setting, subject: Subject, index: number): readonly Placed[] {
  const { scene, w, unit } = kit;
  const model = modelOf(subject.kind, scene.framing);
  if (model === undefined) return [];
  const random = createRandom(mixSeed(scene.variant, `${subject.kind} ${scene.framing}`));
  const many = model.stand === 'far' || subject.kind === 'crowd' || subject.kind === 'birds' || subject.kind === 'fish';
  const copies = many ? 1 : Math.min(subject.count, 3);
  const size = sizeOf(kit, model, index);
  return Array.from({ length: copies }, (_, copy) => {
    const own = size * (index === 0 ? 1 : 0.86) * (copy === 0 ? 1 : random.between(0.72, 0.88));
    const aside = [0.5, 0.27, 0.74][index] ?? 0.5;
    const spread = copy === 0 ? 0 : (copy === 1 ? 1 : -1) * Math.min(0.3, (own * model.reach * 1.3) / w + 0.1);
    // The first subject stands where thirds would put it, away from the light, when there is room.
    const shift =
      index === 0 && copies === 1 && w > kit.h && scene.framing !== 'close'
        ? setting.lightX > w / 2
          ? -0.09
          : 0.09
        : 0;
    return {
      model,
      kind: subject.kind,
      x: w * (aside + spread + shift),
      footY: footOf(kit, setting, model, own) + copy * unit * 0.01,
      size: own,
      depth: model.stand === 'far' ? 0.4 : 1,
    };
  });
}

const INSIDE: readonly Place[] = ['interior', 'workshop'];

/** The figure's height in frame pixels. */
function sizeOf({ scene, unit, w, h }: Kit, model: Model, index: number): number {
  const close = scene.framing === 'close';
  // Rooms are small, and a tall frame is narrow: figures stand nearer in both.
  const room = (INSIDE.includes(scene.place) && model.stand === 'floor' ? 1.55 : 1) * (h > w * 1.2 && !close ? 1.2 : 1);
  // What stands on a table, and what a shot is about, is seen from nearer than a figure in a landscape.
  const least = close ? 0.62 : model.stand === 'shelf' ? 0.5 : index === 0 ? 0.42 : 0;
  const natural = Math.max(model.height, least) * room;
  if (model.cut === true) return Math.min(unit * HEIGHT[scene.framing] * natural, h * 0.95, w / model.reach);
  return Math.min(unit * HEIGHT[scene.framing] * natural, (w * MAX_REACH) / Math.min(model.reach, 2.2), h * 0.62);
}

/** The frame height of the figure's feet. */
function footOf(kit: Kit, setting: Setting, model: Model, size: number): number {
  const { h, scene } = kit;
  switch (model.stand) {
    case 'air':
      return Math.min(h * 0.62, setting.floorY * 0.62) + size * 0.35;
    case 'far':
      return Math.min(setting.floorY, h * 0.78);
    case 'water':
      return setting.floorY;
    case 'shelf':
      return setting.shelf === undefined ? setting.floorY : setting.shelf.y;
    case 'floor': {
      // Near figures are cut by the frame's lower edge, as in any close shot.
      if (model.cut === true) return Math.max(h * 0.86, h * 0.56 + size * 0.55);
      if (setting.shelf !== undefined && scene.place !== 'studio')
        return Math.min(setting.floorY, setting.shelf.y + size * 0.34);
      return setting.floorY;
    }
  }
}

function paint(kit: Kit, setting: Setting, p: Placed): Layer {
  const { model, size } = p;
  const pad = size * 0.12;
  const reach = model.reach * size;
  const below = model.stand === 'water' || model.stand === 'air' || model.stand === 'far' ? size * 0.3 : size * 0.08;
  const above = size * (model.top ?? (model.detail === undefined ? 1.12 : 1.75));
  const bottom = model.cut === true ? kit.h + kit.marginY : Math.min(p.footY + below, kit.h + kit.marginY);
  const left = Math.max(p.x - reach - pad, -kit.marginX * 2);
  const right = Math.min(p.x + reach + pad, kit.w + kit.marginX * 2);
  const box = { x: left, y: p.footY - above, w: Math.max(4, right - left), h: Math.max(4, bottom - p.footY + above) };
  const sheet = createSheet(box, kit.density);
  draw(kit, setting, p, sheet);
  const cropped = crop(sheet);
  const sway = model.sway;
  return toLayer(cropped, p.depth, {
    ...(sway !== undefined && {
      sway: { x: sway.x * size, y: sway.y * size, seconds: sway.seconds, phase: (p.x / kit.w) % 1 },
    }),
  });
}

function draw(kit: Kit, setting: Setting, p: Placed, { ctx }: Sheet): void {
  const { palette, scene } = kit;
  const { model, size } = p;
  const lightSide = setting.lightX >= p.x ? 1 : -1;
  const random = createRandom(mixSeed(scene.variant, `look ${p.kind}`));
  if (model.stand === 'floor' || model.stand === 'shelf') {
    glow(ctx, {
      x: p.x,
      y: p.footY,
      radius: Math.min(model.reach, 1) * size * 0.6,
      colour: palette.shade,
      alpha: 0.55,
      squash: 0.09,
    });
  }
  ctx.save();
  ctx.translate(p.x, p.footY);
  ctx.scale(size, size);
  // Figures walk and look towards the light, which also puts their lit edge in front.
  const facing = model.shape !== undefined && model.close !== undefined ? lightSide : random.chance(0.5) ? 1 : -1;
  ctx.scale(facing, 1);
  const brush: Brush = {
    ctx,
    palette,
    random,
    dark: isDark(kit) || scene.place === 'workshop',
    molten: scene.lights.includes('molten'),
    lightSide: (lightSide * facing) as -1 | 1,
  };
  const path = model.shape?.(random);
  if (path !== undefined) silhouette(kit, brush, path, p);
  model.detail?.(brush);
  ctx.restore();
}

/** A dark body with light along the edges that face it: seen against the light, as concept painters place figures. */
function silhouette(kit: Kit, { ctx, palette, lightSide }: Brush, path: Path2D, p: Placed): void {
  const far = p.depth < 0.7 ? 0.4 : 0;
  const open = luma(palette.horizon) / 255;
  const body = mix(mix(palette.shade, palette.ground, 0.1 + 0.1 * open), palette.haze, far);
  const rim = mix(palette.light, [255, 255, 255], 0.12);
  const width = Math.max(0.009, 0.9 / p.size);
  ctx.fillStyle = css(mix(rim, body, far));
  ctx.fill(path);
  for (const [step, share] of [
    [0.45, 0.45],
    [1, 0.85],
    [1.8, 1],
  ] as const) {
    ctx.save();
    ctx.clip(path);
    ctx.translate(-lightSide * width * step, width * step * 0.55);
    const gradient = ctx.createLinearGradient(0, -1, 0, 0);
    const tone = mix(rim, body, share);
    gradient.addColorStop(0, css(mix(tone, palette.horizon, 0.1)));
    gradient.addColorStop(1, css(mix(tone, palette.shade, 0.4)));
    ctx.fillStyle = gradient;
    ctx.fill(path);
    ctx.restore();
  }
  ctx.save();
  ctx.clip(path);
  const wash = ctx.createLinearGradient(lightSide * 0.35, 0, -lightSide * 0.35, 0);
  wash.addColorStop(0, css(palette.light, 0.2));
  wash.addColorStop(0.6, css(palette.light, 0));
  ctx.fillStyle = wash;
  ctx.fillRect(-kit.w, -2, kit.w * 2, 3);
  ctx.restore();
}
