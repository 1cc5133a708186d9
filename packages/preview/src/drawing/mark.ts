import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

// The seven letters as strokes on a grid of 4 by 6, because a bare machine has no fonts. Each stroke is a run of
// points; the same word is never drawn with anything else, so no other letters are needed.
const LETTERS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  P: [[0, 6, 0, 0, 3, 0, 4, 1, 4, 2, 3, 3, 0, 3]],
  R: [
    [0, 6, 0, 0, 3, 0, 4, 1, 4, 2, 3, 3, 0, 3],
    [2, 3, 4, 6],
  ],
  E: [
    [4, 0, 0, 0, 0, 6, 4, 6],
    [0, 3, 3, 3],
  ],
  V: [[0, 0, 2, 6, 4, 0]],
  I: [[0, 0, 0, 6]],
  W: [[0, 0, 1, 6, 2.5, 1.5, 4, 6, 5, 0]],
};
const WORD = 'PREVIEW';
const widthOf = (letter: string): number => (letter === 'I' ? 0 : letter === 'W' ? 5 : 4);
const GAP = 2.2;
const WORD_WIDTH = [...WORD].reduce((sum, letter) => sum + widthOf(letter) + GAP, -GAP);

/** The height of the letters as part of the frame's height; never below what can be read. */
const HEIGHT_SHARE = 0.016;
const MIN_HEIGHT_PX = 5;

/** Draws the small PREVIEW mark into the lower right corner: see-through, light on a dark edge, so that it shows on any
 *  picture and hides none. */
export function drawMark(ctx: SKRSContext2D, widthPx: number, heightPx: number): void {
  const step = Math.max(MIN_HEIGHT_PX, Math.min(heightPx, widthPx * 1.4) * HEIGHT_SHARE) / 6;
  const edge = Math.max(3, 0.022 * Math.min(widthPx, heightPx));
  ctx.save();
  ctx.globalCompositeOperation = 'source-over';
  ctx.globalAlpha = 1;
  ctx.translate(widthPx - edge - WORD_WIDTH * step, heightPx - edge - 6 * step);
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  trace(ctx, step);
  ctx.strokeStyle = 'rgba(0,0,0,0.35)';
  ctx.lineWidth = step * 2.2;
  ctx.stroke();
  ctx.strokeStyle = 'rgba(255,255,255,0.72)';
  ctx.lineWidth = Math.max(0.8, step * 0.95);
  ctx.stroke();
  ctx.restore();
}

/** The mark alone, on a canvas no larger than it needs, and where that belongs in a picture of these sides. */
export function paintMark(widthPx: number, heightPx: number): { canvas: Canvas; left: number; top: number } {
  // The word and its distance from the edge: 0.165 of the width and 0.038 of the height, or 5 px letters.
  const canvas = createCanvas(
    Math.min(widthPx, Math.ceil(widthPx * 0.2) + 60),
    Math.min(heightPx, Math.ceil(heightPx * 0.06) + 30),
  );
  const [left, top] = [widthPx - canvas.width, heightPx - canvas.height];
  const ctx = canvas.getContext('2d');
  ctx.translate(-left, -top);
  drawMark(ctx, widthPx, heightPx);
  return { canvas, left, top };
}

function trace(ctx: SKRSContext2D, step: number): void {
  ctx.beginPath();
  let left = 0;
  for (const letter of WORD) {
    for (const stroke of LETTERS[letter] ?? []) {
      for (let index = 0; index < stroke.length; index += 2) {
        const [x, y] = [(left + (stroke[index] ?? 0)) * step, (stroke[index + 1] ?? 0) * step];
        if (index === 0) ctx.moveTo(x, y);
        else ctx.lineTo(x, y);
      }
    }
    left += widthOf(letter) + GAP;
  }
}
