import { z } from 'zod';
import { FAULTS, type Fault } from '../fault.ts';
import type { Answer, Said } from '../kit/upstream.ts';
import { Id } from '../kit/upstream.ts';
import type { Progress, ProviderOutput } from '../provider.ts';

// Replicate's API, edition of November 2026. Only what is read here.

export const Created = z.object({ id: Id });

export const Prediction = z.object({
  status: z.string(),
  output: z.unknown(),
  error: z.unknown(),
  data_removed: z.boolean().nullish(),
  metrics: z.object({ predict_time: z.number().nullish() }).nullish(),
});
export type Prediction = z.infer<typeof Prediction>;

export const Secret = z.object({ key: z.string() });
export const Uploaded = z.object({ urls: z.object({ get: z.string() }) });

const Refusal = z.object({
  title: z.string().nullish(),
  detail: z.string().nullish(),
  retry_after: z.number().nullish(),
  invalid_fields: z.array(z.object({ field: z.string().nullish(), description: z.string().nullish() })).nullish(),
});

const BY_STATUS: Readonly<Record<number, Fault>> = {
  400: 'invalid',
  401: 'auth',
  402: 'quota',
  403: 'auth',
  422: 'invalid',
  429: 'rate',
  500: 'busy',
  503: 'busy',
};
const SECONDS_IN_TEXT = /in (\d{1,5}) ?s/i;

/** What a call says that was refused. Statuses that only proxies answer stay with the kit. */
export function faultOf({ status, body, headers }: Answer): Said | undefined {
  const fault = BY_STATUS[status];
  const { data } = Refusal.safeParse(body);
  if (fault === undefined || data === undefined) return undefined;
  const fields = (data.invalid_fields ?? []).flatMap(({ description }) => description ?? []);
  const message = [fields.join('; '), data.detail?.trim(), data.title].find(
    (text) => text !== undefined && text !== '',
  );
  if (message === undefined || message === null) return undefined;
  const seconds = data.retry_after ?? SECONDS_IN_TEXT.exec(message)?.[1];
  const isHinted = fault === 'rate' && headers['retry-after'] === undefined && seconds !== undefined;
  return { fault, message, ...(isHinted ? { retryAfterMs: Number(seconds) * 1_000 } : {}) };
}

/** What became of a prediction that failed is said in words only; codes stand among them. */
const WORDS: readonly (readonly [RegExp, Fault])[] = [
  [/E005|flagged as sensitive|nsfw/i, 'moderation'],
  [/E006|invalid input/i, 'invalid'],
];

function toFailure(error: unknown): Progress & { state: 'failed' } {
  const said = typeof error === 'string' ? error : (JSON.stringify(error ?? '') ?? '');
  const fault = WORDS.find(([pattern]) => pattern.test(said))?.[1] ?? 'failed';
  const message = said === '' || said === '""' ? 'Replicate gave no reason' : said;
  return { state: 'failed', code: FAULTS[fault].code, message };
}

/** @param idMember of an output that is an object: what names the result for later jobs. */
export function toProgress({ status, output, error, data_removed }: Prediction, idMember?: string): Progress {
  switch (status) {
    case 'succeeded': {
      const outputs = addressesIn(output).map((url): ProviderOutput => ({ kind: 'url', url }));
      if (outputs.length === 0) {
        const message = data_removed === true ? 'the result was removed before it was fetched' : 'ended without a file';
        return { state: 'failed', code: FAULTS.failed.code, message };
      }
      const id = idMember === undefined ? undefined : memberOf(output, idMember);
      return { state: 'succeeded', outputs, ...(typeof id === 'string' ? { upstreamId: id } : {}) };
    }
    case 'failed':
      return toFailure(error);
    case 'canceled':
    case 'aborted':
      return { state: 'failed', code: FAULTS.canceled.code, message: 'canceled at Replicate' };
    default: // 'starting', 'processing', and words that are not known: the deadline bounds the wait.
      return { state: 'pending' };
  }
}

/** Every address in an output, which is one, a list or an object, each once. */
function addressesIn(output: unknown): string[] {
  if (typeof output === 'string') return /^https?:\/\//.test(output) ? [output] : [];
  if (typeof output !== 'object' || output === null) return [];
  return [...new Set(Object.values(output).flatMap((one: unknown) => addressesIn(one)))];
}

const memberOf = (output: unknown, name: string): unknown =>
  typeof output === 'object' && output !== null ? Object.entries(output).find(([key]) => key === name)?.[1] : undefined;
