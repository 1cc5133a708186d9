const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

// Periods in which use is counted, numbered since 1970, UTC.
export const minuteOf = (atMs: number): string => `minute:${Math.floor(atMs / MINUTE_MS)}`;
export const hourOf = (atMs: number): string => `hour:${Math.floor(atMs / HOUR_MS)}`;
export const dayOf = (atMs: number): string => `day:${Math.floor(atMs / DAY_MS)}`;
export const startOfHourMs = (atMs: number): number => atMs - (atMs % HOUR_MS);
export const startOfDayMs = (atMs: number): number => atMs - (atMs % DAY_MS);
export const EVER = 'total';

export const msToNextMinute = (atMs: number): number => MINUTE_MS - (atMs % MINUTE_MS);
export const nextHourMs = (atMs: number): number => startOfHourMs(atMs) + HOUR_MS;
export const nextDayMs = (atMs: number): number => startOfDayMs(atMs) + DAY_MS;
