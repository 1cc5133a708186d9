import type { Input } from '@reelay/catalog';

type Said = Input[string] | undefined;

/** A number sent as one or as text. */
export function toNumber(said: Said): number | undefined {
  if (typeof said !== 'number' && (typeof said !== 'string' || said.trim() === '')) return undefined;
  const value = Number(said);
  return Number.isFinite(value) ? value : undefined;
}

/** A flag sent as one, as "true", "yes" or "on"; undefined when it was not sent. */
export function toFlag(said: Said): boolean | undefined {
  if (typeof said === 'boolean') return said;
  return typeof said === 'string' ? ['true', 'yes', 'on'].includes(said.toLowerCase()) : undefined;
}

/** Seconds from `"12"`, `12` or `"12s"`; undefined for what is no positive number: 0 means "as long as the input" and
 *  -1 "as you like". */
export function toSeconds(said: Said): number | undefined {
  const seconds = toNumber(typeof said === 'string' ? said.replace(/s$/, '') : said);
  return seconds !== undefined && seconds > 0 ? seconds : undefined;
}

/** Width over height of `"16:9"`. */
export function toAspect(ratio: string): number {
  const [wide, tall] = ratio.split(':').map(Number);
  return (wide ?? 16) / (tall ?? 9);
}

/** The nearest even number of pixels: the encoder halves the sides for colour. */
export const toEven = (px: number): number => Math.max(2, Math.round(px / 2) * 2);
