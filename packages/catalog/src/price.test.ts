import { expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { family, inParts, perCall, perSecond, startingAt } from './family.ts';
import { flag, integer, oneOf, optional, say, text, video } from './params.ts';
import { quote } from './price.ts';
import type { Endpoint, Input, MediaFacts, Param, Pricing } from './types.ts';

const about = say('a', '一');
const duration = oneOf(about, ['5', '10', '-1'], { default: '5' });
const clip = (durationMs: number): MediaFacts => ({ kind: 'video', format: 'mp4', sizeBytes: 1, durationMs });

/** A made-up endpoint that is priced in a given way. */
const priced = (pricing: Partial<Pricing>, params: Record<string, Param> = {}): Endpoint => {
  const [row] = family({ family: 'f', vendor: 'v', pricesAsOf: '2026-01-01' }, [
    { id: 'x', task: 'video-edit', en: 'x', zh: 'x', params, example: {}, price: perCall(0.5) },
  ]);
  if (row?.pricing === undefined || row.pricing === null) throw new Error('no row');
  return { ...row, pricing: { ...row.pricing, ...pricing } as Pricing };
};
const required = (id: string): Endpoint => {
  const endpoint = catalog.get(id);
  if (endpoint === undefined) throw new Error(id);
  return endpoint;
};

test('seconds come from the duration, in words for people', () => {
  const endpoint = required('rhart-video-s-official/text-to-video-pro');
  expect(quote(endpoint, { prompt: 'a', size: '720x1280', duration: '12' })).toEqual({
    micros: 25_200_000,
    currency: 'CNY',
    exact: true,
    text: { en: '2.10 CNY per second × 12', zh: '每秒 2.10 元 × 12' },
  });
});

test('a documented default counts where nothing was sent', () => {
  const endpoint = required('rhart-video-s-official/text-to-video-pro');
  expect(quote(endpoint, {})?.micros).toBe(25_200_000);
  const omni = required('kling-video-o3-4k/text-to-video');
  expect(quote(omni, { duration: 7 })?.micros).toBe(18_900_000);
});

test('a price by several parameters is found by all of them', () => {
  const endpoint = required('kling-video-o1/text-to-video');
  const micros = (input: Input) => quote(endpoint, input)?.micros;
  expect(micros({ mode: 'std', duration: '5' })).toBe(2_100_000);
  expect(micros({ mode: 'pro', duration: '10' })).toBe(5_600_000);
  const veo = required('rhart-video-v3.1-pro-official/text-to-video');
  expect(quote(veo, { duration: '6', generateAudio: true })).toMatchObject({
    micros: 14_100_000,
    text: { en: '14.10 CNY per call', zh: '每次 14.10 元' },
  });
});

test('without a duration the clip itself is counted, and until it is known one second is assumed', () => {
  const endpoint = required('kling-v3.0-pro/motion-control');
  expect(quote(endpoint, {})).toMatchObject({
    micros: 1_080_000,
    exact: false,
    text: { en: '1.08 CNY per second × ?' },
  });
  expect(quote(endpoint, {}, { videoUrl: [clip(12_040)] })).toMatchObject({ micros: 12_960_000, exact: true });
  expect(quote(endpoint, {}, { videoUrl: [clip(12_400)] })?.micros).toBe(14_040_000);
  expect(quote(endpoint, {}, { videoUrl: [{ kind: 'video', format: 'mp4', sizeBytes: 1 }] })?.exact).toBe(false);
  const avatar = required('kling-v2-ai-avatar-pro/image-audio-to-video');
  const voice: MediaFacts = { kind: 'audio', format: 'mp3', sizeBytes: 1, durationMs: 3_500 };
  expect(quote(avatar, {}, { audioUrl: [voice] })).toMatchObject({ micros: 2_880_000, exact: true });
});

test('a lip-sync is billed by a clip that the call does not name', () => {
  const endpoint = required('kling-lip-sync/lip-sync-video');
  const voice: MediaFacts = { kind: 'audio', format: 'mp3', sizeBytes: 1, durationMs: 3_500 };
  expect(quote(endpoint, {}, { audioUrl: [voice] })).toMatchObject({ micros: 350_000, exact: false });
});

test('five seconds are counted as begun', () => {
  const endpoint = priced({ unit: '5-seconds' }, { duration: integer(about) });
  const micros = (seconds: number) => quote(endpoint, { duration: seconds })?.micros;
  expect([micros(1), micros(5), micros(6), micros(11)]).toEqual([500_000, 500_000, 1_000_000, 1_500_000]);
});

test('a length that the model chooses is not known', () => {
  const endpoint = priced({ unit: 'second' }, { duration });
  expect(quote(endpoint, { duration: '-1' })).toMatchObject({ micros: 500_000, exact: false });
});

test('images and characters are counted from the request', () => {
  const pictures = priced({ unit: 'image' }, { maxImages: optional(integer(about)) });
  expect(quote(pictures, { maxImages: 4 })).toMatchObject({
    micros: 2_000_000,
    text: { en: '0.50 CNY per image × 4' },
  });
  expect(quote(pictures, {})?.micros).toBe(500_000);
  const speech = priced({ unit: '1000-characters' }, { text: text(about) });
  expect(quote(speech, { text: '字'.repeat(1001) })?.micros).toBe(1_000_000);
  expect(quote(speech, { text: 'a' })?.micros).toBe(500_000);
});

test('where no price is published, the quote is zero and says so', () => {
  expect(quote(required('kling-v3.0-4k/motion-control'), {})).toEqual({
    micros: 0,
    currency: 'CNY',
    exact: false,
    text: { en: 'no price is published', zh: '未公布价格' },
  });
});

test('what the price list does not name is quoted at its dearest figure, as a beginning', () => {
  const fast = required('rhart-video/sparkvideo-2.0-fast/text-to-video');
  expect(quote(fast, { resolution: 'native1080p', duration: '5' })).toMatchObject({
    micros: 5 * 1_630_000,
    exact: false,
    text: { en: 'from 1.63 CNY per second × 5' },
  });
});

test('a price for a call that does not say how many pictures is the price of one', () => {
  const rules = [{ when: { n: null }, micros: 130_000 }];
  const endpoint = priced({ kind: 'by-params', dependsOn: ['n'], rules }, { n: integer(about) });
  expect(quote(endpoint, { n: 3 })).toMatchObject({ micros: 390_000, exact: true });
  const series = priced(
    { kind: 'by-params', dependsOn: ['maxImages'], rules: [{ when: { maxImages: null }, micros: 200_000 }] },
    { maxImages: optional(integer(about)), sequentialImageGeneration: oneOf(about, ['disabled', 'auto']) },
  );
  expect(quote(series, { maxImages: 4, sequentialImageGeneration: 'auto' }).micros).toBe(800_000);
  expect(quote(series, { maxImages: 4, sequentialImageGeneration: 'disabled' }).micros).toBe(200_000);
});

test('of a price in parts, the published ones are summed and the others named', () => {
  const [row] = family({ family: 'f', vendor: 'v', pricesAsOf: '2026-01-01' }, [
    {
      ...{ id: 'x', task: 'reference-to-video', en: 'x', zh: 'x', params: {}, example: {} },
      price: inParts({ unit: 'reference-video-second' }, { unit: 'call', yuan: 0.001, from: true }),
    },
  ]);
  expect(row && quote(row, {})).toEqual({
    micros: 1_000,
    currency: 'CNY',
    exact: false,
    text: {
      en: 'from 0.001 CNY per call, plus the seconds of the reference clips',
      zh: '每次 0.001 元起，另计参考视频时长费',
    },
  });
});

test('of a clip that is longer than what is used, the used seconds are paid', () => {
  const endpoint = priced({ unit: 'second' }, { videoUrl: video(about, { usedSeconds: 15 }) });
  expect(quote(endpoint, {}, { videoUrl: [clip(40_000)] })).toMatchObject({ micros: 7_500_000, exact: true });
});

test('a starting price says so', () => {
  const endpoint = required('rhart-video/sparkvideo-2.0/multimodal-video');
  expect(quote(endpoint, { resolution: '720p', duration: '5' })).toEqual({
    micros: 6_000_000,
    currency: 'CNY',
    exact: false,
    text: { en: 'from 1.20 CNY per second × 5', zh: '每秒 1.20 元起 × 5' },
  });
});

test('a rule for "not sent" goes before the rule for the default', () => {
  const endpoint = priced(
    {
      kind: 'by-params',
      dependsOn: ['duration'],
      rules: [
        { when: { duration: '5' }, micros: 5 },
        { when: { duration: null }, micros: 1 },
      ],
    },
    { duration: optional(duration) },
  );
  expect(quote(endpoint, {})?.micros).toBe(1);
  expect(quote(endpoint, { duration: '5' })?.micros).toBe(5);
});

test('a price table is read in the types that its parameters have', () => {
  const params = { sound: flag(about), duration: integer(about), videoUrl: video(about) };
  const [row] = family({ family: 'f', vendor: 'v', pricesAsOf: '2026-01-01' }, [
    {
      ...{ id: 'x', task: 'video-edit', en: 'x', zh: 'x', params, example: {} },
      price: startingAt(perSecond(['sound', 'duration'], { true: { 5: 0.1 }, false: { 5: 0.035 } })),
    },
  ]);
  expect(row?.pricing).toEqual({
    currency: 'CNY',
    unit: 'second',
    from: true,
    asOf: '2026-01-01',
    kind: 'by-params',
    dependsOn: ['sound', 'duration'],
    rules: [
      { when: { sound: true, duration: 5 }, micros: 100_000 },
      { when: { sound: false, duration: 5 }, micros: 35_000 },
    ],
  });
});
