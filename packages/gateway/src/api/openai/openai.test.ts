import { catalog } from '@reelay/catalog';
import { describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode, GatewayError } from '../../contract/errors.ts';
import { toOpenAiError } from './error.ts';
import { inTheirNames, toInput } from './input.ts';
import { ALIASES, nameOf, requireModel } from './models.ts';

const endpoint = (id: string) => {
  const found = catalog.get(id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};
const problemsOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof GatewayError) return error.details;
    throw error;
  }
  return [];
};

test('every short name leads to an endpoint that makes what it says, and back', () => {
  for (const [name, uses] of Object.entries(ALIASES)) {
    for (const [use, id] of Object.entries(uses)) {
      // The keys of the table.
      expect(requireModel(catalog, name, use as 'image').id).toBe(id);
      expect(Object.keys(ALIASES)).toContain(nameOf(id));
    }
  }
  expect(nameOf('vidu/text-to-video')).toBe('vidu/text-to-video');
});

describe('input', () => {
  test.each([
    ['rhart-image-g-2-official/text-to-image', { size: '1536x1024' }, { aspectRatio: '3:2', resolution: '1k' }],
    ['rhart-image-g-2-official/text-to-image', { size: '2048x2048' }, { aspectRatio: '1:1', resolution: '2k' }],
    ['rhart-image-g-2-official/text-to-image', { size: '3840x2160' }, { aspectRatio: '16:9', resolution: '4k' }],
    [
      'rhart-image-g-2-official/text-to-image',
      { size: 'auto', quality: 'auto' },
      { aspectRatio: '16:9', quality: 'medium' },
    ],
    ['rhart-image-g-1.5-official/text-to-image', { size: '1024x1536' }, { size: '1024*1536' }],
    ['rhart-video-s-official/text-to-video', { size: '1280x720', seconds: '8' }, { size: '1280x720', duration: '8' }],
    ['rhart-video-s-official/text-to-video', { seconds: 8 }, { duration: '8' }],
    [
      'rhart-video-g/text-to-video',
      { seconds: '8', size: '1280x720' },
      { duration: 8, aspectRatio: '16:9', resolution: '720p' },
    ],
    ['rhart-video-v3.1-pro-official/text-to-video', { size: '1792x1024' }, undefined],
    [
      'rhart-video-v3.1-pro-official/text-to-video',
      { size: '1920x1080', seed: 7 },
      { aspectRatio: '16:9', resolution: '1080p', seed: 7 },
    ],
    ['rhart-video-v3.1-pro-official/text-to-video', { size: '3840x2160' }, { resolution: '4k' }],
    [
      'rhart-audio/text-to-audio/speech-2.8-hd',
      { input: 'Hi.', voice: 'alloy' },
      { text: 'Hi.', voice_id: 'Wise_Woman' },
    ],
    ['rhart-audio/text-to-audio/speech-2.8-hd', { input: 'Hi.', voice: 'MyVoice7' }, { voice_id: 'MyVoice7' }],
  ])('%s with %j', (id, fields, expected) => {
    if (expected === undefined)
      expect(problemsOf(() => toInput(endpoint(id), fields))).toMatchObject([{ field: 'size' }]);
    else expect(toInput(endpoint(id), fields)).toMatchObject(expected);
  });

  test('everything that is wrong is said at once, under the names that were used', () => {
    const fields = { prompt: 'x', size: '7', wings: 1, seconds: '4' };
    expect(problemsOf(() => toInput(endpoint('rhart-image-g-2-official/text-to-image'), fields))).toMatchObject([
      { field: 'size' },
      { field: 'wings', message: 'wings: unknown parameter' },
      { field: 'seconds' },
    ]);
    const below = new GatewayError('invalid_input', 'x', {
      details: [
        { field: 'tasks[0].duration', message: 'duration: too long' },
        { field: 'imageUrls[1]', message: 'imageUrls[1]: too large' },
        { field: 'seed', message: 'seed: no' },
      ],
    });
    expect(inTheirNames(below, { seed: 1 })).toMatchObject({
      details: [{ field: 'seconds' }, { field: 'image' }, { field: 'seed' }],
    });
  });

  test('pictures go into the list of an endpoint, or one each', () => {
    const list = toInput(endpoint('rhart-image-g-2-official/image-to-image'), {}, ['asset://a', 'asset://b']);
    expect(list.imageUrls).toEqual(['asset://a', 'asset://b']);
    expect(toInput(endpoint('rhart-image-x-official/edit'), {}, ['asset://a']).image).toBe('asset://a');
    const tooMany = () => toInput(endpoint('rhart-image-x-official/edit'), {}, ['asset://a', 'asset://b']);
    expect(problemsOf(tooMany)).toMatchObject([{ field: 'image' }]);
  });
});

test.each(Object.keys(ERRORS) as ErrorCode[])('%s has a status, and only what made nothing may be repeated', (code) => {
  const { status, headers, body } = toOpenAiError({ code, message: 'why', problems: [] });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(body.error).toMatchObject({ message: 'why', param: null });
  const mayRepeat = headers['x-should-retry'] === 'true';
  if (mayRepeat) expect(ERRORS[code].retryable).toBe(true);
  if (['timed_out', 'outcome_unknown', 'generation_failed'].includes(code)) expect(mayRepeat).toBe(false);
});
