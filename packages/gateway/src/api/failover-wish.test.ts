import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failoverWish, readFailoverText, toFailover, toFailoverWish } from './failover-wish.ts';

const read = (text: string) => failoverWish.safeParse(readFailoverText(text));

test.each([
  ['failure,max-spend=2.5', { after: 'failure', maxSpend: 2.5 }],
  ['max-spend=0; after=failure'.replace(';', ','), { after: 'failure', maxSpend: 0 }],
  [' failure-or-delay , after-seconds=90, max-spend=1 ', { after: 'failure-or-delay', afterSeconds: 90, maxSpend: 1 }],
])('the header says %s', (text, wish) => expect(read(text)).toEqual({ success: true, data: wish }));

test.each([
  ['failure', ['maxSpend']],
  ['always,max-spend=1', ['after']],
  ['failure,max-spend=lots', ['maxSpend']],
  ['failure,max-spend=-1', ['maxSpend']],
  ['failure-or-delay,max-spend=1', ['afterSeconds']],
  ['failure,after-seconds=9,max-spend=1', ['afterSeconds']],
  ['failure-or-delay,after-seconds=0.5,max-spend=1', ['afterSeconds']],
  ['failure,max-spend=1,max-spend=2', ['']],
  ['failure,max-spend=1,colour=red', ['']],
  ['', ['after', 'maxSpend']],
])('the header cannot say %s', (text, fields) => {
  expect(read(text).error?.issues.map(({ path }) => path.join('.'))).toEqual(fields);
});

test('what is kept is shown as it was said', () => {
  const amount = fc.integer({ min: 0, max: 999_999_999_999 }).map((micros) => micros / 1_000_000);
  fc.assert(
    fc.property(amount, fc.integer({ min: 1, max: 86_400 }), fc.boolean(), (maxSpend, afterSeconds, isDelay) => {
      const wish = failoverWish.parse(
        isDelay ? { after: 'failure-or-delay', afterSeconds, maxSpend } : { after: 'failure', maxSpend },
      );
      expect(toFailoverWish(toFailover(wish))).toEqual(wish);
    }),
  );
});
