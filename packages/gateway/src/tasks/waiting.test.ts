import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../lib/testing/virtual-clock.ts';
import { createAlarms, learn, pollDelayMs, type Timing } from './waiting.ts';

/** What is learnt from jobs of these lengths that end at one moment after another. */
function learnAll(durationsMs: readonly number[], before?: Timing, everyMs = 1_000): Timing | undefined {
  let nowMs = before?.updated_at_ms ?? 0;
  return durationsMs.reduce<Timing | undefined>((timing, durationMs) => {
    nowMs += everyMs;
    return learn(timing, { durationMs, nowMs });
  }, before);
}

/** How a job of this length is watched: the polls, how late its end is noticed, and how long the last wait was. */
function watch(durationMs: number, timing: Timing | undefined, random = 0.5) {
  let [elapsedMs, polls, gapMs] = [0, 0, 0];
  do {
    gapMs = pollDelayMs({ elapsedMs, timing, random });
    elapsedMs += gapMs;
    polls += 1;
  } while (elapsedMs < durationMs);
  return { polls, lateMs: elapsedMs - durationMs, gapMs };
}

test('an end that comes when it usually does is noticed within 2.2 seconds, with few polls', () => {
  const spread = [50, 55, 60, 58, 62, 70, 52, 61, 59, 64].map((seconds) => seconds * 1_000);
  const timing = learnAll(spread);
  for (const ms of spread) {
    const { polls, lateMs } = watch(ms, timing);
    expect(lateMs).toBeLessThanOrEqual(2_200);
    expect(polls).toBeLessThan(20);
  }
});

/** The same numbers each time, as good as random (Park and Miller, 1988). */
function createRandom(): () => number {
  let state = 7;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test.each([0, 0.01, 0.02, 0.03, 0.05])(
  'jobs of a minute, give or take the share %f of it, take six polls or fewer, and 95 of 100 are noticed within 2 s',
  (spread) => {
    const random = createRandom();
    const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    let timing: Timing | undefined;
    let polls = 0;
    const late: number[] = [];
    for (let job = 0; job < 2_000; job += 1) {
      const durationMs = 60_000 * Math.exp(spread * normal());
      const seen = watch(durationMs, timing, random());
      // As it is learnt: the middle of the time in which it may have ended.
      const lastMs = seen.gapMs / 2;
      timing = learn(timing, { durationMs: durationMs + seen.lateMs - lastMs, nowMs: job * 5_000 });
      if (job < 500) continue;
      polls += seen.polls;
      late.push(seen.lateMs);
    }
    expect(polls / late.length).toBeLessThanOrEqual(6);
    expect(late.toSorted((a, b) => a - b)[Math.floor(late.length * 0.95)]).toBeLessThanOrEqual(2_000);
  },
);

test('what was learnt saves polls', () => {
  const known = learnAll(Array.from({ length: 20 }, () => 120_000));
  expect(watch(120_000, known).polls).toBeLessThan(watch(120_000, undefined).polls / 3);
});

test('a job far beyond its usual time is polled less and less, but at least twice a minute', () => {
  const timing = learnAll(Array.from({ length: 10 }, () => 10_000));
  const delays = [20_000, 60_000, 120_000, 3_600_000].map((elapsedMs) =>
    pollDelayMs({ elapsedMs, timing, random: 0.5 }),
  );
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(delays.at(-1)).toBe(30_000);
});

test('a job of unknown length is never noticed much later than a tenth of its length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_600_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (ms, random) => {
      const { lateMs } = watch(ms, undefined, random);
      expect(lateMs).toBeLessThanOrEqual(Math.max(600, Math.min(11_000, ms * 0.12)));
    }),
  );
});

test('delays are whole, positive and bounded whatever was learnt, and keep to what the provider asked for', () => {
  const duration = fc.integer({ min: 0, max: 24 * 3_600_000 });
  fc.assert(
    fc.property(
      fc.array(duration, { maxLength: 30 }),
      duration,
      fc.nat({ max: 100_000 }),
      (learnt, elapsedMs, floorMs) => {
        const timing = learnAll(learnt);
        const ms = pollDelayMs({ elapsedMs, timing, random: 0.9 });
        expect(Number.isInteger(ms) && ms >= 200).toBe(true);
        expect(ms).toBeLessThanOrEqual(33_000);
        expect(pollDelayMs({ elapsedMs, timing, random: 0.9, floorMs })).toBe(Math.max(ms, floorMs));
      },
    ),
  );
});

test('an estimate follows when an endpoint becomes faster', () => {
  const slow = learnAll(Array.from({ length: 5_000 }, () => 300_000));
  const faster = learnAll(
    Array.from({ length: 30 }, () => 30_000),
    slow,
    30 * 60_000,
  );
  expect(Math.exp(faster?.mean_log_ms ?? 0)).toBeLessThan(33_000);
});

test('of tasks that start together and end in the order of their lengths, the slowest are not all that is remembered', () => {
  const burst = Array.from({ length: 1_000 }, (_, n) => 20_000 + n * 40);
  const timing = learnAll(burst, undefined, 40);
  expect(Math.exp(timing?.mean_log_ms ?? 0) / 40_000).toBeCloseTo(0.96, 1);
  for (const ms of [20_000, 25_000, 40_000, 60_000]) expect(watch(ms, timing).lateMs).toBeLessThanOrEqual(2_200);
});

test('a sleep ends when it is time, or with news, also with news that came before it', async () => {
  const clock = createVirtualClock({ isBusy: () => false });
  const alarms = createAlarms(clock);
  const alarm = alarms.open('1');
  const ends: string[] = [];
  const note = (name: string) => alarm.sleep(1_000).then(() => ends.push(name));
  void note('by time');
  await clock.advance(1_000);
  void note('by news');
  alarms.wake('1');
  await clock.advance(0);
  alarms.wake('1');
  void note('by earlier news');
  await clock.advance(0);
  expect(ends).toEqual(['by time', 'by news', 'by earlier news']);
  void note('not by old news');
  await clock.advance(999);
  expect(ends).toHaveLength(3);
});

test('news of a task that nobody runs is of no effect, and a closed alarm does not take away a newer one', async () => {
  const clock = createVirtualClock({ isBusy: () => false });
  const alarms = createAlarms(clock);
  alarms.wake('1');
  const earlier = alarms.open('1');
  const later = alarms.open('1');
  earlier.close();
  let isAwake = false;
  void later.sleep(1_000).then(() => {
    isAwake = true;
  });
  await clock.advance(1);
  expect(isAwake).toBe(false);
  alarms.wake('1');
  await clock.advance(0);
  expect(isAwake).toBe(true);
});
