import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { MediaFile, RenderResult } from '../contract.ts';
import type { Picture } from '../drawing/index.ts';
import { loadPicture } from '../media/pictures.ts';
import type { Storyboard } from '../storyboard/index.ts';
import { createRandom } from '../storyboard/random.ts';
import { drawCover, type Placement } from './draw-picture.ts';
import { drawSize, writeFilm } from './film.ts';
import { filmSound } from './film-sound.ts';
import { createGrade } from './grade.ts';
import type { JobInput } from './job.ts';
import { createMorph } from './morph.ts';
import { toPrompt, toScript } from './script.ts';
import { styleOf } from './styled.ts';

/** Draws the way from one picture (0) to another (1) over the whole frame. */
type Transition = (context: SKRSContext2D, share: number) => void;
type Pair = { readonly first: Picture; readonly last: Picture; readonly size: { widthPx: number; heightPx: number } };

/** Enough for 720p: every frame is drawn twice and more. */
const MAX_PIXELS = 930_000;

/** From the first picture to the last one, both exact, in the way the words ask for; the camera leaves and returns. */
export async function transit(input: JobInput, p: { first: MediaFile; last: MediaFile }): Promise<RenderResult> {
  const { request, geometry } = input;
  const plan = toScript(request, geometry.durationMs);
  const size = drawSize(geometry, MAX_PIXELS);
  const [first, last] = await Promise.all([loadPicture(p.first.path), loadPicture(p.last.path)]);
  const isLoop = p.first === p.last;
  const transition = (isLoop ? still : chooseTransition(toPrompt(request)))({ first, last, size });
  const move = createMove(plan);
  const grade = createGrade(plan);
  const style = styleOf(request);
  const stage = createCanvas(size.widthPx, size.heightPx);
  return writeFilm(input, {
    geometry,
    size,
    sound: await filmSound(input, plan),
    draw: (context, { atMs, fraction }) => {
      // Nothing but the pictures at both ends.
      const away = Math.sin(Math.PI * fraction) ** 2;
      transition(stage.getContext('2d'), ease(0.12, 0.88, fraction));
      drawCover(context, stage, move(away));
      context.globalAlpha = 0.5 * away;
      grade(context, atMs);
      context.globalAlpha = 1;
      style?.(context, Math.min(1, 2.5 * away));
    },
  });
}

/** How far the camera goes when it is furthest away, by the plan's first move. */
function createMove({ shots }: Storyboard): (away: number) => Placement {
  const camera = shots[0]?.camera ?? { move: 'push-in', pace: 1, shake: 0 };
  const reach = 0.06 * Math.min(2.2, camera.pace);
  const side = { left: 1, right: -1 }[camera.move.split('-')[1] ?? ''] ?? 0;
  const rise = { up: 1, down: -1 }[camera.move.split('-')[1] ?? ''] ?? 0;
  if (camera.move === 'static') return () => ({});
  // A move to the side needs room at the edges, so it always goes nearer too.
  return (away) => ({
    zoom: 1 + away * reach * (side === 0 && rise === 0 ? 2 : 1.6),
    shiftX: side * away * reach * 0.7,
    shiftY: rise * away * reach * 0.7,
    turn: camera.move.startsWith('orbit') ? side * away * reach * 0.3 : 0,
  });
}

/** Words that ask for a way of changing; without one the pictures morph. */
const BY_WORDS: readonly (readonly [RegExp, (pair: Pair) => Transition])[] = [
  [/\bwipe|slides? (?:in|over|across)|swipe|划像|滑入|推入/i, wipe],
  [/whip|spin|rotat|twirl|vortex|旋转|甩镜/i, spin],
  [/zoom through|fly through|tunnel|portal|push through|穿越|穿过|推进/i, fly],
  [/burn|particle|dust|smoke|sand|ash|shatter|dissolve into|燃烧|粒子|烟雾|消散/i, crumble],
  [/cross-?fade|dissolve|fade|blend|淡入|淡出|叠化|渐变/i, crossfade],
];

function chooseTransition(words: string): (pair: Pair) => Transition {
  return BY_WORDS.find(([word]) => word.test(words))?.[1] ?? createMorph;
}

function layer(context: SKRSContext2D, picture: Picture, p: { alpha: number; placement?: Placement }): void {
  context.globalAlpha = p.alpha;
  drawCover(context, picture, p.placement);
  context.globalAlpha = 1;
}

/** One picture at both ends: only the camera leaves it. */
function still({ first }: Pair): Transition {
  return (context) => drawCover(context, first);
}

function crossfade({ first, last }: Pair): Transition {
  return (context, share) => {
    layer(context, first, { alpha: 1 });
    layer(context, last, { alpha: share });
  };
}

function wipe({ first, last }: Pair): Transition {
  return (context, share) => {
    const { width, height } = context.canvas;
    layer(context, first, { alpha: 1, placement: { shiftX: -0.25 * share, zoom: 1 + 0.6 * share } });
    context.save();
    context.beginPath();
    context.rect(width * (1 - share), 0, width, height);
    context.clip();
    drawCover(context, last);
    context.restore();
  };
}

function spin({ first, last }: Pair): Transition {
  return (context, share) => {
    const speed = Math.sin(Math.PI * share);
    // Six copies, each a little further on, are the blur of a quick turn.
    for (let copy = 0; copy < 6; copy += 1) {
      const turn = (share < 0.5 ? share : share - 1) * 2.4 + 0.07 * copy * speed;
      const placement = { zoom: 1 + 1.3 * speed, turn };
      layer(context, share < 0.5 ? first : last, { alpha: 1 / (copy + 1), placement });
    }
  };
}

function fly({ first, last }: Pair): Transition {
  return (context, share) => {
    layer(context, last, { alpha: 1, placement: { zoom: 1 + 0.5 * (1 - share) } });
    if (share < 1)
      layer(context, first, { alpha: 1 - ease(0.45, 0.9, share), placement: { zoom: 1 + 7 * share ** 3 } });
  };
}

const GRAIN_SIDE = 96;

/** The first picture goes to pieces, the dark ones first. */
function crumble({ first, last, size }: Pair): Transition {
  const tall = Math.max(2, Math.round((GRAIN_SIDE * size.heightPx) / size.widthPx));
  const small = createCanvas(GRAIN_SIDE, tall);
  drawCover(small.getContext('2d'), first);
  const bright = small.getContext('2d').getImageData(0, 0, GRAIN_SIDE, tall).data;
  const random = createRandom(GRAIN_SIDE);
  const order = Float32Array.from({ length: GRAIN_SIDE * tall }, (_, at) => {
    return 0.55 * ((bright[at * 4 + 1] ?? 0) / 255) + 0.45 * random.next();
  });
  const mask = createCanvas(GRAIN_SIDE, tall);
  const cut = createCanvas(size.widthPx, size.heightPx);
  return (context, share) => {
    const image = new ImageData(GRAIN_SIDE, tall);
    for (let at = 0; at < order.length; at += 1) {
      const gone = share * 1.2 - (order[at] ?? 0) - 0.1;
      image.data[at * 4 + 3] = Math.max(0, Math.min(255, 255 - (gone + 0.06) * 3000));
    }
    mask.getContext('2d').putImageData(image, 0, 0);
    const paper = cut.getContext('2d');
    paper.clearRect(0, 0, cut.width, cut.height);
    drawCover(paper, first, { zoom: 1 + 0.08 * share });
    paper.globalCompositeOperation = 'destination-in';
    paper.drawImage(mask, 0, 0, cut.width, cut.height);
    paper.globalCompositeOperation = 'source-over';
    drawCover(context, last);
    if (share < 1) context.drawImage(cut, 0, 0);
  };
}

function ease(from: number, to: number, at: number): number {
  const part = Math.max(0, Math.min(1, (at - from) / (to - from)));
  return part * part * (3 - 2 * part);
}
