import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { RenderedFile, RenderResult } from '../contract.ts';
import type { Sides } from '../geometry/sizes.ts';
import { sharp } from '../media/sharp.ts';
import { writeStill } from '../media/still-file.ts';
import type { PictureForm } from '../picture-form/picture-form.ts';
import { mixSeed } from '../storyboard/random.ts';
import { commentFor } from './film.ts';
import { type JobInput, textOf } from './job.ts';
import { toPrompt } from './script.ts';

/** Draws one of a request's pictures over the whole of a canvas. */
type DrawStill = (context: SKRSContext2D, which: { index: number; seed: number }) => void | Promise<void>;

/** With shorter sides nothing of what is drawn could be seen. */
const MIN_DRAWN_PX = 64;

/** Draws, marks and writes all pictures of a request.
 *  @param p.maxPixels above which a picture is drawn smaller and enlarged; `maxAspect`: narrower ones are cut out of a
 *  wider drawing, because a scene needs room. */
export async function writeStills(
  { request, onProgress }: JobInput,
  p: { form: PictureForm; draw: DrawStill; maxPixels: number; maxAspect?: number },
): Promise<RenderResult> {
  const { form } = p;
  const pixels = Math.min(p.maxPixels, form.widthPx * form.heightPx) * form.detail;
  const size = drawnSize(form, pixels, p.maxAspect ?? Number.POSITIVE_INFINITY);
  const files: RenderedFile[] = [];
  for (let index = 0; index < form.count; index += 1) {
    const context = createCanvas(size.widthPx, size.heightPx).getContext('2d');
    if (!form.isTransparent) {
      // Given pictures may be see-through in places.
      context.fillStyle = '#ffffff';
      context.fillRect(0, 0, size.widthPx, size.heightPx);
    }
    await p.draw(context, { index, seed: mixSeed(seedOf(request), `picture ${index}`) });
    const { widthPx: width, heightPx: height } = size;
    const { data } = context.getImageData(0, 0, width, height);
    const picture = sharp(data, { raw: { width, height, channels: 4 } }).resize(form.widthPx, form.heightPx, {
      fit: 'cover',
      kernel: 'lanczos3',
    });
    const file = { outputDir: request.outputDir, name: `preview-${index + 1}`, sides: form, encoding: form };
    const comment = commentFor(request.endpoint);
    files.push(await writeStill(picture, { ...file, hasAlpha: form.isTransparent, comment }));
    onProgress((index + 1) / form.count);
  }
  return { files };
}

function drawnSize({ widthPx, heightPx }: Sides, maxPixels: number, maxAspect: number): Sides {
  const [width, height] = [Math.max(widthPx, heightPx / maxAspect), Math.max(heightPx, widthPx / maxAspect)];
  const smaller = Math.min(1, Math.sqrt(maxPixels / (width * height)));
  const scale = Math.max(smaller, MIN_DRAWN_PX / Math.min(width, height));
  return { widthPx: Math.round(width * scale), heightPx: Math.round(height * scale) };
}

/** What names another model or style of the same endpoint draws something else from the same words. */
const CHOICES = ['model', 'style', 'sv'] as const;

function seedOf(request: JobInput['request']): number {
  return mixSeed(request.seed, CHOICES.map((name) => String(request.input[name] ?? '')).join(' '));
}

/** Midjourney's users write flags into their prompts: `--no trees`, `--ar 3:2`, `--tile`. */
const DENIAL = /\s--no\s+(.+?)(?=\s--|$)/g;
const FLAG = /\s--[a-z]+(?:\s+(?:[\d.:]+|https?:\S+)(?=\s|$))?/gi;

/** The words of a request without flags, and what it does not want. */
export function readWords(request: JobInput['request']): { prompt: string; negativePrompt: string } {
  const whole = toPrompt(request);
  const denied = [...whole.matchAll(DENIAL)].map(([, what]) => what ?? '');
  const prompt = whole.replace(DENIAL, '').replace(FLAG, '').trim();
  const style = textOf(request, 'style');
  return {
    // A style is called by words that say what it looks like: "Foggy Morning", "90s Grain".
    prompt: style === '' ? prompt : `${prompt} ${style}.`,
    negativePrompt: [textOf(request, 'negativePrompt'), ...denied].filter((words) => words !== '').join(', '),
  };
}
