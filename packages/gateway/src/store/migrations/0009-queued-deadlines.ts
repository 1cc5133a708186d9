import { type Kysely, sql } from 'kysely';

export const name = 'queued deadlines';

/** Tasks that wait, by the instant at which they have waited too long. */
export function statements({ schema }: Kysely<unknown>) {
  return [
    schema
      .createIndex('tasks_queued_until')
      .on('tasks')
      .expression(
        sql`(case when started_at_ms is null and start_deadline_at_ms < deadline_at_ms then start_deadline_at_ms else deadline_at_ms end)`,
      )
      .where(sql.ref('status'), '=', sql.lit('queued')),
  ];
}
