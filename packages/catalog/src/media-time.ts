/** What a file may be longer than a limit. A clip cut at 10 s ends with its last whole picture or sound packet, a few
 *  hundredths of a second later, and services take it as 10 s. */
export const DURATION_SLACK_MS = 100;

/** Whole seconds as they are counted for prices: 12.04 s are 12, 12.4 s are 13, and nothing is less than one. */
export const countSeconds = (durationMs: number): number =>
  Math.max(1, Math.ceil((durationMs - DURATION_SLACK_MS) / 1000));

/** Milliseconds as seconds for people: `12`, `12.4`. */
export const formatSeconds = (durationMs: number): string => String(Math.round(durationMs / 10) / 100);
