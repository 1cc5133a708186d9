import { type RawBuilder, sql } from 'kysely';
import type { Dialect } from './db.ts';

/** The texts of a JSON list, as rows. */
export const eachOf = (dialect: Dialect, json: unknown): RawBuilder<string> =>
  dialect === 'sqlite'
    ? sql`select value from json_each(${json})`
    : sql`select jsonb_array_elements_text(cast(${json} as jsonb))`;
