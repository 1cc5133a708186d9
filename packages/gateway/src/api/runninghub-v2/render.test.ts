import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATUSES } from '../../contract/task.ts';
import { createTaskView } from '../testing/services.ts';
import { toDecimal, toQueryAnswer } from './render.ts';

test.each([
  [0, '0'],
  [1, '0.000001'],
  [12_000, '0.012'],
  [1_000_000, '1'],
  [1_250_000, '1.25'],
  [120_000_000, '120'],
  [-500_000, '-0.5'],
  [-1_500_000, '-1.5'],
])('%i micro-units are %s', (micros, decimal) => {
  expect(toDecimal(micros)).toBe(decimal);
});

test('a decimal says the amount exactly', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (micros) => {
      const [whole = '', fraction = ''] = toDecimal(micros).replace('-', '').split('.');
      expect(BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))).toBe(BigInt(Math.abs(micros)));
    }),
  );
});

test.each(STATUSES)('a task that is %s shows an error exactly when the wire calls it FAILED', (status) => {
  for (const error of [null, { code: 'provider_unavailable', message: 'no answer' } as const]) {
    const answer = toQueryAnswer(createTaskView({ status, error }));
    const isFailure = answer.status === 'FAILED';
    expect([answer.errorCode !== '', answer.errorMessage !== '']).toEqual([isFailure, isFailure]);
    expect(answer.results === null).toBe(answer.status !== 'SUCCESS');
  }
});
