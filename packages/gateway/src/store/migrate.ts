import { type Kysely, sql } from 'kysely';
import type { Db, Statement } from './db.ts';
import * as start from './migrations/0001-start.ts';
import * as namedResults from './migrations/0002-named-results.ts';
import * as timingsByTime from './migrations/0003-timings-by-time.ts';
import * as cancel from './migrations/0004-cancel.ts';
import * as accountsAndMoney from './migrations/0005-accounts-and-money.ts';
import * as events from './migrations/0006-events.ts';
import * as fairClaims from './migrations/0007-fair-claims.ts';
import * as uploadsAndRetention from './migrations/0008-uploads-and-retention.ts';
import * as queuedDeadlines from './migrations/0009-queued-deadlines.ts';
import * as hops from './migrations/0010-hops.ts';
import * as upstreamIds from './migrations/0011-upstream-ids.ts';
import * as library from './migrations/0012-library.ts';
import * as webhooks from './migrations/0013-webhooks.ts';
import * as webhooksOfEvents from './migrations/0014-webhooks-of-events.ts';
import * as channels from './migrations/0015-channels.ts';
import * as failover from './migrations/0016-failover.ts';

type Migration = {
  readonly name: string;
  statements(db: Kysely<unknown>, dialect: Db['dialect']): readonly Compiles[];
};
type Compiles = { compile(): { sql: string; parameters: readonly unknown[] } };

/** In order; the place in the list is the number. Never change one that was released: add the next. */
const MIGRATIONS: readonly Migration[] = [
  start,
  namedResults,
  timingsByTime,
  cancel,
  accountsAndMoney,
  events,
  fairClaims,
  uploadsAndRetention,
  queuedDeadlines,
  hops,
  upstreamIds,
  library,
  webhooks,
  webhooksOfEvents,
  channels,
  failover,
];

/** Any constant: all processes that migrate one database take the same lock. */
const LOCK = 7_214_553;

/** Brings the tables to this release. Each migration is one transaction that begins with its own record, so that of two
 *  processes which race here one runs it and the other finds it done.
 *  @throws when the database was migrated by a newer release. */
export async function migrate(db: Db, nowMs: number): Promise<void> {
  const lock = db.dialect === 'postgres' ? [toStatement(db, sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`)] : [];
  await db.write([
    ...lock,
    compiled(
      db.build.schema
        .createTable('migrations')
        .ifNotExists()
        .addColumn('number', 'integer', (c) => c.primaryKey())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('applied_at_ms', db.dialect === 'sqlite' ? 'integer' : 'bigint', (c) => c.notNull()),
    ),
  ]);
  for (const [index, migration] of MIGRATIONS.entries()) {
    const number = index + 1;
    if ((await newest(db)) >= number) continue;
    const record = db.build.insertInto('migrations').values({ number, name: migration.name, applied_at_ms: nowMs });
    const steps = migration.statements(db.build as unknown as Kysely<unknown>, db.dialect).map(compiled);
    try {
      await db.write([...lock, compiled(record), ...steps]);
    } catch (error) {
      // Another process recorded it first, and its transaction is complete, for we waited on the lock.
      if ((await newest(db)) < number) throw error;
    }
  }
  const found = await newest(db);
  if (found > MIGRATIONS.length)
    throw new Error(
      `The database was made by a newer Reelay (migration ${found}; this one knows ${MIGRATIONS.length}). Use that release, or restore a backup.`,
    );
}

const newest = async (db: Db): Promise<number> =>
  (
    await db.read<{ newest: number | null }>(
      compiled(db.build.selectFrom('migrations').select(({ fn }) => fn.max('number').as('newest'))),
    )
  )[0]?.newest ?? 0;

const compiled = (query: Compiles): Statement => {
  const { sql: text, parameters } = query.compile();
  return { sql: text, parameters };
};
const toStatement = (db: Db, raw: ReturnType<typeof sql>): Statement =>
  compiled({ compile: () => raw.compile(db.build) });
