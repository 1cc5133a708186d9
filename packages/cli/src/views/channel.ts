import type { Channel, ChannelRoute } from '@reelay/client';
import { showMicros } from '../money.ts';
import type { Fields } from '../output.ts';

/** Of lists. */
export const channelColumns: Fields<Channel> = {
  name: ({ name }) => name,
  provider: ({ provider }) => provider,
  source: ({ source }) => source,
  state: ({ state }) => state,
  jobs: ({ use, maxConcurrent }) => (maxConcurrent === null ? `${use.open}` : `${use.open} of ${maxConcurrent}`),
  priority: ({ priority }) => `${priority}`,
  reason: ({ reason }) => reason ?? '',
};

const pairs = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

/** Everything there is to say. */
export const channelFields: Fields<Channel> = {
  id: ({ id }) => id,
  ...channelColumns,
  until: ({ until }) => until ?? '',
  credentials: ({ credentials }) => pairs(credentials),
  settings: ({ settings }) => pairs(settings),
  weight: ({ weight }) => `${weight}`,
  'a minute': ({ perMinute }) => (perMinute === null ? '' : `${perMinute}`),
  budgets: showBudgets,
  include: ({ include }) => include.join(', '),
  exclude: ({ exclude }) => exclude.join(', '),
  allow: ({ allow }) => allow.join(', '),
};

function showBudgets({ budgets, use }: Channel): string {
  const { currency } = budgets;
  const rows = [
    ['an hour', budgets.hourMicros, use.hourMicros],
    ['a day', budgets.dayMicros, use.dayMicros],
    ['in all', budgets.totalMicros, use.totalMicros],
  ] as const;
  return rows
    .flatMap(([name, max, used]) =>
      max === null ? [] : [`${showMicros(used ?? 0, currency)} of ${showMicros(max, currency)} ${name}`],
    )
    .join('\n');
}

export const routeColumns: Fields<ChannelRoute> = {
  endpoint: ({ endpoint }) => endpoint,
  model: ({ model }) => model,
  status: ({ status, until }) => (until === null ? status : `${status} until ${until}`),
  used: ({ isUsed }) => (isUsed ? 'yes' : 'no'),
  why: ({ reason }) => reason ?? '',
};
