import type { Problem } from '@reelay/catalog';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GatewayError } from '../contract/errors.ts';
import { ROUTE_SORTS, type RoutePreferences } from '../contract/routing.ts';
import { amount, readAmount } from './amount.ts';
import { failoverWish, readFailoverText, toFailover, toFailoverWish } from './failover-wish.ts';
import { toProblems } from './zod-problems.ts';

// What a caller may wish of the choice of a channel: the header `Reelay-Route` on every submit, and `route` in the bodies
// of `/api/v1`. A wish is a member of `routeWishes`, a row of `IN_HEADER`, and a line of `toPreferences` and of `toWishes`.

/** Of a channel, or of a kind of provider. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be the name of a channel or of a kind of provider, such as vidu');
const names = z.array(name).min(1).max(50).optional();

export const routeWishes = z.strictObject({
  order: names.describe('These channels, or kinds of provider, first and in this order; the others after them.'),
  only: names.describe('No others than these.'),
  ignore: names.describe('Not these.'),
  sort: z
    .enum(ROUTE_SORTS, { error: `must be one of ${ROUTE_SORTS.join(', ')}` })
    .optional()
    .describe('What of the others comes first: the cheapest, the fastest, or what fails least.'),
  maxPrice: amount('0.5').optional().describe("What it may cost the account, in units of the account's currency."),
  failover: failoverWish
    .optional()
    .describe(
      'The consent to pay for more than one job of the task. Without it, what an upstream took is never begun elsewhere.',
    ),
});

export type RouteWishes = z.output<typeof routeWishes>;

const HEADER = 'Reelay-Route';
const toList = (text: string): string[] => text.split(',').map((one) => one.trim());
const asIs = (text: string): string => text;

/** How each wish is written in the header, and how its value is read. */
const IN_HEADER: Readonly<Record<string, { field: keyof RouteWishes; read: (text: string) => unknown }>> = {
  order: { field: 'order', read: toList },
  only: { field: 'only', read: toList },
  ignore: { field: 'ignore', read: toList },
  sort: { field: 'sort', read: asIs },
  'max-price': { field: 'maxPrice', read: readAmount },
  failover: { field: 'failover', read: readFailoverText },
};

/** What is wished for, as tasks keep it. Undefined: nothing. */
export function toPreferences(wishes: RouteWishes): RoutePreferences | undefined {
  const { order, only, ignore, sort, maxPrice, failover } = wishes;
  const preferences: RoutePreferences = {
    ...(order === undefined ? {} : { order }),
    ...(only === undefined ? {} : { only }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(sort === undefined ? {} : { sort }),
    ...(maxPrice === undefined ? {} : { maxPriceMicros: Math.round(maxPrice * 1_000_000) }),
    ...(failover === undefined ? {} : { failover: toFailover(failover) }),
  };
  return Object.keys(preferences).length === 0 ? undefined : preferences;
}

/** As they are shown: the way back. */
export function toWishes({ maxPriceMicros, order, only, ignore, sort, failover }: RoutePreferences): RouteWishes {
  return {
    ...(order === undefined ? {} : { order: [...order] }),
    ...(only === undefined ? {} : { only: [...only] }),
    ...(ignore === undefined ? {} : { ignore: [...ignore] }),
    ...(sort === undefined ? {} : { sort }),
    ...(maxPriceMicros === undefined ? {} : { maxPrice: maxPriceMicros / 1_000_000 }),
    ...(failover === undefined ? {} : { failover: toFailoverWish(failover) }),
  };
}

/** The wishes of the header `Reelay-Route`, with those of a body over them, as options of a task:
 *  `order=vidu,fal; ignore=kling; sort=price; max-price=0.5`.
 *  @throws {GatewayError} `invalid_input` with everything that is wrong with the header. */
export function routingOf({ headers }: FastifyRequest, body: RouteWishes = {}): { routing?: RoutePreferences } {
  const said = Object.entries(body).filter(([, value]) => value !== undefined);
  const routing = toPreferences({ ...parseHeader(headers['reelay-route']), ...Object.fromEntries(said) });
  return routing === undefined ? {} : { routing };
}

function parseHeader(header: string | string[] | undefined): RouteWishes {
  // Node joins a header that was sent twice with commas; what then does not read as a list is refused below.
  const text = String(header ?? '').trim();
  if (text === '') return {};
  const problems: Problem[] = [];
  const found: Record<string, unknown> = {};
  for (const part of text.split(';').map((one) => one.trim())) {
    if (part === '') continue;
    const [, key = part, value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    const wish = Object.hasOwn(IN_HEADER, key.trim().toLowerCase()) ? IN_HEADER[key.trim().toLowerCase()] : undefined;
    if (wish === undefined) problems.push(unknownWish(key.trim()));
    else if (wish.field in found) problems.push(toProblem(key.trim(), 'is there twice'));
    else found[wish.field] = wish.read(value.trim());
  }
  const parsed = routeWishes.safeParse(found);
  for (const issue of parsed.error?.issues ?? []) {
    problems.push(...toProblems(issue).map(({ field, message }) => toProblem(inHeader(field), message)));
  }
  if (problems.length === 0 && parsed.success) return parsed.data;
  const message = problems.map((problem) => problem.message).join('; ');
  throw new GatewayError('invalid_input', message, { details: problems });
}

const unknownWish = (key: string): Problem =>
  toProblem(key, `is not known; known are ${Object.keys(IN_HEADER).join(', ')}, as in order=vidu,fal; max-price=0.5`);

const toProblem = (key: string, what: string): Problem => {
  const field = `${HEADER}.${key}`;
  return { field, message: `${field} ${what}` };
};

/** `only[2]` stays so; `maxPrice` is written `max-price`. */
const inHeader = (field: string): string =>
  Object.entries(IN_HEADER).find(([, wish]) => wish.field === field)?.[0] ?? field;
