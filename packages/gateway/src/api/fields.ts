import { z } from 'zod';
import { GatewayError } from '../contract/errors.ts';
import { toProblems } from './zod-problems.ts';

// Fields of the compatible surfaces: unknown ones are ignored, and absent, null and empty are the same.

/** A field that must be there. A number counts as its digits. */
export const text = (max: number) =>
  z
    .union([z.string(), z.number()], 'must be a text')
    .transform((value) => String(value).trim())
    .refine((value) => value.length <= max, `must have ${max} characters at most`)
    // PostgreSQL cannot keep the first of them, and none of them belongs into a name.
    .refine((value) => !/\p{Cc}/u.test(value), 'must not hold control characters');

/** A whole number, also as its digits. */
export const count = (p: { min: number; max: number; fallback: number }) => {
  const message = `must be a whole number from ${p.min} to ${p.max}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\s*\d{1,15}\s*$/)
          .transform(Number),
      ],
      message,
    )
    .refine((value) => Number.isInteger(value) && value >= p.min && value <= p.max, message)
    .default(p.fallback);
};

/** One of some words, in any case. */
export const word = <const W extends string>(words: readonly W[]) =>
  z.string(`must be one of ${words.join(', ')}`).transform((value, context) => {
    const found = words.find((one) => one.toLowerCase() === value.trim().toLowerCase());
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `must be one of ${words.join(', ')}` });
    return z.NEVER;
  });

/** @throws {GatewayError} `invalid_input` with every problem. */
export function readFields<S extends z.ZodType>(schema: S, fields: Readonly<Record<string, unknown>>): z.output<S> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.flatMap(toProblems).map(({ field, message }) => {
    const isMissing = !Object.hasOwn(given, field.split(/[.[]/, 1)[0] ?? '');
    return { field, message: `${field} ${isMissing ? 'must not be null' : message}` };
  });
  throw new GatewayError('invalid_input', 'the request does not fit', { details });
}
