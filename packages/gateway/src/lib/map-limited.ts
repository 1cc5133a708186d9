/** Maps in order with at most `limit` at work. Waits for all that was begun, also when one fails.
 *  @throws the first failure, by position. */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  if (items.length === 1) return [await map(items[0] as T, 0)]; // It has that one.
  const results: PromiseSettledResult<R>[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) [results[index]] = await Promise.allSettled([map(item, index)]);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
