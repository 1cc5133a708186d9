import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Shot, Storyboard } from '../storyboard/plan.ts';
import { type Air, createAir } from './air.ts';
import { viewAt } from './camera.ts';
import { type Cards, createCards } from './cards.ts';
import { createFinish } from './finish.ts';
import { createFootage, type Footage } from './footage.ts';
import { clamp, createNoise, smoothstep } from './noise.ts';
import type { Painter, PainterOptions, Picture } from './painting.ts';
import { createKit, createStage } from './stage.ts';

/** The last picture stands still this long, so that the last frame meets it at any frame rate from 12 a second. */
const HOLD_MS = 90;
/** How long words take to show on a given picture, and how long before a given last picture they are gone again. */
const GROW_MS = 1_400;

/** What is drawn during one shot. */
type Scenery = { draw(ctx: SKRSContext2D, atMs: number): void };

/** Prepares the drawing of a whole clip. A shot's layers are painted when its first frame is asked for. */
export function createPainter(p: PainterOptions): Painter {
  const { storyboard, widthPx: w, heightPx: h, seed } = p;
  const finish = createFinish({ w, h, seed, edge: [4, 4, 8], strength: 0.4 });
  const build = createBuilder(p);
  const arrival = p.last === undefined ? undefined : createArrival(p.last, p);
  let current: { readonly index: number; readonly scenery: Scenery } | undefined;
  return {
    draw(ctx, atMs) {
      const time = clamp(atMs, 0, storyboard.durationMs);
      const index = indexAt(storyboard, time);
      const shot = storyboard.shots[index];
      if (shot === undefined) return;
      ctx.globalAlpha = 1;
      ctx.globalCompositeOperation = 'source-over';
      const arrived = arrival?.shareAt(time) ?? 0;
      if (arrived < 1) {
        if (current?.index !== index) {
          // Let go of the old layers first: two shots at once would double the memory.
          current = undefined;
          current = { index, scenery: build(shot, index) };
        }
        current.scenery.draw(ctx, time);
      }
      if (arrived > 0) arrival?.footage.draw(ctx, time, arrived);
      finish.draw(ctx, time, finishShare(p, time));
    },
  };
}

function indexAt({ shots }: Storyboard, atMs: number): number {
  const index = shots.findIndex(({ endMs }) => atMs < endMs);
  return index < 0 ? shots.length - 1 : index;
}

/** 0 where a given picture must be seen exactly, growing away from there. */
function finishShare({ first, last, storyboard }: PainterOptions, atMs: number): number {
  const growMs = Math.min(GROW_MS, storyboard.durationMs / 3);
  const since = first === undefined ? 1 : smoothstep(0, growMs, atMs);
  const until = last === undefined ? 1 : smoothstep(HOLD_MS, growMs + HOLD_MS, storyboard.durationMs - atMs);
  return since * until;
}

function createArrival(
  picture: Picture,
  p: PainterOptions,
): { readonly footage: Footage; shareAt(atMs: number): number } {
  const { durationMs, shots } = p.storyboard;
  const endMs = Math.max(1, durationMs - HOLD_MS);
  // Between two given pictures the change is the film; after painted shots the picture is the last of them.
  const [from, to] = p.first === undefined ? [endMs * 0.72, endMs * 0.86] : [endMs * 0.4, endMs * 0.78];
  const camera = shots.at(-1)?.camera ?? { move: 'push-in', pace: 0.7, shake: 0 };
  const footage = createFootage({ picture, w: p.widthPx, h: p.heightPx, camera, startMs: from, endMs, exactAt: 'end' });
  return { footage, shareAt: (atMs) => smoothstep(from, to, atMs) };
}

/** Decides what a shot shows: the given first picture all through, else the painted scene, with references either
 *  filling every other shot or held into the scene. */
function createBuilder(p: PainterOptions): (shot: Shot, index: number) => Scenery {
  const { storyboard, widthPx: w, heightPx: h, seed, first, pictures = [] } = p;
  const noise = createNoise(seed);
  const size = { w, h, seed, noise };
  const camera = storyboard.shots[0]?.camera ?? { move: 'push-in', pace: 0.7, shake: 0 };
  const opening =
    first === undefined
      ? undefined
      : createFootage({ picture: first, w, h, camera, startMs: 0, endMs: storyboard.durationMs, exactAt: 'start' });
  return (shot, index) => {
    const shown = picturesOf(pictures, index, storyboard.shots.length);
    const only = shown[0];
    if (opening !== undefined) {
      const air = airOver(shot, p, size);
      const cards = cardsIn(shot, shown, p, GROW_MS);
      return layered(opening, air, cards);
    }
    if (only !== undefined && shown.length === 1 && index % 2 === 1) {
      const span = { startMs: shot.startMs, endMs: shot.endMs };
      const footage = createFootage({ picture: only, w, h, camera: shot.camera, ...span, exactAt: 'start' });
      return layered(footage, airOver(shot, p, size));
    }
    return layered(createStage(shot, size), cardsIn(shot, shown, p, 0));
  };
}

const layered = (...parts: readonly (Scenery | undefined)[]): Scenery => ({
  draw: (ctx, atMs) => {
    for (const part of parts) part?.draw(ctx, atMs);
  },
});

/** Each reference belongs to one shot; when there are more shots than references they come round again. */
function picturesOf(pictures: readonly Picture[], index: number, shotCount: number): readonly Picture[] {
  if (pictures.length === 0) return [];
  const own = pictures.filter((_, at) => at % shotCount === index);
  const again = pictures[index % pictures.length];
  return own.length > 0 || again === undefined ? own : [again];
}

function cardsIn(shot: Shot, pictures: readonly Picture[], p: PainterOptions, delayMs: number): Cards | undefined {
  if (pictures.length === 0) return undefined;
  const startMs = Math.min(shot.startMs + delayMs, (shot.startMs + shot.endMs) / 2);
  return createCards({
    pictures,
    w: p.widthPx,
    h: p.heightPx,
    palette: shot.scene.palette,
    startMs,
    endMs: shot.endMs,
  });
}

/** The weather of the words over a given picture, growing from nothing. */
function airOver(shot: Shot, p: PainterOptions, size: Parameters<typeof createKit>[1]): Scenery {
  const air: Air = createAir(createKit(shot, size));
  return {
    draw(ctx, atMs) {
      const share = finishShare(p, atMs) * smoothstep(0, GROW_MS / 2, atMs - shot.startMs);
      if (share > 0.01) air.draw(ctx, viewAt(shot, atMs, p.seed), atMs / 1_000, share);
    },
  };
}
