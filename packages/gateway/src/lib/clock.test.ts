import { expect, test } from 'vitest';
import { sleep, systemClock, TookTooLong, withTimeout } from './clock.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';

const idle = { isBusy: () => false };
const never = new AbortController().signal;

test('a sleep ends at its time and not before', async () => {
  const clock = createVirtualClock(idle);
  let isAwake = false;
  const sleeping = sleep(clock, 1_000, never).then(() => {
    isAwake = true;
  });
  await clock.advance(999);
  expect(isAwake).toBe(false);
  await clock.advance(1);
  await sleeping;
});

test('a sleep ends at once with the reason of its signal', async () => {
  const controller = new AbortController();
  const sleeping = sleep(systemClock, 3_600_000, controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(sleep(systemClock, 0, controller.signal)).rejects.toBe(reason);
});

test('work that takes too long is given up on, also when it does not heed its signal', async () => {
  const clock = createVirtualClock(idle);
  let given: AbortSignal | undefined;
  const working = withTimeout(clock, { ms: 5_000, signal: never }, (signal) => {
    given = signal;
    return new Promise(() => {});
  });
  const outcome = expect(working).rejects.toBeInstanceOf(TookTooLong);
  await clock.advance(5_000);
  await outcome;
  expect(given?.aborted).toBe(true);
});

test('work that ends in time gives its answer, or its error, and leaves no timer', async () => {
  const clock = createVirtualClock(idle);
  expect(await withTimeout(clock, { ms: 1, signal: never }, async () => 'answer')).toBe('answer');
  const fault = new Error('fault');
  const failing = withTimeout(clock, { ms: 1, signal: never }, () => Promise.reject(fault));
  await expect(failing).rejects.toBe(fault);
  await clock.advance(1);
});

test('work ends with the reason of the signal it was given', async () => {
  const controller = new AbortController();
  const working = withTimeout(systemClock, { ms: 3_600_000, signal: controller.signal }, () => new Promise(() => {}));
  const reason = new Error('the lease is lost');
  controller.abort(reason);
  await expect(working).rejects.toBe(reason);
});
