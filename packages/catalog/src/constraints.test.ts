import { expect, test } from 'vitest';
import { checkMedia } from './media.ts';
import { flag, images, integer, oneOf, optional, say, text, video, videos } from './params.ts';
import type { Constraint, ConstraintRule, Json, MediaFacts, Param } from './types.ts';
import { validate } from './validate.ts';

const about = say('a', '一');
const address = (name: string) => `https://example.com/${name}`;
const files = (count: number) => Array.from({ length: count }, (_, index) => address(`${index}.png`));

/** One of each, all optional, so that a rule alone decides. */
const params: Record<string, Param> = {
  prompt: optional(text(about)),
  story: optional(text(about)),
  imageUrls: optional(images(about)),
  moreImageUrls: optional(images(about)),
  videoUrls: optional(videos(about)),
  videoUrl: optional(video(about)),
  mode: optional(oneOf(about, ['std', 'pro'], { default: 'std' })),
  long: optional(flag(about)),
  width: optional(integer(about)),
  height: optional(integer(about)),
};

/** The problems of a body under one rule: `[field, message]`. */
function refused(constraint: Constraint, body: Record<string, Json>): [string, string][] {
  const result = validate({ params, constraints: [constraint] }, body);
  return result.ok ? [] : result.problems.map(({ field, message }) => [field, message]);
}

test('exactly-one-of', () => {
  const rule: Constraint = { rule: 'exactly-one-of', params: ['prompt', 'story'] };
  expect(refused(rule, { story: 'a' })).toEqual([]);
  expect(refused(rule, {})).toEqual([['prompt', 'prompt: send exactly one of prompt or story; none was sent']]);
  expect(refused(rule, { prompt: 'a', story: 'b' })).toEqual([
    ['story', 'story: send exactly one of prompt or story; prompt and story were sent'],
  ]);
  expect(refused(rule, { prompt: '', story: 'b' })).toEqual([]);
});

test('at-least-one-of', () => {
  const rule: Constraint = { rule: 'at-least-one-of', params: ['imageUrls', 'videoUrls'] };
  expect(refused(rule, { imageUrls: files(1), videoUrls: files(1) })).toEqual([]);
  expect(refused(rule, { imageUrls: [] })).toEqual([
    ['imageUrls', 'imageUrls: send at least one of imageUrls or videoUrls'],
  ]);
});

test('needs', () => {
  const rule: Constraint = { rule: 'needs', param: 'width', params: ['height', 'prompt'] };
  expect(refused(rule, { height: 1 })).toEqual([]);
  expect(refused(rule, { width: 1, height: 1, prompt: 'a' })).toEqual([]);
  expect(refused(rule, { width: 1, height: 0 })).toEqual([
    ['width', 'width: works only together with prompt; send that too'],
  ]);
});

test('needs-any-of', () => {
  const rule: Constraint = { rule: 'needs-any-of', param: 'prompt', params: ['imageUrls', 'videoUrls'] };
  expect(refused(rule, {})).toEqual([]);
  expect(refused(rule, { prompt: 'a', videoUrls: files(1) })).toEqual([]);
  expect(refused(rule, { prompt: 'a', videoUrls: [] })).toEqual([
    ['prompt', 'prompt: works only together with imageUrls or videoUrls; send one of them too'],
  ]);
});

test('requires', () => {
  const rule: Constraint = { rule: 'requires', when: { long: true }, params: ['mode', 'story'] };
  expect(refused(rule, { long: false })).toEqual([]);
  expect(refused(rule, { long: true, mode: 'pro', story: 'a' })).toEqual([]);
  expect(refused(rule, { long: true })).toEqual([
    ['story', 'story: required when long is true'],
    ['mode', 'mode: required when long is true'],
  ]);
});

test('forbidden, also by a default that then counts', () => {
  const rule: Constraint = { rule: 'forbidden', when: { mode: 'std', width: 10 } };
  expect(refused(rule, { mode: 'pro', width: 10 })).toEqual([]);
  const said = [['mode', 'mode: this combination is not offered: mode is "std" and width is 10']];
  expect(refused(rule, { mode: 'std', width: 10 })).toEqual(said);
  expect(refused(rule, { width: 10 })).toEqual(said);
});

test('null in a condition means that the parameter was not sent', () => {
  const rule: Constraint = { rule: 'requires', when: { mode: null }, params: ['prompt'] };
  expect(refused(rule, { mode: 'std' })).toEqual([]);
  expect(refused(rule, {})).toEqual([['prompt', 'prompt: required when mode is not sent']]);
});

test('optional-pair', () => {
  const rule: Constraint = { rule: 'optional-pair', params: ['width', 'height'] };
  expect(refused(rule, {})).toEqual([]);
  expect(refused(rule, { width: 1 })).toEqual([]);
  expect(refused(rule, { width: 1, height: 1 })).toEqual([]);
  expect(refused(rule, { height: 1 })).toEqual([['height', 'height: works only together with width; send that too']]);
});

test('max-items, where something else is sent', () => {
  const rule: Constraint = { rule: 'max-items', whenPresent: ['videoUrl'], params: ['imageUrls'], max: 2 };
  expect(refused(rule, { imageUrls: files(3) })).toEqual([]);
  expect(refused(rule, { imageUrls: files(2), videoUrl: address('a.mp4') })).toEqual([]);
  expect(refused(rule, { imageUrls: files(3), videoUrl: address('a.mp4') })).toEqual([
    ['imageUrls', 'imageUrls: 3 items; at most 2 when videoUrl is sent'],
  ]);
});

test('max-total-items', () => {
  const rule: Constraint = { rule: 'max-total-items', params: ['imageUrls', 'videoUrls'], max: 5 };
  expect(refused(rule, { imageUrls: files(3), videoUrls: files(2) })).toEqual([]);
  expect(refused(rule, { imageUrls: files(3), videoUrls: files(3) })).toEqual([
    ['imageUrls', 'imageUrls: 6 items in imageUrls and videoUrls together; at most 5'],
  ]);
});

test('max-images counts every picture and no clip', () => {
  const rule: Constraint = { rule: 'max-images', when: { mode: 'std' }, max: 4 };
  const four = { imageUrls: files(2), moreImageUrls: files(2), videoUrls: files(9) };
  expect(refused(rule, four)).toEqual([]);
  expect(refused(rule, { ...four, moreImageUrls: files(3) })).toEqual([
    ['imageUrls', 'imageUrls: 5 images; at most 4 when mode is "std"'],
  ]);
  expect(refused(rule, { ...four, moreImageUrls: files(3), mode: 'pro' })).toEqual([]);
});

test('min-span', () => {
  const rule: Constraint = { rule: 'min-span', params: ['width', 'height'], minMs: 2000 };
  expect(refused(rule, { width: 0, height: 2000 })).toEqual([]);
  expect(refused(rule, { width: 500 })).toEqual([]);
  expect(refused(rule, { width: 500, height: 2499 })).toEqual([
    ['height', 'height: must be at least 2000 ms after width (500); 2499 is not'],
  ]);
});

test('pixel-product', () => {
  const rule: Constraint = { rule: 'pixel-product', params: ['width', 'height'], min: 100, max: 400 };
  expect(refused(rule, { width: 10, height: 10 })).toEqual([]);
  expect(refused(rule, { width: 20, height: 20 })).toEqual([]);
  expect(refused(rule, { width: 20, height: 21 })).toEqual([
    ['width', 'width: width × height is 420 pixels; allowed is at least 100 and at most 400'],
  ]);
  expect(refused(rule, { width: 9, height: 11 })).toHaveLength(1);
});

test('aspect-range', () => {
  const rule: Constraint = { rule: 'aspect-range', params: ['width', 'height'], min: 0.125, max: 8 };
  expect(refused(rule, { width: 1, height: 8 })).toEqual([]);
  expect(refused(rule, { width: 8, height: 1 })).toEqual([]);
  expect(refused(rule, { width: 9, height: 1 })).toEqual([
    ['width', 'width: width / height is 9 / 1; allowed is at least 0.125 and at most 8'],
  ]);
  expect(refused(rule, { width: 1, height: 0 })).toHaveLength(1);
});

const clip = (durationMs?: number): MediaFacts => ({
  kind: 'video',
  format: 'mp4',
  sizeBytes: 1,
  ...(durationMs === undefined ? {} : { durationMs }),
});

test('max-duration is asked of the file, not of the request', () => {
  const rule: Constraint = { rule: 'max-duration', when: { mode: 'std' }, params: ['videoUrl'], maxSeconds: 10 };
  const body = { videoUrl: address('a.mp4') };
  expect(refused(rule, body)).toEqual([]);
  const check = (durationMs: number | undefined, input: Record<string, Json> = body) =>
    checkMedia({ params, constraints: [rule] }, { videoUrl: [clip(durationMs)] }, input);
  expect(check(10_040)).toEqual([]);
  expect(check(undefined)).toEqual([]);
  expect(check(12_400)).toEqual([
    { field: 'videoUrl', message: 'videoUrl: 12.4 s long; at most 10 s when mode is "std"' },
  ]);
  expect(check(12_400, { ...body, mode: 'pro' })).toEqual([]);
});

test('the rules of the request are not asked again of the files', () => {
  const constraints: Constraint[] = [{ rule: 'exactly-one-of', params: ['prompt', 'story'] }];
  expect(checkMedia({ params, constraints }, {}, {})).toEqual([]);
});

const idle: [ConstraintRule, Constraint][] = [
  ['ignored', { rule: 'ignored', when: { long: true }, params: ['prompt'] }],
  ['overrides', { rule: 'overrides', param: 'mode', params: ['width', 'height'] }],
  ['used-when', { rule: 'used-when', when: { mode: 'pro' }, params: ['width'] }],
];
test.each(idle)('%s says what has no effect, and refuses nothing', (_rule, constraint) => {
  const body = { long: true, prompt: 'a', mode: 'std', width: 1, height: 1 };
  expect(validate({ params, constraints: [constraint] }, body)).toEqual({ ok: true, input: body });
});

test('values of a wrong type are reported once, and no rule trips over them', () => {
  const constraints: Constraint[] = [
    { rule: 'min-span', params: ['width', 'height'], minMs: 5 },
    { rule: 'max-items', params: ['imageUrls'], max: 1 },
    { rule: 'max-images', max: 1 },
  ];
  const result = validate({ params, constraints }, { width: 'a', height: 3, imageUrls: 'x' });
  expect(result.ok ? [] : result.problems.map(({ field }) => field)).toEqual(['imageUrls', 'width']);
});
