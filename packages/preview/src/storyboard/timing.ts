import { join } from './sentences.ts';

/** A shot below this is a flicker: nobody sees what it showed. */
export const MIN_SHOT_MS = 1_600;
/** A shot above this is dull; it is shown again from another distance. */
export const MAX_SHOT_MS = 10_000;
const MAX_SHOTS = 24;

export type Span = { readonly startMs: number; readonly endMs: number };

/** Joins the shortest neighbours until every take can have its least time. */
export function fitTakes(takes: readonly string[], durationMs: number): readonly string[] {
  const most = Math.max(1, Math.min(MAX_SHOTS, Math.floor(durationMs / MIN_SHOT_MS)));
  const fitted = [...takes];
  while (fitted.length > most) {
    let shortest = 0;
    const lengthAt = (index: number): number => (fitted[index]?.length ?? 0) + (fitted[index + 1]?.length ?? 0);
    for (let index = 1; index < fitted.length - 1; index++) if (lengthAt(index) < lengthAt(shortest)) shortest = index;
    fitted.splice(shortest, 2, join(fitted[shortest] ?? '', fitted[shortest + 1] ?? ''));
  }
  return fitted;
}

/** How much time words ask for: longer sentences get more, but no sentence starves another. */
export const weightOf = (text: string): number => {
  const wide = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return Math.min(160, Math.max(50, text.length + 2 * wide));
};

/** Tiles the time without a gap: whole milliseconds, in proportion to the weights, ending exactly at `durationMs`.
 *  Parts that come out at 0 ms are undefined. */
export function tile(weights: readonly number[], durationMs: number): readonly (Span | undefined)[] {
  const safe = weights.map((weight) => (Number.isFinite(weight) && weight > 0 ? weight : 0));
  const total = safe.reduce((sum, weight) => sum + weight, 0);
  const shares = total > 0 ? safe.map((weight) => weight / total) : safe.map(() => 1 / safe.length);
  const lastUsed = shares.findLastIndex((share) => share > 0);
  let sum = 0;
  let startMs = 0;
  return shares.map((share, index) => {
    sum += share;
    const endMs = index >= lastUsed ? durationMs : Math.min(durationMs, Math.round(sum * durationMs));
    const span = endMs > startMs ? { startMs, endMs } : undefined;
    startMs = Math.max(startMs, endMs);
    return span;
  });
}
