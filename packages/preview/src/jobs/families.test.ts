import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMp4 } from '../../test/mp4-boxes.ts';
import { amplitudeAt, createWorkshop, drawScene, requestFor } from '../../test/samples.ts';
import { similarity } from '../../test/similarity.ts';
import type { MediaFile, RenderRequest, RenderResult } from '../contract.ts';
import { EFFECT_NAMES } from '../effects/effects.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { encodeClip } from '../media/encode.ts';
import { openFootage } from '../media/footage.ts';
import { inspectFile } from '../media/inspect.ts';
import { cutPcm, loudness, type Pcm } from '../media/pcm.ts';
import { loadPicture } from '../media/pictures.ts';
import { runJob } from './jobs.ts';
import { toScript } from './script.ts';

const workshop = createWorkshop();
afterAll(() => workshop.remove());

const SMALL = { widthPx: 320, heightPx: 180 };
let clip: MediaFile;
let silent: MediaFile;
let first: MediaFile;
let last: MediaFile;
beforeAll(async () => {
  clip = await workshop.clip('clip.mp4', { ...SMALL, seconds: 2, hz: 600 });
  silent = await workshop.clip('silent.mp4', { ...SMALL, seconds: 1, fps: 25, hue: 90 });
  first = await workshop.picture('first.png', { widthPx: 640, heightPx: 360 });
  last = await workshop.picture('last.jpg', { widthPx: 640, heightPx: 360, hue: 120 });
});

type Made = { path: string; result: RenderResult };
const make = async (p: Partial<RenderRequest>): Promise<Made> => {
  const result = await runJob(requestFor({ outputDir: workshop.folder(), ...p }), () => {});
  return { path: result.files[0]?.path ?? '', result };
};

async function frameAt(path: string, atMs: number): Promise<Canvas> {
  const footage = await openFootage(path);
  const shown = await footage.at(atMs);
  const copy = createCanvas(shown.width, shown.height);
  copy.getContext('2d').drawImage(shown, 0, 0);
  await footage.close();
  return copy;
}

async function soundOf(path: string): Promise<Pcm> {
  const pcm = await decodeSound(path, { maxMs: 60_000 });
  if (pcm === undefined) throw new Error('the file has no sound');
  return pcm;
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const videoOf = (path: string) => readMp4(path).tracks[0];

describe('video-upscale', () => {
  const upscale = (targetResolution: string, given: MediaFile, input = {}): Promise<Made> =>
    make({
      endpoint: 'rhart-video/video-upscaler',
      task: 'video-upscale',
      input: { targetResolution, ...input },
      media: { videoUrl: [given] },
    });

  test('is the footage, larger, with its sound and rate', async () => {
    const { path } = await upscale('720p', clip);
    expect(videoOf(path)).toMatchObject({ widthPx: 1280, heightPx: 720, sampleCount: 48 });
    for (const atMs of [0, 900, 1900]) {
      expect(similarity(await frameAt(path, atMs), await frameAt(clip.path, atMs))).toBeGreaterThan(0.9);
    }
    expect(amplitudeAt(cutPcm(await soundOf(path), { startMs: 100, lengthMs: 1500 }), 600)).toBeCloseTo(0.3, 1);
    expect(readMp4(path).text).toContain('drawn by Reelay in place of');
  });

  test('is nearer to what was lost than the footage enlarged pixel by pixel', async () => {
    const truth = drawScene({ widthPx: 1280, heightPx: 720, turn: 0, hue: 90 });
    const small = createCanvas(SMALL.widthPx, SMALL.heightPx);
    const context = small.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(truth, 0, 0, SMALL.widthPx, SMALL.heightPx);
    const path = join(workshop.dir, 'reduced.mp4');
    const pictures = { ...SMALL, draw: () => small.data() };
    await encodeClip({ path, ...SMALL, fps: 24, frameCount: 12, pictures, comment: 'a sample' });
    const made = await upscale('720p', { path, facts: await inspectFile(path) });
    const coarse = createCanvas(1280, 720);
    coarse.getContext('2d').imageSmoothingEnabled = false;
    coarse.getContext('2d').drawImage(await frameAt(path, 0), 0, 0, 1280, 720);
    const shown = await frameAt(made.path, 0);
    expect(error(shown, truth)).toBeLessThan(0.95 * error(coarse, truth));
    expect(similarity(shown, truth)).toBeGreaterThan(similarity(coarse, truth));
    expect(readMp4(made.path).tracks).toHaveLength(1);
  });

  test.each([
    ['1080p', 30, 60],
    ['720p', 60, 120],
  ])('to %s at %i a second has %i pictures', async (targetResolution, fps, count) => {
    const { path } = await upscale(targetResolution, clip, { targetFps: String(fps) });
    expect(videoOf(path)?.rate).toBeCloseTo(fps, 2);
    expect(videoOf(path)?.sampleCount).toBe(count);
  });

  test('keeps an odd shape and makes a large clip smaller when asked', async () => {
    const tall = await workshop.clip('tall.mp4', { widthPx: 900, heightPx: 1600, seconds: 0.5 });
    const { path } = await upscale('720p', tall);
    expect(videoOf(path)).toMatchObject({ widthPx: 720, heightPx: 1280 });
  });
});

/** Root of the mean square of what two pictures of one size differ by. */
function error(a: Canvas, b: Canvas): number {
  const [pa, pb] = [a, b].map((canvas) => canvas.getContext('2d').getImageData(0, 0, a.width, a.height).data);
  let sum = 0;
  for (let at = 0; at < a.width * a.height * 4; at += 1) sum += ((pa?.[at] ?? 0) - (pb?.[at] ?? 0)) ** 2;
  return Math.sqrt(sum / (a.width * a.height * 4));
}

test('video-interpolate has twice the pictures, new ones in between, and the same length and sound', async () => {
  const { path } = await make({
    endpoint: 'rhart-video/video-fps-increaser',
    task: 'video-interpolate',
    input: {},
    media: { videoUrl: [clip] },
  });
  expect(videoOf(path)).toMatchObject({ ...SMALL, sampleCount: 96 });
  expect(videoOf(path)?.rate).toBeCloseTo(48, 2);
  expect(Math.abs(readMp4(path).durationMs - 2000)).toBeLessThan(30);
  expect(amplitudeAt(cutPcm(await soundOf(path), { startMs: 100, lengthMs: 1500 }), 600)).toBeCloseTo(0.3, 1);
  const moments = [20, 21, 22].map((number) => (number * 1000) / 48);
  const [before, middle, after] = await Promise.all(moments.map((atMs) => frameAt(path, atMs)));
  if (before === undefined || middle === undefined || after === undefined) throw new Error('a frame is missing');
  const apart = similarity(before, after);
  // Unlike both, but nearer to each than they are to each other.
  for (const neighbour of [before, after]) {
    expect(similarity(middle, neighbour)).toBeGreaterThan(apart);
    expect(similarity(middle, neighbour)).toBeLessThan(0.995);
  }
  // What the scene really looks like at that moment.
  const truth = drawScene({ ...SMALL, turn: 10.5 / 48 });
  expect(similarity(middle, truth)).toBeGreaterThan(0.75);
});

describe('a way from one picture to another', () => {
  const go = (prompt: string, input = {}): Promise<Made> =>
    make({
      endpoint: 'pixverse-v6/transition',
      task: 'start-end-to-video',
      input: { prompt, resolution: '360p', duration: 2, aspectRatio: '16:9', ...input },
      media: { firstImageUrl: [first], endImageUrl: [last] },
    });

  const WORDS = [
    'The one morphs into the other',
    'A slow dissolve',
    'Wipe to the next',
    'The camera spins',
    'It burns to ash',
    'Fly through a tunnel',
  ];

  test('begins with the one and ends with the other, by six different ways', async () => {
    const middles: Canvas[] = [];
    for (const words of WORDS) {
      const { path } = await go(words);
      expect(videoOf(path)).toMatchObject({ widthPx: 640, heightPx: 360, sampleCount: 48 });
      expect(similarity(await frameAt(path, 0), await loadPicture(first.path)), words).toBeGreaterThan(0.9);
      expect(similarity(await frameAt(path, 60_000), await loadPicture(last.path)), words).toBeGreaterThan(0.9);
      const middle = await frameAt(path, 1000);
      for (const other of [first, last]) {
        expect(similarity(middle, await loadPicture(other.path)), words).toBeLessThan(0.9);
      }
      for (const other of middles) expect(similarity(middle, other), words).toBeLessThan(0.95);
      middles.push(middle);
    }
  });

  test('is drawn in a style between its two pictures', async () => {
    const [plain, comic] = [await go('A slow dissolve'), await go('A slow dissolve', { style: 'comic' })];
    expect(similarity(await frameAt(comic.path, 1000), await frameAt(plain.path, 1000))).toBeLessThan(0.9);
    expect(similarity(await frameAt(comic.path, 60_000), await loadPicture(last.path))).toBeGreaterThan(0.9);
  });

  test('comes back to where it began when it is to loop', async () => {
    const { path } = await make({
      endpoint: 'youchuan/image-to-video',
      task: 'image-to-video',
      input: {
        prompt: 'The camera pans left',
        resolution: '480p',
        loop: true,
        motion: 'high',
        raw: true,
        duration: '2',
      },
      media: { firstImageUrl: [first] },
    });
    const [start, middle, end] = [await frameAt(path, 0), await frameAt(path, 1000), await frameAt(path, 60_000)];
    expect(similarity(start, end)).toBeGreaterThan(0.95);
    expect(similarity(start, middle)).toBeLessThan(0.8);
  });
});

test('each effect begins with the picture and does something of its own to it', async () => {
  const picture = await loadPicture(first.path);
  const ends: { name: string; frame: Canvas }[] = [];
  expect(EFFECT_NAMES).toHaveLength(18);
  for (const name of EFFECT_NAMES) {
    const { path } = await make({
      endpoint: 'pixverse-v5.5-effects',
      task: 'video-effect',
      input: { effect: name, resolution: '360p', duration: '1' },
      media: { imageUrl: [first] },
    });
    expect(similarity(await frameAt(path, 0), picture), name).toBeGreaterThan(0.9);
    const frame = await frameAt(path, 900);
    expect(colourDistance(frame, await frameAt(path, 0)), name).toBeGreaterThan(4);
    for (const other of ends) expect(colourDistance(frame, other.frame), `${name}, ${other.name}`).toBeGreaterThan(3);
    ends.push({ name, frame });
  }
});

/** Mean difference of colour, 0 to 255, as seen from a distance of 160 x 90 pixels. */
function colourDistance(a: Canvas, b: Canvas): number {
  const [pa, pb] = [a, b].map((canvas) => {
    const context = createCanvas(160, 90).getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(canvas, 0, 0, 160, 90);
    return context.getImageData(0, 0, 160, 90).data;
  });
  let sum = 0;
  for (let at = 0; at < 160 * 90 * 4; at += 1) sum += Math.abs((pa?.[at] ?? 0) - (pb?.[at] ?? 0));
  return sum / (160 * 90 * 3);
}

const STYLES = ['simpsons', 'lego', 'paper_cutting', 'amigurumi', 'animal_crossing', 'van_gogh', 'pixel_art'];

test('each of seven styles redraws the footage in a way of its own, as long and as loud', async () => {
  const given = await frameAt(clip.path, 800);
  const looks: Canvas[] = [];
  for (const styleName of STYLES) {
    const { path } = await make({
      endpoint: 'skyreels-v3/video-restyling',
      task: 'video-restyle',
      input: { styleName },
      media: { videoUrl: [clip] },
    });
    expect(videoOf(path)).toMatchObject({ widthPx: 1280, heightPx: 720, sampleCount: 48 });
    expect(amplitudeAt(cutPcm(await soundOf(path), { startMs: 100, lengthMs: 1500 }), 600)).toBeCloseTo(0.3, 1);
    const look = await frameAt(path, 800);
    // Still that scene: its large light and dark parts are where they were.
    expect(coarseLikeness(look, given), styleName).toBeGreaterThan(0.55);
    for (const other of looks) expect(colourDistance(look, other), styleName).toBeGreaterThan(5);
    looks.push(look);
  }
});

/** Correlation of brightness at 16 x 9 pixels. */
function coarseLikeness(a: Canvas, b: Canvas): number {
  const [la, lb] = [a, b].map((canvas) => {
    const context = createCanvas(16, 9).getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(canvas, 0, 0, 16, 9);
    const { data } = context.getImageData(0, 0, 16, 9);
    const bright = Array.from({ length: 144 }, (_, at) => data[at * 4 + 1] ?? 0);
    const mean = bright.reduce((sum, value) => sum + value, 0) / 144;
    return bright.map((value) => value - mean);
  });
  const dot = (x: number[] = [], y: number[] = []): number =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(la, lb) / Math.sqrt(dot(la, la) * dot(lb, lb));
}

test('the words of an edit name a style too', async () => {
  const edit = (prompt: string): Promise<Made> =>
    make({
      endpoint: 'alibaba/happyhorse-1.0/video-edit',
      task: 'video-edit',
      input: { prompt, resolution: '720p', audioSetting: 'origin' },
      media: { videoUrl: [silent] },
    });
  const [ink, plain] = [await edit('Turn it into an ink wash painting'), await edit('Turn it into a sunny day')];
  expect(colourDistance(await frameAt(ink.path, 500), await frameAt(plain.path, 500))).toBeGreaterThan(8);
  expect(videoOf(ink.path)?.rate).toBeCloseTo(25, 2);
  expect(readMp4(ink.path).tracks).toHaveLength(1);
});

describe('video-extend', () => {
  const extend = (p: Partial<RenderRequest>): Promise<Made> =>
    make({ task: 'video-extend', media: { videoUrl: [clip] }, ...p });

  test('of a single shot goes on from the last frame', async () => {
    const { path } = await extend({
      endpoint: 'skyreels-v3/single-shot-video-extension',
      input: { prompt: 'It goes on', duration: 5 },
    });
    expect(readMp4(path).durationMs).toBeCloseTo(7000, -2);
    expect(similarity(await frameAt(path, 2050), await frameAt(clip.path, 60_000))).toBeGreaterThan(0.75);
    expect(similarity(await frameAt(path, 0), await frameAt(clip.path, 0))).toBeGreaterThan(0.75);
  });

  test('after each cut shows something else than the last frame, and than after the others', async () => {
    const after: Canvas[] = [];
    for (const cutType of ['Cut-In', 'Cut-Out', 'Shot/Reverse Shot', 'Multi-Angle', 'Cut Away']) {
      const { path } = await extend({
        endpoint: 'skyreels-v3/shot-switching-video-extension',
        input: { prompt: 'A fox in the snow', duration: 2, cutType },
      });
      expect(readMp4(path).durationMs).toBeCloseTo(4000, -2);
      const frame = await frameAt(path, 2050);
      expect(similarity(frame, await frameAt(clip.path, 60_000)), cutType).toBeLessThan(0.75);
      for (const other of after) expect(colourDistance(frame, other), cutType).toBeGreaterThan(4);
      after.push(frame);
    }
  });

  test('of Wan is as long in total as was asked, and the given sound is heard after the clip’s own', async () => {
    const sound = await workshop.sound('after.mp3', { hz: 900, seconds: 3 });
    const { path } = await extend({
      endpoint: 'alibaba/wan-2.7/video-extend',
      input: { prompt: 'It goes on', resolution: '720P', duration: '4' },
      media: { videoUrl: [clip], audioUrl: [sound] },
    });
    expect(readMp4(path).durationMs).toBeCloseTo(4000, -2);
    const pcm = await soundOf(path);
    const part = (startMs: number, hz: number): number => amplitudeAt(cutPcm(pcm, { startMs, lengthMs: 1000 }), hz);
    expect([part(300, 600) > 0.2, part(300, 900) > 0.05, part(2600, 600) > 0.05, part(2600, 900) > 0.2]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('of PixVerse also says the id of the clip', async () => {
    const { result } = await extend({
      endpoint: 'pixverse-v6/extend',
      output: 'string',
      input: { prompt: 'It goes on', resolution: '360p', duration: 1, generateAudioSwitch: false, style: 'clay' },
    });
    expect(JSON.parse(result.text ?? '')).toEqual({ video_id: '1904152026220003329' });
    expect(result.files).toHaveLength(1);
  });

  test('goes on from a reference clip that is one to extend', async () => {
    const { path } = await make({
      endpoint: 'skyreels-v4/omni-reference',
      task: 'reference-to-video',
      input: {
        prompt: 'On',
        duration: 3,
        resolution: '480p',
        sound: false,
        refVideos: { type: 'extend', tag: '@v', url: 'x' },
      },
      media: { refVideos: [clip] },
    });
    expect(readMp4(path).durationMs).toBeCloseTo(5000, -2);
    expect(similarity(await frameAt(path, 1000), await frameAt(clip.path, 1000))).toBeGreaterThan(0.7);
  });
});

describe('sound', () => {
  const wan = (media: RenderRequest['media'], input = {}): Promise<Made> =>
    make({
      endpoint: 'alibaba/wan-2.5-preview/text-to-video',
      input: { prompt: 'A stormy sea at night.', size: '480*832', duration: '3', ...input },
      media,
    });

  test('that was given is the sound of the clip, and silence follows it', async () => {
    const { path } = await wan({ audioUrl: [await workshop.sound('given.mp3', { hz: 700, seconds: 2 })] });
    const pcm = await soundOf(path);
    expect(amplitudeAt(cutPcm(pcm, { startMs: 200, lengthMs: 1500 }), 700)).toBeCloseTo(0.3, 1);
    expect(loudness(cutPcm(pcm, { startMs: 2300, lengthMs: 600 }))).toBeLessThan(0.001);
    expect(loudness(cutPcm(await soundOf((await wan({})).path), { startMs: 2300, lengthMs: 300 }))).toBeGreaterThan(
      0.005,
    );
  });

  test('of bgm is music alone, and there is none without it', async () => {
    const vidu = (bgm: boolean): Promise<Made> =>
      make({
        endpoint: 'vidu/image-to-video-q2-turbo',
        task: 'image-to-video',
        input: { prompt: 'Rain on the roof.', resolution: '540p', duration: '2', bgm },
        media: { imageUrl: [first] },
      });
    const [withMusic, without] = [await vidu(true), await vidu(false)];
    expect(loudness(await soundOf(withMusic.path))).toBeGreaterThan(0.02);
    expect(readMp4(without.path).tracks).toHaveLength(1);
  });
});

describe('what else a row can ask for', () => {
  const script = (input: RenderRequest['input']) =>
    toScript(
      requestFor({ outputDir: '', input: { prompt: 'A fox runs. A bear sleeps. It rains on the sea.', ...input } }),
      9000,
    );

  test('one shot or several', () => {
    expect(script({ shotType: 'single' }).shots).toHaveLength(1);
    expect(script({ shotType: 'multi' }).shots.length).toBeGreaterThan(1);
    expect(script({ generateMultiClipSwitch: 'false' }).shots).toHaveLength(1);
    expect(script({ generateMultiClipSwitch: 'true', prompt: 'A fox runs' }).shots.length).toBeGreaterThan(1);
  });

  test('how far the camera goes', () => {
    const pace = (input: RenderRequest['input']): number => script(input).shots[0]?.camera.pace ?? 0;
    expect(pace({ movementAmplitude: 'small' })).toBeLessThan(pace({ movementAmplitude: 'auto' }));
    expect(pace({ movementAmplitude: 'large' })).toBeGreaterThan(pace({ movementAmplitude: 'medium' }));
    expect(pace({ motion: 'high' })).toBeGreaterThan(pace({ motion: 'low' }));
  });

  test('what must not be seen, by either name', () => {
    const subjects = (input: RenderRequest['input']) =>
      script(input).shots.flatMap(({ scene }) => scene.subjects.map(({ kind }) => kind));
    expect(subjects({})).toContain('bear');
    expect(subjects({ negative_prompt: 'bear' })).not.toContain('bear');
    expect(subjects({ negativePrompt: 'bear' })).not.toContain('bear');
  });

  test('an anime look', async () => {
    const vidu = (style: string): Promise<Made> =>
      make({
        endpoint: 'vidu/text-to-video',
        input: { prompt: 'A fox in the snow', style, resolution: '540p', aspectRatio: '16:9', duration: '1' },
      });
    const [anime, general] = [await vidu('anime'), await vidu('general')];
    expect(hashOf(anime.path)).not.toBe(hashOf(general.path));
    expect(colourDistance(await frameAt(anime.path, 500), await frameAt(general.path, 500))).toBeGreaterThan(6);
  });

  test('a first frame for a row of text-to-video, and a clip for dreamactor to follow', async () => {
    const hailuo = await make({
      endpoint: 'minimax/hailuo-02/pro',
      input: { prompt: 'Slowly', duration: '1' },
      media: { firstImageUrl: [first] },
    });
    expect(similarity(await frameAt(hailuo.path, 0), await loadPicture(first.path))).toBeGreaterThan(0.9);
    const actor = await make({
      endpoint: 'bytedance/dreamactor-v2',
      task: 'motion-control',
      input: {},
      media: { imageUrl: [first], videoUrl: [clip] },
    });
    expect(readMp4(actor.path).durationMs).toBeCloseTo(2000, -2);
    expect(amplitudeAt(cutPcm(await soundOf(actor.path), { startMs: 100, lengthMs: 1500 }), 600)).toBeCloseTo(0.3, 1);
  });
});
