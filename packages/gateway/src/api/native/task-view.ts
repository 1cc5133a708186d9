import { z } from 'zod';
import { ERRORS } from '../../contract/errors.ts';
import { type Considered as ContractConsidered, VERDICTS } from '../../contract/routing.ts';
import { type AttemptView, type EstimatedRoute, STATUSES, SURFACES, type TaskView } from '../../contract/task.ts';
import { isPreview } from '../preview.ts';
import { routeWishes, toWishes } from '../route-wishes.ts';
import { Money, toMoney } from './money.ts';

const instant = z.iso.datetime().nullable();

const Considered = z
  .array(z.object({ channel: z.string(), verdict: z.enum(VERDICTS), reason: z.string() }))
  .describe(
    '`next`: would have been taken after those before it. `busy`: at a limit for now. `unwell`: in trouble for now. `out`: cannot, or may not.',
  );

const VendorCost = Money.extend({ isEstimate: z.boolean().describe('Some of it nobody said: it is by our prices.') });

export const NativeAttempt = z.object({
  number: z.int(),
  channel: z.string(),
  provider: z.string().nullable().describe('The kind of provider; null when the channel is known no more.'),
  model: z.string().nullable().describe("The upstream's name of the model."),
  reason: z.string().nullable().describe('Why this channel.'),
  considered: Considered.describe('What was said of every channel.'),
  charge: Money.nullable().describe('What the task costs if it ends well here.'),
  vendorCost: VendorCost.nullable().describe('What it cost; null while nobody knows.'),
  outcome: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  startedAt: instant,
  acceptedAt: instant,
  endedAt: instant,
});

/** A task as `/api/v1` shows it: camelCase, instants as ISO 8601, money as integer micro-units. */
export const NativeTask = z.object({
  id: z.string(),
  endpoint: z.string(),
  status: z.enum(STATUSES),
  progress: z.number().describe('0 to 1.'),
  channel: z.string().nullable(),
  isPreview: z.boolean().describe('It ran, or runs, on the preview renderer.'),
  clientId: z.string(),
  error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
  outputs: z.array(z.object({ url: z.string().nullable(), text: z.string().nullable(), extension: z.string() })),
  price: Money.describe('What was quoted, and is held until the task ends.'),
  charge: Money.nullable().describe('What was paid; null until the task has ended.'),
  vendorCost: VendorCost.nullable().describe(
    'What its jobs cost: as the upstreams said, else by our prices; null while there is neither.',
  ),
  surface: z.enum(SURFACES),
  keyId: z.string().nullable(),
  webhookUrl: z.string().nullable(),
  priority: z.int(),
  tags: z.array(z.string()),
  rerunOf: z.string().nullable(),
  route: routeWishes.nullable().describe('Where its caller wants it to run; null: wherever.'),
  createdAt: z.iso.datetime(),
  startedAt: instant,
  endedAt: instant,
  startDeadline: instant,
  deadline: z.iso.datetime(),
});

export const toNativeTask = (task: TaskView): z.input<typeof NativeTask> => ({
  id: task.id,
  endpoint: task.endpoint,
  status: task.status,
  progress: task.progress,
  channel: task.channel,
  isPreview: isPreview(task),
  clientId: task.clientId,
  error: task.error === null ? null : { ...task.error, retryable: ERRORS[task.error.code].retryable },
  outputs: task.outputs.map(({ url, text, extension }) => ({ url, text, extension })),
  price: toMoney(task.priceMicros, task.currency),
  charge: task.chargeMicros === null ? null : toMoney(task.chargeMicros, task.currency),
  vendorCost: toCost(task.vendorCost),
  surface: task.surface,
  keyId: task.keyId,
  webhookUrl: task.webhookUrl,
  priority: task.priority,
  tags: [...task.tags],
  rerunOf: task.rerunOf,
  route: task.routing === null ? null : toWishes(task.routing),
  createdAt: new Date(task.createdAtMs).toISOString(),
  startedAt: toIso(task.startedAtMs),
  endedAt: toIso(task.endedAtMs),
  startDeadline: toIso(task.startDeadlineAtMs),
  deadline: new Date(task.deadlineAtMs).toISOString(),
});

const toCost = (cost: TaskView['vendorCost']) =>
  cost === null ? null : { ...toMoney(cost.micros, cost.currency), isEstimate: cost.isEstimate };

/** @param currency in which the account pays. */
export const toNativeAttempt = (attempt: AttemptView, currency: string): z.input<typeof NativeAttempt> => ({
  number: attempt.number,
  channel: attempt.channel,
  provider: attempt.provider,
  model: attempt.model,
  reason: attempt.reason,
  considered: attempt.considered.map(toShown),
  charge: attempt.chargeMicros === null ? null : toMoney(attempt.chargeMicros, currency),
  vendorCost: toCost(attempt.vendorCost),
  outcome: attempt.outcome,
  error: attempt.error,
  startedAt: toIso(attempt.startedAtMs),
  acceptedAt: toIso(attempt.acceptedAtMs),
  endedAt: toIso(attempt.endedAtMs),
});

/** Which channel would take a task now, as a dry run says it. */
export const NativeRoute = z.object({
  outcome: z.enum(['runs', 'waits', 'refused']),
  channel: z.string().nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  reason: z.string().describe('Why this channel; or what would be waited for; or why there is none.'),
  charge: Money.nullable().describe('What it would cost there.'),
  considered: Considered,
});

const OUTCOMES = { chosen: 'runs', wait: 'waits', refused: 'refused' } as const;

export const toNativeRoute = (route: EstimatedRoute, currency: string): z.input<typeof NativeRoute> => ({
  outcome: OUTCOMES[route.is],
  channel: route.channel,
  provider: route.provider,
  model: route.model,
  reason: route.reason,
  charge: route.chargeMicros === null ? null : toMoney(route.chargeMicros, currency),
  considered: route.considered.map(toShown),
});

const toShown = ({ channel, verdict, reason }: ContractConsidered) => ({ channel, verdict, reason });

const toIso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
