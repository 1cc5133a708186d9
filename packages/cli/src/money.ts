import type { Currency, Money } from '@reelay/client';

export type Amount = { readonly micros: number; readonly currency: Currency };

const CURRENCIES: readonly Currency[] = ['CNY', 'USD'];
const AMOUNT = /^(\d{1,10})(?:\.(\d{1,6}))?\s+([A-Za-z]{3})$/;
export const AMOUNT_RULE = 'write it as "12.50 CNY": at most ten digits, six decimals, and CNY or USD';

/** `12.50 CNY` in millionths, digit by digit: a float would not hold every amount. Undefined: it is no amount.
 *  Ten digits and six decimals stay below 2^53 as a whole number. */
export function parseAmount(text: string): Amount | undefined {
  const [, units = '', decimals = '', word = ''] = AMOUNT.exec(text.trim()) ?? [];
  const currency = CURRENCIES.find((one) => one === word.toUpperCase());
  if (units === '' || currency === undefined) return undefined;
  const micros = Number(units + decimals.padEnd(6, '0'));
  return Number.isSafeInteger(micros) ? { micros, currency } : undefined;
}

/** As the server writes amounts: at least two decimals, and as many more as there are. */
export function showMicros(micros: number, currency: string): string {
  const digits = String(Math.abs(micros)).padStart(7, '0');
  const decimals = digits.slice(-6).replace(/0{1,4}$/, '');
  return `${micros < 0 ? '-' : ''}${digits.slice(0, -6)}.${decimals} ${currency}`;
}

export const showMoney = ({ text, currency }: Money): string => `${text} ${currency}`;
