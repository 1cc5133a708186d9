import { findDefinition } from '@reelay/standin';
import { describe, expect, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { vidu } from './vidu.ts';

const standin = findDefinition('vidu');
if (standin === undefined) throw new Error('there is no stand-in for vidu');

describe('the contract of providers', () =>
  providerContract({
    type: vidu,
    standin,
    endpoints: [
      'vidu/text-to-video',
      'vidu/image-to-video-q3-pro',
      'vidu/start-end-to-video-q2-turbo',
      'vidu/reference-to-video-q2-pro',
    ],
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: vidu, standin });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  expect(routes.flatMap(({ route, refused }) => refused.map((reason) => `${route.endpoint}: ${reason}`))).toEqual([
    'vidu/reference-to-video-q2-pro: imageUrls is empty: Vidu wants at least one picture beside the videos',
  ]);
});
