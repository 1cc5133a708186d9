import { once } from 'node:events';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { createBuilder } from '../builder.ts';
import type { Db, Statement, StatementResult, WriteOutcome } from '../db.ts';
import { ANY_CHANGES, type BatchAnswer, type FromWriter, type Group, type SentResult } from './protocol.ts';

/** More would make the first of a burst wait for the last. */
const MAX_GROUP_BATCHES = 1_000;
/** Of text and bytes: what the writer must hold in memory at once. A single larger batch is a group by itself. */
const MAX_GROUP_CHARS = 32 * 1_048_576;
const WRITER_MEMORY_MB = 1_024;

type Waiting = {
  readonly batch: readonly Statement[];
  readonly sizeChars: number;
  resolve(outcome: WriteOutcome): void;
  reject(error: Error): void;
};

/** How writes were grouped, for measurements. */
export type WriterStats = { readonly batches: number; readonly commits: number };
export type SqliteDb = Db & { stats(): WriterStats };

/** Opens the file, which must have no other owner (`owner-lock.ts`). Writes go to one thread; reads run here, on a
 *  connection of their own, and see what is committed.
 *  @param onFatal is called when the writer died: nothing can be written any more, so the process should end. */
export async function openSqlite(p: {
  path: string;
  onFatal: (error: Error) => void;
  writerMemoryMb?: number;
}): Promise<SqliteDb> {
  const writer = await startWriter(p);
  let reader: DatabaseSync;
  try {
    reader = new DatabaseSync(p.path, { readOnly: true });
  } catch (error) {
    await writer.close();
    throw error;
  }
  const snapshot = createSnapshot(reader);
  writer.onAnswer(snapshot.end);
  // Texts come from `prepare`, so there are as many as there are queries in the code.
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
      snapshot.begin();
      // The caller names the row type together with the query that makes it; SQLite cannot check it.
      return statement.all(...(parameters as SQLInputValue[])) as R[];
    },
    write: (batch) => writer.write(batch),
    stats: writer.stats,
    async close() {
      await writer.close();
      snapshot.end();
      if (reader.isOpen) reader.close();
    },
  };
}

/** Reads of one turn of the event loop share a look at the database: to begin and end one costs as much as to read a row.
 *  Who awaited a write sees it, because its answer ends the look that was taken before. */
function createSnapshot(reader: DatabaseSync): { begin(): void; end(): void } {
  const [begin, end] = [reader.prepare('begin'), reader.prepare('commit')];
  let isOpen = false;
  const snapshot = {
    begin() {
      if (isOpen) return;
      begin.run();
      isOpen = true;
      setImmediate(snapshot.end);
    },
    end() {
      if (!isOpen) return;
      isOpen = false;
      end.run();
    },
  };
  return snapshot;
}

async function startWriter(p: Parameters<typeof openSqlite>[0]) {
  const worker = new Worker(new URL('./writer.ts', import.meta.url), {
    workerData: { path: p.path },
    resourceLimits: { maxOldGenerationSizeMb: p.writerMemoryMb ?? WRITER_MEMORY_MB },
  });
  await once(worker, 'message');
  const toGroup = createSender();
  const ended = Promise.withResolvers<void>();
  let waiting: Waiting[] = [];
  let inFlight: readonly Waiting[] | undefined;
  let lost: Error | undefined;
  let closing: Promise<void> | undefined;
  let beforeAnswer = () => {};
  let batches = 0;
  let commits = 0;

  // One group is on its way at a time. Whatever arrives meanwhile makes up the next: that is the whole grouping.
  const pump = () => {
    if (inFlight !== undefined) return;
    if (waiting.length > 0) {
      inFlight = waiting.splice(0, countGroup(waiting));
      batches += inFlight.length;
      commits += 1;
      worker.postMessage(toGroup(inFlight));
    } else if (closing !== undefined) worker.postMessage('close');
  };
  const fail = (error: Error) => {
    if (lost !== undefined) return;
    lost = error;
    for (const { reject } of [...(inFlight ?? []), ...waiting]) reject(error);
    inFlight = undefined;
    waiting = [];
    p.onFatal(error);
  };
  worker.on('error', (error: Error) =>
    fail(new Error(`The database writer failed: ${error.message}`, { cause: error })),
  );
  worker.on('exit', () => {
    // While closing, too, an end before the last answer is a failure.
    if (closing === undefined || inFlight !== undefined) fail(new Error('The database writer ended'));
    ended.resolve();
  });
  worker.on('message', (message: FromWriter) => {
    if (!('answers' in message)) return;
    const answered = inFlight ?? [];
    inFlight = undefined;
    beforeAnswer();
    pump();
    for (const [index, answer] of message.answers.entries()) settle(answered[index], answer);
  });
  return {
    write: (batch: readonly Statement[]) =>
      new Promise<WriteOutcome>((resolve, reject) => {
        if (lost !== undefined || closing !== undefined) return reject(lost ?? new Error('The database is closed'));
        waiting.push({ batch, sizeChars: measure(batch), resolve, reject });
        pump();
      }),
    stats: (): WriterStats => ({ batches, commits }),
    /** Runs before those whose writes were committed learn of it. */
    onAnswer(listener: () => void) {
      beforeAnswer = listener;
    },
    /** What was accepted before is committed and answered first. */
    close() {
      if (closing === undefined) {
        closing = ended.promise;
        if (lost === undefined) pump();
      }
      return closing;
    },
  };
}

/** Numbers the texts: each travels to the writer once. */
function createSender(): (group: readonly Waiting[]) => Group {
  const numbers = new Map<string, number>();
  return (group) => {
    const texts: [number, string][] = [];
    const batches = group.map(({ batch }) => {
      const sent: SQLInputValue[] = [];
      for (const { sql, parameters, expect = ANY_CHANGES } of batch) {
        let id = numbers.get(sql);
        if (id === undefined) {
          id = numbers.size;
          numbers.set(sql, id);
          texts.push([id, sql]);
        }
        sent.push(id, expect, parameters.length, ...(parameters as SQLInputValue[])); // `measure` looked at each.
      }
      return sent;
    });
    return { texts, batches };
  };
}

/** The size of a batch in characters. @throws {TypeError} on a value that is none of SQL's: between threads it could
 *  not even be refused, only lose its whole group. */
function measure(batch: readonly Statement[]): number {
  let chars = 0;
  for (const { parameters } of batch)
    for (const value of parameters)
      if (typeof value === 'string') chars += value.length;
      else if (value instanceof Uint8Array) chars += value.byteLength;
      else if (typeof value !== 'number' && typeof value !== 'bigint' && value !== null)
        throw new TypeError(`SQL has no values of type ${typeof value}`);
  return chars;
}

/** How many of those that wait go next: at least one. */
function countGroup(waiting: readonly Waiting[]): number {
  let chars = 0;
  for (const [index, { sizeChars }] of waiting.entries()) {
    chars += sizeChars;
    if (index > 0 && (index >= MAX_GROUP_BATCHES || chars > MAX_GROUP_CHARS)) return index;
  }
  return waiting.length;
}

/** The error looks like those of `read`: node:sqlite's, with SQLite's `errcode`. */
function settle(one: Waiting | undefined, answer: BatchAnswer): void {
  if (one === undefined) return;
  if ('results' in answer) one.resolve({ committed: true, results: answer.results.map(toResult) });
  else if ('failed' in answer) one.resolve({ committed: false, failed: answer.failed });
  else one.reject(Object.assign(new Error(answer.error.message), { errcode: answer.error.code }));
}

const toResult = (sent: SentResult): StatementResult =>
  typeof sent === 'number' ? { rows: [], changes: sent } : { rows: sent, changes: sent.length };
