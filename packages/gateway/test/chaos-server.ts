/** A gateway whose one channel is a die: a task's fate is thrown once, from its id, and kept over every kill. Prints what
 *  `npm start` prints, so that `startProcess` can start it. */

import { hash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { GatewayError } from '../src/contract/errors.ts';
import { startServer } from '../src/server.ts';

const config = loadConfig(process.env);
const Handle = z.object({ fate: z.number(), endsAtMs: z.number() });

/** 0 to 99, the same for the same words. */
const roll = (words: string): number => Number.parseInt(hash('sha256', words, 'hex').slice(0, 8), 16) % 100;
const accepted = new Set<string>();

const dice: Channel = {
  name: 'dice',
  routeOf: everyEndpoint('dice'),
  provider: {
    name: 'dice',
    submitIsRepeatable: false,
    async submit({ taskId }) {
      const fate = roll(`${taskId} submit`);
      if (fate < 5 && !accepted.has(taskId)) {
        accepted.add(taskId); // The second try is taken.
        throw new GatewayError('provider_unavailable', 'not now');
      }
      if (fate > 97) throw new GatewayError('generation_failed', 'refused by the rules of the upstream');
      // Each line is a job that somebody would have to pay for.
      appendFileSync(join(config.dataDir, 'jobs.log'), `${taskId}\n`);
      if (fate === 97) throw new Error('the answer was lost');
      return { handle: { fate: roll(`${taskId} end`), endsAtMs: Date.now() + roll(`${taskId} time`) * 10 } };
    },
    async poll(handle) {
      const { fate, endsAtMs } = Handle.parse(handle);
      if (Date.now() < endsAtMs) return { state: 'pending' };
      if (fate < 15) return { state: 'failed', code: 'generation_failed', message: 'bad luck' };
      return {
        state: 'succeeded',
        outputs: [{ kind: 'text', text: 'good luck' }],
        cost: { micros: 1_000 + fate, currency: 'USD' },
      };
    },
    async cancel(handle) {
      if (Handle.parse(handle).fate % 2 === 0) throw new Error('too late to cancel');
    },
  },
};

const server = await startServer(config, { logLevel: 'warn', channels: () => [dice] });
process.stdout.write(`Reelay is at ${server.url}\n`);
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
