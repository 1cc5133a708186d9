import type { Currency } from '../contract/key.ts';
import { listMeasures, type MeasureRow } from '../store/channel-measures.ts';
import type { Db } from '../store/db.ts';
import { getTiming } from '../store/timings.ts';

/** How long what was measured is believed. */
const TRUST_MS = 60_000;
/** How far back is looked. */
const SPAN_MS = 7 * 24 * 3_600_000;
/** Fewer tasks say little about the next. */
const MIN_TASKS = 5;

/** What the latest tasks of an endpoint on a channel say about the next. */
export type Measure = {
  /** Undefined while too little is known, as the others. */
  readonly usualMs: number | undefined;
  /** 0 to 1. */
  readonly success: number | undefined;
  /** What the upstream charged, as a share of the price. */
  readonly costFactor: number | undefined;
};

export type Exchange = (price: { micros: number; currency: string }, to: Currency) => number;
export type Measures = { of(channel: string, endpoint: string): Promise<Measure> };

export function createMeasures({ db, nowMs, exchange }: { db: Db; nowMs: () => number; exchange: Exchange }): Measures {
  const remember = createMemory(nowMs);
  return {
    async of(channel, endpoint) {
      const [rows, timing] = await Promise.all([
        remember(channel, () => listMeasures(db, { channel, sinceMs: nowMs() - SPAN_MS })),
        remember(`${channel}\n${endpoint}`, () => getTiming(db, { channel, endpoint })),
      ]);
      const own = rows.filter((row) => row.endpoint === endpoint);
      return {
        usualMs: timing === undefined || timing.samples < 1 ? undefined : Math.exp(timing.mean_log_ms),
        success: successOf(own),
        costFactor: costFactorOf(own, exchange),
      };
    },
  };
}

/** Looks again after a while. What could not be read is not remembered. */
function createMemory(nowMs: () => number) {
  const known = new Map<string, { readonly untilMs: number; readonly value: Promise<unknown> }>();
  return async <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const found = known.get(name);
    // What is under a name was read by the same kind of function.
    if (found !== undefined && nowMs() < found.untilMs) return found.value as Promise<T>;
    const value = read();
    const entry = { untilMs: nowMs() + TRUST_MS, value };
    known.set(name, entry);
    value.catch(() => known.get(name) === entry && known.delete(name));
    return value;
  };
}

function successOf(rows: readonly MeasureRow[]): number | undefined {
  const good = rows.reduce((sum, row) => sum + row.good, 0);
  const all = rows.reduce((sum, row) => sum + row.good + row.bad, 0);
  return all < MIN_TASKS ? undefined : good / all;
}

/** Of the tasks that had a price, and whose cost the upstream said in money. */
function costFactorOf(rows: readonly MeasureRow[], exchange: Exchange): number | undefined {
  let [good, price, cost] = [0, 0, 0];
  for (const row of rows) {
    const { currency, vendor_currency: vendorCurrency } = row;
    if (row.price_micros === 0 || (vendorCurrency !== 'CNY' && vendorCurrency !== 'USD')) continue;
    good += row.good;
    price += exchange({ micros: row.price_micros, currency }, 'CNY');
    cost += exchange({ micros: row.vendor_micros, currency: vendorCurrency }, 'CNY');
  }
  return good < MIN_TASKS || price === 0 ? undefined : cost / price;
}
