import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { css, mix } from '../storyboard/colour.ts';
import type { Weather } from '../storyboard/plan.ts';
import type { View } from './camera.ts';
import { FLIGHTS, type Flight, type Mote } from './flights.ts';
import type { Kit } from './sheet.ts';

/** What floats, falls and rises between the camera and the scene. */
export type Air = { draw(ctx: SKRSContext2D, view: View, seconds: number, share?: number): void };

const usualAir = ({ scene }: Kit): readonly Weather[] => {
  switch (scene.place) {
    case 'workshop':
    case 'interior':
    case 'forest':
    case 'desert':
      return ['dust'];
    case 'underwater':
      return ['bubbles', 'dust'];
    default:
      return [];
  }
};

export function createAir(kit: Kit): Air {
  const kinds = new Set([...kit.scene.weather, ...usualAir(kit)]);
  const parts: Air[] = [];
  for (const kind of kinds) {
    const flight = FLIGHTS[kind];
    if (flight !== undefined) parts.push(createFlight(kit, flight));
  }
  if (kinds.has('rain') || kinds.has('storm')) parts.push(createRain(kit));
  if (kinds.has('storm') || kit.scene.lights.includes('flash')) parts.push(createFlash(kit));
  return {
    draw(ctx, view, seconds, share = 1) {
      for (const part of parts) part.draw(ctx, view, seconds, share);
    },
  };
}

const wrap = (value: number, length: number): number => value - Math.floor(value / length) * length;

function createFlight(kit: Kit, flight: Flight): Air {
  const { w, h, random, unit } = kit;
  const sprites = flight.sprites(kit);
  const motes: Mote[] = Array.from({ length: flight.count }, () => {
    const depth = 0.35 + 1.4 * random.next() ** 2;
    const [least, most] = flight.size;
    return {
      x: random.next(),
      y: random.next(),
      depth,
      size: unit * (least + (most - least) * (depth / 1.75)),
      phase: random.next(),
    };
  });
  const [spanX, spanY] = [w * 1.2, h * 1.2];
  return {
    draw(ctx, view, seconds, share = 1) {
      ctx.globalCompositeOperation = flight.blend;
      ctx.imageSmoothingEnabled = true;
      for (const mote of motes) {
        const { depth, phase } = mote;
        const wave = Math.sin((seconds * (0.16 + 0.2 * phase) + phase) * Math.PI * 2);
        const blink = flight.blinks
          ? 0.5 + 0.5 * Math.sin((seconds * flight.hz * (0.6 + phase) + phase * 7) * Math.PI * 2)
          : 1;
        const alpha = share * flight.alpha * blink;
        if (alpha < 0.05) continue;
        const x =
          mote.x * spanX +
          (flight.wind * seconds * depth + flight.wander * wave + (view.turnX + view.sideX * depth)) * h;
        const y =
          mote.y * spanY +
          (flight.fall * seconds * (0.4 + 0.6 * depth) + flight.wander * 0.4 * wave + view.turnY + view.sideY * depth) *
            h;
        const size = mote.size * view.zoom * (1 + view.forward * depth);
        const step = Math.floor((seconds * flight.hz + phase) * sprites.length) % sprites.length;
        const picture = sprites[step];
        if (picture === undefined) continue;
        ctx.globalAlpha = alpha;
        ctx.drawImage(picture, wrap(x, spanX) - w * 0.1 - size / 2, wrap(y, spanY) - h * 0.1 - size / 2, size, size);
      }
      ctx.globalAlpha = 1;
    },
  };
}

/** Rain is streaks, as long as a drop falls while the shutter is open. Two whole sheets of it are painted once and
 *  moved by whole pixels, each joining on to itself: a tenth of what drawing the drops would cost. */
function createRain(kit: Kit): Air {
  const { w, h, unit, palette } = kit;
  const heavy = kit.scene.weather.includes('storm');
  const lean = heavy ? 0.28 : 0.1;
  const colour = mix(mix(palette.light, palette.haze, 0.35), [225, 235, 250], 0.5);
  const strength = heavy ? 1.4 : 1;
  const sheets = [
    { count: 190, speed: 1.5, length: 0.038, width: 0.0012, alpha: 0.22, depth: 0.6 },
    { count: 70, speed: 2.1, length: 0.075, width: 0.0019, alpha: 0.3, depth: 1.2 },
  ].map((sheet) => ({
    ...sheet,
    canvas: paintRain(kit, {
      count: sheet.count,
      length: sheet.length * h,
      lean,
      width: Math.max(1, sheet.width * unit),
      colour: css(colour, sheet.alpha * strength),
    }),
  }));
  return {
    draw(ctx, view, seconds, share = 1) {
      ctx.globalCompositeOperation = 'source-over';
      ctx.globalAlpha = share;
      ctx.imageSmoothingEnabled = false;
      for (const { canvas, speed, depth } of sheets) {
        const fallen = wrap(seconds * speed * h + (view.turnY + view.sideY * depth) * h, h);
        const across = wrap(-lean * seconds * speed * h + (view.turnX + view.sideX * depth) * w, w);
        const [x, y] = [Math.round(across), Math.round(fallen)];
        for (const [left, top] of [
          [x, y],
          [x - w, y],
          [x, y - h],
          [x - w, y - h],
        ] as const) {
          if (left < w && top < h && left > -w && top > -h) ctx.drawImage(canvas, left, top);
        }
      }
      ctx.globalAlpha = 1;
      ctx.imageSmoothingEnabled = true;
    },
  };
}

type Rain = {
  readonly count: number;
  readonly length: number;
  readonly lean: number;
  readonly width: number;
  readonly colour: string;
};

/** A sheet of rain the size of the frame; what leaves it on one side enters on the other. */
function paintRain({ w, h, random }: Kit, p: Rain): Canvas {
  const canvas = createCanvas(w, h);
  const ctx = canvas.getContext('2d');
  ctx.strokeStyle = p.colour;
  ctx.lineWidth = p.width;
  ctx.beginPath();
  for (let drop = 0; drop < p.count; drop++) {
    const [x, y, length] = [random.next() * w, random.next() * h, p.length * random.between(0.7, 1.2)];
    for (const [left, top] of [
      [x, y],
      [x - w, y],
      [x, y - h],
    ] as const) {
      ctx.moveTo(left, top + length);
      ctx.lineTo(left + p.lean * length, top);
    }
  }
  ctx.stroke();
  return canvas;
}

/** Lightning: two quick flashes every few seconds. */
function createFlash(kit: Kit): Air {
  const { w, h, random } = kit;
  const everySeconds = random.between(2.6, 4.2);
  const offset = random.next();
  return {
    draw(ctx, _view, seconds, share = 1) {
      const at = wrap(seconds / everySeconds + offset, 1) * everySeconds;
      const light = Math.max(0, 1 - at / 0.12) + 0.6 * Math.max(0, 1 - Math.abs(at - 0.22) / 0.1);
      if (light <= 0.02) return;
      ctx.globalCompositeOperation = 'source-over';
      ctx.globalAlpha = 1;
      ctx.fillStyle = css([226, 234, 255], 0.42 * light * share);
      ctx.fillRect(0, 0, w, h);
    },
  };
}
