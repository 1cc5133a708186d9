/** How long a place is kept at most: as long as files are fetched for a task. */
const KEEP_MS = 120_000;

/** The places that tasks of this process are about to claim. The database decides who gets one; this keeps a hundred tasks
 *  from preparing for the same. */
export type Intents = {
  /** One for each task: the last counts. */
  keep(taskId: string, channel: string): void;
  drop(taskId: string): void;
  /** Those of other tasks. */
  count(channel: string, taskId: string): number;
};

export function createIntents(nowMs: () => number): Intents {
  const kept = new Map<string, { readonly channel: string; readonly untilMs: number }>();
  const byChannel = new Map<string, Set<string>>();
  const drop = (taskId: string): void => {
    const intent = kept.get(taskId);
    if (intent === undefined) return;
    kept.delete(taskId);
    byChannel.get(intent.channel)?.delete(taskId);
  };
  return {
    keep(taskId, channel) {
      drop(taskId);
      kept.set(taskId, { channel, untilMs: nowMs() + KEEP_MS });
      byChannel.set(channel, (byChannel.get(channel) ?? new Set()).add(taskId));
    },
    drop,
    count(channel, taskId) {
      const tasks = byChannel.get(channel);
      // In the order in which they came, so the oldest first.
      for (const id of tasks ?? []) {
        if ((kept.get(id)?.untilMs ?? 0) > nowMs()) break;
        drop(id);
      }
      return (tasks?.size ?? 0) - (tasks?.has(taskId) === true ? 1 : 0);
    },
  };
}
