import type { SKRSContext2D } from '@napi-rs/canvas';
import { createAir } from '../drawing/air.ts';
import { viewAt } from '../drawing/camera.ts';
import { createFinish } from '../drawing/finish.ts';
import { createPainter, type Picture } from '../drawing/index.ts';
import { createNoise } from '../drawing/noise.ts';
import { createFigures, createKit } from '../drawing/stage.ts';
import { toNumber } from '../geometry.ts';
import { loadPicture } from '../media/pictures.ts';
import { toPictureForm } from '../picture-form/picture-form.ts';
import { cutOut } from '../retouch/cut-out.ts';
import { fitPicture } from '../retouch/fit.ts';
import { copyOf, followOrders, redraw } from '../retouch/follow.ts';
import { type Order, readAdded, readOrders, readTone } from '../retouch/orders.ts';
import { soften } from '../retouch/soften.ts';
import { adjust } from '../retouch/tone.ts';
import { type Shot, type Storyboard, storyboard } from '../storyboard/index.ts';
import { createRandom } from '../storyboard/random.ts';
import { HOUR_WORDS } from '../storyboard/vocabulary/places.ts';
import { LIGHT_WORDS, WEATHER_WORDS } from '../storyboard/vocabulary/things.ts';
import { findValues } from '../storyboard/words.ts';
import { drawCard, drawStanding } from './draw-picture.ts';
import { drawStills } from './draw-stills.ts';
import { createGrade } from './grade.ts';
import type { Job } from './job.ts';
import { readTouches } from './still-touches.ts';
import { readWords, writeStills } from './stills.ts';

/** A caller's picture must stay as sharp as it came, as far as that can be looked at. */
const MAX_EDITED_PIXELS = 8_400_000;
/** When in a plan: what floats in the air has spread by then. */
const MOMENT_MS = 2000;
/** Of the shorter side: details below this size are not kept at low fidelity. */
const LOW_FIDELITY_SHARE = 1 / 400;

type Words = ReturnType<typeof readWords>;
type Size = { readonly w: number; readonly h: number; readonly seed: number };

/** The given picture in the asked size, with what the words ask for done to it; further pictures as cards on it.
 *  Endpoints that take a picture but need none draw from the words alone. */
export const editStills: Job = async (input) => {
  const { request, roles } = input;
  const [first, ...others] = await Promise.all(roles.pictures.map(({ path }) => loadPicture(path)));
  if (first === undefined) return drawStills(input);
  const form = toPictureForm(request);
  const words = readWords(request);
  const [orders, tone] = [readOrders(words.prompt), readTone(words.prompt)];
  const touches = await readTouches(request, words.prompt);
  const strength = toNumber(request.input.strength) ?? 1;
  return writeStills(input, {
    form,
    maxPixels: MAX_EDITED_PIXELS,
    draw: (context, { index, seed }) => {
      const size = { w: context.canvas.width, h: context.canvas.height, seed };
      const plan = planOf(words, seed);
      layDown(context, { picture: first, orders, plan, size, isTransparent: form.isTransparent });
      if (request.input.inputFidelity === 'low') soften(context, LOW_FIDELITY_SHARE * Math.min(size.w, size.h));
      const before = strength < 1 ? copyOf(context) : undefined;
      if (tone !== undefined) adjust(context, tone);
      shine(context, { words, plan, size });
      for (const touch of touches) touch(context);
      add(context, { words, size });
      followOrders(context, orders);
      context.globalAlpha = 1 - strength;
      if (before !== undefined) context.drawImage(before, 0, 0);
      context.globalAlpha = 1;
      if (index > 0) vary(context, seed);
      showOthers(context, others);
      if (!form.isTransparent) createFinish({ ...size, edge: [4, 4, 8], strength: 0.12 }).draw(context, MOMENT_MS, 1);
    },
  });
};

/** One take of the words. */
const planOf = ({ prompt, negativePrompt }: Words, seed: number): Storyboard =>
  storyboard({ prompt, negativePrompt, durationMs: 2 * MOMENT_MS, seed, fixedCamera: true });

function takeOf({ shots: [shot] }: Storyboard): Shot {
  if (shot === undefined) throw new Error('a plan has a shot');
  return shot;
}

type Subject = {
  readonly picture: Picture;
  readonly orders: readonly Order[];
  readonly plan: Storyboard;
  readonly size: Size;
  readonly isTransparent: boolean;
};

/** The picture before the background that is asked for: the place that the words name, or the empty canvas. */
function layDown(context: SKRSContext2D, { picture, orders, plan, size, isTransparent }: Subject): void {
  const isCut = isTransparent || orders.includes('remove-background') || orders.includes('white-background');
  if (!isCut && !orders.includes('replace-background')) {
    fitPicture(context, picture);
    return;
  }
  if (!isCut) paintPlace(context, plan, size);
  drawStanding(context, cutOut(picture), isCut ? 1 : 0.86);
}

/** The place that the words name, without whom they put there: that is the picture. */
function paintPlace(context: SKRSContext2D, plan: Storyboard, { w, h, seed }: Size): void {
  const shots = plan.shots.map((shot) => ({ ...shot, scene: { ...shot.scene, subjects: [] } }));
  createPainter({ storyboard: { ...plan, shots }, widthPx: w, heightPx: h, seed }).draw(context, MOMENT_MS);
}

const GRADE_ALPHA = 0.6;

/** The light of an hour, a weather or a lamp that the words name, and what then floats in the air. */
function shine(context: SKRSContext2D, p: { words: Words; plan: Storyboard; size: Size }): void {
  const isNamed =
    findValues(HOUR_WORDS, p.words.prompt).length > 0 ||
    findValues(WEATHER_WORDS, p.words.prompt).length > 0 ||
    findValues(LIGHT_WORDS, p.words.prompt).length > 0;
  if (!isNamed) return;
  context.globalAlpha = GRADE_ALPHA;
  createGrade(p.plan)(context, 0);
  context.globalAlpha = 1;
  const shot = takeOf(p.plan);
  // A studio has no air of its own: only what the words name is seen.
  const bare: Shot = { ...shot, scene: { ...shot.scene, place: 'studio' } };
  const air = createAir(createKit(bare, { ...p.size, noise: createNoise(p.size.seed) }));
  air.draw(context, viewAt(bare, MOMENT_MS, p.size.seed), MOMENT_MS / 1000);
}

/** Of the width: added figures stand beside the middle, where the picture's own subject is. */
const ASIDE = 0.2;

function add(context: SKRSContext2D, { words, size }: { words: Words; size: Size }): void {
  const prompt = readAdded(words.prompt);
  if (prompt === '') return;
  const shot = takeOf(planOf({ ...words, prompt }, size.seed));
  const figures: Shot = { ...shot, scene: { ...shot.scene, framing: 'medium' } };
  context.save();
  context.translate(size.w * ASIDE, 0);
  createFigures(figures, { ...size, noise: createNoise(size.seed) }).draw(context, MOMENT_MS);
  context.restore();
}

/** The same again a little otherwise: nearer, warmer or cooler. */
function vary(context: SKRSContext2D, seed: number): void {
  const random = createRandom(seed);
  const zoom = random.between(1.03, 1.09);
  redraw(context, { across: zoom, down: zoom });
  adjust(context, {
    warmth: random.between(-0.16, 0.16),
    brightness: random.between(0.95, 1.06),
    saturation: random.between(0.9, 1.12),
  });
}

const CARDS_IN_A_ROW = 5;

/** All further pictures, whole, along the lower edge. */
function showOthers(context: SKRSContext2D, pictures: readonly Picture[]): void {
  const columns = Math.min(CARDS_IN_A_ROW, pictures.length);
  const { width, height } = context.canvas;
  // Where a frame is wide its shorter side is not what limits a row.
  const size = Math.min(0.36, (0.84 * width) / (columns * Math.min(width, height)) - 0.03);
  const rowHeight = ((size + 0.04) * Math.min(width, height)) / height;
  pictures.forEach((picture, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const inRow = Math.min(columns, pictures.length - row * columns);
    const x = 0.5 + (column - (inRow - 1) / 2) * (0.88 / Math.max(columns, 3));
    const y = 1 - rowHeight * (row + 0.5) - 0.04;
    drawCard(context, picture, { x, y, size, turn: index % 2 === 0 ? -0.03 : 0.025 });
  });
}
