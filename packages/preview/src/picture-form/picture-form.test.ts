import { catalog, type Endpoint, type Input, type Param, withDefaults } from '@reelay/catalog';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodingLike, toPictureForm } from './picture-form.ts';

const rows = catalog.list().filter(({ task }) => task === 'text-to-image' || task === 'image-to-image');

const picture = (widthPx: number, heightPx: number) => ({
  path: 'p',
  facts: { kind: 'image' as const, format: 'png', sizeBytes: 1, widthPx, heightPx },
});
const formOf = (endpoint: string, input: Input, given?: readonly [number, number]) => {
  const row = rows.find(({ id }) => id === endpoint);
  if (row === undefined) throw new Error(`no row ${endpoint}`);
  const media = given === undefined ? {} : { imageUrls: [picture(...given)] };
  return toPictureForm({ endpoint, task: row.task, input: withDefaults(row, input), media });
};
const sizeOf = (...p: Parameters<typeof formOf>): string => {
  const { widthPx, heightPx } = formOf(...p);
  return `${widthPx}x${heightPx}`;
};

test.each([
  ['rhart-image-n-pro-official/text-to-image', { resolution: '1k', aspectRatio: '16:9' }, '1376x768'],
  ['rhart-image-n-pro-official/text-to-image', { resolution: '2k', aspectRatio: '4:5' }, '1856x2304'],
  ['rhart-image-n-pro-official/text-to-image', { resolution: '4k', aspectRatio: '21:9' }, '6336x2688'],
  ['rhart-image-n-pro-official/text-to-image-ultra', { resolution: '8k', aspectRatio: '1:1' }, '8192x8192'],
  ['rhart-image-n-g31-flash/text-to-image', { resolution: '2K', aspectRatio: '1:8' }, '768x6144'],
  ['rhart-image-v1/text-to-image', { aspectRatio: '9:16' }, '768x1344'],
  ['rhart-image-g-2-official/text-to-image', { resolution: '4k', aspectRatio: '16:9' }, '3840x2160'],
  ['rhart-image-g-2/text-to-image', { prompt: '3:2 a poster', aspectRatio: 'empty', resolution: '2k' }, '2048x1360'],
  ['rhart-image-g-1.5-official/text-to-image', { size: '1024*1536' }, '1024x1536'],
  ['seedream-v4/text-to-image', { resolution: '1k', width: 999, height: 777 }, '1024x1024'],
  ['seedream-v4.5/text-to-image', { prompt: 'a 16:9 wallpaper', resolution: '4k' }, '5504x3040'],
  ['seedream-v4/text-to-image', { width: 1001, height: 777 }, '1001x777'],
  ['seedream-v5-lite/text-to-image', {}, '2048x2048'],
  ['youchuan/text-to-image-v7', { prompt: 'a pier --ar 16:9' }, '1456x816'],
  ['youchuan/text-to-image-v7', { prompt: 'a train at 16:99' }, '1024x1024'],
  ['rhart-image/f-2-dev/text-to-image', { aspectRatio: 'custom', customWidth: 1280, customHight: 720 }, '1280x720'],
  ['rhart-image/f-2-dev/text-to-image', { aspectRatio: '3:4', customWidth: 1280, customHight: 720 }, '864x1152'],
  ['rhart-image/qwen-image/text-to-image-2512', { aspectRatio: 'custom', customHeight: 1 }, '1024x1'],
  ['rhart-image-g/text-to-image', { aspectRatio: '784x1168' }, '784x1168'],
])('%s makes %j %s', (endpoint, input, size) => expect(sizeOf(endpoint, input)).toBe(size));

test.each([
  ['rhart-image-v1/edit', { aspectRatio: 'auto' }, [3000, 1000], '1776x592'],
  ['rhart-image-v1/edit', { aspectRatio: '1:1' }, [3000, 1000], '1024x1024'],
  ['rhart-image-g-1.5/edit', { aspectRatio: 'auto' }, [3000, 1000], '1536x1024'],
  ['alibaba/qwen-image-2.0/image-edit', {}, [800, 800], '1024x1024'],
  ['seedream-v4/image-to-image', { resolution: '2k' }, [900, 1200], '1728x2304'],
] as const)('%s makes %j of a picture of %j %s', (endpoint, input, given, size) => {
  expect(sizeOf(endpoint, input, given)).toBe(size);
});

test.each([
  ['youchuan/text-to-image-v7', {}, 4],
  ['seedream-v4/text-to-image', { maxImages: 9 }, 1],
  ['seedream-v4/text-to-image', { maxImages: 9, sequentialImageGeneration: 'auto' }, 9],
  ['alibaba/qwen-image-2.0/text-to-image', { imageNum: '3' }, 3],
  ['rhart-image-v1/text-to-image', {}, 1],
])('%s with %j makes %i', (endpoint, input, count) => expect(formOf(endpoint, input).count).toBe(count));

test('is written in the format asked for', () => {
  const formats = (outputFormat: string) => formOf('rhart-image/f-2-dev/text-to-image', { outputFormat });
  expect(formats('png')).toMatchObject({ format: 'png' });
  expect(formats('jpeg')).toMatchObject({ format: 'jpeg', isLossless: false });
  expect(formats('webp(lossless)')).toMatchObject({ format: 'webp', isLossless: true });
  expect(formats('webp (lossy)')).toMatchObject({ format: 'webp', isLossless: false });
  expect(encodingLike('tiff').format).toBe('png');
});

/** Any value of what decides a picture's form. */
function anyOf(param: Param): fc.Arbitrary<Input[string] | undefined> {
  switch (param.type) {
    case 'one-of':
      return fc.constantFrom(...param.values);
    case 'integer':
      return fc.integer({ min: param.min ?? 0, max: param.max ?? 100 });
    default:
      return fc.constant(undefined);
  }
}

const anyInput = (row: Endpoint): fc.Arbitrary<Input> =>
  fc
    .record(Object.fromEntries(Object.entries(row.params).map(([name, param]) => [name, anyOf(param)])))
    // Without what is undefined it is an Input.
    .map((said) => JSON.parse(JSON.stringify(said)) as Input);

describe.each(rows.map((row) => [row.id, row] as const))('%s', (_id, row) => {
  test('has the shape and the format asked for', () => {
    fc.assert(
      fc.property(
        anyInput(row),
        fc.integer({ min: 300, max: 4000 }),
        fc.integer({ min: 300, max: 4000 }),
        (said, w, h) => {
          const input = withDefaults(row, said);
          const media = row.task === 'image-to-image' ? { imageUrls: [picture(w, h)] } : {};
          const { widthPx, heightPx, count, format } = toPictureForm({
            endpoint: row.id,
            task: row.task,
            input,
            media,
          });
          for (const side of [widthPx, heightPx])
            expect(Number.isInteger(side) && side >= 1 && side <= 16384).toBe(true);
          expect(widthPx * heightPx).toBeLessThanOrEqual(70_000_000);
          expect(count).toBeGreaterThanOrEqual(1);
          expect(count).toBeLessThanOrEqual(15);
          if (typeof input.outputFormat === 'string') expect(input.outputFormat).toContain(format);
          const [wide, tall] = String(input.aspectRatio).split(':').map(Number);
          if (wide === undefined || tall === undefined) return;
          expect(Math.abs(Math.log(widthPx / heightPx / (wide / tall)))).toBeLessThan(0.06);
        },
      ),
      { numRuns: 30 },
    );
  });
});
