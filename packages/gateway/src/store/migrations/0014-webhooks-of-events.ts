import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'webhooks of events';

const INSERT = `insert into webhook_deliveries (account_id, task_id, endpoint_id, type, state, round, tries, attempts,
    is_queued, created_at_ms, updated_at_ms, next_at_ms)
  select account_id, new.task_id, id, new.type, 'pending', 1, 0, 0, 0, new.at_ms, new.at_ms, new.at_ms
    from webhook_endpoints
   where account_id = new.account_id and disabled_at_ms is null
     and (event_types like '%,' || new.type || ',%' or event_types like '%,task.*,%')`;
const HAS_ENDPOINTS = 'exists (select 1 from webhook_endpoints where account_id = new.account_id)';

/** An event brings its deliveries with it: one for each enabled endpoint of its account that wants to hear of its type. As
 *  a statement of its own that would cost every submit more than the event itself; the database does it at the cost of a
 *  look into an index, and none is missed, whoever writes the event. */
export function statements(db: Kysely<unknown>, dialect: Dialect) {
  const raw = (text: string) => ({ compile: () => sql.raw(text).compile(db) });
  if (dialect === 'sqlite') {
    return [raw(`create trigger webhooks_of_event after insert on events when ${HAS_ENDPOINTS} begin ${INSERT}; end`)];
  }
  return [
    raw(`create function write_webhooks_of_event() returns trigger language plpgsql as $$
      begin
        if ${HAS_ENDPOINTS} then ${INSERT}; end if;
        return null;
      end $$`),
    raw(`create trigger webhooks_of_event after insert on events
      for each row execute function write_webhooks_of_event()`),
  ];
}
