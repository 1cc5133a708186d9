import type { Compilable, Kysely } from 'kysely';
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
  /** Durable when it resolves. Throws on a broken constraint or a lost database; then nothing of the batch happened,
   *  or, on a lost connection to PostgreSQL, its fate is unknown (`WriteLost`). */
  write(batch: readonly Statement[]): Promise<WriteOutcome>;
  close(): Promise<void>;
}

/** Compiles a Kysely query once; call the result with the values of its parameters.
 *  See `statement.ts`. */
export type Compiles = Compilable<unknown>;
