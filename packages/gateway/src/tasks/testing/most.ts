/** An attempt, from when its place was taken to when it was given back. */
export type Held = { readonly started_at_ms: number; readonly ended_at_ms: number };

const MINUTE_MS = 60_000;

/** The most that were open at once. What ends at an instant makes room for what begins at it. */
export function mostAtOnce(attempts: readonly Held[]): number {
  const steps = attempts
    .flatMap(({ started_at_ms, ended_at_ms }) => [
      { atMs: started_at_ms, by: 1 },
      { atMs: ended_at_ms, by: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let [now, most] = [0, 0];
  for (const { by } of steps) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** The most that began in any minute; 0 when nothing did. */
export function mostInAMinute(attempts: readonly Pick<Held, 'started_at_ms'>[]): number {
  const starts = attempts.map(({ started_at_ms }) => started_at_ms).sort((a, b) => a - b);
  let [first, most] = [0, 0];
  for (const [last, atMs] of starts.entries()) {
    while ((starts[first] ?? atMs) <= atMs - MINUTE_MS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
