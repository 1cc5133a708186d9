import { z } from 'zod';

/** An amount of money in units of a currency, as people write it. */
export const amount = (example: string) =>
  z
    .number({ error: `must be a decimal number from 0 to 999999999 with at most six decimals, such as ${example}` })
    .min(0)
    .max(999_999_999)
    .refine((units) => Number(units.toFixed(6)) === units, 'must have at most six decimals');

/** The same in a header. Anything else than digits and a point stays a text, which is refused. */
export const readAmount = (text: string): unknown => (/^\d{1,9}(\.\d{1,12})?$/.test(text) ? Number(text) : text);
