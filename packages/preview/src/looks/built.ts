import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Look } from './drawn.ts';
import { createSmall, lumaOf, type Pixels } from './small.ts';

/** Pieces along the longer side of a frame. */
const PIXELS = 176;
const BRICKS = 72;
const STITCHES = 104;
const STROKES = 98;

/** Large square pixels of few colours, as a console of the eighties had them. */
export function createPixelArt(): Look {
  const small = createSmall(PIXELS);
  const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
  return (ctx) => {
    const pixels = small.read(ctx, 0);
    const { w, data } = pixels;
    for (let at = 0; at < data.length; at += 4) {
      const [x, y] = [(at >> 2) % w, Math.floor((at >> 2) / w)];
      const nudge = ((BAYER[(y % 4) * 4 + (x % 4)] ?? 0) / 16 - 0.5) * 26;
      reduce(data, at, { bright: 32, colour: 36, nudge });
    }
    small.lay(ctx, pixels, false);
  };
}

/** A wall of plastic bricks, seen from the front. */
export function createBricks(): Look {
  const small = createSmall(BRICKS);
  return createMosaic({ small, steps: { bright: 40, colour: 44 }, tile: paintBrick, shift: false });
}

/** Crocheted yarn, stitch by stitch. */
export function createKnit(): Look {
  const small = createSmall(STITCHES);
  return createMosaic({ small, steps: { bright: 24, colour: 26 }, tile: paintStitch, shift: true });
}

type Mosaic = {
  small: ReturnType<typeof createSmall>;
  /** Between two brightnesses, and between two colours, that there are. */
  steps: { bright: number; colour: number };
  tile: (wide: number, tall: number) => Canvas;
  /** Every other column half a piece lower. */
  shift: boolean;
};

function createMosaic({ small, steps, tile, shift }: Mosaic): Look {
  let relief: Canvas | undefined;
  return (ctx) => {
    const pixels = small.read(ctx, 0);
    const { data } = pixels;
    for (let at = 0; at < data.length; at += 4) reduce(data, at, { ...steps, nudge: 0 });
    small.lay(ctx, pixels, false);
    relief ??= paintRelief(ctx, pixels, { tile, shift });
    ctx.save();
    ctx.globalCompositeOperation = 'hard-light';
    ctx.drawImage(relief, 0, 0);
    ctx.restore();
  };
}

function paintRelief(ctx: SKRSContext2D, pixels: Pixels, p: Pick<Mosaic, 'tile' | 'shift'>): Canvas {
  const { width, height } = ctx.canvas;
  const [wide, tall] = [width / pixels.w, height / pixels.h];
  const sheet = createCanvas(width, height);
  const context = sheet.getContext('2d');
  const piece = p.tile(Math.ceil(wide), Math.ceil(tall));
  for (let row = p.shift ? -1 : 0; row < pixels.h; row += 1) {
    for (let column = 0; column < pixels.w; column += 1) {
      const lower = p.shift && column % 2 === 1 ? tall / 2 : 0;
      context.drawImage(piece, column * wide, row * tall + lower, wide, tall);
    }
  }
  return sheet;
}

function paintBrick(wide: number, tall: number): Canvas {
  const scale = 4;
  const piece = createCanvas(wide * scale, tall * scale);
  const ctx = piece.getContext('2d');
  const [w, h] = [piece.width, piece.height];
  ctx.fillStyle = 'rgb(128, 128, 128)';
  ctx.fillRect(0, 0, w, h);
  ctx.strokeStyle = 'rgba(0, 0, 0, 0.45)';
  ctx.lineWidth = w * 0.05;
  ctx.strokeRect(0, 0, w, h);
  const circle = (x: number, y: number, colour: string): void => {
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.arc(w * x, h * y, w * 0.3, 0, 7);
    ctx.fill();
  };
  circle(0.54, 0.56, 'rgba(0, 0, 0, 0.4)');
  circle(0.47, 0.45, 'rgba(255, 255, 255, 0.55)');
  circle(0.5, 0.5, 'rgb(142, 142, 142)');
  return piece;
}

function paintStitch(wide: number, tall: number): Canvas {
  const scale = 4;
  const piece = createCanvas(wide * scale, tall * scale);
  const ctx = piece.getContext('2d');
  const [w, h] = [piece.width, piece.height];
  ctx.fillStyle = 'rgba(20, 14, 10, 0.62)';
  ctx.fillRect(0, 0, w, h);
  // Two strands that meet at the bottom, each round: dark at its edges, light along its back.
  for (const side of [-1, 1]) {
    const strand = (thick: number, colour: string): void => {
      ctx.strokeStyle = colour;
      ctx.lineWidth = w * thick;
      ctx.lineCap = 'round';
      ctx.beginPath();
      ctx.moveTo(w * (0.5 + side * 0.3), h * 0.08);
      ctx.lineTo(w * (0.5 + side * 0.1), h * 0.86);
      ctx.stroke();
    };
    strand(0.42, 'rgb(96, 96, 96)');
    strand(0.34, 'rgb(128, 128, 128)');
    strand(0.12, 'rgb(172, 172, 172)');
  }
  return piece;
}

/** Thick strokes that follow what they paint, in the colours of what lies under them. */
export function createBrush(): Look {
  const small = createSmall(STROKES);
  return (ctx) => {
    const pixels = small.read(ctx, 1.4);
    const { w, h, data } = pixels;
    const luma = lumaOf(pixels);
    const unit = Math.max(ctx.canvas.width / w, ctx.canvas.height / h);
    small.lay(ctx, pixels, true);
    ctx.save();
    ctx.lineCap = 'round';
    for (let y = 1; y < h - 1; y += 1) {
      for (let x = 1 + (y % 2); x < w - 1; x += 2) {
        const at = y * w + x;
        const across = (luma[at + 1] ?? 0) - (luma[at - 1] ?? 0);
        const along = (luma[at + w] ?? 0) - (luma[at - w] ?? 0);
        const strength = Math.hypot(across, along);
        // Along edges where there are any, in slow swirls where there are none.
        const swirl = Math.sin(x * 0.11) + Math.cos(y * 0.13 + x * 0.03);
        const angle = strength > 9 ? Math.atan2(along, across) + Math.PI / 2 : swirl * 1.4;
        const length = unit * (strength > 40 ? 1.1 : 2.1);
        // Each stroke has its own paint: a little lighter or darker, always the same at its place.
        const shade = 1 + 0.22 * (((x * 73 + y * 151) % 17) / 16 - 0.5);
        const channel = (index: number): number => Math.min(255, lively(data, at * 4, index) * shade);
        ctx.strokeStyle = `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
        ctx.lineWidth = unit * 1.05;
        const [cx, cy] = [(x + 0.5) * unit, (y + 0.5) * unit];
        const [dx, dy] = [Math.cos(angle) * length, Math.sin(angle) * length];
        ctx.beginPath();
        ctx.moveTo(cx - dx, cy - dy);
        ctx.lineTo(cx + dx, cy + dy);
        ctx.stroke();
      }
    }
    ctx.restore();
  };
}

/** Brings a pixel to one of few colours, by its brightness and by how far it is from grey: channel by channel, dull
 *  colours would fall apart into pink and green. */
function reduce(data: Uint8ClampedArray, at: number, p: { bright: number; colour: number; nudge: number }): void {
  const [r, g, b] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
  const grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const bright = Math.round((grey + p.nudge) / p.bright) * p.bright;
  const near = (value: number): number => Math.round(((value - grey) * 1.5) / p.colour) * p.colour;
  data[at] = bright + near(r);
  data[at + 1] = bright + near(g);
  data[at + 2] = bright + near(b);
}

/** A channel with colours a third stronger: flat pieces look pale otherwise. */
function lively(data: Uint8ClampedArray, at: number, channel: number): number {
  const [r, g, b] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
  const grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const value = channel === 0 ? r : channel === 1 ? g : b;
  return Math.max(0, Math.min(255, grey + (value - grey) * 1.35));
}
