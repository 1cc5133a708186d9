import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storyboard } from './storyboard.ts';

const plan = (prompt: string, more: Partial<Parameters<typeof storyboard>[0]> = {}) =>
  storyboard({ prompt, durationMs: 12_000, seed: 1, ...more });
const first = (prompt: string) => plan(prompt).shots[0];

test.each([
  ['The camera slowly pushes in on a lighthouse.', 'push-in'],
  ['Pull out to reveal the valley.', 'pull-out'],
  ['The camera pans left across the harbour.', 'pan-left'],
  ['Tilt up to the roof.', 'tilt-up'],
  ['Crane up over the snowy ridge.', 'crane-up'],
  ['A static shot of a table.', 'static'],
  ['夜晚的街道，镜头缓慢推进。', 'push-in'],
])('the camera of %j is %s', (prompt, move) => {
  expect(first(prompt)?.camera.move).toBe(move);
});

test('slow is slower than fast', () => {
  const [slow, fast] = ['slowly', 'quickly'].map(
    (word) => first(`The camera ${word} pushes in on a lighthouse.`)?.camera.pace,
  );
  expect(slow).toBeLessThan(fast ?? 0);
});

test.each([
  ['A neon street in the rain at night.', 'street', 'night', 'rain'],
  ['夜晚下雨的街道，霓虹灯闪烁。', 'street', 'night', 'rain'],
])('%j is read as place, hour and weather', (prompt, place, hour, weather) => {
  expect(first(prompt)?.scene).toMatchObject({ place, hour, weather: expect.arrayContaining([weather]) });
});

test('sentences become shots in their order, and each keeps its own words', () => {
  const { shots } = plan('A cat sleeps on a windowsill. A train crosses a bridge. Snow falls on the mountains.', {
    durationMs: 15_000,
  });
  const order = ['cat', 'train', 'Snow'].map((word) => shots.findIndex(({ text }) => text.includes(word)));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(new Set(order).size).toBe(3);
});

test('a given list of shots is followed, in its proportions', () => {
  const { shots } = plan('', {
    durationMs: 10_000,
    shots: [
      { text: 'a sea', durationMs: 3_000 },
      { text: 'a forest', durationMs: 7_000 },
    ],
  });
  expect(shots.map(({ startMs, endMs, text }) => [startMs, endMs, text])).toEqual([
    [0, 3_000, 'a sea'],
    [3_000, 10_000, 'a forest'],
  ]);
});

test('a fixed camera does not move', () => {
  for (const { camera } of plan('The camera races through the forest. It orbits the tower.', { fixedCamera: true })
    .shots)
    expect(camera).toMatchObject({ move: 'static', shake: 0 });
});

test('what the negative prompt names is left out', () => {
  const rainy = 'A street in the rain at night.';
  expect(first(rainy)?.scene.weather).toContain('rain');
  expect(plan(rainy, { negativePrompt: 'rain' }).shots[0]?.scene.weather).not.toContain('rain');
});

test('any words of any length fill the time without a gap, and always the same way', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.integer({ min: 1_000, max: 60_000 }),
      fc.nat(),
      (prompt, durationMs, seed) => {
        const made = storyboard({ prompt, durationMs, seed });
        let at = 0;
        for (const { startMs, endMs } of made.shots) {
          expect(startMs).toBe(at);
          expect(endMs).toBeGreaterThan(startMs);
          at = endMs;
        }
        expect(at).toBe(durationMs);
        expect(made.mood.ambience.length).toBeGreaterThan(0);
        expect(storyboard({ prompt, durationMs, seed })).toEqual(made);
      },
    ),
    { numRuns: 150 },
  );
});
