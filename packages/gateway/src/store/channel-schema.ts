/** The tables of channels: as all others, part of `Schema`. */
export type ChannelSchema = {
  /** Channels that were made by the API. Those of the environment and of the file are not stored; what happens to them is,
   *  under their names. */
  channels: {
    id: string;
    /** `<account>/<name>` for those that an account brought. */
    name: string;
    account_id: string | null;
    provider: string;
    /** JSON: texts by name. */
    settings: string;
    /** Sealed JSON: texts by name. */
    credentials: string;
    /** JSON: which endpoints, by which models. */
    rules: string;
    priority: number;
    weight: number;
    /** What a task costs its account here, as a share of its price. */
    price_factor: number;
    /** What a task costs the owner here, as a share of the list price. */
    cost_factor: number;
    /** Limits; null: none. */
    max_concurrent: number | null;
    per_minute: number | null;
    hour_budget_micros: number | null;
    day_budget_micros: number | null;
    total_budget_micros: number | null;
    /** Of its budgets: `CNY` or `USD`. */
    currency: string;
    /** Grows with every change. */
    revision: number;
    created_at_ms: number;
    updated_at_ms: number;
  };
  /** What is off: a channel (`endpoint` empty), an endpoint of it (`model` empty), or one model. */
  channel_switches: {
    channel: string;
    endpoint: string;
    model: string;
    /** `owner`, or `fault`: after what an upstream said. */
    by_whom: string;
    reason: string;
    at_ms: number;
    /** When it was last looked whether the fault is over. */
    checked_at_ms: number;
  };
  /** Channels in trouble. A row is deleted when the trouble is over. `endpoint` empty: the channel refuses jobs, or asks
   *  for a pause; else: jobs of this endpoint that it took did not end well. */
  channel_health: {
    channel: string;
    endpoint: string;
    /** In a row. */
    failures: number;
    failed_at_ms: number;
    /** How often it was given a rest since it last worked. */
    openings: number;
    /** Gets no jobs until then; after it, one at a time. */
    open_until_ms: number | null;
    /** A job is out that shows whether it works again; its answer is waited for until then. */
    probe_until_ms: number | null;
    pauses: number;
    /** The upstream wants no jobs until then. */
    paused_until_ms: number | null;
    reason: string;
  };
  /** What a channel with budgets cost in a period, as `key_usage`: `hour:<n>`, `day:<n>`, `total`. */
  channel_usage: { channel: string; period: string; micros: number };
  /** Tasks that wait for a channel; `awaited` is its name, or that and an endpoint of it. `priority` and `group_key` are
   *  those of their jobs. */
  channel_waits: { awaited: string; priority: number; group_key: string; task_id: string; reason: string };
};
