import { once } from 'node:events';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { createBuilder } from '../builder.ts';
import type { Db, Statement, WriteOutcome } from '../db.ts';
import type { BatchAnswer, FromWriter, SentStatement } from './protocol.ts';

/** More would make the first of a burst wait for the last. */
const MAX_GROUP_BATCHES = 1_000;

type Waiting = {
  readonly batch: readonly Statement[];
  resolve(outcome: WriteOutcome): void;
  reject(error: Error): void;
};

/** How writes were grouped, for measurements. */
export type WriterStats = { readonly batches: number; readonly commits: number };
export type SqliteDb = Db & { stats(): WriterStats };

/** Opens the file, which must have no other owner (`owner-lock.ts`). Writes go to one thread; reads run here, on a
 *  connection of their own, and see what is committed.
 *  @param onFatal is called when the writer died: nothing can be written any more, so the process should end. */
export async function openSqlite(p: { path: string; onFatal: (error: Error) => void }): Promise<SqliteDb> {
  const writer = await startWriter(p);
  const reader = new DatabaseSync(p.path, { readOnly: true });
  const statements = new Map<string, StatementSync>();
  return {
    dialect: 'sqlite',
    build: createBuilder('sqlite'),
    async read<R>({ sql, parameters }: Statement) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = reader.prepare(sql);
        statements.set(sql, statement);
      }
      // The caller names the row type together with the query that makes it; SQLite cannot check it.
      return statement.all(...(parameters as SQLInputValue[])) as R[];
    },
    write: (batch) => writer.write(batch),
    stats: writer.stats,
    async close() {
      await writer.close();
      if (reader.isOpen) reader.close();
    },
  };
}

async function startWriter(p: { path: string; onFatal: (error: Error) => void }) {
  const worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: { path: p.path } });
  const numbers = new Map<string, number>();
  let waiting: Waiting[] = [];
  let inFlight: Waiting[] | undefined;
  let lost: Error | undefined;
  let isClosing = false;
  let batches = 0;
  let commits = 0;

  const toSent = ({ sql, parameters, expect }: Statement): SentStatement => {
    const known = numbers.get(sql);
    const id = known ?? numbers.size;
    if (known === undefined) numbers.set(sql, id);
    return {
      id,
      ...(known === undefined ? { sql } : {}),
      // Rows hold only strings, numbers and nulls (`schema.ts`); the writer refuses anything else.
      parameters: parameters as SQLInputValue[],
      ...(expect === undefined ? {} : { expect }),
    };
  };
  // One group is on its way at a time. Whatever arrives meanwhile makes up the next: that is the whole grouping.
  const pump = () => {
    if (inFlight !== undefined || waiting.length === 0) return;
    inFlight = waiting.slice(0, MAX_GROUP_BATCHES);
    waiting = waiting.slice(MAX_GROUP_BATCHES);
    batches += inFlight.length;
    commits += 1;
    worker.postMessage(inFlight.map(({ batch }) => batch.map(toSent)));
  };
  const fail = (error: Error) => {
    if (lost !== undefined) return;
    lost = error;
    for (const { reject } of [...(inFlight ?? []), ...waiting]) reject(error);
    inFlight = undefined;
    waiting = [];
    if (!isClosing) p.onFatal(error);
  };
  worker.on('error', (error: Error) =>
    fail(new Error(`The database writer failed: ${error.message}`, { cause: error })),
  );
  worker.on('exit', () => fail(new Error(isClosing ? 'The database is closed' : 'The database writer ended')));
  await once(worker, 'message');
  worker.on('message', (message: FromWriter) => {
    if (!('answers' in message)) return;
    const answered = inFlight ?? [];
    inFlight = undefined;
    pump();
    for (const [index, answer] of message.answers.entries()) settle(answered[index], answer);
  });
  return {
    write: (batch: readonly Statement[]) =>
      new Promise<WriteOutcome>((resolve, reject) => {
        if (lost !== undefined || isClosing) return reject(lost ?? new Error('The database is closed'));
        waiting.push({ batch, resolve, reject });
        pump();
      }),
    stats: (): WriterStats => ({ batches, commits }),
    async close() {
      if (isClosing) return;
      isClosing = true;
      const ended = once(worker, 'exit');
      // Messages keep their order: what was accepted is committed before the thread ends.
      while (waiting.length > 0 || inFlight !== undefined) await once(worker, 'message');
      worker.postMessage('close');
      await ended;
    },
  };
}

function settle(one: Waiting | undefined, answer: BatchAnswer): void {
  if (one === undefined) return;
  if ('outcome' in answer) one.resolve(answer.outcome);
  else one.reject(Object.assign(new Error(answer.error.message), { sqliteCode: answer.error.code }));
}
