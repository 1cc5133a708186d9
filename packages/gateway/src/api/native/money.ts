import { z } from 'zod';

/** An amount as `/api/v1` shows it. */
export const Money = z.object({
  micros: z.int().describe('Millionths of one unit of the currency.'),
  currency: z.string(),
  text: z.string().describe('The same for people: `12.50`.'),
});

/** At least two decimals, and as many more as the amount has. */
function toText(micros: number): string {
  const [units, rest] = [Math.trunc(Math.abs(micros) / 1_000_000), Math.abs(micros) % 1_000_000];
  const decimals = String(rest)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${micros < 0 ? '-' : ''}${units}.${decimals}`;
}

export const toMoney = (micros: number, currency: string): z.output<typeof Money> => ({
  micros,
  currency,
  text: toText(micros),
});
