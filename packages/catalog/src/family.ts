import type {
  Constraint,
  Endpoint,
  Json,
  Output,
  Param,
  PricePart,
  PriceRule,
  PriceUnit,
  Pricing,
  Task,
  When,
} from './types.ts';

/** A price by the values of parameters, in the order in which the price names them: `{ std: { 5: 2.1, 10: 4.2 } }`. */
type PriceTable = number | { readonly [value: string]: PriceTable };
/** The key of a price table for "the parameter was not sent". */
export const NOT_SENT = '';
export type Price = PriceByTable | { readonly unit: 'composite'; readonly parts: readonly PricePart[] };
type PriceByTable = {
  readonly unit: Exclude<PriceUnit, 'composite'>;
  readonly by: readonly string[];
  /** In whole CNY, as published. */
  readonly yuan: PriceTable;
  readonly from?: boolean;
};

/** One endpoint as a family writes it down: what it shares with the family is left out. */
export type Row = {
  readonly id: string;
  /** Left out where it is the id. */
  readonly name?: string;
  readonly altNames?: readonly string[];
  readonly formerIds?: readonly string[];
  readonly task: Task;
  /** Left out where it is that of the family. */
  readonly output?: Output;
  readonly status?: Endpoint['status'];
  readonly replacedBy?: readonly string[];
  readonly en: string;
  readonly zh: string;
  readonly params: Readonly<Record<string, Param>>;
  readonly rules?: readonly Constraint[];
  readonly price?: Price;
  /** Required parameters that are not given here get their default, and media an address of the right kind. */
  readonly example: Readonly<Record<string, Json>>;
};

type Shared = {
  readonly family: string;
  readonly vendor: string;
  readonly channel?: Endpoint['channel'];
  /** What the rows make; a video unless said otherwise. */
  readonly output?: Output;
  /** The day the prices of the rows were read, `YYYY-MM-DD`. */
  readonly pricesAsOf: string;
};

const priced = (unit: PriceByTable['unit']) => {
  function price(yuan: number): PriceByTable;
  function price(by: readonly string[], yuan: PriceTable): PriceByTable;
  function price(first: number | readonly string[], yuan: PriceTable = {}): PriceByTable {
    return typeof first === 'number' ? { unit, by: [], yuan: first } : { unit, by: first, yuan };
  }
  return price;
};
export const perCall = priced('call');
export const perSecond = priced('second');
export const perFiveSeconds = priced('5-seconds');
export const perImage = priced('image');
export const per1000Characters = priced('1000-characters');
/** The published figure is where the price begins. */
export const startingAt = (price: PriceByTable): PriceByTable => ({ ...price, from: true });

type Part = { readonly unit: PricePart['unit']; readonly yuan?: number; readonly from?: boolean };
/** A price of several parts, figures in whole CNY where they are published. */
export const inParts = (...parts: readonly Part[]): Price => ({
  unit: 'composite',
  parts: parts.map(({ yuan, ...part }) => ({ ...part, ...(yuan === undefined ? {} : { micros: toMicros(yuan) }) })),
});

/** An address for examples. The domain is reserved for documentation (RFC 2606). */
export const at = (file: string): string => `https://example.com/${file}`;

/** The endpoints of one family, in the order of its rows. */
export const family = (shared: Shared, rows: readonly Row[]): readonly Endpoint[] =>
  rows.map(({ id, name = id, task, output = shared.output ?? 'video', status = 'active', en, zh, params, ...row }) => ({
    id,
    name,
    ...(row.altNames === undefined ? {} : { altNames: row.altNames }),
    family: shared.family,
    vendor: shared.vendor,
    task,
    output,
    channel: shared.channel ?? null,
    status,
    ...(row.replacedBy === undefined ? {} : { replacedBy: row.replacedBy }),
    ...(row.formerIds === undefined ? {} : { formerIds: row.formerIds }),
    about: { en, zh },
    params,
    constraints: row.rules ?? [],
    pricing: row.price === undefined ? null : toPricing(row.price, params, shared.pricesAsOf),
    example: completeExample(row.example, params),
  }));

function toPricing(price: Price, params: Row['params'], asOf: string): Pricing {
  if (price.unit === 'composite') {
    return { currency: 'CNY', unit: price.unit, asOf, kind: 'parts', parts: price.parts };
  }
  const { unit, by, yuan } = price;
  const common = { currency: 'CNY', unit, asOf, ...(price.from === undefined ? {} : { from: price.from }) } as const;
  if (typeof yuan === 'number') return { ...common, kind: 'fixed', micros: toMicros(yuan) };
  return { ...common, kind: 'by-params', dependsOn: by, rules: toPriceRules(yuan, by, params, {}) };
}

function toPriceRules(table: PriceTable, by: readonly string[], params: Row['params'], when: When): PriceRule[] {
  if (typeof table === 'number') return [{ when, micros: toMicros(table) }];
  const [name, ...rest] = by;
  if (name === undefined) throw new Error('a price table is deeper than its list of parameters');
  return Object.entries(table).flatMap(([value, inner]) =>
    toPriceRules(inner, rest, params, { ...when, [name]: toValue(value, params[name]) }),
  );
}

/** A key of a price table in the type that its parameter has on the wire. */
function toValue(key: string, param: Param | undefined): string | number | boolean | null {
  if (key === NOT_SENT) return null;
  if (param?.type === 'flag') return key === 'true';
  return param?.type === 'integer' || param?.type === 'number' ? Number(key) : key;
}

function toMicros(yuan: number): number {
  return Math.round(yuan * 1_000_000);
}

function completeExample(given: Row['example'], params: Row['params']): Endpoint['example'] {
  const example: Record<string, Json> = {};
  for (const [name, param] of Object.entries(params)) {
    const value = given[name] ?? (param.required ? sampleOf(param) : undefined);
    if (value !== undefined) example[name] = value;
  }
  // A name that is no parameter stays in, where a test sees it.
  return { ...example, ...given };
}

function sampleOf(param: Param): Json | undefined {
  switch (param.type) {
    case 'image':
      return at(`picture.${param.accept?.[0] ?? 'jpg'}`);
    case 'video':
      return at(`clip.${param.accept?.[0] ?? 'mp4'}`);
    case 'audio':
      return at(`voice.${param.accept?.[0] ?? 'mp3'}`);
    case 'text':
    case 'one-of':
    case 'flag':
    case 'integer':
    case 'number':
      return param.default;
    default:
      return undefined;
  }
}
