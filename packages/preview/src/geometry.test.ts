import { catalog, type MediaFacts, type Task, withDefaults } from '@reelay/catalog';
import { expect, test } from 'vitest';
import type { MediaFile } from './contract.ts';
import { toFlag, toGeometry, toNumber } from './geometry.ts';

const file = (facts: Partial<MediaFacts> & Pick<MediaFacts, 'kind'>): MediaFile => ({
  path: 'given',
  facts: { format: 'x', sizeBytes: 1, ...facts },
});
const picture = (widthPx: number, heightPx: number): MediaFile => file({ kind: 'image', widthPx, heightPx });
const clip = (widthPx: number, heightPx: number, seconds: number, hasAudio = true): MediaFile =>
  file({ kind: 'video', widthPx, heightPx, durationMs: seconds * 1000, hasAudio });
const sound = (seconds: number): MediaFile => file({ kind: 'audio', durationMs: seconds * 1000 });

type Row = [string, Task, Record<string, string | number | boolean>, Record<string, MediaFile[]>, string];
const rows: Row[] = [
  [
    'rhart-video-s-official/text-to-video-pro',
    'text-to-video',
    { size: '720x1280', duration: '12' },
    {},
    '720x1280 12000 sound',
  ],
  [
    'rhart-video-s-official/text-to-video-pro',
    'text-to-video',
    { size: '1792x1024', duration: '20' },
    {},
    '1792x1024 20000 sound',
  ],
  ['rhart-video-s/text-to-video', 'text-to-video', { aspectRatio: '16:9', duration: '15' }, {}, '1280x720 15000 sound'],
  [
    'rhart-video-s-official/image-to-video',
    'image-to-video',
    { duration: '4' },
    { imageUrl: [picture(1280, 720)] },
    '1280x720 4000 sound',
  ],
  [
    'rhart-video-s-official/image-to-video-pro',
    'image-to-video',
    { duration: '8', resolution: '1080p' },
    { imageUrl: [picture(1024, 1792)] },
    '1024x1792 8000 sound',
  ],
  [
    'rhart-video-s-official/image-to-video-realistic',
    'image-to-video',
    { duration: '4' },
    { imageUrl: [picture(900, 900)] },
    '720x1280 4000 sound',
  ],
  [
    'rhart-video-v3.1-fast-official/text-to-video',
    'text-to-video',
    { aspectRatio: '9:16', resolution: '4k', duration: '8', generateAudio: true },
    {},
    '2160x3840 8000 sound',
  ],
  [
    'rhart-video-v3.1-fast-official/text-to-video',
    'text-to-video',
    { aspectRatio: '16:9', resolution: '1080p', duration: '4', generateAudio: false },
    {},
    '1920x1080 4000 silent',
  ],
  [
    'rhart-video-v3.1-fast/text-to-video',
    'text-to-video',
    { aspectRatio: '16:9', resolution: '720p' },
    {},
    '1280x720 8000 sound',
  ],
  [
    'rhart-video-v3.1-pro-official/reference-to-video',
    'reference-to-video',
    { resolution: '1080p', generateAudio: false },
    { imageUrls: [picture(10, 10)] },
    '1920x1080 8000 silent',
  ],
  [
    'rhart-video-v3.1-pro-official/video-extend',
    'video-extend',
    { resolution: '720p' },
    { video: [clip(1280, 720, 8)] },
    '1280x720 15000 sound',
  ],
  [
    'kling-v2.5-turbo-std/text-to-video',
    'text-to-video',
    { aspectRatio: '1:1', duration: '5' },
    {},
    '960x960 5000 silent',
  ],
  [
    'kling-v2.5-turbo-pro/text-to-video',
    'text-to-video',
    { aspectRatio: '9:16', duration: '10' },
    {},
    '1080x1920 10000 silent',
  ],
  [
    'kling-v2.5-turbo-std/image-to-video',
    'image-to-video',
    { duration: '5' },
    { firstImageUrl: [picture(1600, 1200)] },
    '1108x832 5000 silent',
  ],
  [
    'kling-v2.6-pro/text-to-video',
    'text-to-video',
    { sound: 'true', aspectRatio: '16:9', duration: '5' },
    {},
    '1920x1080 5000 sound',
  ],
  [
    'kling-v2.6-pro/text-to-video',
    'text-to-video',
    { sound: 'false', aspectRatio: '16:9', duration: '5' },
    {},
    '1920x1080 5000 silent',
  ],
  [
    'kling-v3-4k/text-to-video',
    'text-to-video',
    { aspectRatio: '16:9', duration: '3', sound: false },
    {},
    '3840x2160 3000 silent',
  ],
  [
    'kling-video-o1/text-to-video',
    'text-to-video',
    { aspectRatio: '9:16', duration: '5', mode: 'pro' },
    {},
    '1080x1920 5000 silent',
  ],
  [
    'kling-video-o3-std/video-edit',
    'video-edit',
    { keepOriginalSound: true },
    { videoUrl: [clip(1920, 1080, 6.5)] },
    '1280x720 6500 sound',
  ],
  [
    'kling-video-o3-std/video-edit',
    'video-edit',
    { keepOriginalSound: false },
    { videoUrl: [clip(1080, 1920, 6)] },
    '720x1280 6000 silent',
  ],
  [
    'kling-v2.6-std/motion-control',
    'motion-control',
    { keepOriginalSound: 'yes' },
    { imageUrl: [picture(900, 1600)], videoUrl: [clip(1280, 720, 9)] },
    '720x1280 9000 sound',
  ],
  [
    'kling-v2.6-std/motion-control',
    'motion-control',
    { keepOriginalSound: 'no' },
    { imageUrl: [picture(900, 1600)], videoUrl: [clip(1280, 720, 9)] },
    '720x1280 9000 silent',
  ],
  [
    'kling-v2-ai-avatar-standard/image-audio-to-video',
    'audio-image-to-video',
    {},
    { imageUrl: [picture(720, 1280)], audioUrl: [sound(17.25)] },
    '720x1280 17250 sound',
  ],
  [
    'kling-lip-sync/lip-sync-video',
    'lip-sync',
    { soundStartTime: 0, soundEndTime: 3000, soundInsertTime: 500 },
    { audioUrl: [sound(9)], sessionId: [clip(1280, 720, 6)] },
    '1280x720 6000 sound',
  ],
  [
    'kling-lip-sync/lip-sync-video',
    'lip-sync',
    { soundStartTime: 1000, soundEndTime: 4000, soundInsertTime: 500 },
    { audioUrl: [sound(9)] },
    '1280x720 3500 sound',
  ],
  [
    'seedance-v1.5-pro/text-to-video',
    'text-to-video',
    { aspectRatio: '3:4', resolution: '480p', duration: '5', generateAudio: 'true' },
    {},
    '560x752 5000 sound',
  ],
  [
    'seedance-v1.5-pro/image-to-video',
    'image-to-video',
    { aspectRatio: 'adaptive', resolution: '720p', duration: '5', generateAudio: 'false' },
    { firstImageUrl: [picture(4000, 3000)] },
    '1108x832 5000 silent',
  ],
  [
    'rhart-video/sparkvideo-2.0/text-to-video',
    'text-to-video',
    { ratio: '21:9', resolution: 'native1080p', duration: '15', generateAudio: true },
    {},
    '2206x946 15000 sound',
  ],
  [
    'rhart-video/sparkvideo-2.0/text-to-video',
    'text-to-video',
    { ratio: 'adaptive', resolution: '2k', duration: '4', generateAudio: true },
    {},
    '2560x1440 4000 sound',
  ],
  [
    'rhart-video/sparkvideo-2.0/multimodal-video',
    'reference-to-video',
    { ratio: 'adaptive', resolution: '720p', duration: '4', generateAudio: false },
    { videoUrls: [clip(720, 1280, 4)] },
    '720x1280 4000 silent',
  ],
];

// The families that came with the third issue: endpoint, task, input, files and what comes of them.
const laterRows: Row[] = [
  [
    'alibaba/wan-2.5-preview/text-to-video',
    'text-to-video',
    { size: '1088*832', duration: '10' },
    {},
    '1088x832 10000 sound',
  ],
  [
    'alibaba/wan-2.5-preview/image-to-video',
    'image-to-video',
    { resolution: '480p', duration: '5' },
    { imageUrl: [picture(800, 800)] },
    '632x632 5000 sound',
  ],
  [
    'alibaba/wan-2.6/text-to-video',
    'text-to-video',
    { resolution: '1080*1920', duration: '15' },
    {},
    '1080x1920 15000 sound',
  ],
  [
    'alibaba/wan-2.6/image-to-video-flash',
    'image-to-video',
    { resolution: '720p', duration: '2', enableAudio: false },
    { imageUrl: [picture(1600, 900)] },
    '1280x720 2000 silent',
  ],
  [
    'alibaba/wan-2.6/image-to-video-flash',
    'image-to-video',
    { resolution: '720p', duration: '2', enableAudio: false },
    { imageUrl: [picture(1600, 900)], audioUrl: [sound(4)] },
    '1280x720 2000 sound',
  ],
  [
    'alibaba/wan-2.6/reference-to-video-flash',
    'reference-to-video',
    { size: '1440*1440', duration: '7', audio: true },
    { videoUrls: [clip(640, 360, 3)] },
    '1440x1440 7000 sound',
  ],
  [
    'alibaba/wan-2.7/text-to-video',
    'text-to-video',
    { resolution: '1080P', aspectRatio: '4:3', duration: '6' },
    {},
    '1632x1248 6000 sound',
  ],
  [
    'alibaba/wan-2.7/video-edit',
    'video-edit',
    { resolution: '720P', duration: '0', aspectRatio: '16:9' },
    { videoUrl: [clip(640, 360, 7.5)] },
    '1280x720 7500 sound',
  ],
  [
    'alibaba/wan-2.7/video-edit',
    'video-edit',
    { resolution: '720P', duration: '4', aspectRatio: '9:16' },
    { videoUrl: [clip(640, 360, 7.5, false)] },
    '720x1280 4000 silent',
  ],
  [
    'alibaba/wan-2.7/video-extend',
    'video-extend',
    { resolution: '720P', duration: '12' },
    { videoUrl: [clip(1920, 1080, 2)] },
    '1280x720 12000 sound',
  ],
  [
    'alibaba/wan-2.7/video-extend',
    'video-extend',
    { resolution: '720P', duration: '5' },
    { videoUrl: [clip(1920, 1080, 9)] },
    '1280x720 10000 sound',
  ],
  [
    'rhart-video/wan-2.2/text-to-video',
    'text-to-video',
    { resolution: '1920×1024', duration: '8' },
    {},
    '1920x1024 8000 silent',
  ],
  [
    'rhart-video/wan-2.2/image-to-video',
    'image-to-video',
    { resolution: 'auto', duration: '5' },
    { imageUrl: [picture(900, 1600)] },
    '720x1280 5000 silent',
  ],
  [
    'alibaba/happyhorse-1.0/video-edit',
    'video-edit',
    { resolution: '720p', audioSetting: 'origin' },
    { videoUrl: [clip(1280, 720, 40, false)] },
    '1280x720 15000 silent',
  ],
  [
    'alibaba/happyhorse-1.0/video-edit',
    'video-edit',
    { resolution: '1080p', audioSetting: 'auto' },
    { videoUrl: [clip(1280, 720, 4, false)] },
    '1920x1080 4000 sound',
  ],
  [
    'minimax/hailuo-02/fast',
    'image-to-video',
    { duration: '10' },
    { imageUrl: [picture(1600, 900)] },
    '910x512 10000 silent',
  ],
  ['minimax/hailuo-2.3/t2v-standard', 'text-to-video', { duration: '10' }, {}, '1366x768 10000 silent'],
  ['minimax/hailuo-2.3/t2v-pro', 'text-to-video', {}, {}, '1920x1080 6000 silent'],
  [
    'minimax/hailuo-2.3-fast/image-to-video',
    'image-to-video',
    { duration: '6' },
    { imageUrl: [picture(1000, 1000)] },
    '768x768 6000 silent',
  ],
  [
    'vidu/text-to-video',
    'text-to-video',
    { resolution: '540p', aspectRatio: '4:3', duration: '1' },
    {},
    '816x608 1000 silent',
  ],
  [
    'vidu/text-to-video-q3-pro',
    'text-to-video',
    { resolution: '360p', aspectRatio: '9:16', duration: '16', audio: true },
    {},
    '352x640 16000 sound',
  ],
  [
    'vidu/image-to-video-q3-pro',
    'image-to-video',
    { resolution: '2k', duration: '5', audio: false },
    { imageUrl: [picture(1600, 900)] },
    '2560x1440 5000 silent',
  ],
  [
    'vidu/image-to-video-q2-pro',
    'image-to-video',
    { resolution: '1080p', duration: '5', bgm: true },
    { imageUrl: [picture(900, 900)] },
    '1440x1440 5000 sound',
  ],
  [
    'vidu/reference-to-video-q3',
    'reference-to-video',
    { resolution: '720p', aspectRatio: 'auto', duration: 3, audio: 'true' },
    { imageUrls: [picture(900, 1200)] },
    '832x1108 3000 sound',
  ],
  [
    'pixverse-v6/text-to-video',
    'text-to-video',
    { resolution: '540p', aspectRatio: '2:3', duration: 13, generateAudioSwitch: true },
    {},
    '540x810 13000 sound',
  ],
  [
    'pixverse-v5.5-transition',
    'start-end-to-video',
    { resolution: '360p', aspectRatio: '1:1', duration: '8' },
    {},
    '360x360 8000 silent',
  ],
  [
    'rhart-video-g/text-to-video',
    'text-to-video',
    { resolution: '480p', aspectRatio: '16:9', duration: 30 },
    {},
    '848x480 30000 sound',
  ],
  [
    'rhart-video-g-official/video-extend',
    'video-extend',
    { duration: '6' },
    { videoUrl: [clip(1920, 1080, 3)] },
    '1280x720 9000 sound',
  ],
  [
    'rhart-video-r/gen4-turbo/image-to-video',
    'image-to-video',
    { aspectRatio: '21:9', duration: '10' },
    { imageUrl: [picture(900, 900)] },
    '1584x672 10000 silent',
  ],
  [
    'rhart-video-r/gen4-turbo-official/image-to-video',
    'image-to-video',
    { duration: '5' },
    { imageUrl: [picture(1200, 900)] },
    '1104x832 5000 silent',
  ],
  [
    'rhart-video-r/gen4-aleph-official/video-to-video',
    'video-edit',
    { aspectRatio: '9:16' },
    { videoUrl: [clip(1280, 720, 9)] },
    '720x1280 5000 sound',
  ],
  [
    'rhart-video/ltx-2.3/text-to-video',
    'text-to-video',
    { resolution: '1080p', aspectRatio: '9:16', duration: 15 },
    {},
    '1080x1920 15000 sound',
  ],
  [
    'skyreels-v4/image-to-video',
    'image-to-video',
    { mode: 'std', duration: 3, sound: false },
    { firstFrameImageUrl: [picture(1600, 900)] },
    '1920x1080 3000 silent',
  ],
  [
    'skyreels-v3/single-shot-video-extension',
    'video-extend',
    { duration: 30 },
    { videoUrl: [clip(640, 360, 4)] },
    '1280x720 34000 sound',
  ],
  [
    'skyreels-v4/omni-reference',
    'reference-to-video',
    { resolution: '720p', aspectRatio: '1:1', duration: 5, sound: true },
    {},
    '960x960 5000 sound',
  ],
  [
    'bytedance/dreamactor-v2',
    'motion-control',
    {},
    { imageUrl: [picture(720, 1280)], videoUrl: [clip(640, 360, 12)] },
    '720x1280 12000 sound',
  ],
  ['cinematic-video-generator', 'text-to-video', { aspectRatio: '3:4', duration: '15' }, {}, '834x1112 15000 sound'],
  [
    'rhart-video/video-upscaler',
    'video-upscale',
    { targetResolution: '2k' },
    { videoUrl: [clip(640, 360, 8)] },
    '2560x1440 8000 sound',
  ],
  [
    'rhart-video/video-upscaler',
    'video-upscale',
    { targetResolution: '720p' },
    { videoUrl: [clip(360, 480, 8, false)] },
    '720x960 8000 silent',
  ],
  ['rhart-video/video-fps-increaser', 'video-interpolate', {}, { videoUrl: [clip(641, 359, 8)] }, '642x360 8000 sound'],
  [
    'youchuan/image-to-video',
    'image-to-video',
    { resolution: '720p' },
    { firstImageUrl: [picture(1000, 1000)] },
    '960x960 5000 silent',
  ],
];

test.each([...rows, ...laterRows])('%s %s %j', (endpoint, task, input, media, expected) => {
  const geometry = toGeometry({ endpoint, task, input, media });
  const words = geometry.hasSound ? 'sound' : 'silent';
  expect(`${geometry.widthPx}x${geometry.heightPx} ${geometry.durationMs} ${words}`).toBe(expected);
});

test('every endpoint that makes a video gives its example an even size and a length that can be encoded', () => {
  const endpoints = catalog.list().filter(({ output }) => output === 'video');
  expect(endpoints.length).toBeGreaterThan(70);
  for (const endpoint of endpoints) {
    const input = withDefaults(endpoint, endpoint.example);
    const geometry = toGeometry({ endpoint: endpoint.id, task: endpoint.task, input, media: {} });
    const sides = [geometry.widthPx, geometry.heightPx];
    expect(
      sides.every((side) => side % 2 === 0 && side >= 352 && side <= 4410),
      `${endpoint.id}: ${sides}`,
    ).toBe(true);
    expect(geometry.durationMs, endpoint.id).toBeGreaterThanOrEqual(2000);
  }
});

test('a length of any sign or spelling is a length or the usual one', () => {
  const durationOf = (duration: string | number): number =>
    toGeometry({ endpoint: 'kling-v3.0-std/text-to-video', task: 'text-to-video', input: { duration }, media: {} })
      .durationMs;
  expect([durationOf('8s'), durationOf(7), durationOf('-1'), durationOf(0), durationOf('soon')]).toEqual([
    8000, 7000, 5000, 5000, 5000,
  ]);
});

test('a picture as narrow as a ribbon gives a clip three times as tall as wide, not a line', () => {
  const geometry = toGeometry({
    endpoint: 'kling-v2.5-turbo-std/image-to-video',
    task: 'image-to-video',
    input: {},
    media: { firstImageUrl: [picture(10, 9000)] },
  });
  expect(geometry.heightPx / geometry.widthPx).toBeCloseTo(3, 1);
});

test('flags and numbers are read from every form in which they are sent', () => {
  expect([toFlag('yes'), toFlag('no'), toFlag(true), toFlag('false'), toFlag(undefined)]).toEqual([
    true,
    false,
    true,
    false,
    undefined,
  ]);
  expect([toNumber('0'), toNumber(0), toNumber(''), toNumber('x'), toNumber(null)]).toEqual([
    0,
    0,
    undefined,
    undefined,
    undefined,
  ]);
});
