import { catalog, checkMedia, validate } from '@reelay/catalog';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryInput } from './arbitrary-input.ts';
import { toJob } from './jobs.ts';

const SAMPLES = 20;

test('every endpoint has valid inputs at random, whose files keep its limits', () => {
  for (const endpoint of catalog.list()) {
    const route = { endpoint: endpoint.id, model: 'any', status: 'ok' } as const;
    for (const input of fc.sample(arbitraryInput(endpoint), { numRuns: SAMPLES, seed: 7 })) {
      expect(validate(endpoint, input), endpoint.id).toEqual({ ok: true, input });
      const { media } = toJob(endpoint, route, input);
      const facts = Object.fromEntries(
        Object.entries(media).map(([name, files]) => [name, files.map((one) => one.facts)]),
      );
      expect(checkMedia(endpoint, facts, input), endpoint.id).toEqual([]);
    }
  }
});

test('inputs differ in which parameters they send', () => {
  const endpoint = catalog.get('alibaba/wan-2.7/image-to-video');
  if (endpoint === undefined) throw new Error('the row is gone');
  const sent = fc.sample(arbitraryInput(endpoint), { numRuns: 50, seed: 7 }).map((input) => Object.keys(input).join());
  expect(new Set(sent).size).toBeGreaterThan(5);
});
