import type { Schema } from '../schema.ts';
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
  key_id: 'key_a',
  surface: 'v2',
  webhook_url: null,
  priority: 0,
  tags: null,
  start_deadline_at_ms: null,
  hops: 0,
  rerun_of: null,
  charge_micros: null,
  vendor_micros: null,
  vendor_currency: null,
  vendor_is_estimate: 0,
  upstream_id: null,
  routing: null,
  ...changes,
});

/** An account that may spend what it likes. */
export const accountRow = (id: string, changes: Partial<Schema['accounts']> = {}): Schema['accounts'] => ({
  id,
  name: id,
  created_at_ms: NOW_MS,
  currency: 'CNY',
  is_unlimited: 1,
  balance_micros: 0,
  held_micros: 0,
  disabled_at_ms: null,
  ...changes,
});

/** A key of `acct_a` without limits. */
export const keyRow = (changes: Partial<Schema['api_keys']> = {}): Schema['api_keys'] => ({
  id: 'key_a',
  account_id: 'acct_a',
  hash: 'h',
  hint: 'hint',
  is_admin: 0,
  created_at_ms: NOW_MS,
  revoked_at_ms: null,
  name: '',
  is_from_start: 0,
  expires_at_ms: null,
  scopes: null,
  models: null,
  addresses: null,
  max_running: null,
  max_waiting: null,
  tasks_per_minute: null,
  hour_budget_micros: null,
  day_budget_micros: null,
  total_budget_micros: null,
  ...changes,
});
