import { type FactsByParam, matches } from './constraints.ts';
import { withDefaults } from './defaults.ts';
import { mediaParams } from './media-params.ts';
import { countSeconds } from './media-time.ts';
import type { Endpoint, Input, Json, PriceUnit, Pricing, Quote, Words } from './types.ts';
import { countChars } from './validate.ts';

type Priced = Pick<Endpoint, 'params' | 'pricing' | 'task'>;

/** What a call costs at the published price. Null: no price is known for it. `facts` of the files make the seconds of
 *  endpoints known that are billed by the length of what they are given. */
export function quote(endpoint: Priced, input: Input, facts: FactsByParam = {}): Quote | null {
  const { pricing } = endpoint;
  if (pricing === null) return null;
  const effective = withDefaults(endpoint, input);
  const unitMicros = microsOf(pricing, input, effective);
  if (unitMicros === undefined || pricing.unit === 'composite') return null;
  const count = COUNTS[pricing.unit](endpoint, effective, facts);
  const isStart = pricing.from === true;
  return {
    micros: unitMicros * (count ?? 1),
    currency: pricing.currency,
    exact: count !== undefined && !isStart,
    text: toWords(pricing, unitMicros, count),
  };
}

function microsOf(pricing: Pricing, sent: Input, effective: Input): number | undefined {
  if (pricing.kind === 'fixed') return pricing.micros;
  // A rule for "not sent" goes before the one for the default that then counts.
  const rule =
    pricing.rules.find(({ when }) => matches(when, { sent, effective: sent })) ??
    pricing.rules.find(({ when }) => matches(when, { sent, effective }));
  return rule?.micros;
}

type Count = (endpoint: Priced, effective: Input, facts: FactsByParam) => number | undefined;
const COUNTS: Readonly<Record<Exclude<PriceUnit, 'composite'>, Count>> = {
  call: () => 1,
  second: secondsOf,
  '5-seconds': (...call) => {
    const seconds = secondsOf(...call);
    return seconds === undefined ? undefined : Math.ceil(seconds / 5);
  },
  image: (_endpoint, { n, imageNum, maxImages }) => wholeNumber(n ?? imageNum ?? maxImages) ?? 1,
  '1000-characters': (_endpoint, { text, prompt }) => {
    const words = text ?? prompt;
    return typeof words === 'string' ? Math.max(1, Math.ceil(countChars(words) / 1000)) : undefined;
  },
};

function secondsOf(endpoint: Priced, effective: Input, facts: FactsByParam): number | undefined {
  if (endpoint.params.duration !== undefined) return wholeNumber(effective.duration);
  // A lip-sync lasts as long as the clip of its session, and the call says nothing of that clip.
  if (endpoint.task === 'lip-sync') return undefined;
  const slots = mediaParams(endpoint);
  const kind = slots.some((slot) => slot.kind === 'video') ? 'video' : 'audio';
  const durations = slots
    .filter((slot) => slot.kind === kind)
    .flatMap(({ name }) => (facts[name] ?? []).map(({ durationMs }) => durationMs));
  const totalMs = durations.reduce<number>((sum, durationMs = Number.NaN) => sum + durationMs, 0);
  return totalMs > 0 ? countSeconds(totalMs) : undefined;
}

/** A count that was sent as a number or as a word; undefined for words such as "-1", which leave it to the model. */
function wholeNumber(value: Json | undefined): number | undefined {
  const count = typeof value === 'string' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

const UNITS: Readonly<Record<PriceUnit, Words>> = {
  call: { en: 'per call', zh: '每次' },
  second: { en: 'per second', zh: '每秒' },
  '5-seconds': { en: 'per 5 seconds', zh: '每 5 秒' },
  image: { en: 'per image', zh: '每张' },
  '1000-characters': { en: 'per 1,000 characters', zh: '每千字符' },
  composite: { en: 'in parts', zh: '分项' },
};

function toWords({ unit, from, currency }: Pricing, unitMicros: number, count: number | undefined): Words {
  const money = formatMicros(unitMicros);
  const times = count === 1 && unit === 'call' ? '' : ` × ${count ?? '?'}`;
  return {
    en: `${from === true ? 'from ' : ''}${money} ${currency} ${UNITS[unit].en}${times}`,
    zh: `${UNITS[unit].zh} ${money} 元${from === true ? '起' : ''}${times}`,
  };
}

/** Micro-units as a decimal number with at least two places: `2.10`, `0.035`. */
function formatMicros(micros: number): string {
  const whole = Math.floor(micros / 1_000_000);
  const rest = String(micros % 1_000_000).padStart(6, '0');
  return `${whole}.${rest.slice(0, 2)}${rest.slice(2).replace(/0+$/, '')}`;
}
