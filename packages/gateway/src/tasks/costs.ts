import type { Exchange } from '../accounts/exchange.ts';
import type { Money } from '../channels/channels.ts';
import type { Currency } from '../contract/key.ts';
import type { VendorCost } from '../providers/provider.ts';
import type { Attempt as AttemptRow } from '../store/attempts.ts';
import type { TaskRow } from '../store/tasks.ts';

/** What an attempt cost, as its row has it. */
export type CostRow = Pick<AttemptRow, 'vendor_micros' | 'vendor_currency' | 'vendor_is_estimate'>;
/** What is read of an attempt to add up what a task cost. */
export type Costed = CostRow & Pick<AttemptRow, 'accepted_at_ms' | 'estimate_micros' | 'estimate_currency'>;

type In = { readonly exchange: Exchange; readonly currency: Currency };

/** What an attempt cost as it ends: what the upstream said; else what was estimated, where it may be charged; else
 *  nothing. */
export function costAtEnd(p: {
  said: VendorCost | undefined;
  mayBeCharged: boolean;
  estimate: Money | null;
  isAccepted: boolean;
}): CostRow {
  const { said, estimate } = p;
  if (said !== undefined) {
    return { vendor_micros: said.micros, vendor_currency: said.currency, vendor_is_estimate: 0 };
  }
  return {
    vendor_micros: p.mayBeCharged ? (estimate?.micros ?? 0) : 0,
    vendor_currency: estimate?.currency ?? 'CNY',
    // That a failure is free is only likely; that what was never taken is free is certain.
    vendor_is_estimate: p.mayBeCharged || p.isAccepted ? 1 : 0,
  };
}

/** What all attempts of a task cost, as its row has it: in the currency of the upstreams where they agree, else in the
 *  account's. Null: nothing that anybody said or estimated. */
export function totalOf(rows: readonly Costed[], p: In): Pick<TaskRow, keyof CostRow> {
  const ended = rows.filter(({ vendor_micros }) => vendor_micros !== null);
  const counted = ended.filter(({ vendor_micros }) => vendor_micros !== 0);
  const isSaid = (row: Costed) => row.accepted_at_ms !== null && row.vendor_is_estimate === 0;
  const relevant = counted.length > 0 ? counted : ended.filter(isSaid);
  const [first] = relevant;
  if (first === undefined) return { vendor_micros: null, vendor_currency: null, vendor_is_estimate: 0 };
  const agree = relevant.every(({ vendor_currency }) => vendor_currency === first.vendor_currency);
  const isEstimate = relevant.some((row) => row.vendor_is_estimate === 1 || (!agree && !isMoney(row.vendor_currency)));
  return {
    vendor_micros: agree ? sum(relevant.map(({ vendor_micros }) => vendor_micros ?? 0)) : spentMicros(relevant, p),
    vendor_currency: agree ? first.vendor_currency : p.currency,
    vendor_is_estimate: isEstimate ? 1 : 0,
  };
}

/** What attempts cost or may yet cost, in the account's currency. What an upstream said in a unit of its own counts as it
 *  was estimated, and so does what runs. */
export const spentMicros = (rows: readonly Costed[], { exchange, currency }: In): number =>
  sum(
    rows.map((row) => {
      const isSaid = row.vendor_micros !== null && isMoney(row.vendor_currency);
      const micros = isSaid ? row.vendor_micros : row.estimate_micros;
      const unit = isSaid ? row.vendor_currency : row.estimate_currency;
      return micros === null || unit === null ? 0 : exchange({ micros, currency: unit }, currency);
    }),
  );

const isMoney = (currency: string | null): boolean => currency === 'CNY' || currency === 'USD';
const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);
