/** How far the tasks of this process are, between two writes to the store. */
export type LiveProgress = {
  /** Never goes back: an upstream that begins again does not undo what was said. @param fraction 0 to 1. */
  publish(taskId: string, fraction: number): void;
  get(taskId: string): number | undefined;
  forget(taskId: string): void;
};

export function createLiveProgress(): LiveProgress {
  const fractions = new Map<string, number>();
  return {
    publish(taskId, fraction) {
      const known = fractions.get(taskId) ?? 0;
      fractions.set(taskId, Math.max(known, Math.min(1, Math.max(0, fraction))));
    },
    get: (taskId) => fractions.get(taskId),
    forget: (taskId) => void fractions.delete(taskId),
  };
}
