import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { toFlag, toNumber } from '../geometry.ts';
import { createLook, lookOfWords } from '../looks/looks.ts';
import { loadPicture } from '../media/pictures.ts';
import { matchColours } from '../retouch/colour-match.ts';
import { cutOut } from '../retouch/cut-out.ts';
import { soften } from '../retouch/soften.ts';
import { adjust } from '../retouch/tone.ts';
import { css, hsl } from '../storyboard/colour.ts';
import { mixSeed } from '../storyboard/random.ts';
import { drawCover, drawStanding } from './draw-picture.ts';
import type { JobInput } from './job.ts';

/** Changes a finished drawing. */
type Touch = (context: SKRSContext2D) => void;
type Request = JobInput['request'];

/** Stills are looked at for longer than frames, and drawn looks keep finer lines in them. */
const STILL_FINENESS = 2;

/** What the words and the parameters of style do to a drawing, in order; pictures to lean on are read beforehand. */
export async function readTouches(request: Request, prompt: string): Promise<readonly Touch[]> {
  return [
    ...(await leanings(request)),
    look(request, prompt),
    lora(request),
    weird(request),
    early(request),
    tiled(request),
  ].filter((touch) => touch !== undefined);
}

/** The look that the words name. Niji draws anime, unless it is to keep to the prompt. */
function look({ endpoint, input }: Request, prompt: string): Touch | undefined {
  const isAnime = endpoint.includes('niji') && toFlag(input.raw) !== true;
  const name = isAnime ? 'anime' : lookOfWords(prompt);
  return name === undefined ? undefined : createLook(name, STILL_FINENESS);
}

const NEUTRAL_STRENGTH = 0;
const LORA_ALPHA = 0.3;
const LORA_MAX_ALPHA = 0.6;

/** A LoRA is a file that is not here: its name gives the drawing a colour, its strength how much of it, and a negative
 *  one the opposite colour. */
function lora({ input }: Request): Touch | undefined {
  const strength = toNumber(input.lora_strength) ?? NEUTRAL_STRENGTH;
  if (typeof input.lora !== 'string' || input.lora === '' || strength === 0) return undefined;
  const hue = (mixSeed(0, input.lora) % 360) + (strength < 0 ? 180 : 0);
  const alpha = Math.min(LORA_MAX_ALPHA, LORA_ALPHA * Math.abs(strength));
  return (context) => fillOver(context, { mode: 'overlay', colour: css(hsl(hue, 0.7, 0.5), alpha) });
}

function fillOver(context: SKRSContext2D, p: { mode: 'overlay' | 'soft-light'; colour: string }): void {
  context.save();
  context.globalCompositeOperation = p.mode;
  context.fillStyle = p.colour;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
}

const MAX_WEIRD = 3000;
const WEIRD_DEGREES = 150;

/** Midjourney's `weird`: colours nobody expects. */
function weird({ input }: Request): Touch | undefined {
  const amount = toNumber(input.weird) ?? 0;
  if (amount === 0) return undefined;
  return (context) => adjust(context, { hue: (WEIRD_DEGREES * amount) / MAX_WEIRD });
}

/** Of the shorter side, what a picture that was stopped at once would be blurred by. */
const EARLIEST_BLUR = 0.03;

/** Midjourney's `stop`: the earlier a picture ends, the less of its details are there. */
function early({ input }: Request): Touch | undefined {
  const stop = toNumber(input.stop) ?? 100;
  if (stop >= 100) return undefined;
  return (context) => {
    const { width, height } = context.canvas;
    soften(context, (1 - stop / 100) * EARLIEST_BLUR * Math.min(width, height));
  };
}

/** Midjourney's `tile`: mirrored at its middle in both directions a picture meets itself at every edge. */
function tiled({ input }: Request): Touch | undefined {
  if (toFlag(input.tile) !== true) return undefined;
  return (context) => {
    const { width, height } = context.canvas;
    const copy = createCanvas(width, height);
    copy.getContext('2d').drawImage(context.canvas, 0, 0);
    for (const [across, down] of [
      [1, 1],
      [-1, 1],
      [1, -1],
      [-1, -1],
    ] as const) {
      context.save();
      context.translate(width / 2, height / 2);
      context.scale(across, down);
      context.imageSmoothingQuality = 'high';
      context.drawImage(copy, -width / 2, -height / 2, width / 2, height / 2);
      context.restore();
    }
  };
}

/** Midjourney's pictures to lean on: `imageUrl` shines through, whoever `cref` and `oref` show stands in the picture,
 *  and `sref` lends its colours. */
async function leanings({ input, media, task }: Request): Promise<Touch[]> {
  if (task !== 'text-to-image') return [];
  const touches: Touch[] = [];
  const amount = (name: string): number => toNumber(input[name]) ?? 1;
  for (const { path } of media.imageUrl ?? []) {
    const picture = await loadPicture(path);
    const alpha = amount('iw') / (amount('iw') + 1.2);
    touches.push((context) => withAlpha(context, alpha, () => drawCover(context, picture)));
  }
  for (const [name, weight, most] of [
    ['cref', 'cw', 100],
    ['oref', 'ow', 250],
  ] as const) {
    for (const { path } of media[name] ?? []) {
      const figure = cutOut(await loadPicture(path));
      const alpha = 0.55 + 0.45 * Math.min(1, amount(weight) / most);
      touches.push((context) => withAlpha(context, alpha, () => drawStanding(context, figure, 0.66)));
    }
  }
  for (const { path } of media.sref ?? []) {
    const style = await loadPicture(path);
    const share = 0.9 * Math.min(1, amount('sw') / 200);
    touches.push((context) => matchColours(context, style, share));
  }
  return touches;
}

function withAlpha(context: SKRSContext2D, alpha: number, draw: () => void): void {
  context.globalAlpha = alpha;
  draw();
  context.globalAlpha = 1;
}
