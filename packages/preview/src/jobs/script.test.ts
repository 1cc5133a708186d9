import { expect, test } from 'vitest';
import { requestFor } from '../../test/samples.ts';
import { toPrompt, toScript } from './script.ts';

const multiPrompt = [
  { index: 2, prompt: 'The sea at night.', duration: '4' },
  { index: 1, prompt: 'A fox in the snow.', duration: '2' },
];
const plan = (input: Parameters<typeof requestFor>[0]['input']) =>
  toScript(requestFor({ outputDir: '/nowhere', ...(input && { input }) }), 6000).shots.map(({ text, endMs }) => [
    text,
    endMs,
  ]);

test('the caller’s own shots come in their order and with their lengths', () =>
  expect(plan({ prompt: 'ignored', multiShot: true, shotType: 'customize', multiPrompt })).toEqual([
    ['A fox in the snow.', 2000],
    ['The sea at night.', 6000],
  ]));

test('without the flag, or where the renderer is to cut, the prompt counts', () => {
  const prompt = 'A castle on a hill.';
  for (const input of [{ multiShot: false }, { multiShot: true, shotType: 'intelligence' }]) {
    expect(plan({ prompt, ...input, multiPrompt })[0]?.[0]).toContain('castle');
  }
});

test('a list without words is no list', () =>
  expect(
    plan({ prompt: 'A castle on a hill.', multiShot: true, multiPrompt: [null, 7, { duration: 3 }, []] })[0]?.[0],
  ).toContain('castle'));

test('a fixed camera stays', () => {
  const request = requestFor({
    outputDir: '/nowhere',
    input: { prompt: 'The camera pans left.', cameraFixed: 'true' },
  });
  expect(toScript(request, 5000).shots.map(({ camera }) => camera.move)).toEqual(['static']);
});

test('words are found under whatever name they were sent', () =>
  expect(toPrompt(requestFor({ outputDir: '/nowhere', input: { description: 'a fox' } }))).toBe('a fox'));
