import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { findFlow } from './flow.ts';
import { byteCountOf, type Planes } from './planes.ts';
import { createRetimer } from './retime.ts';

const SIZE = { widthPx: 320, heightPx: 192 };

/** A textured ground with a bright disc at `x`. */
function scene(x: number, p: { ground?: number } = {}): Planes {
  const canvas = createCanvas(SIZE.widthPx, SIZE.heightPx);
  const context = canvas.getContext('2d');
  for (let n = 0; n < 60; n += 1) {
    context.fillStyle = `hsl(0, 0%, ${(p.ground ?? 20) + ((n * 7) % 20)}%)`;
    context.fillRect((n % 10) * 32, Math.floor(n / 10) * 32, 32, 32);
  }
  context.fillStyle = '#ffffff';
  context.beginPath();
  context.arc(x, 96, 28, 0, 7);
  context.fill();
  const { data } = context.getImageData(0, 0, SIZE.widthPx, SIZE.heightPx);
  const bytes = new Uint8Array(byteCountOf(SIZE)).fill(128);
  for (let at = 0; at < SIZE.widthPx * SIZE.heightPx; at += 1) bytes[at] = data[at * 4] ?? 0;
  return { ...SIZE, bytes };
}

/** Where the light of a picture is, in pixels from the left. */
function lightAt({ bytes, widthPx, heightPx }: Planes): number {
  let [sum, weight] = [0, 0];
  for (let at = 0; at < widthPx * heightPx; at += 1) {
    const light = Math.max(0, (bytes[at] ?? 0) - 180);
    sum += light * (at % widthPx);
    weight += light;
  }
  return sum / weight;
}

function difference(a: Planes, b: Planes): number {
  let sum = 0;
  const count = a.widthPx * a.heightPx;
  for (let at = 0; at < count; at += 1) sum += ((a.bytes[at] ?? 0) - (b.bytes[at] ?? 0)) ** 2;
  return Math.sqrt(sum / count);
}

/** Footage of these pictures, ten a second. */
const footageOf = (pictures: readonly Planes[]) => ({
  fps: 10,
  at: async (atMs: number): Promise<Planes> => {
    const picture = pictures[Math.min(pictures.length - 1, Math.floor(atMs / 100 + 0.001))];
    if (picture === undefined) throw new Error('no such picture');
    return picture;
  },
  close: async () => {},
});
const retimed = (pictures: readonly Planes[], toFps: number) =>
  createRetimer({ footage: footageOf(pictures), fromFps: 10, toFps, durationMs: pictures.length * 100 });

describe('a picture between two', () => {
  test.each([4, 12, 24, 40])('shows what moved %i pixels half-way, once', async (step) => {
    const [before, after] = [scene(120), scene(120 + step)];
    const picture = retimed([before, after], 20);
    expect(await picture(0)).toBe(before);
    const middle = await picture(1);
    expect(lightAt(middle)).toBeGreaterThan(120 + step * 0.3);
    expect(lightAt(middle)).toBeLessThan(120 + step * 0.7);
    // Near to what a camera would have seen, and nearer than either neighbour and than the two laid over each other.
    const truth = scene(120 + step / 2);
    const blend = { ...before, bytes: before.bytes.map((value, at) => (value + (after.bytes[at] ?? 0)) / 2) };
    for (const other of [before, after, blend]) {
      expect(difference(middle, truth)).toBeLessThan(difference(other, truth));
    }
    expect(difference(middle, before)).toBeGreaterThan(1);
  });

  test('moves on evenly at any rate', async () => {
    const pictures = [0, 1, 2, 3].map((index) => scene(100 + 20 * index));
    const picture = retimed(pictures, 25);
    const places: number[] = [];
    for (let number = 0; number < 8; number += 1) places.push(lightAt(await picture(number)));
    const steps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
    for (const step of steps) expect(Math.abs(step - 8)).toBeLessThan(3.5);
  });

  test('is one of the two across a cut', async () => {
    const [before, after] = [scene(60), scene(250, { ground: 75 })];
    expect(findFlow(before, after).rest).toBeGreaterThan(25);
    const picture = retimed([before, after], 40);
    await picture(0);
    expect(await picture(1)).toBe(before);
    expect(await picture(3)).toBe(after);
  });

  test('is the picture itself where nothing moves, and the last one at the end', async () => {
    const still = scene(100);
    const picture = retimed([still, still], 20);
    for (const number of [0, 1, 2, 3]) expect(await picture(number)).toBe(still);
  });
});
