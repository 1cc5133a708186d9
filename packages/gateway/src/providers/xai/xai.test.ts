import { findDefinition } from '@reelay/standin';
import { describe, expect, test } from 'vitest';
import { isLive } from '../route.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { costOf, faultOf, toProgress, Video } from './wire.ts';
import { xai } from './xai.ts';

const standin = findDefinition('xai');
if (standin === undefined) throw new Error('there is no stand-in for xai');

describe('the contract of providers: pictures, which come with the answer', () =>
  providerContract({
    type: xai,
    standin,
    endpoints: ['rhart-image-x-official/text-to-image', 'rhart-image-x-official/edit'],
    without: { 'fail-upstream': 'a picture that cannot be made is a server error, after which there is no job' },
  }));

describe('the contract of providers: clips', () =>
  providerContract({
    type: xai,
    standin,
    endpoints: [
      'rhart-video-g-official/text-to-video',
      'rhart-video-g-official/reference-to-video',
      'rhart-video-g-official/edit-video',
    ],
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: xai, standin });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  for (const reason of routes.flatMap(({ refused }) => refused)) {
    expect(reason).toMatch(
      /^(outputFormat "png" has no counterpart|duration .* at most|prompt has|videoUrl (is mov|has))/,
    );
  }
});

test('the routes that are nearly right map as well', async () => {
  const isWanted = (route: Parameters<typeof isLive>[0]) => !isLive(route, xai.routes.asOf);
  const routes = await coverRoutes({ type: xai, standin, isWanted, samples: 5 });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  expect([...new Set(routes.flatMap(({ refused }) => refused))]).toEqual(['there is no picture to edit']);
});

test.each([
  [
    { status: 'pending', progress: 40 },
    { state: 'pending', fraction: 0.4 },
  ],
  [{ status: 'thinking' }, { state: 'pending' }],
  [
    { video: { url: 'https://vidgen.x.ai/o.mp4' } },
    { state: 'succeeded', outputs: [{ kind: 'url', url: 'https://vidgen.x.ai/o.mp4' }] },
  ],
  [
    { status: 'done', video: { url: '', respect_moderation: false } },
    { state: 'failed', code: 'content_refused', message: expect.any(String) },
  ],
  [
    { status: 'failed', error: { code: 'x', message: 'blocked by moderation' } },
    { state: 'failed', code: 'content_refused', message: 'blocked by moderation' },
  ],
  [
    { status: 'failed', error: { code: 'internal_error', message: 'Failed.' } },
    { state: 'failed', code: 'generation_failed', message: 'Failed.' },
  ],
  [{ status: 'expired' }, { state: 'failed', code: 'generation_failed', message: expect.any(String) }],
])('a clip that is %j', (body, progress) => {
  expect(toProgress(Video.parse(body))).toEqual(progress);
});

test.each([
  [200_000_000, { cost: { micros: 20_000, currency: 'USD' } }],
  ['3000000000', { cost: { micros: 300_000, currency: 'USD' } }],
  [null, {}],
])('%s ticks are %j', (ticks, cost) => {
  expect(costOf({ cost_in_usd_ticks: ticks })).toEqual(cost);
});

test.each([
  [400, { code: 'x', error: 'Incorrect API key provided: te***st.' }, 'auth'],
  [403, { code: 'x', error: 'spending limit reached' }, 'quota'],
  [400, { error: { message: 'rejected by moderation', code: 'x' } }, 'moderation'],
  [429, { code: 'rate_limited', error: 'Too many requests' }, undefined],
  [503, { code: 'x', error: 'unavailable' }, 'busy'],
  [200, { status: 'failed', error: { code: 'x', message: 'moderation' } }, undefined],
])('status %i with %j', (status, body, fault) => {
  expect(faultOf({ status, headers: {}, body, text: '' })?.fault).toBe(fault);
});
