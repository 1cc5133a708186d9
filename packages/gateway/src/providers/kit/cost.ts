import type { VendorCost } from '../provider.ts';
import type { ChannelField } from '../provider-type.ts';

/** What an upstream charged in a unit of its own.
 *  @param unitPrice what its owner pays for one, as a decimal number of US dollars; empty: not told, so the units are
 *    shown as they are. */
export function costOfUnits(units: number, unit: string, unitPrice: string | undefined): VendorCost {
  const price = unitPrice === undefined || unitPrice === '' ? undefined : Number(unitPrice);
  if (price === undefined || !Number.isFinite(price)) return { micros: Math.round(units * 1_000_000), currency: unit };
  return { micros: Math.round(units * price * 1_000_000), currency: 'USD' };
}

export type TokenPrices = { readonly input: string | undefined; readonly output: string | undefined };

/** What an upstream counted in tokens. @param prices of a million, in US dollars; without both the tokens are shown. */
export function costOfTokens(tokens: { input: number; output: number }, prices: TokenPrices): VendorCost {
  const [input, output] = [prices.input, prices.output].map((price) => (price ? Number(price) : Number.NaN));
  const micros = tokens.input * (input ?? Number.NaN) + tokens.output * (output ?? Number.NaN);
  if (Number.isFinite(micros)) return { micros: Math.round(micros), currency: 'USD' };
  return costOfUnits(tokens.input + tokens.output, 'tokens', undefined);
}

/** The settings that hold such prices. @param prefix of the variables: `OPENAI`. */
export const tokenPriceFields = (prefix: string): readonly ChannelField[] =>
  (['input', 'output'] as const).map((kind) => ({
    name: `${kind}TokenPrice`,
    env: `${prefix}_${kind.toUpperCase()}_TOKEN_PRICE`,
    about: `What you pay for a million ${kind} tokens, in US dollars. With both prices, costs are shown in dollars.`,
    isOptional: true,
  }));

export const tokenPricesOf = (settings: Readonly<Record<string, string>>): TokenPrices => ({
  input: settings.inputTokenPrice,
  output: settings.outputTokenPrice,
});
