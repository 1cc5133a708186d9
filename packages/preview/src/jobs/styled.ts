import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { RenderRequest } from '../contract.ts';
import { createLook, lookOfStyle, lookOfWords } from '../looks/looks.ts';
import { textOf } from './job.ts';
import { toPrompt } from './script.ts';

type Draw = (context: SKRSContext2D, share: number) => void;

/** The look that a row's parameter names: `style` or `styleName`. */
export function styleOf(request: RenderRequest): Draw | undefined {
  const name = lookOfStyle(textOf(request, 'styleName') || textOf(request, 'style'));
  return name === undefined ? undefined : faded(createLook(name));
}

/** The same, or the look that the words ask for: of an edit, the words are the order. */
export function styleOrWordsOf(request: RenderRequest): Draw | undefined {
  const named = styleOf(request);
  if (named !== undefined) return named;
  const name = lookOfWords(toPrompt(request));
  return name === undefined ? undefined : faded(createLook(name));
}

/** A look that can be had in part: given frames must stay what they are. */
function faded(look: (context: SKRSContext2D) => void): Draw {
  let before: Canvas | undefined;
  return (context, share) => {
    if (share <= 0) return;
    if (share >= 1) {
      look(context);
      return;
    }
    before ??= createCanvas(context.canvas.width, context.canvas.height);
    before.getContext('2d').drawImage(context.canvas, 0, 0);
    look(context);
    context.save();
    context.globalAlpha = 1 - share;
    context.globalCompositeOperation = 'source-over';
    context.drawImage(before, 0, 0);
    context.restore();
  };
}
