import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Picture } from '../drawing/index.ts';
import { soften } from './soften.ts';

/** Cutting off more of a picture than this would take away what it shows. */
const LEAST_KEPT = 0.72;
/** Of the frame's shorter side: how blurred what lies beyond the picture's edges is. */
const BEYOND_BLUR = 0.06;

/** Lays a picture over the whole canvas: cut at its edges where that costs little, else whole, with its mirror image
 *  going on beyond its edges and melting away. */
export function fitPicture(context: SKRSContext2D, picture: Picture): void {
  const { width, height } = context.canvas;
  const [across, down] = [width / picture.width, height / picture.height];
  const isCovered = Math.min(across, down) / Math.max(across, down) >= LEAST_KEPT;
  const scale = isCovered ? Math.max(across, down) : Math.min(across, down);
  const [wide, tall] = [picture.width * scale, picture.height * scale];
  const [left, top] = [(width - wide) / 2, (height - tall) / 2];
  context.imageSmoothingQuality = 'high';
  if (!isCovered) {
    drawMirrored(context, picture, { left, top, wide, tall });
    context.drawImage(veilOf(context, { left, top, wide, tall }), 0, 0);
  }
  context.drawImage(picture, left, top, wide, tall);
}

type Place = { readonly left: number; readonly top: number; readonly wide: number; readonly tall: number };

function drawMirrored(context: SKRSContext2D, picture: Picture, { left, top, wide, tall }: Place): void {
  const { width, height } = context.canvas;
  const [columns, rows] = [Math.ceil(Math.max(0, left) / wide), Math.ceil(Math.max(0, top) / tall)];
  for (let row = -rows; row <= rows; row += 1) {
    for (let column = -columns; column <= columns; column += 1) {
      context.save();
      context.translate(width / 2 + column * wide, height / 2 + row * tall);
      context.scale(column % 2 === 0 ? 1 : -1, row % 2 === 0 ? 1 : -1);
      context.drawImage(picture, -wide / 2, -tall / 2, wide, tall);
      context.restore();
    }
  }
}

/** What the canvas shows, blurred, coming up from nothing at the picture's edges. */
function veilOf({ canvas }: SKRSContext2D, { left, top }: Place): Canvas {
  const { width, height } = canvas;
  const veil = createCanvas(width, height);
  const context = veil.getContext('2d');
  context.drawImage(canvas, 0, 0);
  soften(context, BEYOND_BLUR * Math.min(width, height));
  const [endX, endY] = left > top ? [width, 0] : [0, height];
  const share = left > top ? left / width : top / height;
  const fade = context.createLinearGradient(0, 0, endX, endY);
  for (const [at, alpha] of [
    [0, 1],
    [share * 0.55, 0.96],
    [share, 0],
    [1 - share, 0],
    [1 - share * 0.55, 0.96],
    [1, 1],
  ] as const) {
    fade.addColorStop(at, `rgba(0, 0, 0, ${alpha})`);
  }
  context.globalCompositeOperation = 'destination-in';
  context.fillStyle = fade;
  context.fillRect(0, 0, width, height);
  return veil;
}
