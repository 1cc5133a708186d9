import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createBuilder } from '../builder.ts';
import { type Db, type Row, type Statement, type StatementResult, WriteLost, type WriteOutcome } from '../db.ts';

const MAX_CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 10_000;
/** The server gives a statement up first; we wait longer only for a server that says nothing at all. */
const STATEMENT_TIMEOUT_MS = 30_000;
const SILENCE_TIMEOUT_MS = 45_000;
const MAX_TRIES = 8;
const RETRY_DELAY_MS = 10;
/** serialization_failure and deadlock_detected: the server has undone the transaction, so it may run again. */
const UNDONE = new Set(['40001', '40P01']);
/** Connection exceptions, a server that is going down (perhaps after it had committed), internal errors, and
 *  CockroachDB's word for a commit that it cannot vouch for. SQLSTATE, for the severity is translated. */
const UNKNOWN = /^(08|57P|XX|40003)/;
/** int8. Our 64-bit columns hold instants and micro-units, all below 2^53. */
const INT8 = 20;

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'), // The typings know no binary overload.
};

/** Names are how PostgreSQL keeps a prepared statement; the text decides the name. */
const names = new Map<string, string>();
function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = createHash('sha256').update(sql).digest('base64url');
    names.set(sql, name);
  }
  return name;
}

/** Opens a pool of connections. Batches that the server undid because of another one are run again, a bounded number of
 *  times. */
export async function openPostgres(p: { url: string }): Promise<Db> {
  const pool = new pg.Pool({
    connectionString: p.url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: SILENCE_TIMEOUT_MS,
    keepAlive: true,
    // All statements of a batch are sent at once: two round trips instead of one for each.
    pipeline: true,
    types,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw error;
  }
  let ended: Promise<void> | undefined;
  return {
    dialect: 'postgres',
    build: createBuilder('postgres'),
    async read<R>(query: Statement) {
      // The caller names the row type together with the query that makes it.
      return (await run(pool, query)).rows as R[];
    },
    async write(batch) {
      for (let tries = 1; ; tries++) {
        try {
          return await transact(pool, batch);
        } catch (error) {
          if (tries >= MAX_TRIES || !UNDONE.has(codeOf(error))) throw error;
          await sleep(RETRY_DELAY_MS * tries);
        }
      }
    },
    close() {
      ended ??= pool.end();
      return ended;
    },
  };
}

async function run(on: pg.Pool | pg.PoolClient, { sql, parameters }: Statement): Promise<StatementResult> {
  const { rows, rowCount } = await on.query<Row>({ name: nameOf(sql), text: sql, values: [...parameters] });
  return { rows, changes: rowCount ?? 0 };
}

async function transact(pool: pg.Pool, batch: readonly Statement[]): Promise<WriteOutcome> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only.
  const note = (error: Error) => {
    broken = error;
  };
  client.on('error', note);
  try {
    return await runBatch(client, batch);
  } catch (error) {
    if (error instanceof WriteLost) broken ??= error;
    else if (broken === undefined) await client.query('rollback').catch(note);
    throw error;
  } finally {
    client.off('error', note);
    // A connection of unknown state is closed rather than given to the next caller.
    client.release(broken);
  }
}

async function runBatch(client: pg.PoolClient, batch: readonly Statement[]): Promise<WriteOutcome> {
  const isConditional = batch.some((statement) => statement.expect !== undefined);
  // One statement is a transaction by itself.
  const isTransaction = isConditional || batch.length > 1;
  const begin = isTransaction ? [client.query('begin')] : [];
  const running = batch.map((statement) => run(client, statement));
  // Nothing to judge: the commit follows at once, and is a rollback when a statement failed.
  const commit = isTransaction && !isConditional ? [client.query('commit')] : [];
  // The first that went wrong is the reason; those after it only say that the transaction is over.
  const settled = await Promise.allSettled([...begin, ...running, ...commit]);
  const fault = settled.find((one) => one.status === 'rejected')?.reason;
  if (!isConditional && fault !== undefined) throw toLost(fault);
  const results: StatementResult[] = [];
  for (const [index, one] of settled.slice(begin.length, begin.length + batch.length).entries()) {
    if (one.status === 'rejected') throw one.reason;
    // `run` answers for each of the batch.
    const result = one.value as StatementResult;
    const expected = batch[index]?.expect;
    if (expected !== undefined && result.changes !== expected) {
      await client.query('rollback');
      return { committed: false, failed: index };
    }
    results.push(result);
  }
  if (isConditional)
    await client.query('commit').catch((error) => {
      throw toLost(error);
    });
  return { committed: true, results };
}

/** An error of a commit: unless the server said that it did not happen, nobody knows. */
const toLost = (error: unknown): unknown =>
  isUndone(error) ? error : new WriteLost('The connection broke during the commit', { cause: error });

/** Whether the server said that the statement, and with it the transaction, did not happen. */
const isUndone = (error: unknown): boolean => error instanceof pg.DatabaseError && !UNKNOWN.test(codeOf(error));

const codeOf = (error: unknown): string => (error instanceof pg.DatabaseError ? (error.code ?? '') : '');
