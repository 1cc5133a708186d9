import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { Answer, Said } from '../kit/upstream.ts';

// Errors of both of Google's surfaces, edition of November 2026.

const Problem = z.object({
  message: z.string().nullish(),
  status: z.string().nullish(),
  details: z
    .array(
      z.object({
        retryDelay: z.string().nullish(),
        violations: z.array(z.object({ quotaId: z.string().nullish(), description: z.string().nullish() })).nullish(),
      }),
    )
    .nullish(),
});
const Refusal = z.object({ error: Problem });
/** The Agent Platform puts it into a list at times. */
const Refusals = z.union([Refusal, z.array(Refusal).transform(([first]) => first ?? { error: {} })]);

const BY_STATUS: Readonly<Record<string, Fault>> = {
  INVALID_ARGUMENT: 'invalid',
  OUT_OF_RANGE: 'invalid',
  // Billing is not set up, or the region is not served.
  FAILED_PRECONDITION: 'auth',
  UNAUTHENTICATED: 'auth',
  PERMISSION_DENIED: 'auth',
  RESOURCE_EXHAUSTED: 'rate',
  CANCELLED: 'canceled',
  INTERNAL: 'busy',
  UNAVAILABLE: 'busy',
};
/** What stands behind an invalid argument shows in the words only. */
const BY_TEXT: readonly (readonly [RegExp, Fault])[] = [
  [/api key (not valid|not found|expired)/i, 'auth'],
  [/responsible ai|safety|content policy|prohibited|violat/i, 'moderation'],
  [
    /unable to process (the )?input|unsupported (mime|file)|(could not|cannot) (be )?(decod|load|read)|image is not valid/i,
    'media',
  ],
];
/** Of jobs that were accepted, by the numbers of gRPC. */
const BY_CODE: Readonly<Record<number, Fault>> = {
  1: 'canceled',
  3: 'invalid',
  4: 'timeout',
  7: 'auth',
  8: 'quota',
  16: 'auth',
};

export const faultInText = (text: string): Fault | undefined => BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];

export function faultOf({ body }: Answer): Said | undefined {
  const error = Refusals.safeParse(body).data?.error;
  const fault = BY_STATUS[error?.status ?? ''];
  if (error === undefined || fault === undefined) return undefined;
  const message = error.message ?? error.status ?? '';
  if (fault === 'invalid') return { fault: faultInText(message) ?? fault, message };
  if (fault !== 'rate') return { fault, message };
  const details = error.details ?? [];
  const isDaily = details.some(({ violations }) =>
    (violations ?? []).some(({ quotaId, description }) => /per ?day/i.test(`${quotaId} ${description}`)),
  );
  const delay = details.map(({ retryDelay }) => /^(\d+(?:\.\d+)?)s$/.exec(retryDelay ?? '')?.[1]).find(Boolean);
  const retryAfterMs = delay === undefined ? undefined : Math.ceil(Number(delay) * 1_000);
  return { fault: isDaily ? 'quota' : 'rate', message, retryAfterMs };
}

/** Why an operation that was accepted ended without a result. */
export function faultOfOperation(code: number | null | undefined, message: string): Fault {
  const fault = BY_CODE[code ?? 13] ?? 'failed';
  return fault === 'invalid' || fault === 'failed' ? (faultInText(message) ?? fault) : fault;
}
