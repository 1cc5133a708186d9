import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawScene } from '../../test/samples.ts';
import { similarity } from '../../test/similarity.ts';
import { storyboard } from '../storyboard/index.ts';
import { createPainter, drawMark } from './index.ts';
import type { PainterOptions } from './painting.ts';

type Options = Partial<PainterOptions> & { prompt?: string; durationMs?: number };

/** The frame at a time, on a canvas of its own. */
function frame(atMs: number, { prompt = 'A boat on a lake at dawn.', durationMs = 4_000, ...more }: Options = {}) {
  const { widthPx = 270, heightPx = 480, seed = 1 } = more;
  const plan = storyboard({ prompt, durationMs, seed });
  const canvas = createCanvas(widthPx, heightPx);
  createPainter({ storyboard: plan, widthPx, heightPx, seed, ...more }).draw(canvas.getContext('2d'), atMs);
  return canvas;
}
const bytes = (canvas: ReturnType<typeof frame>) => Buffer.from(canvas.data());
const lightness = (canvas: ReturnType<typeof frame>) => {
  const data = bytes(canvas);
  return data.reduce((sum, value, at) => (at % 4 === 3 ? sum : sum + value), 0) / (data.length * 0.75);
};

test('the same seed draws the same pixels, another seed others', () => {
  expect(bytes(frame(1_500)).equals(bytes(frame(1_500)))).toBe(true);
  expect(bytes(frame(1_500)).equals(bytes(frame(1_500, { seed: 2 })))).toBe(false);
});

test('the picture moves', () => {
  const prompt = 'The camera quickly pushes in on a castle.';
  expect(bytes(frame(0, { prompt })).equals(bytes(frame(2_000, { prompt })))).toBe(false);
});

test('a night of neon is darker than snow at noon', () => {
  const night = lightness(frame(500, { prompt: 'A neon street at night.' }));
  expect(night).toBeLessThan(lightness(frame(500, { prompt: 'Snow covers the mountains at noon.' })) * 0.8);
});

test('a given first picture is the first frame, a given last picture the last, cut to cover', () => {
  const [first, last] = [
    drawScene({ widthPx: 270, heightPx: 480, turn: 0.1 }),
    drawScene({ widthPx: 270, heightPx: 480, turn: 0.7, hue: 200 }),
  ];
  expect(similarity(frame(0, { first, last }), first)).toBeGreaterThan(0.95);
  // The last of 24 frames a second.
  expect(similarity(frame(4_000 - 1_000 / 24, { first, last }), last)).toBeGreaterThan(0.95);
  expect(similarity(frame(2_000, { first, last }), first)).toBeLessThan(0.95);
});

test('references change what is seen', () => {
  const picture = drawScene({ widthPx: 270, heightPx: 480, turn: 0.4 });
  const seen = [500, 1_500, 2_500, 3_500].some(
    (atMs) => !bytes(frame(atMs, { pictures: [picture] })).equals(bytes(frame(atMs))),
  );
  expect(seen).toBe(true);
});

test('the mark is there, in a corner, and nowhere else', () => {
  const canvas = createCanvas(720, 1280);
  const ctx = canvas.getContext('2d');
  drawMark(ctx, 720, 1280);
  const drawn = (x: number, y: number, w: number, h: number) =>
    ctx.getImageData(x, y, w, h).data.some((value) => value > 0);
  expect(drawn(360, 1_152, 360, 128)).toBe(true);
  expect(drawn(0, 0, 720, 1_100)).toBe(false);
});

test('any words at any size and moment are drawn', () => {
  const size = fc.constantFrom([64, 64], [128, 72], [90, 210], [300, 128]);
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      size,
      fc.integer({ min: 0, max: 3_999 }),
      fc.nat(),
      (prompt, [widthPx = 64, heightPx = 64], atMs, seed) => {
        const data = bytes(frame(atMs, { prompt, widthPx, heightPx, seed }));
        expect(data.length).toBe(widthPx * heightPx * 4);
        expect(data.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});
