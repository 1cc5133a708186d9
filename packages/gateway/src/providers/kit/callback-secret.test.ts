import { expect, test } from 'vitest';
import { UpstreamError } from '../fault.ts';
import { createSecretCheck } from './callback-secret.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An upstream whose secret is a word. */
function open() {
  const state = { nowMs: 1_000, secret: 'one', asked: 0, isDown: false };
  const check = createSecretCheck({
    async ask() {
      state.asked += 1;
      if (state.isDown) throw new UpstreamError('busy', 'not now');
      return state.secret;
    },
    clock: { nowMs: () => state.nowMs, after: () => () => {} },
  });
  return { state, check: (word: string) => check((secret) => secret === word, new AbortController().signal) };
}

test('the secret is asked for once a day', async () => {
  const { state, check } = open();
  expect(await check('one')).toBe('genuine');
  state.nowMs += 24 * HOUR;
  expect(await check('one')).toBe('genuine');
  expect(state.asked).toBe(1);
  state.nowMs += 1;
  expect(await check('one')).toBe('genuine');
  expect(state.asked).toBe(2);
});

test('a new one is found when nothing fits, and nobody can make us ask all the time', async () => {
  const { state, check } = open();
  expect(await check('one')).toBe('genuine');
  state.secret = 'two';
  for (let times = 0; times < 10; times += 1) expect(await check('two')).toBe('forged');
  expect(state.asked).toBe(1);
  state.nowMs += 5 * MINUTE + 1;
  expect(await check('two')).toBe('genuine');
  expect(state.asked).toBe(2);
  expect(await check('one')).toBe('forged');
  expect(state.asked).toBe(2);
});

test('where it cannot be had, nobody can tell; what is known still counts', async () => {
  const { state, check } = open();
  state.isDown = true;
  expect(await check('one')).toBe('hint');
  state.isDown = false;
  expect(await check('one')).toBe('genuine');
  state.isDown = true;
  state.nowMs += HOUR;
  expect(await check('one')).toBe('genuine');
  expect(await check('two')).toBe('hint');
});
