import type { Status } from '../contract/task.ts';

/** The tables, the same in both dialects. Instants are epoch milliseconds, JSON is text, flags are 0 or 1, so that a
 *  row reads the same from SQLite and from PostgreSQL. */
export type Schema = {
  settings: { name: string; value: string };
  accounts: { id: string; name: string; created_at_ms: number };
  api_keys: {
    id: string;
    account_id: string;
    /** SHA-256 of the key, hexadecimal. A key is 128 random bits, so a slow hash would add nothing. */
    hash: string;
    /** The last four digits, for people. */
    hint: string;
    is_admin: number;
    created_at_ms: number;
    revoked_at_ms: number | null;
  };
  tasks: {
    /** 19 digits, time-ordered. */
    id: string;
    account_id: string;
    endpoint: string;
    /** JSON: the validated input. Inlined files have been stored and are named `asset://<id>`. */
    input: string;
    status: Status;
    /** 32 hexadecimal digits, echoed on the wire. */
    client_id: string;
    /** The channel that holds, or last held, the task. */
    channel: string | null;
    /** JSON: what the provider gave us to find its job again. */
    handle: string | null;
    /** 0 to 1. */
    progress: number;
    error_code: string | null;
    error_message: string | null;
    price_micros: number;
    currency: string;
    created_at_ms: number;
    /** When the task left the queue for the first time. */
    started_at_ms: number | null;
    ended_at_ms: number | null;
    /** After this instant the task fails as `timed_out`. */
    deadline_at_ms: number;
    /** When its owner asked for its end, if that was after it had been handed over: whoever drives it tells the upstream. */
    cancel_asked_at_ms: number | null;
  };
  attempts: {
    task_id: string;
    /** 1, 2, … */
    number: number;
    channel: string;
    started_at_ms: number;
    accepted_at_ms: number | null;
    ended_at_ms: number | null;
    /** Null while it runs: `succeeded`, `failed`, `not_accepted`, `outcome_unknown`, `canceled`. */
    outcome: string | null;
    error_code: string | null;
    error_message: string | null;
  };
  outputs: {
    task_id: string;
    /** 0, 1, … in the order of the provider's answer. */
    position: number;
    asset_id: string | null;
    text: string | null;
    /** The file extension that the wire calls `outputType`. */
    extension: string;
  };
  assets: {
    id: string;
    account_id: string;
    sha256: string;
    size_bytes: number;
    media_type: string;
    extension: string;
    /** `image`, `video`, `audio`, or `file` for anything else. */
    kind: string;
    width_px: number | null;
    height_px: number | null;
    duration_ms: number | null;
    has_audio: number | null;
    created_at_ms: number;
  };
  /** The embedded queue. A row is a job that is not done yet. */
  jobs: {
    id: string;
    queue: string;
    /** Jobs of one group share a concurrency limit. */
    group_key: string;
    priority: number;
    run_at_ms: number;
    attempts: number;
    payload: string;
    /** Who runs it now; null when it is free. */
    holder: string | null;
    /** Grows by one with every claim: a write that names an older number changes nothing. */
    fence: number;
    /** Which claim of its holder took it last: a claim whose answer was lost is undone by this number. */
    claim: number | null;
    last_error: string | null;
    created_at_ms: number;
  };
  /** Who may hold jobs, and until when without another word. One row for a whole process, so that a heartbeat costs the
   *  same for one lease and for a hundred thousand. */
  holders: { id: string; lease_until_ms: number };
  /** How long an endpoint takes on a channel: mean and variance of the logarithm of the milliseconds from acceptance to
   *  end, where older tasks count less. `samples` is how many tasks' worth they are. */
  timings: {
    channel: string;
    endpoint: string;
    samples: number;
    mean_log_ms: number;
    variance_log_ms: number;
    updated_at_ms: number;
  };
  /** What an account calls results by, where it chose the name itself: custom voices. */
  named_results: { account_id: string; name: string; task_id: string };
  migrations: { number: number; name: string; applied_at_ms: number };
};
