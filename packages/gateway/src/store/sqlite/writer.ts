/** The thread that owns the only writing connection. It gets groups of batches, makes each group one commit, and answers
 *  after the commit, so that an answer means "on disk". */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { StatementResult, WriteOutcome } from '../db.ts';
import type { BatchAnswer, FromWriter, Group, SentStatement } from './protocol.ts';

const BUSY_TIMEOUT_MS = 5_000;
/** A burst may leave a long journal behind; the file is cut back to this. */
const MAX_IDLE_JOURNAL_BYTES = 64 * 1_048_576;

const db = new DatabaseSync(String(workerData.path), { timeout: BUSY_TIMEOUT_MS });
db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
  pragma journal_size_limit = ${MAX_IDLE_JOURNAL_BYTES}`);

type Prepared = { readonly statement: StatementSync; readonly returnsRows: boolean };
const texts = new Map<number, string>();
const prepared = new Map<number, Prepared>();

function require(sent: SentStatement): Prepared {
  let one = prepared.get(sent.id);
  if (one === undefined) {
    const statement = db.prepare(texts.get(sent.id) ?? '');
    one = { statement, returnsRows: statement.columns().length > 0 };
    prepared.set(sent.id, one);
  }
  return one;
}

function run(sent: SentStatement): StatementResult {
  const { statement, returnsRows } = require(sent);
  if (returnsRows) {
    const rows = statement.all(...sent.parameters);
    return { rows, changes: rows.length };
  }
  return { rows: [], changes: Number(statement.run(...sent.parameters).changes) };
}

/** Runs one batch under a savepoint of its own, so that its failure leaves the others of the group alone. */
function runBatch(batch: readonly SentStatement[]): BatchAnswer {
  db.exec('savepoint batch');
  try {
    const results: StatementResult[] = [];
    for (const [index, sent] of batch.entries()) {
      const result = run(sent);
      if (sent.expect !== undefined && result.changes !== sent.expect) {
        db.exec('rollback to batch; release batch');
        return { outcome: { committed: false, failed: index } };
      }
      results.push(result);
    }
    db.exec('release batch');
    return { outcome: { committed: true, results } satisfies WriteOutcome };
  } catch (error) {
    // A full disk and the like end the whole transaction; then there is no savepoint to go back to, and the group fails.
    if (!db.isTransaction) throw error;
    db.exec('rollback to batch; release batch');
    return { error: describe(error) };
  }
}

function runGroup(group: Group): readonly BatchAnswer[] {
  // A text is sent once. The statement it belongs to may not be reached this time: an earlier one of its batch may fail.
  for (const { id, sql } of group.flat()) if (sql !== undefined) texts.set(id, sql);
  try {
    db.exec('begin immediate');
    const answers = group.map(runBatch);
    db.exec('commit');
    return answers;
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    return group.map(() => ({ error: describe(error) }));
  }
}

function describe(error: unknown): { message: string; code: number | undefined } {
  const { message, errcode } = error as Error & { errcode?: number }; // node:sqlite throws only such errors.
  return { message, code: errcode };
}

const send = (message: FromWriter) => parentPort?.postMessage(message);
parentPort?.on('message', (message: Group | 'close') => {
  if (message === 'close') {
    db.close();
    parentPort?.close();
  } else send({ answers: runGroup(message) });
});
send({ ready: true });
