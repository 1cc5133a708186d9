import type { Generated } from 'kysely';
import type { Status } from '../contract/task.ts';
import type { ChannelSchema } from './channel-schema.ts';
import type { LibrarySchema } from './library-schema.ts';
import type { WebhookSchema } from './webhook-schema.ts';

/** The tables, the same in both dialects. Instants are epoch milliseconds, JSON is text, flags are 0 or 1, so that a
 *  row reads the same from SQLite and from PostgreSQL. */
export type Schema = ChannelSchema &
  LibrarySchema &
  WebhookSchema & {
    settings: { name: string; value: string };
    accounts: {
      id: string;
      name: string;
      created_at_ms: number;
      /** In which it is charged: `CNY` or `USD`. */
      currency: string;
      /** 1: may spend what it does not have, so its balance only counts. */
      is_unlimited: number;
      /** What was paid in less what was charged. Held money is still part of it. */
      balance_micros: number;
      held_micros: number;
      /** Its keys work no more. */
      disabled_at_ms: number | null;
    };
    api_keys: {
      id: string;
      account_id: string;
      /** SHA-256 of the key, hexadecimal. A key is 128 random bits, so a slow hash would add nothing. */
      hash: string;
      /** For people: the first and the last four digits; of old keys the last four. */
      hint: string;
      is_admin: number;
      created_at_ms: number;
      revoked_at_ms: number | null;
      name: string;
      /** 1: made at a start, by itself or from the configuration. */
      is_from_start: number;
      expires_at_ms: number | null;
      /** JSON lists of texts; null: no restriction. `models` may hold `*`; `addresses` are CIDR ranges. */
      scopes: string | null;
      models: string | null;
      addresses: string | null;
      /** Limits; null: none. Over `max_running` a task waits, over any other it is refused. */
      max_running: number | null;
      max_waiting: number | null;
      tasks_per_minute: number | null;
      hour_budget_micros: number | null;
      day_budget_micros: number | null;
      total_budget_micros: number | null;
    };
    /** What a key with limits used in a period: `minute:<n>`, `hour:<n>`, `day:<n>` since 1970, or `total`. Money counts
     *  from the hold on; what is released is taken back from the periods in which it was held. */
    key_usage: { key_id: string; period: string; tasks: number; micros: number };
    /** The ledger. A row moves money from one book to another, so the sum over all books is always zero. Books:
     *  `outside`, `revenue`, `available:<account>`, `held:<account>`. Ids of a task's moves are `<task>.<kind>`, so that
     *  each kind happens once. */
    transfers: {
      id: string;
      account_id: string;
      task_id: string | null;
      /** `deposit`, `withdrawal`, `hold`, `extra_hold`, `part_release`, `charge`, `release`. */
      kind: string;
      from_book: string;
      to_book: string;
      micros: number;
      currency: string;
      created_at_ms: number;
      note: string | null;
      /** What the payer calls a payment: unique in its account, so that one cannot be booked twice. */
      reference: string | null;
    };
    /** Answers that are given again: which tasks a submit with this `Idempotency-Key` made. */
    idempotency_keys: {
      account_id: string;
      key: string;
      /** SHA-256 of what was asked. */
      fingerprint: string;
      /** JSON: a list of ids. */
      task_ids: string;
      created_at_ms: number;
    };
    /** What happened to tasks, in the order of the commits: the outbox of webhooks, and the feed of events. The cursor is
     *  (`tx`, `number`): PostgreSQL gives numbers out before the commit, so there a number alone would skip rows. */
    events: {
      number: Generated<number>;
      tx: Generated<number>;
      account_id: string;
      task_id: string;
      /** `task.<status>`. */
      type: string;
      at_ms: number;
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
      /** Who submitted it; null for tasks of the first release. */
      key_id: string | null;
      /** The API on which it was submitted: `v2`, `legacy` or `native`. */
      surface: string;
      webhook_url: string | null;
      /** Higher runs first. */
      priority: number;
      /** JSON: a list of texts. */
      tags: string | null;
      /** Fails as `timed_out` when it is still queued then. */
      start_deadline_at_ms: number | null;
      /** The task of which this one is a rerun. */
      rerun_of: string | null;
      /** JSON: what its caller wants of the choice of a channel. */
      routing: string | null;
      /** What the account paid; null until the task has ended. */
      charge_micros: number | null;
      /** What the providers of all its attempts charged us: as they said, or, where one said nothing, by our prices. */
      vendor_micros: number | null;
      vendor_currency: string | null;
      /** How many gateways handed it on before it came here. */
      hops: number;
      /** 1: some of it is by our prices. */
      vendor_is_estimate: number;
      /** What the upstream calls the result, where later requests may name it. */
      upstream_id: string | null;
    };
    /** The tags of tasks, to find them by. */
    task_tags: { account_id: string; tag: string; task_id: string };
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
      /** JSON: of an attempt that runs beside the one that the task names, what its provider gave us to find the job. */
      handle: string | null;
      /** What it cost the owner of the channel: as the upstream said, or by our prices; null while it runs. */
      vendor_micros: number | null;
      vendor_currency: string | null;
      /** 1: by our prices. */
      vendor_is_estimate: number;
      /** The upstream's name of the model. */
      model: string | null;
      /** Why this channel; and JSON, a list: what was said of every channel. */
      reason: string | null;
      considered: string | null;
      /** What the account pays if it ends well here. */
      charge_micros: number | null;
      /** What it costs the owner of the channel, in the channel's currency: about, until the upstream has said it. */
      estimate_micros: number | null;
      estimate_currency: string | null;
      /** 1: `estimate_micros` is in `channel_usage`. */
      is_counted: number;
      /** For how long the job had ended at most when we noticed; null where nobody knows. */
      late_ms: number | null;
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
      /** How it came to us: `upload` (sent, inlined or fetched for a task), `output`, or `both`. */
      origin: string;
      /** When it was last stored or given to a task: retention counts from here. Grows with every use, so that whoever
       *  deletes an asset sees whether it was used since. */
      used_at_ms: number;
    };
    /** Which files a task was given. */
    task_inputs: { task_id: string; asset_id: string };
    /** Files that arrive in pieces. How much has arrived is the size of the file `blobs/parts/<id>`. */
    uploads: {
      id: string;
      account_id: string;
      /** What was announced. */
      size_bytes: number;
      file_name: string | null;
      /** As the client sent it; echoed. */
      metadata: string | null;
      created_at_ms: number;
      /** When it goes unless more of it arrives; once it is finished, when its address goes. */
      expires_at_ms: number;
      /** Of the whole; set before its bytes move from `parts` to where blobs are, so that a crash in between loses nothing. */
      sha256: string | null;
      asset_id: string | null;
      /** Why its whole was refused. */
      error_code: string | null;
      error_message: string | null;
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
    /** What a queue knows of a group. `served` orders groups by when they were last claimed from. */
    queue_groups: {
      queue: string;
      group_key: string /** Null: any number. */;
      max_held: number | null;
      served: number;
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
