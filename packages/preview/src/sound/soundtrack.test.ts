import { expect, test } from 'vitest';
import { tone } from '../../test/samples.ts';
import { cutPcm, envelope, loudness, mixInto, type Pcm } from '../media/pcm.ts';
import { storyboard } from '../storyboard/index.ts';
import { AMBIENCES, type Mood } from '../storyboard/plan.ts';
import { createSoundtrack } from './soundtrack.ts';

const decibels = (pcm: Pcm): number => 20 * Math.log10(loudness(pcm));
const plan = storyboard({ prompt: 'A ship at sea. Then a castle. Then a fox.', durationMs: 9000, seed: 1 });
const soundOf = (mood: Partial<Mood>, seed = 1): Pcm =>
  createSoundtrack({ storyboard: { ...plan, mood: { ...plan.mood, ...mood } }, durationMs: 9000, seed });

test.each(AMBIENCES)('%s is heard all the time, neither too soft nor too loud', (kind) => {
  const pcm = soundOf({ ambience: [kind] });
  expect(pcm.left).toHaveLength(9 * 48_000);
  expect(decibels(pcm)).toBeGreaterThan(-26);
  expect(decibels(pcm)).toBeLessThan(-16);
  for (let startMs = 500; startMs < 8000; startMs += 500) {
    expect(decibels(cutPcm(pcm, { startMs, lengthMs: 500 }))).toBeGreaterThan(-45);
  }
});

test.each([0, 0.5, 1])('no mood clips (%d)', (degree) => {
  const pcm = soundOf({ energy: degree, tension: degree, brightness: degree, tempoBpm: 60 + 100 * degree });
  const peak = pcm.left.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(peak).toBeLessThan(0.9);
  expect(peak).toBeGreaterThan(0.05);
});

test('it begins and ends in silence, so that players do not click', () => {
  const { left, right } = soundOf({});
  for (const channel of [left, right])
    for (const sample of [channel[0], channel.at(-1)]) expect(Math.abs(sample ?? 1)).toBeLessThan(1e-4);
});

test('the same seed is the same sound, another seed another', () => {
  const [one, two, three] = [soundOf({}), soundOf({}), soundOf({}, 2)];
  expect(Buffer.from(one.left.buffer).equals(Buffer.from(two.left.buffer))).toBe(true);
  expect(Buffer.from(one.left.buffer).equals(Buffer.from(three.left.buffer))).toBe(false);
});

test('left and right differ, as they do in a place', () => {
  const { left, right } = soundOf({});
  expect(Buffer.from(left.buffer).equals(Buffer.from(right.buffer))).toBe(false);
});

test('an envelope follows loudness, and silence is flat', () => {
  const pcm = tone({ hz: 400, seconds: 2, gain: 0.1 });
  mixInto(pcm, tone({ hz: 400, seconds: 1, gain: 0.3 }), { atMs: 1000, gain: 1 });
  const levels = envelope(pcm, 4);
  expect(levels[3]).toBe(1);
  expect(levels[0]).toBeCloseTo(0.25, 1);
  expect([...envelope(tone({ hz: 400, seconds: 1, gain: 0 }), 3)]).toEqual([0, 0, 0]);
});
