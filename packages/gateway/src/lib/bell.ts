/** Tells those in this process who wait for news that there is some. What the news is, they read from the store. */
export type Bell = {
  ring(): void;
  /** @returns what ends it. */
  listen(onRing: () => void): () => void;
};

export function createBell(): Bell {
  const listeners = new Set<() => void>();
  return {
    ring() {
      for (const listener of [...listeners]) listener();
    },
    listen(onRing) {
      // One of its own, so that the same function may listen twice.
      const listener = () => onRing();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
