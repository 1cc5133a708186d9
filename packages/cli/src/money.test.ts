import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAmount, showMicros } from './money.ts';

test.each([
  ['12.50 CNY', 12_500_000, 'CNY', '12.50 CNY'],
  ['12.5 cny', 12_500_000, 'CNY', '12.50 CNY'],
  ['0.000001 USD', 1, 'USD', '0.000001 USD'],
  ['  7   USD ', 7_000_000, 'USD', '7.00 USD'],
  ['0.1 CNY', 100_000, 'CNY', '0.10 CNY'],
  ['8999999999.999999 CNY', 8_999_999_999_999_999, 'CNY', '8999999999.999999 CNY'],
])('%j is %i micros', (text, micros, currency, shown) => {
  expect(parseAmount(text)).toEqual({ micros, currency });
  expect(showMicros(micros, currency)).toBe(shown);
});

test.each([
  '',
  '12.50',
  'CNY',
  '12,50 CNY',
  '1e3 CNY',
  '-5 CNY',
  '+5 CNY',
  '.5 CNY',
  '5. CNY',
  '0.0000001 CNY',
  '5 EUR',
  '5CNYCNY',
  '12345678901 CNY',
  '9999999999 CNY',
  '٥ CNY',
])('%j is no amount', (text) => {
  expect(parseAmount(text)).toBeUndefined();
});

test('what is shown is read as the same amount, to the last millionth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8_999_999_999_999_999 }), (micros) => {
      expect(parseAmount(showMicros(micros, 'CNY'))).toEqual({ micros, currency: 'CNY' });
    }),
  );
  expect(showMicros(-2_800_000, 'CNY')).toBe('-2.80 CNY');
});
