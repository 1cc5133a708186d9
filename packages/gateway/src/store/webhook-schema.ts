import type { Generated } from 'kysely';

/** The tables of webhooks, a part of `Schema`. */
export type WebhookSchema = {
  /** Addresses that want to hear of the events of an account. */
  webhook_endpoints: {
    id: string;
    account_id: string;
    url: string;
    description: string;
    /** Of which events, each between commas: `,task.succeeded,task.failed,`, or `,task.*,` for all. */
    event_types: string;
    created_at_ms: number;
    /** It hears nothing while it is disabled. */
    disabled_at_ms: number | null;
    disabled_reason: string | null;
  };
  /** What deliveries are signed with: of an endpoint, or, for the addresses that tasks name, of an account. */
  webhook_secrets: {
    id: string;
    account_id: string;
    /** The id of an endpoint or of an account. */
    owner_id: string;
    /** A text of the sealed box: both keys as JSON. */
    sealed: string;
    created_at_ms: number;
    /** Null: it is the current one. Else it was replaced, and signs beside the current one until then. */
    expires_at_ms: number | null;
  };
  /** The outbox: an event and whom it is for. Written in the batch of the event. */
  webhook_deliveries: {
    number: Generated<number>;
    account_id: string;
    /** Null for a test event. */
    task_id: string | null;
    /** Null: for the address that the task names. */
    endpoint_id: string | null;
    /** `task.<status>` or `webhook.test`. */
    type: string;
    /** Null: the address that its endpoint has at that moment. */
    url: string | null;
    /** `pending`, `succeeded` or `failed`, which is given up. */
    state: string;
    /** Grows by one when it is sent anew: what belongs to an earlier round decides nothing. */
    round: number;
    /** How often it was tried in this round, and ever. */
    tries: number;
    attempts: number;
    /** 0: has no job yet for this round. */
    is_queued: number;
    created_at_ms: number;
    updated_at_ms: number;
    /** When it is tried next; null unless it is pending. */
    next_at_ms: number | null;
    /** Of the latest try. */
    last_status: number | null;
    last_response: string | null;
    last_error: string | null;
  };
  /** Each try of a delivery. */
  webhook_attempts: {
    delivery: number;
    /** 1, 2, … */
    number: number;
    url: string;
    started_at_ms: number;
    duration_ms: number;
    /** Null when there was no answer. */
    status: number | null;
    /** The beginning of the answer's body. */
    response: string | null;
    /** Why it did not work where the status does not say it. */
    error: string | null;
  };
};
