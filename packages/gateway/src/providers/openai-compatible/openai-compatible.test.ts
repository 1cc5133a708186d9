import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { toJob } from '../testing/jobs.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene, requireEndpoint, type Scene } from '../testing/scene.ts';
import { openaiCompatible } from './openai-compatible.ts';

const standin = findDefinition('openai-compatible');
if (standin === undefined) throw new Error('there is no stand-in for openai-compatible');

describe('the contract of providers', () =>
  providerContract({ type: openaiCompatible, standin, endpoints: ['rhart-text-qwen-27b/chat'] }));

test('every live route takes whatever is valid', async () => {
  const routes = await coverRoutes({ type: openaiCompatible, standin });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  expect(routes.flatMap(({ refused }) => refused)).toEqual([]);
});

describe('what goes out', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ type: openaiCompatible, standin });
  });
  afterAll(() => scene.close());
  const last = () => scene.standin.control.requests.at(-1)?.body;
  const jobFor = (id: string, model = 'local-model') =>
    toJob(requireEndpoint(id), { endpoint: id, model, status: 'substitute' }, requireEndpoint(id).example);

  test('words alone are a text, and pictures stand before the question', async () => {
    await scene.submit(jobFor('rhart-text-g-25-flash/text-to-text'));
    expect(last()).toMatchObject({ model: 'local-model', messages: [{ role: 'user', content: expect.any(String) }] });
    await scene.submit(jobFor('rhart-text-qwen-27b/chat'));
    expect(last()).toMatchObject({
      messages: [{ content: [{ type: 'image_url' }, { type: 'image_url' }, { type: 'text' }] }],
    });
    await scene.submit(jobFor('rhart-text-g-25-pro/video-to-text'));
    expect(last()).toMatchObject({ messages: [{ content: [{ type: 'video_url' }, { type: 'text' }] }] });
  });

  test('the channel may name the model', async () => {
    const provider = scene.create({ settings: { model: 'local-model' } });
    await provider.submit(jobFor('rhart-text-g-25-flash/text-to-text', 'another'), AbortSignal.timeout(5_000));
    expect(last()).toMatchObject({ model: 'local-model' });
  });

  test('what no chat can make is refused', () => {
    const reasons = scene.provider.refuses?.(jobFor('rhart-image-g-3/text-to-image'));
    expect(reasons).toEqual(['a chat answers in words only']);
  });
});
