/** Writes batches of two rows until it is killed, or until a write fails, which it reports. Reports each number once its
 *  batch is durable. */
import { openDb } from '../open.ts';
import { insertTask } from '../tasks.ts';
import { taskRow } from './rows.ts';

const [dataDir = '', round = ''] = process.argv.slice(2);
const db = await openDb({ dataDir, databaseUrl: undefined, onFatal: () => process.exit(1) });
const CALLERS = 8;
let next = 0;
let reported = -1;
const done = new Set<number>();
async function caller(): Promise<void> {
  for (;;) {
    const n = next++;
    await db.write([insertTask(db, taskRow(`a${round}-${n}`)), insertTask(db, taskRow(`b${round}-${n}`))]);
    done.add(n);
    // Only a number below which all are durable is reported, so that the test may look at every one up to it.
    while (done.has(reported + 1)) reported += 1;
    process.send?.(reported);
  }
}
try {
  await Promise.all(Array.from({ length: CALLERS }, caller));
} catch (error) {
  process.send?.(String(error), undefined, undefined, () => process.exit(3));
}
