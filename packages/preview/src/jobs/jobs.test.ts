import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, describe, expect, test } from 'vitest';
import { readMp4 } from '../../test/mp4-boxes.ts';
import { amplitudeAt, createWorkshop, drawScene, requestFor } from '../../test/samples.ts';
import { similarity } from '../../test/similarity.ts';
import type { RenderRequest, RenderResult } from '../contract.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { openFootage } from '../media/footage.ts';
import { inspectFile } from '../media/inspect.ts';
import { cutPcm, loudness, type Pcm } from '../media/pcm.ts';
import { loadPicture } from '../media/pictures.ts';
import { sayWords } from '../sound/speech.ts';
import { runJob } from './jobs.ts';

const workshop = createWorkshop();
afterAll(() => workshop.remove());

const PROMPT = 'A fox runs through a snowy forest at dawn. The camera pans left. Then it rests by a frozen lake.';

const make = async (p: Partial<RenderRequest>): Promise<{ path: string; result: RenderResult }> => {
  const result = await runJob(requestFor({ outputDir: workshop.folder(), ...p }), () => {});
  return { path: result.files[0]?.path ?? '', result };
};
const make480 = (p: Partial<RenderRequest> & { input?: RenderRequest['input'] }) =>
  make({ ...p, input: { prompt: PROMPT, resolution: '480p', duration: '2', generateAudio: true, ...p.input } });

async function frameAt(path: string, atMs: number) {
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

/** 1 for the same sound at any loudness, about 0 for another. */
function likeness(a: Float32Array, b: Float32Array): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let at = 0; at < b.length; at += 1) {
    const [left, right] = [a[at] ?? 0, b[at] ?? 0];
    product += left * right;
    squareA += left * left;
    squareB += right * right;
  }
  return product / Math.sqrt(squareA * squareB);
}

const decibels = (pcm: Pcm): number => 20 * Math.log10(loudness(pcm));
const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('text-to-video', () => {
  test.each(['720x1280', '1280x720', '1024x1792', '1792x1024', '1080x1920', '1920x1080'])(
    'is %s to the pixel',
    async (size) => {
      const { path } = await make({ input: { prompt: PROMPT, size, duration: '1' } });
      const mp4 = readMp4(path);
      expect(`${mp4.tracks[0]?.widthPx}x${mp4.tracks[0]?.heightPx}`).toBe(size);
      expect(mp4.order.indexOf('moov')).toBeLessThan(mp4.order.indexOf('mdat'));
      expect(mp4.text).toContain('drawn by Reelay in place of');
    },
  );

  test.each(['4', '8', '12', '16', '20'])('lasts %s seconds and is never silent', async (duration) => {
    const { path } = await make({ input: { prompt: PROMPT, size: '128x72', duration } });
    const mp4 = readMp4(path);
    expect(Math.abs(mp4.durationMs - Number(duration) * 1000)).toBeLessThan(50);
    expect(mp4.tracks[0]?.sampleCount).toBe(Number(duration) * 24);
    const pcm = await soundOf(path);
    expect(decibels(pcm)).toBeGreaterThan(-30);
    expect(decibels(pcm)).toBeLessThan(-14);
    for (let startMs = 500; startMs < Number(duration) * 1000 - 1000; startMs += 500) {
      expect(decibels(cutPcm(pcm, { startMs, lengthMs: 500 }))).toBeGreaterThan(-45);
    }
    expect(pcm.left.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThan(1);
  });

  test('is the same for the same seed, and another for another', async () => {
    const request = { input: { prompt: PROMPT, size: '320x180', duration: '3' } };
    const [one, two, three] = [await make(request), await make(request), await make({ ...request, seed: 8 })];
    expect(hashOf(one.path)).toBe(hashOf(two.path));
    expect(hashOf(one.path)).not.toBe(hashOf(three.path));
  });

  test('has no sound track where none was promised', async () => {
    const { path } = await make({
      endpoint: 'kling-v2.5-turbo-std/text-to-video',
      input: { prompt: PROMPT, size: '128x72', duration: '1' },
    });
    expect(readMp4(path).tracks.map(({ kind }) => kind)).toEqual(['video']);
  });

  test('is drawn whatever the words are', async () => {
    for (const prompt of ['', '🦊', '一只狐狸在雪地里奔跑。', 'x'.repeat(20_000), '"', '\0\n\t']) {
      const { path } = await make({ input: { prompt, size: '128x72', duration: '1' } });
      expect(readMp4(path).tracks).toHaveLength(2);
    }
  });

  test('says what somebody in it says', async () => {
    const { path } = await make({
      input: { prompt: 'An old man says "Good evening to you all".', size: '128x72', duration: '4' },
    });
    const words = { text: 'Good evening to you all', tongue: 'en-us', voice: 'male', speed: 1 };
    const said = await sayWords(words);
    const heard = await soundOf(path);
    // The likeness of the film's sound, a moment after its beginning, to the words said alone.
    const at = (delay: number): number => Math.abs(likeness(heard.left.subarray(delay), said.left));
    expect(at(12_000)).toBeGreaterThan(0.4);
    expect(at(24_000)).toBeLessThan(0.2);
  });

  test('adds its last frame as a picture when asked', async () => {
    const { path, result } = await make480({
      endpoint: 'rhart-video/sparkvideo-2.0/text-to-video',
      input: { returnLastFrame: true },
    });
    const [, last] = result.files;
    expect(last).toMatchObject({ mediaType: 'image/png', extension: 'png' });
    expect(similarity(await loadPicture(last?.path ?? ''), await frameAt(path, 60_000))).toBeGreaterThan(0.85);
  });
});

describe('image-to-video', () => {
  test.each([
    ['the same shape', 864, 496],
    ['an upright shape', 600, 900],
  ])('begins with the picture, cut from %s', async (_name, widthPx, heightPx) => {
    const picture = await workshop.picture('first.jpg', { widthPx, heightPx });
    const { path } = await make480({
      endpoint: 'seedance-v1.5-pro/image-to-video',
      task: 'image-to-video',
      input: { aspectRatio: '16:9' },
      media: { firstImageUrl: [picture] },
    });
    expect(similarity(await frameAt(path, 0), await loadPicture(picture.path))).toBeGreaterThan(0.9);
  });

  test('ends with the other picture', async () => {
    const first = await workshop.picture('from.jpg', { widthPx: 864, heightPx: 496 });
    const last = await workshop.picture('to.png', { widthPx: 864, heightPx: 496, hue: 90 });
    const { path } = await make480({
      task: 'start-end-to-video',
      endpoint: 'seedance-v1.5-pro/image-to-video',
      input: { aspectRatio: '16:9' },
      media: { firstImageUrl: [first], lastImageUrl: [last] },
    });
    expect(similarity(await frameAt(path, 0), await loadPicture(first.path))).toBeGreaterThan(0.9);
    expect(similarity(await frameAt(path, 60_000), await loadPicture(last.path))).toBeGreaterThan(0.9);
  });
});

test('reference-to-video shows the clip, lets the sound be heard and is as long as asked', async () => {
  const clip = await workshop.clip('reference.mp4', { widthPx: 864, heightPx: 496, seconds: 2 });
  const sound = await workshop.sound('reference.mp3', { hz: 700, seconds: 4 });
  const picture = await workshop.picture('reference.jpg', { widthPx: 300, heightPx: 300, hue: 300 });
  const request = {
    endpoint: 'rhart-video/sparkvideo-2.0/multimodal-video',
    task: 'reference-to-video' as const,
    input: { duration: '4', ratio: '16:9' },
  };
  const { path } = await make480({
    ...request,
    media: { imageUrls: [picture], videoUrls: [clip], audioUrls: [sound] },
  });
  expect(readMp4(path).durationMs).toBeCloseTo(4000, -2);
  expect(amplitudeAt(await soundOf(path), 700)).toBeGreaterThan(0.15);
  // The clip's own picture of some moment is found at some moment of the film.
  const scores: number[] = [];
  for (let atMs = 200; atMs < 4000; atMs += 250) {
    const shown = await frameAt(path, atMs);
    scores.push(similarity(shown, drawScene({ widthPx: 864, heightPx: 496, turn: 0.2 })));
  }
  expect(Math.max(...scores)).toBeGreaterThan(0.7);
  expect(scores[0]).toBeLessThan(0.55);
});

test('video-extend begins with the clip and its sound, and goes on for seven seconds', async () => {
  const clip = await workshop.clip('begin.mp4', { widthPx: 1280, heightPx: 720, seconds: 2, hz: 600 });
  const { path } = await make({
    endpoint: 'rhart-video-v3.1-pro-official/video-extend',
    task: 'video-extend',
    input: { prompt: PROMPT, resolution: '720p' },
    media: { video: [clip] },
  });
  expect(readMp4(path).durationMs).toBeCloseTo(9000, -2);
  for (const atMs of [0, 1000, 1900]) {
    expect(similarity(await frameAt(path, atMs), await frameAt(clip.path, atMs))).toBeGreaterThan(0.85);
  }
  // The first frame that is not the clip's goes on from its last one.
  expect(similarity(await frameAt(path, 2050), await frameAt(clip.path, 60_000))).toBeGreaterThan(0.8);
  const pcm = await soundOf(path);
  expect(amplitudeAt(cutPcm(pcm, { startMs: 100, lengthMs: 1500 }), 600)).toBeCloseTo(0.3, 1);
  expect(amplitudeAt(cutPcm(pcm, { startMs: 3000, lengthMs: 1500 }), 600)).toBeLessThan(0.05);
  expect(decibels(cutPcm(pcm, { startMs: 4000, lengthMs: 4000 }))).toBeGreaterThan(-35);
});

describe('video-edit', () => {
  const edit = async (keepOriginalSound: boolean) => {
    const clip = await workshop.clip('edit.mp4', { widthPx: 640, heightPx: 360, seconds: 1.5, fps: 30, hz: 600 });
    const input = { prompt: 'Make it a rainy night in blue light.', keepOriginalSound };
    return {
      clip,
      ...(await make({
        endpoint: 'kling-video-o3-std/video-edit',
        task: 'video-edit',
        input,
        media: { videoUrl: [clip] },
      })),
    };
  };

  test('keeps the footage, its rate and its sound, in other colours', async () => {
    const { clip, path } = await edit(true);
    const [video] = readMp4(path).tracks;
    expect(video?.rate).toBeCloseTo(30, 3);
    expect(readMp4(path).durationMs).toBeCloseTo(1500, -2);
    const score = similarity(await frameAt(path, 700), await frameAt(clip.path, 700));
    expect(score).toBeGreaterThan(0.5);
    expect(score).toBeLessThan(0.98);
    expect(amplitudeAt(await soundOf(path), 600)).toBeCloseTo(0.3, 1);
  });

  test('has no sound when the original is not to be kept', async () => {
    expect(readMp4((await edit(false)).path).tracks).toHaveLength(1);
  });
});

test('motion-control moves the picture when the driving clip moves, and for as long', async () => {
  const picture = await workshop.picture('character.jpg', { widthPx: 720, heightPx: 1280 });
  const moving = await workshop.clip('moving.mp4', { widthPx: 320, heightPx: 180, seconds: 1, hz: 600 });
  const { path } = await make({
    endpoint: 'kling-v2.6-std/motion-control',
    task: 'motion-control',
    input: { keepOriginalSound: 'yes' },
    media: { imageUrl: [picture], videoUrl: [moving] },
  });
  expect(readMp4(path).durationMs).toBeCloseTo(1000, -2);
  expect(amplitudeAt(await soundOf(path), 600)).toBeCloseTo(0.3, 1);
  expect(similarity(await frameAt(path, 0), await frameAt(path, 900))).toBeLessThan(0.9);
});

test('an avatar begins as its picture is and says what it is given', async () => {
  const picture = await workshop.picture('portrait.jpg', { widthPx: 720, heightPx: 1280 });
  const sound = await workshop.sound('voice.mp3', { hz: 500, seconds: 2 });
  const { path } = await make({
    endpoint: 'kling-v2-ai-avatar-standard/image-audio-to-video',
    task: 'audio-image-to-video',
    input: {},
    media: { imageUrl: [picture], audioUrl: [sound] },
  });
  expect(Math.abs(readMp4(path).durationMs - (sound.facts.durationMs ?? 0))).toBeLessThan(50);
  expect(similarity(await frameAt(path, 0), await loadPicture(picture.path))).toBeGreaterThan(0.9);
  expect(amplitudeAt(await soundOf(path), 500)).toBeCloseTo(0.3, 1);
});

describe('lip-sync', () => {
  const sync = async (media: RenderRequest['media'], input: RenderRequest['input']) => {
    const audioUrl = [await workshop.sound('lips.mp3', { hz: 500, seconds: 3 })];
    return make({ endpoint: 'kling-lip-sync/lip-sync-video', task: 'lip-sync', input, media: { ...media, audioUrl } });
  };

  test('puts the sound where it was asked for, beside the clip’s own at its volume', async () => {
    const session = await workshop.clip('session.mp4', { widthPx: 320, heightPx: 180, seconds: 3, hz: 900 });
    const input = {
      soundStartTime: 0,
      soundEndTime: 1000,
      soundInsertTime: 1500,
      soundVolume: 1,
      originalAudioVolume: 0.5,
    };
    const { path } = await sync({ sessionId: [session] }, input);
    expect(readMp4(path).durationMs).toBeCloseTo(3000, -2);
    const pcm = await soundOf(path);
    const part = (startMs: number): Pcm => cutPcm(pcm, { startMs, lengthMs: 600 });
    expect([100, 1700, 2600].map((startMs) => amplitudeAt(part(startMs), 500) > 0.15)).toEqual([false, true, false]);
    for (const startMs of [100, 1700]) expect(amplitudeAt(part(startMs), 900)).toBeCloseTo(0.15, 1);
  });

  test('refuses a face that was not found', async () => {
    await expect(sync({}, { faceId: '2' })).rejects.toMatchObject({
      name: 'BadInput',
      message: 'faceId: there is no face "2" in this session; choose "0"',
    });
  });

  test('draws a face where there is no footage, as long as what it says', async () => {
    const { path } = await sync({}, { soundStartTime: 500, soundEndTime: 1500, soundInsertTime: 250 });
    expect(readMp4(path).durationMs).toBeCloseTo(1250, -2);
    expect(amplitudeAt(cutPcm(await soundOf(path), { startMs: 400, lengthMs: 700 }), 500)).toBeGreaterThan(0.2);
  });
});

describe('helpers', () => {
  const taskId = '1904152026220003329';

  test('speech is a recording of the words, quicker when asked, in another voice for another name', async () => {
    const speak = async (input: RenderRequest['input']) =>
      make({
        endpoint: 'kling-lip-sync/tts',
        task: 'text-to-speech',
        output: 'audio',
        input: { text: '你好，欢迎使用语音预览。', voiceId: 'genshin_klee2', voiceLanguage: 'zh', ...input },
      });
    const [usual, quick, other] = [
      await speak({ voiceSpeed: 1 }),
      await speak({ voiceSpeed: 1.8 }),
      await speak({ voiceSpeed: 1, voiceId: 'uk_oldman3' }),
    ];
    const facts = await inspectFile(usual.path);
    expect(facts).toMatchObject({ kind: 'audio', format: 'mp3' });
    expect(facts.durationMs).toBeGreaterThan(1000);
    expect(decibels(await soundOf(usual.path))).toBeGreaterThan(-26);
    expect((await inspectFile(quick.path)).durationMs ?? 0).toBeLessThan((facts.durationMs ?? 0) * 0.75);
    expect(hashOf(other.path)).not.toBe(hashOf(usual.path));
    expect(usual.result.text).toBeUndefined();
  });

  test('speech of an endpoint that answers in words also says the id of the recording', async () => {
    const { result } = await make({ task: 'text-to-speech', output: 'string', input: { text: '-v is no option' } });
    expect(result.files).toHaveLength(1);
    expect(JSON.parse(result.text ?? '')).toEqual({ audio_id: taskId });
  });

  test('faces, elements and characters are known by the number of their task', async () => {
    const clip = await workshop.clip('someone.mp4', { widthPx: 640, heightPx: 360, seconds: 1 });
    const face = await make({ task: 'face-identify', output: 'string', input: {}, media: { videoUrl: [clip] } });
    expect(JSON.parse(face.result.text ?? '')).toEqual({
      session_id: taskId,
      face_data: [{ face_id: '0', start_time: 0, end_time: 1000 }],
    });
    const element = await make({
      task: 'element-create',
      output: 'string',
      input: { name: 'Fox', description: 'red' },
    });
    expect(JSON.parse(element.result.text ?? '')).toMatchObject({ element_id: taskId });
    const id = await make({ task: 'character-upload', output: 'string', input: {}, media: { videoUrl: [clip] } });
    expect(id.result).toEqual({ files: [], text: JSON.stringify({ id: taskId }) });
    const video = await make({
      task: 'character-upload',
      output: 'video',
      input: { name: 'Bo' },
      media: { videoUrl: [clip] },
    });
    expect(JSON.parse(video.result.text ?? '')).toEqual({ id: taskId, name: 'Bo' });
    expect(readMp4(video.path).tracks.map(({ kind }) => kind)).toEqual(['video']);
  });
});
