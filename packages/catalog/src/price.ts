import { type FactsByParam, matches } from './constraints.ts';
import { withDefaults } from './defaults.ts';
import { mediaParams } from './media-params.ts';
import { countSeconds } from './media-time.ts';
import type { Endpoint, Input, Json, PricePart, PriceUnit, Pricing, Quote, Words } from './types.ts';
import { countChars } from './validate.ts';

type Priced = Pick<Endpoint, 'params' | 'pricing' | 'task'>;

/** What a call costs at the published price. `facts` of the files make the seconds of endpoints known that are billed by
 *  the length of what they are given. Where no price is published, the quote is zero and says so. */
export function quote(endpoint: Priced, input: Input, facts: FactsByParam = {}): Quote {
  const { pricing } = endpoint;
  if (pricing === null) return UNPUBLISHED;
  if (pricing.kind === 'parts') return quoteParts(pricing);
  const effective = withDefaults(endpoint, input);
  const rate = rateOf(pricing, input, effective);
  const count = COUNTS[rate.unit](endpoint, effective, facts);
  return {
    micros: rate.micros * (count ?? 1),
    currency: pricing.currency,
    exact: count !== undefined && !rate.from,
    text: toWords({ ...rate, currency: pricing.currency }, count),
  };
}

const UNPUBLISHED: Quote = {
  micros: 0,
  currency: 'CNY',
  exact: false,
  text: { en: 'no price is published', zh: '未公布价格' },
};

type CountedUnit = Exclude<PriceUnit, 'composite'>;
/** The price of one unit. `from`: the figure is where the price begins. */
type Rate = { readonly micros: number; readonly unit: CountedUnit; readonly from: boolean };

function rateOf(pricing: Exclude<Pricing, { kind: 'parts' }>, sent: Input, effective: Input): Rate {
  // Only a price of parts is composite, and that has been dealt with.
  const unit = pricing.unit as CountedUnit;
  const from = pricing.from === true;
  if (pricing.kind === 'fixed') return { micros: pricing.micros, unit, from };
  // A rule for "not sent" goes before the one for the default that then counts.
  const rule =
    pricing.rules.find(({ when }) => matches(when, { sent, effective: sent })) ??
    pricing.rules.find(({ when }) => matches(when, { sent, effective }));
  if (rule !== undefined) return { micros: rule.micros, unit, from };
  // Some price lists state the price of one picture as that of a call which does not say how many.
  const single = pricing.rules.find(({ when }) => Object.entries(when).every(isUncounted));
  if (single !== undefined) return { micros: single.micros, unit: 'image', from };
  // What the price list does not name costs no more than the dearest thing it names, as far as anybody knows.
  return { micros: Math.max(...pricing.rules.map(({ micros }) => micros)), unit, from: true };
}

const COUNT_PARAMS = ['n', 'imageNum', 'maxImages'];
const isUncounted = ([name, value]: [string, unknown]): boolean => value === null && COUNT_PARAMS.includes(name);

/** The sum of the parts that have a published figure, as the least that it costs. */
function quoteParts({ currency, parts }: Extract<Pricing, { kind: 'parts' }>): Quote {
  const micros = parts.reduce((sum, part) => sum + (part.micros ?? 0), 0);
  const money = formatMicros(micros);
  const hidden = parts.filter((part) => part.micros === undefined).map(({ unit }) => PARTS[unit]);
  return {
    micros,
    currency,
    exact: false,
    text: {
      en: [`from ${money} ${currency} per call`, ...hidden.map(({ en }) => `plus ${en}`)].join(', '),
      zh: [`每次 ${money} 元起`, ...hidden.map(({ zh }) => `另计${zh}`)].join('，'),
    },
  };
}

const PARTS: Readonly<Record<PricePart['unit'], Words>> = {
  call: { en: 'the call', zh: '调用费' },
  'reference-video-second': { en: 'the seconds of the reference clips', zh: '参考视频时长费' },
};

type Count = (endpoint: Priced, effective: Input, facts: FactsByParam) => number | undefined;
const COUNTS: Readonly<Record<CountedUnit, Count>> = {
  call: () => 1,
  second: secondsOf,
  '5-seconds': (...call) => {
    const seconds = secondsOf(...call);
    return seconds === undefined ? undefined : Math.ceil(seconds / 5);
  },
  image: (_endpoint, effective) => countImages(effective),
  '1000-characters': (_endpoint, { text, prompt }) => {
    const words = text ?? prompt;
    return typeof words === 'string' ? Math.max(1, Math.ceil(countChars(words) / 1000)) : undefined;
  },
};

/** How many pictures a call asks for. `maxImages` counts only where a series is asked for. */
export function countImages({ n, imageNum, maxImages, sequentialImageGeneration }: Input): number {
  const series = sequentialImageGeneration === 'disabled' ? undefined : maxImages;
  return wholeNumber(n ?? imageNum ?? series) ?? 1;
}

function secondsOf(endpoint: Priced, effective: Input, facts: FactsByParam): number | undefined {
  const asked = endpoint.params.duration === undefined ? undefined : wholeNumber(effective.duration);
  if (asked !== undefined) return asked;
  // A lip-sync lasts as long as the clip of its session, and the call says nothing of that clip.
  if (endpoint.task === 'lip-sync') return undefined;
  const slots = mediaParams(endpoint);
  const kind = slots.some((slot) => slot.kind === 'video') ? 'video' : 'audio';
  const durations = slots
    .filter((slot) => slot.kind === kind)
    .flatMap(({ name, param }) =>
      (facts[name] ?? []).map(({ durationMs = Number.NaN }) =>
        Math.min(durationMs, (param.usedSeconds ?? Number.POSITIVE_INFINITY) * 1000),
      ),
    );
  const totalMs = durations.reduce((sum, durationMs) => sum + durationMs, 0);
  return totalMs > 0 ? countSeconds(totalMs) : undefined;
}

/** A count that was sent as a number or as a word; undefined for words such as "-1", which leave it to the model. */
function wholeNumber(value: Json | undefined): number | undefined {
  const count = typeof value === 'string' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

const UNITS: Readonly<Record<CountedUnit, Words>> = {
  call: { en: 'per call', zh: '每次' },
  second: { en: 'per second', zh: '每秒' },
  '5-seconds': { en: 'per 5 seconds', zh: '每 5 秒' },
  image: { en: 'per image', zh: '每张' },
  '1000-characters': { en: 'per 1,000 characters', zh: '每千字符' },
};

function toWords({ unit, from, currency, micros }: Rate & { currency: string }, count: number | undefined): Words {
  const money = formatMicros(micros);
  const times = count === 1 && unit === 'call' ? '' : ` × ${count ?? '?'}`;
  return {
    en: `${from ? 'from ' : ''}${money} ${currency} ${UNITS[unit].en}${times}`,
    zh: `${UNITS[unit].zh} ${money} 元${from ? '起' : ''}${times}`,
  };
}

/** Micro-units as a decimal number with at least two places: `2.10`, `0.035`. */
function formatMicros(micros: number): string {
  const whole = Math.floor(micros / 1_000_000);
  const rest = String(micros % 1_000_000).padStart(6, '0');
  return `${whole}.${rest.slice(0, 2)}${rest.slice(2).replace(/0+$/, '')}`;
}
