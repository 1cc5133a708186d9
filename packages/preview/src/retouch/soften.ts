import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

/** Blurs a canvas by about this many pixels. */
export function soften(context: SKRSContext2D, px: number): void {
  const { canvas } = context;
  const [w, h] = [Math.max(1, Math.round(canvas.width / (1 + px))), Math.max(1, Math.round(canvas.height / (1 + px)))];
  const small = createCanvas(w, h);
  const into = small.getContext('2d');
  into.imageSmoothingQuality = 'medium';
  into.drawImage(canvas, 0, 0, w, h);
  context.save();
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  context.restore();
}
