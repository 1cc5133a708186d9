/** Something that happened to a task. */
export type TaskEvent = {
  /** Its place in the order of all events: what comes after it is asked for with this. */
  readonly cursor: string;
  /** `task.<status>`. */
  readonly type: string;
  readonly taskId: string;
  readonly atMs: number;
};

/** What has come; empty after a while without anything. Everything up to `cursor` was seen. */
export type EventPiece = { readonly events: readonly TaskEvent[]; readonly cursor: string };

/** Events after a place; empty where there are no more. Everything up to `cursor` was seen, wanted or not. */
export type EventPage = EventPiece & { readonly hasMore: boolean };

/** The events of an account, or of one of its tasks, in the order of their commits. */
export interface EventFeed {
  /** Oldest first. @throws {GatewayError} `invalid_input` for an `after` that is no cursor, as `follow` does. */
  list(p: { taskId: string; after?: string | undefined; limit: number }): Promise<readonly TaskEvent[]>;
  /** Oldest first, from the first that is kept. Looks at a few thousand events at most, so a page may be short, or empty, and
   *  still have more.
   *  @param p.types absent: all. */
  page(p: {
    accountId: string;
    taskId?: string | undefined;
    types?: readonly string[] | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<EventPage>;
  /** Begins after a cursor; without one with the next event of the account, or the first of the task. Never ends before
   *  the signal fires. Reads on when it is asked for more, and so never holds more than a page. The first piece comes at
   *  once.
   *  @param p.onStall nobody asked for more for a minute. */
  follow(p: {
    accountId: string;
    taskId?: string;
    after?: string | undefined;
    idleMs: number;
    signal: AbortSignal;
    onStall: () => void;
  }): AsyncGenerator<EventPiece, void, void>;
}
