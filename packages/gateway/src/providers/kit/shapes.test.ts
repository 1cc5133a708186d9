import { expect, test } from 'vitest';
import { megapixelOf, namesOf, pixelsOf, sizeOf } from './shapes.ts';

const RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9', '2:3', '3:2', '4:5', '5:4', '21:9'];

test.each(RATIOS)('%s has exactly that ratio at every resolution, in steps that models take', (ratio) => {
  const [across = 0, down = 0] = ratio.split(':').map(Number);
  // biome-ignore format: a table
  const resolutions = [['1k', 1], ['2k', 4], ['4k', 8]] as const;
  for (const [resolution, megapixels] of resolutions) {
    const { width = 0, height = 0 } = pixelsOf(ratio, resolution) ?? {};
    expect(width * down).toBe(height * across);
    expect([width % 16, height % 16]).toEqual([0, 0]);
    expect(Math.max(width, height)).toBeLessThanOrEqual(3840);
    expect(width * height).toBeLessThanOrEqual(Math.min(megapixels * 1_060_000, 3840 * 2160));
    expect(width * height).toBeGreaterThan(megapixels * 720_000);
  }
});

test('4k is a screen of that name', () => {
  expect(pixelsOf('16:9', '4k')).toEqual({ width: 3840, height: 2160 });
  expect(pixelsOf('1:1', '4k')).toEqual({ width: 2880, height: 2880 });
});

test('what nobody draws has no size', () => {
  expect(megapixelOf('7:1')).toBeUndefined();
  expect(megapixelOf(undefined)).toBeUndefined();
  expect(pixelsOf('1:1', '8k')).toBeUndefined();
  expect(pixelsOf('auto', '2k')).toBeUndefined();
});

test('a size in words, and what it is called', () => {
  expect(sizeOf('480×832')).toEqual({ width: 480, height: 832 });
  expect(sizeOf('1280x720')).toEqual({ width: 1280, height: 720 });
  expect(sizeOf('auto')).toBeUndefined();
  expect(sizeOf('1280*')).toBeUndefined();
  expect(namesOf('1088*832')).toEqual({ ratio: '4:3', lines: '720p' });
  expect(namesOf('1280*721')).toBeUndefined();
});
