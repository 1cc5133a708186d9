import type { TaskRow } from '../tasks.ts';

export const NOW_MS = 1_790_000_000_123;

/** A queued task as the service would write it. */
export const taskRow = (id: string, changes: Partial<TaskRow> = {}): TaskRow => ({
  id,
  account_id: 'acct_a',
  endpoint: 'some/endpoint',
  input: '{"prompt":"a paper boat, 纸船"}',
  status: 'queued',
  client_id: '0'.repeat(32),
  channel: null,
  handle: null,
  progress: 0,
  error_code: null,
  error_message: null,
  price_micros: 25_200_000,
  currency: 'CNY',
  created_at_ms: NOW_MS,
  started_at_ms: null,
  ended_at_ms: null,
  deadline_at_ms: NOW_MS + 60_000,
  cancel_asked_at_ms: null,
  ...changes,
});
