import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TestDb } from '../store/testing/databases.ts';
import { openPostOffice, type PostOffice } from './testing/post-office.ts';
import { type Receiver, startReceiver } from './testing/receiver.ts';

const LEASE_MS = 15_000;

/** Several processes that send from one store. */
export function describeSharedStore(name: string, create: () => Promise<TestDb>): void {
  describe(name, () => {
    let office: PostOffice;
    let receiver: Receiver;
    beforeEach(async () => {
      receiver = await startReceiver();
      const limits = { leaseMs: LEASE_MS, heartbeatMs: 4_000, maxPerReceiver: 5, maxWaitMs: 1_000, pollMs: 1_000 };
      office = await openPostOffice(create, { limits });
    });
    afterEach(async () => {
      await office.close();
      await receiver.close();
    });
    const idsOf = () => receiver.requests.map(({ headers }) => String(headers['webhook-id'])).sort();

    test('each delivery is sent once, and a receiver sees no more at a time than it may from all of them', async () => {
      const others = [await office.openBranch(), await office.openBranch()];
      const written = Promise.all(Array.from({ length: 60 }, () => office.endTask({ url: receiver.url })));
      for (const { dispatcher } of [office, ...others]) dispatcher.start();
      await written;
      await office.clock.runUntil(async () => (await office.deliveries()).every(({ state }) => state === 'succeeded'));
      const messages = (await office.deliveries()).map(({ messageId }) => messageId).sort();
      expect(messages).toHaveLength(60);
      expect(idsOf()).toEqual(messages);
      expect(receiver.stats().most).toBeLessThanOrEqual(5);
      for (const { attempts } of await office.deliveries()) expect(attempts).toBe(1);
    });

    test('one that died in the middle of a try leaves it to the others, who send it again with the same id', async () => {
      const other = await office.openBranch();
      receiver.answer = (_request, n) => (n === 0 ? 'hang' : 200);
      await office.endTask({ url: receiver.url });
      let isDead = false;
      const dying = await office.openBranch({ isDead: () => isDead });
      dying.dispatcher.start();
      await office.passTime(10, () => receiver.requests.length === 1);
      isDead = true;
      other.dispatcher.start();
      await office.passTime(1_000, async () => (await office.only()).state === 'succeeded');
      expect(receiver.requests).toHaveLength(2);
      expect(new Set(idsOf())).toEqual(new Set([(await office.only()).messageId]));
      expect(await office.only()).toMatchObject({ attempts: 1 });
    });

    test('an event finds the endpoints that are there when it happens, also while others come and go', async () => {
      const first = await office.addEndpoint(receiver.url);
      const tasks: Promise<string>[] = [];
      for (let n = 0; n < 20; n += 1) {
        tasks.push(office.endTask());
        if (n % 5 === 0) await office.addEndpoint(`${receiver.url}/${n}`);
      }
      const ids = await Promise.all(tasks);
      await office.runOut();
      const told = (await office.deliveries()).filter(({ endpointId }) => endpointId === first);
      expect(told.map(({ taskId }) => taskId).sort()).toEqual(ids.sort());
    });
  });
}
