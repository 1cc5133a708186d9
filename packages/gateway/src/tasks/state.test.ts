import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATUSES } from '../contract/task.ts';
import { type Event, isTerminal, next } from './state.ts';

const EVENTS: readonly Event[] = [
  'claim',
  'accepted',
  'not_accepted',
  'retry',
  'promote',
  'collect',
  'succeed',
  'fail',
  'cancel',
];

test('exactly succeeded, failed and canceled are final', () => {
  expect(STATUSES.filter(isTerminal)).toEqual(['succeeded', 'failed', 'canceled']);
});

test('no history leaves a final status, succeeds without a result, or has a result without an acceptance', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), (events) => {
      const path = ['queued' as (typeof STATUSES)[number]];
      for (const event of events) {
        const status = path.at(-1) ?? 'queued';
        const after = next(status, event);
        if (after === undefined) continue;
        expect(isTerminal(status)).toBe(false);
        path.push(after);
      }
      const last = path.at(-1);
      if (last === 'succeeded') expect(path.at(-2)).toBe('collecting');
      for (const [place, status] of path.entries()) {
        if (status === 'collecting') expect(path[place - 1]).toBe('running');
        if (status === 'running') expect(path[place - 1]).toMatch(/^(submitting|running)$/);
        if (status === 'submitting') expect(path[place - 1]).toBe('queued');
      }
    }),
  );
});
