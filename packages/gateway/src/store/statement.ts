import type { Compilable, Kysely } from 'kysely';
import type { Db, Query, Statement } from './db.ts';
import type { Schema } from './schema.ts';

/** Stands in a query where a value will be bound. */
class Marker {
  readonly name: PropertyKey;
  constructor(name: PropertyKey) {
    this.name = name;
  }
}

type Compiled = { readonly sql: string; readonly parameters: readonly unknown[] };

/** Makes a statement that is compiled once for each database and bound by name at each call, so that nothing on the hot
 *  path builds SQL, and the text stays the same for the statement caches below us.
 *  @param build gets the query builder and `p`, which puts a named parameter into the query. */
export function prepare<P extends object, R = never>(
  build: (db: Kysely<Schema>, p: <N extends keyof P>(name: N) => P[N], dialect: Db['dialect']) => Compilable,
  options: { readonly expect?: number } = {},
): (db: Db, values: P) => Query<R> {
  const compiledFor = new WeakMap<Db, Compiled>();
  // The builder takes any value for a parameter and hands it back in `parameters`; a marker is such a value.
  const mark = <N extends keyof P>(name: N): P[N] => new Marker(name) as unknown as P[N];
  return (db, values) => {
    let compiled = compiledFor.get(db);
    if (compiled === undefined) {
      const { sql, parameters } = build(db.build, mark, db.dialect).compile();
      compiled = { sql, parameters };
      compiledFor.set(db, compiled);
    }
    const parameters = compiled.parameters.map((one) =>
      // A marker's name was taken from `keyof P`.
      one instanceof Marker ? values[one.name as keyof P] : one,
    );
    return { sql: compiled.sql, parameters, ...options };
  };
}

/** An insert of a whole row. Columns that are null are left out, since null is what they are then: a new row of a wide
 *  table has many, and each would be copied to the writer and bound there. */
export function prepareInsert<T extends keyof Schema>(
  table: T,
  columns: readonly (keyof Schema[T] & string)[],
  options: { readonly onConflict?: 'do nothing' } = {},
): (db: Db, row: Schema[T]) => Query<never> {
  // By a bit for each column that is given. A number holds 53 of them.
  const inserts = new Map<number, (db: Db, row: Schema[T]) => Query<never>>();
  return (db, row) => {
    let given = 0;
    for (const column of columns) given = 2 * given + (row[column] === null ? 0 : 1);
    let insert = inserts.get(given);
    if (insert === undefined) {
      insert = insertOf(
        table,
        columns.filter((column) => row[column] !== null),
        options,
      );
      inserts.set(given, insert);
    }
    return insert(db, row);
  };
}

const insertOf = <T extends keyof Schema>(
  table: T,
  columns: readonly (keyof Schema[T] & string)[],
  { onConflict }: { readonly onConflict?: 'do nothing' },
) =>
  prepare<Schema[T]>((db, p) => {
    const row = Object.fromEntries(columns.map((column) => [column, p(column)]));
    // The columns are those of the table, which the builder cannot see through a type parameter.
    const insert = db.insertInto(table).values(row as never);
    return onConflict === undefined ? insert : insert.onConflict((conflict) => conflict.doNothing());
  });

/** A statement that is built where it is used, for what happens seldom. */
export function toStatement(query: Compilable): Statement {
  const { sql, parameters } = query.compile();
  return { sql, parameters };
}
