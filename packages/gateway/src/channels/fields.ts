import type { Endpoint, Problem } from '@reelay/catalog';
import { z } from 'zod';
import type { ChannelChange } from '../contract/channel.ts';
import { CURRENCIES } from '../contract/key.ts';
import { fitsPattern } from '../lib/pattern.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import { type Definition, listMissing, type Policy } from './definition.ts';
import { ALLOWANCES, type RouteOverride, type RouteRules } from './routes.ts';

const MAX_LIST = 1_000;
/** As of accounts: what every client can read as a number. */
const MAX_MICROS = 9_000_000_000_000_000;
/** A credential may be the file of a service account. */
const MAX_CREDENTIAL_CHARS = 20_000;
const MAX_SETTING_CHARS = 2_000;

const limit = z.int().min(1).max(1_000_000).nullable().optional();
const budget = z.int().min(0).max(MAX_MICROS).nullable().optional();
const patterns = z.array(z.string().min(1).max(200)).max(MAX_LIST).optional();
const factor = (max: number) => z.number().min(0).max(max).optional();
const texts = (maxChars: number) => z.record(z.string(), z.string().min(1).max(maxChars).nullable()).optional();

/** The name that a task is stored with. */
export const channelName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be 1 to 63 lower-case letters, digits, dots, hyphens or underscores')
  .refine((name) => name !== 'preview', 'is the name of the preview renderer');

/** What the API and the file say of a channel. */
export const channelFields = {
  credentials: texts(MAX_CREDENTIAL_CHARS).describe('By name, as the kind of provider lists them. Never shown again.'),
  settings: texts(MAX_SETTING_CHARS).describe('By name, as the kind of provider lists them.'),
  priority: z.int().min(-1_000).max(1_000).optional().describe('Higher is tried first; default 0.'),
  weight: z.number().min(0).max(1_000).optional().describe('Its share among channels of the same priority; default 1.'),
  priceFactor: factor(1).describe('What a task costs its account here, as a share of its price; default 1.'),
  costFactor: factor(1_000).describe(
    'What a task costs you, as a share of the list price, while nothing was measured; default 1.',
  ),
  maxConcurrent: limit.describe('Jobs at a time; over it, tasks wait.'),
  perMinute: limit.describe('Jobs begun in any minute; over it, tasks wait.'),
  budgets: z
    .strictObject({
      hourMicros: budget,
      dayMicros: budget,
      totalMicros: budget,
      currency: z.enum(CURRENCIES).optional(),
    })
    .optional()
    .describe('What it may cost you in an hour, a day (UTC) and ever, in millionths of the currency.'),
  include: patterns.describe('Endpoints that it is used for, in which `*` stands for any text; empty: all.'),
  exclude: patterns.describe('Endpoints that it is not used for.'),
  allow: z
    .array(z.enum(ALLOWANCES))
    .max(ALLOWANCES.length)
    .optional()
    .describe('`approx`: nearly the same model may serve. `substitute`: another model may.'),
  routes: z
    .record(
      z.string(),
      z.strictObject({ model: z.string().min(1).max(300), op: z.string().max(300).optional() }).nullable(),
    )
    .optional()
    .describe("By endpoint: the upstream's name of the model, in place of ours; null takes it away."),
  isEnabled: z.boolean().optional(),
};

export type FieldsDeps = {
  readonly types: readonly ProviderType[];
  readonly catalog: { get(id: string): Endpoint | undefined; list(): readonly Pick<Endpoint, 'id'>[] };
};

/** What was there before, with a change on it. */
export type Described = Policy & Pick<Definition, 'credentials' | 'settings' | 'rules'>;

/** @returns what the change makes of it; or everything that is wrong with it. */
export function applyChange(
  deps: FieldsDeps,
  type: ProviderType,
  before: Described,
  change: ChannelChange,
): { readonly described: Described } | { readonly problems: readonly Problem[] } {
  const credentials = overlay(before.credentials, change.credentials);
  const settings = overlay(before.settings, change.settings);
  const rules: RouteRules = {
    include: change.include ?? before.rules.include,
    exclude: change.exclude ?? before.rules.exclude,
    allow: change.allow ?? before.rules.allow,
    overrides: overlay(before.rules.overrides, change.routes),
  };
  const problems = [
    ...unknownNames('credentials', change.credentials, type.credentials),
    ...unknownNames('settings', change.settings, type.settings),
    ...listMissing(type, { credentials, settings }).map((field) => ({ field, message: `${field} must be given` })),
    ...checkAddress(settings.baseUrl),
    ...checkRules(deps, change),
  ];
  if (problems.length > 0) return { problems };
  return { described: { ...before, ...pickPolicy(change, before), credentials, settings, rules } };
}

function pickPolicy(change: ChannelChange, before: Policy): Policy {
  const { budgets } = change;
  return {
    priority: change.priority ?? before.priority,
    weight: change.weight ?? before.weight,
    priceFactor: change.priceFactor ?? before.priceFactor,
    costFactor: change.costFactor ?? before.costFactor,
    maxConcurrent: change.maxConcurrent === undefined ? before.maxConcurrent : change.maxConcurrent,
    perMinute: change.perMinute === undefined ? before.perMinute : change.perMinute,
    budgets: {
      hourMicros: budgets?.hourMicros === undefined ? before.budgets.hourMicros : budgets.hourMicros,
      dayMicros: budgets?.dayMicros === undefined ? before.budgets.dayMicros : budgets.dayMicros,
      totalMicros: budgets?.totalMicros === undefined ? before.budgets.totalMicros : budgets.totalMicros,
      currency: budgets?.currency ?? before.budgets.currency,
    },
  };
}

/** Null takes away. */
function overlay<T extends string | RouteOverride>(
  before: Readonly<Record<string, T>>,
  change: Readonly<Record<string, T | null>> | undefined,
): Record<string, T> {
  const all = { ...before, ...change };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, T] => entry[1] !== null));
}

function unknownNames(
  part: 'credentials' | 'settings',
  given: Readonly<Record<string, unknown>> | undefined,
  known: ProviderType['settings'],
): Problem[] {
  const names = known.map(({ name }) => name);
  return Object.keys(given ?? {})
    .filter((name) => !names.includes(name))
    .map((name) => ({
      field: `${part}.${name}`,
      message: `${part}.${name} is not known here: ${names.length === 0 ? 'there are none' : `known are ${names.join(', ')}`}`,
    }));
}

function checkAddress(baseUrl: string | undefined): Problem[] {
  if (baseUrl === undefined) return [];
  const isAddress = /^https?:\/\//i.test(baseUrl) && URL.canParse(baseUrl) && new URL(baseUrl).username === '';
  return isAddress ? [] : [{ field: 'settings.baseUrl', message: 'settings.baseUrl must be an http or https address' }];
}

function checkRules({ catalog }: FieldsDeps, { include = [], exclude = [], routes = {} }: ChannelChange): Problem[] {
  const fitsNone = (pattern: string) => !catalog.list().some(({ id }) => fitsPattern(pattern, id));
  const check = (field: string, list: readonly string[]) =>
    list.flatMap((pattern, place) =>
      fitsNone(pattern)
        ? [
            {
              field: `${field}[${place}]`,
              message: `${field}[${place}]: no endpoint has this id, or fits this pattern`,
            },
          ]
        : [],
    );
  const unknown = Object.keys(routes).filter((endpoint) => catalog.get(endpoint)?.id !== endpoint);
  return [
    ...check('include', include),
    ...check('exclude', exclude),
    ...unknown.map((endpoint) => ({
      field: `routes.${endpoint}`,
      message: `routes: there is no endpoint ${endpoint}`,
    })),
  ];
}
