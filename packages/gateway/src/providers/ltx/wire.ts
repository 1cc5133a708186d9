import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress } from '../provider.ts';

// LTX's API, second version, edition of November 2026. Only what is read here.

export const Created = z.object({ id: Id });

const Trouble = z.object({ type: z.string().nullish(), message: z.string().nullish() });
export const Job = z.object({
  status: z.string(),
  /** Addresses by names. */
  result: z.record(z.string(), z.unknown()).nullish(),
  error: z.union([z.string(), Trouble]).nullish(),
});

const Refusal = z.object({ type: z.literal('error'), error: Trouble });

const FAULTS: Readonly<Record<string, Fault>> = {
  invalid_request_error: 'invalid',
  authentication_error: 'auth',
  insufficient_funds_error: 'quota',
  request_too_large: 'media',
  content_filtered_error: 'moderation',
  rate_limit_error: 'rate',
  service_unavailable: 'busy',
};
/** One word is for all that is wrong with a request. */
const BY_TEXT: readonly (readonly [RegExp, Fault])[] = [
  [/model .*(not (found|supported|available)|removed|unknown)|unknown model/i, 'model_gone'],
  [/(download|fetch|decode|read) .*(image|uri)|invalid image|image format/i, 'media'],
];

export function faultOf({ status, body }: Answer): Said | undefined {
  if (status < 400) return undefined;
  const { data } = Refusal.safeParse(body);
  if (data === undefined) return undefined;
  const { type, message } = data.error;
  const fault = FAULTS[type ?? ''];
  // `api_error` is one of them: it says nothing of what became of a submit.
  if (fault === undefined) return undefined;
  const text = message?.trim() || (type ?? '');
  const closer = fault === 'invalid' ? BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] : undefined;
  return { fault: closer ?? fault, message: text };
}

const isAddress = (value: unknown): value is string => typeof value === 'string' && /^https?:\/\//.test(value);

/** "Poll every five seconds." */
const POLL_AFTER_MS = 5_000;

export function toProgress({ status, result, error }: z.infer<typeof Job>): Progress {
  const fail = (fault: Fault, message: string): Progress => ({
    state: 'failed',
    code: FAULT_KINDS[fault].code,
    message,
  });
  if (status === 'failed') {
    const { type, message } = typeof error === 'string' ? { type: '', message: error } : (error ?? {});
    const fault = FAULTS[type ?? ''];
    // It was accepted, so nothing that speaks of the moment of submitting is meant.
    const isAboutTheJob = fault !== undefined && FAULT_KINDS[fault].accepted === 'refused';
    return fail(isAboutTheJob ? fault : 'failed', message?.trim() || type || 'LTX gave no reason');
  }
  // `pending`, `processing`, and words that are not known: the deadline bounds the wait.
  if (status !== 'completed') return { state: 'pending', pollAfterMs: POLL_AFTER_MS };
  const { video_url: video } = result ?? {};
  const urls = isAddress(video) ? [video] : Object.values(result ?? {}).filter(isAddress);
  if (urls.length === 0) return fail('failed', 'LTX made no file');
  return { state: 'succeeded', outputs: urls.map((url) => ({ kind: 'url', url })) };
}
