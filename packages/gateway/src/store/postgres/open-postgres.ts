import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createBuilder } from '../builder.ts';
import { type Db, type Row, type Statement, type StatementResult, WriteLost, type WriteOutcome } from '../db.ts';

const MAX_CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_TRIES = 5;
const RETRY_DELAY_MS = 20;
/** serialization_failure and deadlock_detected: the server has undone the transaction, so it may run again. */
const UNDONE = new Set(['40001', '40P01']);
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
    name = createHash('sha1').update(sql).digest('base64url');
    names.set(sql, name);
  }
  return name;
}

export async function openPostgres(p: { url: string }): Promise<Db> {
  const pool = new pg.Pool({
    connectionString: p.url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  await pool.query('select 1');
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
          if (tries >= MAX_TRIES || !UNDONE.has(String((error as { code?: string }).code))) throw error; // pg's errors carry one.
          await sleep(RETRY_DELAY_MS * tries);
        }
      }
    },
    async close() {
      if (!pool.ending) await pool.end();
    },
  };
}

async function run(on: pg.Pool | pg.PoolClient, { sql, parameters }: Statement): Promise<StatementResult> {
  const { rows, rowCount } = await on.query<Row>({ name: nameOf(sql), text: sql, values: [...parameters] });
  return { rows, changes: rowCount ?? 0 };
}

async function transact(pool: pg.Pool, batch: readonly Statement[]): Promise<WriteOutcome> {
  const [only] = batch;
  // One statement without a condition is a transaction by itself.
  if (only !== undefined && batch.length === 1 && only.expect === undefined)
    return { committed: true, results: [await run(pool, only)] };
  const client = await pool.connect();
  let isCommitting = false;
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const results: StatementResult[] = [];
    for (const [index, statement] of batch.entries()) {
      const result = await run(client, statement);
      if (statement.expect !== undefined && result.changes !== statement.expect) {
        await client.query('rollback');
        return { committed: false, failed: index };
      }
      results.push(result);
    }
    isCommitting = true;
    await client.query('commit');
    return { committed: true, results };
  } catch (error) {
    const answered = typeof (error as { code?: unknown }).code === 'string' && 'severity' in (error as object);
    if (isCommitting && !answered) {
      broken = error as Error; // pg throws errors only.
      throw new WriteLost('The connection broke during the commit', { cause: error });
    }
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    // A connection of unknown state is closed rather than given to the next caller.
    client.release(broken);
  }
}
