import { type Endpoint, kindOfValue, limitsOf, type Param, type Pricing, sentenceOf, type When } from '@reelay/catalog';

// What the page of an endpoint says, as plain data: the HTML and the Markdown of it say the same.

export type ParamFact = {
  readonly name: string;
  readonly kind: string;
  readonly required: boolean;
  readonly standard: string | undefined;
  readonly about: Param['about'];
  readonly values: readonly string[];
  readonly limits: readonly string[];
};

export const paramsOf = (endpoint: Endpoint): ParamFact[] =>
  Object.entries(endpoint.params).map(([name, param]) => ({
    name,
    kind: kindOfValue(param),
    required: param.required,
    standard: 'default' in param && param.default !== undefined ? JSON.stringify(param.default) : undefined,
    about: param.about,
    values: valuesOf(param),
    limits: limitsOf(param),
  }));

const valuesOf = (param: Param): readonly string[] =>
  param.type === 'one-of' || param.type === 'one-of-list'
    ? param.values
    : param.type === 'text'
      ? (param.suggestions ?? [])
      : [];

export const rulesOf = ({ constraints }: Endpoint): string[] => constraints.map(sentenceOf);

export type PriceFact = {
  /** The parameters that decide, as the heads of columns. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly values: readonly string[]; readonly price: string }[];
  readonly unit: string;
  readonly asOf: string;
};

const UNITS: Readonly<Record<Pricing['unit'], string>> = {
  call: 'call',
  second: 'second',
  '5-seconds': '5 seconds',
  image: 'image',
  '1000-characters': '1,000 characters',
  composite: 'call',
};

/** The published prices as a table; undefined where none are. */
export function pricesOf({ pricing }: Endpoint): PriceFact | undefined {
  if (pricing === null) return undefined;
  const { asOf } = pricing;
  const unit = UNITS[pricing.unit];
  const money = (micros: number): string => `${pricing.from === true ? 'from ' : ''}${formatYuan(micros)}`;
  switch (pricing.kind) {
    case 'fixed':
      return { columns: [], rows: [{ values: [], price: money(pricing.micros) }], unit, asOf };
    case 'parts':
      return {
        columns: ['part'],
        rows: pricing.parts.map(({ unit: part, micros, from }) => ({
          values: [part.replaceAll('-', ' ')],
          price: micros === undefined ? 'not published' : `${from === true ? 'from ' : ''}${formatYuan(micros)}`,
        })),
        unit,
        asOf,
      };
    case 'by-params': {
      const columns = pricing.dependsOn;
      const rows = pricing.rules.map(({ when, micros }) => ({ values: valuesIn(when, columns), price: money(micros) }));
      return { columns, rows, unit, asOf };
    }
  }
}

/** The least that one unit costs, in words; undefined where no price is published or it has several parts. */
export function leastPriceOf({ pricing }: Endpoint): string | undefined {
  if (pricing === null || pricing.kind === 'parts') return undefined;
  const prices = pricing.kind === 'fixed' ? [pricing.micros] : pricing.rules.map(({ micros }) => micros);
  const least = Math.min(...prices);
  const isStart = pricing.from === true || prices.some((micros) => micros > least);
  return `${isStart ? 'from ' : ''}${formatYuan(least)} per ${UNITS[pricing.unit]}`;
}

const valuesIn = (when: When, columns: readonly string[]): string[] =>
  columns.map((name) => (when[name] === null || when[name] === undefined ? 'not sent' : String(when[name])));

const formatYuan = (micros: number): string =>
  `${(micros / 1_000_000).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 6 })} CNY`;

/** The answers that a caller of any endpoint meets. */
export function answersOf(endpoint: Endpoint): { readonly title: string; readonly body: unknown }[] {
  const head = { taskId: '2100000000000000101' };
  const fine = { errorCode: '', errorMessage: '' };
  const tail = { clientId: '5c1f0a9be27d4c3388a6d1f4e0b97a21' };
  return [
    { title: 'Accepted', body: { ...head, status: 'QUEUED', ...fine, results: null, ...tail } },
    { title: 'Query: done', body: { ...head, status: 'SUCCESS', ...fine, results: [resultOf(endpoint)], ...tail } },
    {
      title: 'Refused',
      body: {
        taskId: '',
        status: '',
        errorCode: '1007',
        errorMessage: `Invalid parameter: ${firstRequired(endpoint)}: required, but not sent; …`,
        results: null,
      },
    },
  ];
}

const EXTENSIONS = { video: 'mp4', image: 'png', audio: 'mp3', '3d': 'glb' } as const;

function resultOf({ output }: Endpoint) {
  if (output === 'string') return { url: null, nodeId: null, outputType: 'txt', text: '…' };
  const outputType = EXTENSIONS[output];
  return { url: `https://…/files/asset_….${outputType}?expires=…`, nodeId: null, outputType, text: null };
}

const firstRequired = ({ params }: Endpoint): string =>
  Object.entries(params).find(([, { required }]) => required)?.[0] ?? Object.keys(params)[0] ?? 'prompt';
