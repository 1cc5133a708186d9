/** The thread that owns the only writing connection. It gets groups of batches, makes each group one commit, and answers
 *  after the commit, so that an answer means "on disk". */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { keepEnvironmentOutOfReports } from '../../lib/crash-report.ts';
import {
  ANY_CHANGES,
  type BatchAnswer,
  type FromWriter,
  type Group,
  type SentBatch,
  type SentResult,
} from './protocol.ts';

const BUSY_TIMEOUT_MS = 5_000;
/** A burst may leave a long journal behind; the file is cut back to this. */
const MAX_IDLE_JOURNAL_BYTES = 64 * 1_048_576;

keepEnvironmentOutOfReports();
const db = new DatabaseSync(String(workerData.path), { timeout: BUSY_TIMEOUT_MS });
db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
  pragma journal_size_limit = ${MAX_IDLE_JOURNAL_BYTES}`);

// Every batch takes some of these; as texts they would be parsed every time.
const BEGIN = db.prepare('begin immediate');
const COMMIT = db.prepare('commit');
const SAVE = db.prepare('savepoint batch');
const RELEASE = db.prepare('release batch');
const ROLL_BACK = db.prepare('rollback to batch');

/** What stands before the parameters of a statement. */
const HEAD = 3;

type Prepared = { readonly statement: StatementSync; readonly returnsRows: boolean };
const texts = new Map<number, string>();
const prepared = new Map<number, Prepared>();

function require(id: number): Prepared {
  let one = prepared.get(id);
  if (one === undefined) {
    const statement = db.prepare(texts.get(id) ?? '');
    one = { statement, returnsRows: statement.columns().length > 0 };
    prepared.set(id, one);
  }
  return one;
}

function run(id: number, parameters: SentBatch): SentResult {
  const { statement, returnsRows } = require(id);
  return returnsRows ? statement.all(...parameters) : Number(statement.run(...parameters).changes);
}

/** Leaves nothing of the batch. */
function undo(): void {
  ROLL_BACK.run();
  RELEASE.run();
}

/** Runs one batch under a savepoint of its own, so that its failure leaves the others of the group alone. */
function runBatch(batch: SentBatch): BatchAnswer {
  SAVE.run();
  try {
    const results: SentResult[] = [];
    for (let at = 0; at < batch.length; ) {
      // As `SentBatch` says.
      const [id, expect, count] = [batch[at], batch[at + 1], batch[at + 2]] as [number, number, number];
      at += HEAD;
      const result = run(id, batch.slice(at, at + count));
      at += count;
      if (expect !== ANY_CHANGES && (typeof result === 'number' ? result : result.length) !== expect) {
        undo();
        return { failed: results.length };
      }
      results.push(result);
    }
    RELEASE.run();
    return { results };
  } catch (error) {
    // A full disk and the like end the whole transaction; then there is no savepoint to go back to, and the group fails.
    if (!db.isTransaction) throw error;
    undo();
    return { error: describe(error) };
  }
}

function runGroup({ texts: added, batches }: Group): readonly BatchAnswer[] {
  // The statement a text belongs to may not be reached this time: an earlier one of its batch may fail.
  for (const [id, sql] of added) texts.set(id, sql);
  try {
    BEGIN.run();
    const answers = batches.map(runBatch);
    COMMIT.run();
    return answers;
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    return batches.map(() => ({ error: describe(error) }));
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
