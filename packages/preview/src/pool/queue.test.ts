import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSlots } from './queue.ts';

const never = new AbortController().signal;

test('places are handed out in the order of asking, never more than there are', () =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 20 }), async (count, asking) => {
      const slots = createSlots(count);
      const order: number[] = [];
      let most = 0;
      const work = async (name: number): Promise<void> => {
        const giveBack = await slots.take(never);
        order.push(name);
        most = Math.max(most, slots.counts().running);
        await Promise.resolve();
        giveBack();
      };
      await Promise.all(Array.from({ length: asking }, (_, name) => work(name)));
      expect(order).toEqual(Array.from({ length: asking }, (_, name) => name));
      expect(most).toBe(Math.min(count, asking));
      expect(slots.counts()).toEqual({ running: 0, waiting: 0 });
    }),
  ));

test('who is called off while waiting leaves the queue and takes nobody’s place', async () => {
  const slots = createSlots(1);
  const giveBack = await slots.take(never);
  const impatient = new AbortController();
  const first = slots.take(impatient.signal);
  const second = slots.take(never);
  impatient.abort(new Error('called off'));
  await expect(first).rejects.toThrow('called off');
  expect(slots.counts()).toEqual({ running: 1, waiting: 1 });
  giveBack();
  (await second)();
  expect(slots.counts()).toEqual({ running: 0, waiting: 0 });
});

test('who asks with a signal that has fired gets no place', async () => {
  await expect(createSlots(1).take(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
});
