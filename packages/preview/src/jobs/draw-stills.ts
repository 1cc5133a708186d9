import type { SKRSContext2D } from '@napi-rs/canvas';
import { createPainter } from '../drawing/index.ts';
import { toFlag, toNumber } from '../geometry.ts';
import { type PictureForm, toPictureForm } from '../picture-form/picture-form.ts';
import { keepOval } from '../retouch/cut-out.ts';
import { redraw } from '../retouch/follow.ts';
import { type Shot, type Storyboard, storyboard } from '../storyboard/index.ts';
import { createRandom } from '../storyboard/random.ts';
import { drawCutFigures } from './cut-figures.ts';
import { createGrade } from './grade.ts';
import type { Job, JobInput } from './job.ts';
import { readTouches } from './still-touches.ts';
import { readWords, writeStills } from './stills.ts';

/** Painted scenes are soft: enlarged from here they look the same and take a quarter of the time. */
const MAX_PAINTED_PIXELS = 4_200_000;
/** A scene in a narrower frame has no room for its subject. */
const MAX_PAINTED_ASPECT = 3;
/** Long enough for a plan of two takes. */
const TAKE_MS = 5000;

/** Pictures painted from words. */
export const drawStills: Job = async (input) => {
  const { request } = input;
  const form = toPictureForm(request);
  const { prompt, negativePrompt } = readWords(request);
  const touches = await readTouches(request, prompt);
  return writeStills(input, {
    form,
    maxPixels: MAX_PAINTED_PIXELS,
    maxAspect: MAX_PAINTED_ASPECT,
    draw: (context, { index, seed }) => {
      const chosen = chooseShot({
        prompt,
        negativePrompt,
        seed,
        index,
        form,
        chaos: toNumber(request.input.chaos) ?? 0,
      });
      paint(context, { ...chosen, seed, isTransparent: form.isTransparent });
      // Half of the further pictures look the other way.
      if (index > 0 && createRandom(seed).chance(0.5)) redraw(context, { across: -1, down: 1 });
      gradeAsStyled(context, request, chosen.plan);
      for (const touch of touches) touch(context);
    },
  });
};

type Choice = {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: number;
  readonly index: number;
  readonly form: PictureForm;
  /** 0 to 100: how much the pictures of a call differ. */
  readonly chaos: number;
};

/** A moment of a film of the words: of a series the next take, else the one take from another distance. */
function chooseShot(p: Choice): { plan: Storyboard; shot: Shot } {
  const words = { prompt: p.prompt, negativePrompt: p.negativePrompt, seed: p.seed };
  const take = { text: p.prompt, durationMs: TAKE_MS };
  const plan = p.form.isSeries
    ? storyboard({ ...words, durationMs: TAKE_MS * p.form.count })
    : storyboard({ ...words, durationMs: 2 * TAKE_MS, shots: [take, take] });
  // The second take comes nearer: what a single picture is about should not be small in it.
  const isFar = createRandom(p.seed).chance(p.chaos / 100) || p.index % 3 === 2;
  const which = p.form.isSeries ? p.index % plan.shots.length : isFar ? 0 : 1;
  const shot = plan.shots[which] ?? plan.shots[0];
  if (shot === undefined) throw new Error('a plan has a shot');
  return { plan, shot };
}

function paint(
  context: SKRSContext2D,
  p: { plan: Storyboard; shot: Shot; seed: number; isTransparent: boolean },
): void {
  const { width: widthPx, height: heightPx } = context.canvas;
  // Moves run through the composition: it is as meant in the middle of them.
  const atMs = (p.shot.startMs + p.shot.endMs) / 2;
  if (p.isTransparent && p.shot.scene.subjects.length > 0) {
    drawCutFigures(context, p.shot, p.seed);
    return;
  }
  createPainter({ storyboard: p.plan, widthPx, heightPx, seed: p.seed }).draw(context, atMs);
  if (p.isTransparent) keepOval(context);
}

const LEAST_GRADE = 0.25;
const MOST_STYLIZE = 1000;

/** Midjourney's house style: the light of the words lies on the picture, more with `stylize`, none with `raw`. */
function gradeAsStyled(context: SKRSContext2D, { input }: JobInput['request'], plan: Storyboard): void {
  if (toFlag(input.raw) !== false) return;
  context.globalAlpha = LEAST_GRADE + ((1 - LEAST_GRADE) * (toNumber(input.stylize) ?? 0)) / MOST_STYLIZE;
  createGrade(plan)(context, plan.durationMs);
  context.globalAlpha = 1;
}
