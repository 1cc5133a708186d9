import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type Dialect = 'sqlite' | 'postgres';

/** A compiled statement. `expect` is how many rows it must touch; another number undoes the whole batch. */
export type Statement = {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly expect?: number;
};
/** A statement that returns rows of type `R`. The type lives in the compiler only. */
export type Query<R> = Statement & { readonly _row?: R };

export type Row = Record<string, unknown>;
export type StatementResult = { readonly rows: readonly Row[]; readonly changes: number };
/** `failed` is the index of the statement whose `expect` was not met; nothing of the batch happened. */
export type WriteOutcome =
  | { readonly committed: true; readonly results: readonly StatementResult[] }
  | { readonly committed: false; readonly failed: number };

/** The answer to a commit never arrived: the batch may be durable or not. */
export class WriteLost extends Error {
  override readonly name = 'WriteLost';
}

/** The database. Writes are batches: each is one transaction, decided by the database alone (guards in `where`,
 *  `expect`), never by a read before it. So hundreds of batches can share one commit on SQLite, and no interactive
 *  transaction is ever left open.
 *
 *  `build` only builds and compiles; it runs nothing. */
export interface Db {
  readonly dialect: Dialect;
  readonly build: Kysely<Schema>;
  /** Committed rows. */
  read<R>(query: Query<R>): Promise<R[]>;
  /** Durable when it resolves. Throws on a broken constraint or a lost database; then nothing of the batch happened.
   *  @throws {WriteLost} when the connection broke during the commit itself (PostgreSQL only). */
  write(batch: readonly Statement[]): Promise<WriteOutcome>;
  close(): Promise<void>;
}
