import { z } from 'zod';
import type {
  ChannelCheck,
  ChannelRouteView,
  ChannelView,
  ProviderRouteView,
  ProviderView,
} from '../../contract/channel.ts';
import { CURRENCIES } from '../../contract/key.ts';

const instant = z.iso.datetime().nullable();
const texts = z.record(z.string(), z.string());
const micros = z.int().nullable();

export const NativeChannel = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.string(),
  source: z
    .enum(['api', 'file', 'environment', 'built-in'])
    .describe('Where it is described: only `api` is changed here.'),
  accountId: z.string().nullable().describe('Whose it is; null: of the gateway.'),
  credentials: texts.describe('What is there, with all but the last characters hidden.'),
  settings: texts,
  priority: z.int(),
  weight: z.number(),
  priceFactor: z.number(),
  costFactor: z.number(),
  maxConcurrent: micros,
  perMinute: micros,
  budgets: z.object({
    hourMicros: micros,
    dayMicros: micros,
    totalMicros: micros,
    currency: z.enum(CURRENCIES),
  }),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  allow: z.array(z.string()),
  routes: z.record(z.string(), z.object({ model: z.string(), op: z.string().optional() })),
  isEnabled: z.boolean(),
  state: z
    .enum(['ok', 'resting', 'paused', 'off', 'disabled', 'broken'])
    .describe(
      '`resting`: it failed too often. `paused`: its upstream wants a pause. `off`: its upstream refuses its credentials, or has no money left for it. `broken`: its credentials cannot be read here.',
    ),
  reason: z.string().nullable().describe('Why it is not `ok`: its last fault.'),
  until: instant.describe('When that may be over.'),
  use: z.object({
    open: z.int().describe('Jobs that are there now.'),
    hourMicros: micros.describe('Spent, where it has a budget for that; as the others.'),
    dayMicros: micros,
    totalMicros: micros,
  }),
  createdAt: instant,
  updatedAt: instant,
});

export const toNativeChannel = (channel: ChannelView): z.input<typeof NativeChannel> => {
  const { untilMs, createdAtMs, updatedAtMs, include, exclude, allow, ...rest } = channel;
  return {
    ...rest,
    include: [...include],
    exclude: [...exclude],
    allow: [...allow],
    until: toIso(untilMs),
    createdAt: toIso(createdAtMs),
    updatedAt: toIso(updatedAtMs),
  };
};

const route = {
  endpoint: z.string(),
  model: z.string().describe("The upstream's name of the model."),
  op: z.string().nullable(),
  status: z
    .string()
    .describe(
      '`ok`; `unconfirmed`: probably exactly it; `approx`: nearly the same model; `substitute`: another; `retiring`, `retired`.',
    ),
  until: z.string().nullable().describe('The day from which it is gone.'),
  note: z.string().nullable(),
};

export const NativeChannelRoute = z.object({
  ...route,
  isUsed: z.boolean(),
  reason: z.string().nullable().describe('Why it is not used.'),
  isOff: z.boolean().describe('It was switched off.'),
  offAt: instant,
  usualMs: z.number().nullable().describe('How long it usually takes; null while that is not known.'),
  success: z.number().nullable().describe('The share that ended well, 0 to 1; null while that is not known.'),
});

export const toNativeChannelRoute = ({ offAtMs, ...rest }: ChannelRouteView): z.input<typeof NativeChannelRoute> => ({
  ...rest,
  offAt: toIso(offAtMs),
});

const Field = z.object({
  name: z.string(),
  env: z.string().describe('The variable of the environment that gives it.'),
  about: z.string(),
  default: z.string().nullable(),
  isRequired: z.boolean(),
});

export const NativeProvider = z.object({
  name: z.string(),
  title: z.string(),
  credentials: z.array(Field),
  settings: z.array(Field),
  credentialSets: z.array(z.array(z.string())).describe('Which credentials are enough together; any of these lists.'),
  endpoints: z.int().describe('How many endpoints it serves now.'),
  asOf: z.string().describe('The day on which its routes were read.'),
});

export const toNativeProvider = (provider: ProviderView): z.input<typeof NativeProvider> => ({
  ...provider,
  credentials: [...provider.credentials],
  settings: [...provider.settings],
  credentialSets: provider.credentialSets.map((set) => [...set]),
});

export const NativeProviderRoute = z.object({
  ...route,
  isLive: z.boolean().describe('It is served now, without an allowance.'),
});

export const toNativeProviderRoute = (view: ProviderRouteView): z.input<typeof NativeProviderRoute> => view;

export const NativeCheck = z.object({
  isWorking: z.boolean(),
  isProven: z.boolean().describe('False: its upstream has nothing to ask, and only a job can show it.'),
  fault: z.string().nullable().describe('What kind of trouble it is in.'),
  message: z.string(),
});

export const toNativeCheck = (check: ChannelCheck): z.input<typeof NativeCheck> =>
  check.isWorking ? { ...check, fault: null } : { ...check, isProven: true };

const toIso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
