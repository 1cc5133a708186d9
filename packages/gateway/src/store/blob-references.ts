import { sql } from 'kysely';
import type { Db } from './db.ts';
import type { Schema } from './schema.ts';

/** Every column that names bytes by their SHA-256. Bytes that none of them names are deleted, so whoever adds a table
 *  that refers to a blob adds it here. */
const REFERENCES = [
  { table: 'assets', column: 'sha256' },
  // Between the two steps of an upload's end; afterwards its asset refers to them.
  { table: 'uploads', column: 'sha256' },
] as const satisfies readonly { table: keyof Schema; column: string }[];

/** Which of these hashes some row refers to. */
export async function listReferenced(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const parts = REFERENCES.map(
    ({ table, column }) =>
      sql`select ${sql.ref(column)} as hash from ${sql.table(table)} where ${sql.ref(column)} in (${sql.join(hashes)})`,
  );
  const { sql: text, parameters } = sql`${sql.join(parts, sql` union `)}`.compile(db.build);
  const rows = await db.read<{ hash: string }>({ sql: text, parameters });
  return new Set(rows.map(({ hash }) => hash));
}
