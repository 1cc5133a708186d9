import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { createFinish } from '../drawing/finish.ts';
import type { Order } from './orders.ts';
import { soften } from './soften.ts';

/** Of the shorter side. */
const FRAME_SHARE = 0.04;
const BLUR_SHARE = 0.006;
const BACKGROUND_BLUR_SHARE = 0.016;
const NEARER = 1.3;

/** Does with a canvas what the orders say, in their order. Orders about backgrounds are none of these: they are seen to
 *  when the picture is laid down. */
export function followOrders(context: SKRSContext2D, orders: readonly Order[]): void {
  for (const order of orders) DO[order]?.(context);
}

const DO: Readonly<Partial<Record<Order, (context: SKRSContext2D) => void>>> = {
  mirror: (context) => redraw(context, { across: -1, down: 1 }),
  'turn-over': (context) => redraw(context, { across: 1, down: -1 }),
  nearer: (context) => redraw(context, { across: NEARER, down: NEARER }),
  blur: (context) => soften(context, BLUR_SHARE * shorterSide(context)),
  'blur-background': blurAround,
  frame: (context) => {
    context.lineWidth = 2 * FRAME_SHARE * shorterSide(context);
    context.strokeStyle = '#f6f2e8';
    context.strokeRect(0, 0, context.canvas.width, context.canvas.height);
  },
  corners: (context) => {
    const { width: w, height: h } = context.canvas;
    createFinish({ w, h, seed: 1, edge: [4, 4, 8], strength: 0.75 }).draw(context, 0, 1);
  },
};

const shorterSide = ({ canvas }: SKRSContext2D): number => Math.min(canvas.width, canvas.height);

/** What a canvas shows now. */
export function copyOf({ canvas }: SKRSContext2D): Canvas {
  const copy = createCanvas(canvas.width, canvas.height);
  copy.getContext('2d').drawImage(canvas, 0, 0);
  return copy;
}

/** Draws a canvas over itself, stretched about its middle. */
export function redraw(context: SKRSContext2D, p: { across: number; down: number }): void {
  const { width, height } = context.canvas;
  const copy = copyOf(context);
  context.save();
  context.clearRect(0, 0, width, height);
  context.translate(width / 2, height / 2);
  context.scale(p.across, p.down);
  context.imageSmoothingQuality = 'high';
  context.drawImage(copy, -width / 2, -height / 2);
  context.restore();
}

/** Blurs all but an oval in the middle, where the subject of most pictures is. */
function blurAround(context: SKRSContext2D): void {
  const { width, height } = context.canvas;
  const sharp = createCanvas(width, height);
  const middle = sharp.getContext('2d');
  middle.drawImage(context.canvas, 0, 0);
  middle.globalCompositeOperation = 'destination-in';
  middle.scale(width, height);
  const fade = middle.createRadialGradient(0.5, 0.55, 0.24, 0.5, 0.55, 0.5);
  fade.addColorStop(0, 'rgba(0, 0, 0, 1)');
  fade.addColorStop(1, 'rgba(0, 0, 0, 0)');
  middle.fillStyle = fade;
  middle.fillRect(0, 0, 1, 1);
  soften(context, BACKGROUND_BLUR_SHARE * shorterSide(context));
  context.drawImage(sharp, 0, 0);
}
