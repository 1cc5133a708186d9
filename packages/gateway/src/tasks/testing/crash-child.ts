/** A gateway without its HTTP side in a process of its own. Submits tasks, kills itself at a named step, or runs until
 *  every task has ended and reports what there is. */
import { writeSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { createStandIn } from '../../providers/testing/stand-in.ts';
import { listAttempts } from '../../store/attempts.ts';
import { listOutputs } from '../../store/outputs.ts';
import { isTerminal } from '../state.ts';
import { openHouse } from './house.ts';

const Order = z.object({
  dataDir: z.string(),
  upstreamUrl: z.string(),
  isRepeatable: z.boolean(),
  canFind: z.boolean(),
  /** How many tasks to submit first; their ids are printed, a line each, once they are acknowledged. */
  submits: z.number(),
  /** The step at which the process dies. */
  dieAt: z.string().optional(),
});
export type CrashOrder = z.infer<typeof Order>;

/** What the process prints before it ends in good order. */
export type CrashReport = {
  readonly id: string;
  readonly status: string;
  readonly errorCode: string | null;
  readonly outputs: number;
  readonly attempts: readonly (string | null)[];
}[];

/** Time goes this much faster than it does, so that waits of seconds take a moment. Leases shrink with it, so it is not
 *  more than a busy machine can keep up with. */
const SPEED = 10;
const startedAtMs = Date.now();
const clock: Clock = {
  nowMs: () => startedAtMs + Math.round((Date.now() - startedAtMs) * SPEED),
  after(ms, callback) {
    const timer = setTimeout(callback, ms / SPEED);
    return () => clearTimeout(timer);
  },
};

const order = Order.parse(JSON.parse(process.argv[2] ?? ''));
const house = await openHouse({
  dataDir: order.dataDir,
  clock,
  providers: [createStandIn(order.upstreamUrl, order)],
  checkpoint: (name) => {
    if (name === order.dieAt) process.kill(process.pid, 'SIGKILL');
  },
});
for (let n = 0; n < order.submits; n += 1) writeSync(1, `${(await house.submit()).id}\n`);
house.worker.start();

type Row = { id: string; status: Parameters<typeof isTerminal>[0]; error_code: string | null };
const listTasks = () =>
  house.db.read<Row>({ sql: 'select id, status, error_code from tasks order by id', parameters: [] });
while (!(await listTasks()).every(({ status }) => isTerminal(status))) {
  await new Promise<void>((resolve) => clock.after(200, resolve));
}
const report: CrashReport = [];
for (const { id, status, error_code: errorCode } of await listTasks()) {
  const attempts = (await listAttempts(house.db, id)).map(({ outcome }) => outcome);
  report.push({ id, status, errorCode, outputs: (await listOutputs(house.db, id)).length, attempts });
}
await house.close();
writeSync(1, JSON.stringify(report));
