import { z } from 'zod';
import { FAILOVER_MOMENTS, type Failover } from '../contract/routing.ts';
import { amount, readAmount } from './amount.ts';

// The wish `failover` of a route: an object in the bodies of `/api/v1`, and a text in the header `Reelay-Route`.

const MAX_SECONDS = 86_400;

const fields = z.strictObject({
  after: z
    .enum(FAILOVER_MOMENTS, { error: `must be one of ${FAILOVER_MOMENTS.join(', ')}` })
    .describe(
      'When another upstream may be paid for the same task: when the job has failed, or also when it takes long.',
    ),
  afterSeconds: z
    .int({ error: `must be a whole number from 1 to ${MAX_SECONDS}` })
    .min(1)
    .max(MAX_SECONDS)
    .optional()
    .describe('What is long, since the upstream took the job; for `failure-or-delay`.'),
  maxSpend: amount('2.5').describe(
    "What all jobs of the task may cost the owners of their channels, in units of the account's currency.",
  ),
});

export const failoverWish = fields.superRefine(({ after, afterSeconds }, context) => {
  const isDelay = after === 'failure-or-delay';
  if (isDelay === (afterSeconds !== undefined)) return;
  const message = isDelay ? 'is needed with failure-or-delay' : 'goes with failure-or-delay only';
  context.addIssue({ code: 'custom', path: ['afterSeconds'], message });
});
export type FailoverWish = z.output<typeof failoverWish>;

/** As tasks keep it. */
export const toFailover = ({ after, afterSeconds, maxSpend }: FailoverWish): Failover => ({
  after,
  ...(afterSeconds === undefined ? {} : { afterSeconds }),
  maxSpendMicros: Math.round(maxSpend * 1_000_000),
});

/** As it is shown: the way back. */
export const toFailoverWish = ({ after, afterSeconds, maxSpendMicros }: Failover): FailoverWish => ({
  after,
  ...(afterSeconds === undefined ? {} : { afterSeconds }),
  maxSpend: maxSpendMicros / 1_000_000,
});

/** How a part of the value in the header is called. */
const IN_HEADER: Readonly<Record<string, keyof FailoverWish>> = {
  after: 'after',
  'after-seconds': 'afterSeconds',
  'max-spend': 'maxSpend',
};

/** What the header says, to be read by `failoverWish`: `failure-or-delay, after-seconds=90, max-spend=2.5`. The moment
 *  needs no name. What is not known, or there twice, stays in it and is refused. */
export function readFailoverText(text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, key = 'after', value = part] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    const name = key.trim().toLowerCase();
    const field = Object.hasOwn(IN_HEADER, name) ? IN_HEADER[name] : undefined;
    if (field === undefined || field in found) found[`${name} `.repeat(field === undefined ? 1 : 2).trim()] = value;
    else found[field] = field === 'after' ? value.trim() : readAmount(value.trim());
  }
  return found;
}
