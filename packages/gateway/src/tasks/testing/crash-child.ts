/** A gateway without its HTTP side in a process of its own. Submits tasks, kills itself at a named step, or runs until
 *  every task has ended and reports what there is. */
import { writeSync } from 'node:fs';
import { z } from 'zod';
import type { Failover } from '../../contract/routing.ts';
import type { Clock } from '../../lib/clock.ts';
import { createStandIn } from '../../providers/testing/stand-in.ts';
import { listAttempts } from '../../store/attempts.ts';
import { listOutputs } from '../../store/outputs.ts';
import { isTerminal } from '../state.ts';
import { OWNER, openHouse, TEXT_BODY, TEXT_ENDPOINT } from './house.ts';

const Order = z.object({
  dataDir: z.string(),
  upstreamUrl: z.string(),
  isRepeatable: z.boolean(),
  canFind: z.boolean(),
  isInSteps: z.boolean(),
  canCancel: z.boolean(),
  /** How many tasks to submit first; their ids are printed, a line each, once they are acknowledged. */
  submits: z.number(),
  /** Another upstream, and the consent to use it beside or after the first. */
  other: z.object({ url: z.string(), failover: z.custom<Failover>() }).optional(),
  /** Absent: SQLite in the data folder. */
  databaseUrl: z.string().optional(),
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
  /** Of each attempt, what it cost; null: nobody knows. */
  readonly costs: readonly (number | null)[];
  readonly chargeMicros: number | null;
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
  ...(order.databaseUrl === undefined ? {} : { databaseUrl: order.databaseUrl }),
  providers: [
    createStandIn(order.upstreamUrl, order),
    ...(order.other === undefined ? [] : [{ ...createStandIn(order.other.url, order), name: 'other' }]),
  ],
  checkpoint: (name) => {
    if (name === order.dieAt) process.kill(process.pid, 'SIGKILL');
  },
});
const options = order.other === undefined ? {} : { routing: { failover: order.other.failover } };
for (let n = 0; n < order.submits; n += 1) {
  const task = { caller: OWNER, endpoint: TEXT_ENDPOINT, body: TEXT_BODY, options };
  writeSync(1, `${(await house.tasks.submit(task)).id}\n`);
}
house.worker.start();

type Row = { id: string; status: Parameters<typeof isTerminal>[0]; error_code: string | null };
const listTasks = () =>
  house.db.read<Row>({ sql: 'select id, status, error_code from tasks order by id', parameters: [] });
while (!(await listTasks()).every(({ status }) => isTerminal(status))) {
  await new Promise<void>((resolve) => clock.after(200, resolve));
}
const report: CrashReport = [];
for (const { id, status, error_code: errorCode } of await listTasks()) {
  const rows = await listAttempts(house.db, id);
  const attempts = rows.map(({ outcome }) => outcome);
  const costs = rows.map(({ vendor_micros }) => vendor_micros);
  const outputs = (await listOutputs(house.db, id)).length;
  const { chargeMicros } = await house.view(id);
  report.push({ id, status, errorCode, outputs, attempts, costs, chargeMicros });
}
await house.close();
writeSync(1, JSON.stringify(report));
