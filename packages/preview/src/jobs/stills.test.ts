import { readFileSync } from 'node:fs';
import { createCanvas, type Image, loadImage } from '@napi-rs/canvas';
import { catalog, withDefaults } from '@reelay/catalog';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { createWorkshop, requestFor } from '../../test/samples.ts';
import { similarity } from '../../test/similarity.ts';
import type { MediaFile, RenderedFile, RenderRequest } from '../contract.ts';
import { inspectFile } from '../media/inspect.ts';
import { readPictureParts } from '../media/picture-file.ts';
import { toEnhancedSides } from './enhance-picture.ts';
import { runJob } from './jobs.ts';
import { readWords } from './stills.ts';

const workshop = createWorkshop();
afterAll(() => workshop.remove());

type Input = RenderRequest['input'];
type Asked = { media?: Record<string, MediaFile[]>; seed?: number };

async function make(endpoint: string, input: Input, more: Asked = {}): Promise<readonly RenderedFile[]> {
  const row = catalog.list().find(({ id }) => id === endpoint);
  if (row === undefined) throw new Error(`no row ${endpoint}`);
  const request = { endpoint, task: row.task, output: row.output, input: withDefaults(row, input), ...more };
  return (await runJob(requestFor({ outputDir: workshop.folder(), ...request }), () => {})).files;
}
const make1 = async (...p: Parameters<typeof make>): Promise<string> => {
  const [file] = await make(...p);
  if (file === undefined) throw new Error('no file');
  return file.path;
};

const bytesOf = (path: string): Buffer => readFileSync(path);
/** The sides as the file's own header says, by a reader that shares nothing with the writer. */
const partsOf = (path: string) => readPictureParts(bytesOf(path), path.split('.').at(-1) ?? '');
const shown = (path: string): Promise<Image> => loadImage(path);
const meanOf = async (path: string): Promise<number[]> =>
  (await sharp(path).removeAlpha().stats()).channels.map(({ mean }) => mean);

const DRAW = 'rhart-image/f-2-dev/text-to-image';
const EDIT = 'rhart-image/f-2-dev/edit';
const small = { aspectRatio: 'custom', customWidth: 384, customHight: 256 };

describe('text-to-image', () => {
  test.each([
    ['png', 'png', 'image/png'],
    ['jpeg', 'jpg', 'image/jpeg'],
    ['webp(lossless)', 'webp', 'image/webp'],
    ['webp(lossy)', 'webp', 'image/webp'],
  ])('writes %s of the exact size and says what it is', async (outputFormat, extension, mediaType) => {
    const files = await make(DRAW, { prompt: 'A fox in the snow.', ...small, outputFormat });
    expect(files).toMatchObject([{ extension, mediaType }]);
    const path = files[0]?.path ?? '';
    expect(partsOf(path)).toEqual({ widthPx: 384, heightPx: 256, isWhole: true });
    expect(bytesOf(path).toString('latin1')).toContain('drawn by Reelay in place of');
    expect(await inspectFile(path)).toMatchObject({ kind: 'image', widthPx: 384, heightPx: 256 });
  });

  test('is the same for the same request, and another for another seed', async () => {
    const input = { prompt: 'A harbour at dusk.', ...small };
    const [one, two] = [await make1(DRAW, input, { seed: 5 }), await make1(DRAW, input, { seed: 5 })];
    expect(bytesOf(one).equals(bytesOf(two))).toBe(true);
    expect(bytesOf(one).equals(bytesOf(await make1(DRAW, input, { seed: 6 })))).toBe(false);
  });

  test('Midjourney makes four that differ', async () => {
    const files = await make('youchuan/text-to-image-v7', { prompt: 'A pier in fog.' });
    expect(files).toHaveLength(4);
    expect(new Set(files.map(({ path }) => bytesOf(path).toString('latin1'))).size).toBe(4);
  });

  test('a seamless tile meets itself at its edges', async () => {
    const [file] = await make('youchuan/text-to-image-v6', { prompt: 'Pears and wrens.', tile: true });
    const { data, info } = await sharp(file?.path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const row = info.width * 3;
    let apart = 0;
    for (let at = 0; at < row; at += 1) apart += Math.abs((data[at] ?? 0) - (data[(info.height - 1) * row + at] ?? 0));
    expect(apart / row).toBeLessThan(8);
  });

  test('a transparent background is one', async () => {
    const input = { prompt: 'Sticker of a cat.', quality: 'low', background: 'transparent' };
    const path = await make1('rhart-image-g-1.5-official/text-to-image', input);
    const { data } = await sharp(path).extractChannel('alpha').raw().toBuffer({ resolveWithObject: true });
    const clear = data.filter((alpha) => alpha === 0).length / data.length;
    expect(clear).toBeGreaterThan(0.2);
    expect(clear).toBeLessThan(0.95);
  });

  test('a LoRA counts by its name and strength', async () => {
    const lora = 'rhart-image/f-2-dev/text-to-image-lora';
    const paint = (input: Input) => make1(lora, { prompt: 'A harbour.', ...small, ...input });
    const plain = bytesOf(await paint({ lora: 'ink.safetensors', lora_strength: 0 }));
    const faint = bytesOf(await paint({ lora: 'ink.safetensors', lora_strength: 0.5 }));
    const strong = bytesOf(await paint({ lora: 'ink.safetensors', lora_strength: 1 }));
    const other = bytesOf(await paint({ lora: 'other.safetensors', lora_strength: 1 }));
    expect(plain.equals(bytesOf(await paint({})))).toBe(true);
    expect([faint, strong, other].some((bytes) => bytes.equals(plain))).toBe(false);
    expect(faint.equals(strong)).toBe(false);
    expect(strong.equals(other)).toBe(false);
  });

  test('is drawn however narrow it is', async () => {
    const input = { prompt: '海边的灯塔', aspectRatio: 'custom', customWidth: 1, customHeight: 5000 };
    expect(partsOf(await make1('rhart-image/qwen-image/text-to-image-2512', input))).toMatchObject({
      widthPx: 1,
      heightPx: 5000,
    });
  });
});

test('flags in a prompt are read, and are no words', () => {
  const request = requestFor({
    outputDir: '',
    input: { prompt: 'A fox --ar 3:2 --no red trees, hot-air --tile --s 250' },
  });
  expect(readWords(request)).toEqual({ prompt: 'A fox', negativePrompt: 'red trees, hot-air' });
});

describe('image-to-image', async () => {
  const photo = await workshop.picture('photo.jpg', { widthPx: 600, heightPx: 400, hue: 120 });
  const other = await workshop.picture('other.png', { widthPx: 300, heightPx: 400, hue: 300 });
  const edit = (prompt: string, more: Input = {}) =>
    make1(EDIT, { prompt, aspectRatio: 'auto', ...more }, { media: { imageUrl: [photo] } });

  test('keeps the shape and what the picture shows', async () => {
    const path = await edit('Make it a little nicer.');
    expect(partsOf(path)).toMatchObject({ widthPx: 1248, heightPx: 832 });
    expect(similarity(await shown(path), await shown(photo.path))).toBeGreaterThan(0.9);
  });

  test.each([
    ['black and white', ([red = 0, green = 0, blue = 0]) => Math.abs(red - green) + Math.abs(green - blue) < 4],
    ['夜晚', ([red = 0, , blue = 0]) => red < 90 && blue > red],
    ['warmer tones', ([red = 0, , blue = 0]) => red > blue],
  ] satisfies [string, (mean: number[]) => boolean][])('%s is seen in its colours', async (prompt, isSo) => {
    expect(isSo(await meanOf(await edit(prompt)))).toBe(true);
  });

  test('light and weather leave the picture recognisable', async () => {
    const given = await shown(photo.path);
    expect(similarity(await shown(await edit('Snow is falling at dawn.')), given)).toBeGreaterThan(0.5);
  });

  test('a mirrored picture is the mirrored one', async () => {
    const flopped = workshop.write('flopped.png', await sharp(photo.path).flop().png().toBuffer());
    const path = await edit('Flip horizontally.');
    expect(similarity(await shown(path), await shown(flopped))).toBeGreaterThan(0.85);
    expect(similarity(await shown(path), await shown(photo.path))).toBeLessThan(0.75);
  });

  test('a picture of another shape is shown whole', async () => {
    const path = await edit('Make it a little nicer.', { aspectRatio: '9:16' });
    const tall = (768 * 400) / 600;
    const middle = await sharp(path)
      .extract({ left: 0, top: Math.round((1360 - tall) / 2), width: 768, height: tall })
      .png()
      .toBuffer();
    expect(similarity(await loadImage(middle), await shown(photo.path))).toBeGreaterThan(0.85);
  });

  test('further pictures are found in it', async () => {
    const input = { prompt: 'Put them together.', aspectRatio: '3:2' };
    const alone = await make1('rhart-image-v1/edit', input, { media: { imageUrls: [photo] } });
    const both = await make1('rhart-image-v1/edit', input, { media: { imageUrls: [photo, other] } });
    const [widthPx, heightPx] = [1248, 832];
    const changed = createCanvas(widthPx, heightPx).getContext('2d');
    changed.drawImage(await shown(both), 0, 0);
    changed.globalCompositeOperation = 'difference';
    changed.drawImage(await shown(alone), 0, 0);
    const { data } = changed.getImageData(0, 0, widthPx, heightPx);
    const share = data.filter((value, at) => at % 4 === 0 && value > 12).length / (widthPx * heightPx);
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.4);
  });

  test('the same request gives the same bytes, another seed others', async () => {
    const draw = (seed: number) => make1(EDIT, { prompt: 'Rain.', ...small }, { media: { imageUrl: [photo] }, seed });
    expect(bytesOf(await draw(1)).equals(bytesOf(await draw(1)))).toBe(true);
    expect(bytesOf(await draw(1)).equals(bytesOf(await draw(2)))).toBe(false);
  });

  test('a TIFF is taken where an endpoint takes one', async () => {
    const path = workshop.write('scan.tiff', await sharp(photo.path).tiff().toBuffer());
    const scan = { path, facts: await inspectFile(path) };
    expect(scan.facts).toMatchObject({ format: 'tiff', widthPx: 600, heightPx: 400 });
    const edited = await make1(EDIT, { prompt: 'Mend it.', aspectRatio: '3:2' }, { media: { imageUrl: [scan] } });
    expect(similarity(await shown(edited), await shown(photo.path))).toBeGreaterThan(0.9);
  });

  test('without a picture the words are painted', async () => {
    expect(partsOf(await make1('rhart-image-g-4/image-to-image', { prompt: 'A fox.' }))).toMatchObject({
      isWhole: true,
    });
  });
});

describe('enlarging', async () => {
  const photo = await workshop.picture('low.jpg', { widthPx: 240, heightPx: 160 });
  const alike = async (path: string): Promise<number> => {
    const reduced = await sharp(path).resize(240, 160).png().toBuffer();
    return similarity(await loadImage(reduced), await shown(photo.path));
  };

  test.each(
    catalog
      .list()
      .filter(({ task }) => task === 'image-upscale')
      .map(({ id }) => id),
  )('%s has the asked size and shows the same', async (endpoint) => {
    const path = await make1(
      endpoint,
      { scale: '4x', subjectDetection: 'Background' },
      { media: { imageUrl: [photo] } },
    );
    expect(partsOf(path)).toEqual({ widthPx: 960, heightPx: 640, isWhole: true });
    expect(await alike(path)).toBeGreaterThan(0.9);
  });

  test('HYPIR keeps what is there, in the size asked for', async () => {
    const input = { upscale: 3, textureLevel: '7', creativityLevel: '4', longEdgeSize: 600 };
    const path = await make1('image-enhance/hypir-ultra', input, { media: { imageUrl: [photo] } });
    expect(partsOf(path)).toEqual({ widthPx: 600, heightPx: 400, isWhole: true });
    expect(await alike(path)).toBeGreaterThan(0.7);
  });

  test.each([
    [{ upscale: 2 }, [480, 320]],
    [{ upscale: 2, shortEdgeSize: 160, longEdgeSize: -1 }, [240, 160]],
    [{ upscale: 100, longEdgeSize: 1200 }, [1200, 800]],
    [{}, [240, 160]],
  ])('%j makes %j of 240x160', (input, [widthPx, heightPx]) => {
    expect(toEnhancedSides({ widthPx: 240, heightPx: 160 }, input)).toEqual({ widthPx, heightPx });
  });

  test('more than can be made is refused, with the parameter and what is allowed', async () => {
    const made = make('image-enhance/hypir-balance', { upscale: 1000 }, { media: { imageUrl: [photo] } });
    await expect(made).rejects.toThrow(/^upscale makes 240000x160000 pixels of this picture; at most 500 million/);
  });

  test('what is no picture is refused', async () => {
    const facts = { kind: 'image', format: 'png', sizeBytes: 4 } as const;
    const media = { imageUrl: [{ path: workshop.write('no.png', 'nope'), facts }] };
    const made = make('image-enhance/hypir-balance', { upscale: 1 }, { media });
    await expect(made).rejects.toMatchObject({ name: 'BadMedia' });
  });
});
