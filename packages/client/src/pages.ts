/** A page of a list. */
export type Page<T> = {
  readonly items: readonly T[];
  /** Leads to the next page; null on the last. */
  readonly nextCursor: string | null;
};

export type PageOptions = {
  /** 1 to 100, default 20. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Everything of a list, page by page: `eachItem((cursor) => client.tasks.list({ cursor }))`. */
export async function* eachItem<T>(
  read: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await read(cursor);
    yield* items;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}
