import { createHash } from 'node:crypto';
import type { ChannelSource } from '../contract/channel.ts';
import type { ChannelBudgets } from '../contract/routing.ts';
import type { ChannelField, ProviderType } from '../providers/provider-type.ts';
import type { ChannelRow } from '../store/channels.ts';
import type { RouteRules } from './routes.ts';

/** What the owner of a channel decides, beside which upstream it is. */
export type Policy = {
  /** Higher is tried first. */
  readonly priority: number;
  /** Its share of what channels of the same priority get. */
  readonly weight: number;
  /** What a task costs its account here, as a share of its price. */
  readonly priceFactor: number;
  /** What a task costs the owner, as a share of the list price, while nothing better is known. */
  readonly costFactor: number;
  /** Null: no limit, as in the budgets. */
  readonly maxConcurrent: number | null;
  readonly perMinute: number | null;
  readonly budgets: ChannelBudgets;
};

export const DEFAULT_POLICY: Policy = {
  priority: 0,
  weight: 1,
  priceFactor: 1,
  costFactor: 1,
  maxConcurrent: null,
  perMinute: null,
  budgets: { hourMicros: null, dayMicros: null, totalMicros: null, currency: 'CNY' },
};

/** A channel as its owner wrote it down. */
export type Definition = Policy & {
  readonly id: string;
  readonly name: string;
  readonly source: ChannelSource;
  readonly accountId: string | null;
  readonly provider: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly rules: RouteRules;
  /** What the file says; whether it is switched off otherwise is stored elsewhere. */
  readonly isEnabled: boolean;
  readonly createdAtMs: number | null;
  readonly updatedAtMs: number | null;
  /** Changes with it. */
  readonly revision: string;
};

export const DEFAULT_RULES: RouteRules = { include: [], exclude: [], allow: [], overrides: {} };

/** @param credentials what the sealed text holds. The other columns hold what `toColumns` wrote. */
export const toDefinition = (row: ChannelRow, credentials: Readonly<Record<string, string>>): Definition => ({
  id: row.id,
  name: row.name,
  source: 'api',
  accountId: row.account_id,
  provider: row.provider,
  credentials,
  settings: JSON.parse(row.settings) as Record<string, string>,
  rules: JSON.parse(row.rules) as RouteRules,
  priority: row.priority,
  weight: row.weight,
  priceFactor: row.price_factor,
  costFactor: row.cost_factor,
  maxConcurrent: row.max_concurrent,
  perMinute: row.per_minute,
  budgets: {
    hourMicros: row.hour_budget_micros,
    dayMicros: row.day_budget_micros,
    totalMicros: row.total_budget_micros,
    currency: row.currency as ChannelBudgets['currency'],
  },
  isEnabled: true,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
  revision: String(row.revision),
});

type Columns = Omit<
  ChannelRow,
  'id' | 'name' | 'account_id' | 'provider' | 'credentials' | 'revision' | 'created_at_ms' | 'updated_at_ms'
>;
export const toColumns = (of: Policy & Pick<Definition, 'settings' | 'rules'>): Columns => ({
  settings: JSON.stringify(of.settings),
  rules: JSON.stringify(of.rules),
  priority: of.priority,
  weight: of.weight,
  price_factor: of.priceFactor,
  cost_factor: of.costFactor,
  max_concurrent: of.maxConcurrent,
  per_minute: of.perMinute,
  hour_budget_micros: of.budgets.hourMicros,
  day_budget_micros: of.budgets.dayMicros,
  total_budget_micros: of.budgets.totalMicros,
  currency: of.budgets.currency,
});

type Given = Readonly<Record<string, string>>;

/** What is missing for a channel of this kind; empty: nothing. */
export function listMissing(type: ProviderType, given: { credentials: Given; settings: Given }): readonly string[] {
  const settings = type.settings.filter(isRequired).filter(({ name }) => given.settings[name] === undefined);
  const sets = credentialSetsOf(type).map((names) => names.filter((name) => given.credentials[name] === undefined));
  const [least = []] = sets.sort((a, b) => a.length - b.length);
  return [...least.map((name) => `credentials.${name}`), ...settings.map(({ name }) => `settings.${name}`)];
}

/** The names of credentials that are enough together. */
export const credentialSetsOf = (type: ProviderType): readonly (readonly string[])[] =>
  type.credentialSets ?? [type.credentials.filter(isRequired).map(({ name }) => name)];

export const isRequired = ({ default: fallback, isOptional }: ChannelField): boolean =>
  fallback === undefined && isOptional !== true;

/** What is not given has the default; a base address has no slash at its end. */
export function withDefaultSettings(type: ProviderType, given: Given): Record<string, string> {
  const entries = type.settings.flatMap(({ name, default: fallback }) => {
    const value = given[name] ?? fallback;
    return value === undefined ? [] : [[name, name === 'baseUrl' ? value.replace(/\/+$/, '') : value] as const];
  });
  return Object.fromEntries(entries);
}

/** A credential as it may be shown. Of a short one nothing. */
export const mask = (secret: string): string => `********${secret.length < 16 ? '' : secret.slice(-4)}`;

/** Tells one definition from another, and nothing of its secrets. */
export const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
