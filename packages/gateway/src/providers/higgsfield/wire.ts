import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress } from '../provider.ts';

// Higgsfield's API: the queue of requests, and the sets of jobs of the first version. Editions of November 2026. Only
// what is read here.

/** A request of the queue, or a set of jobs. */
export const Created = z.union([
  z.object({ request_id: Id }).transform(({ request_id: jobId }) => ({ kind: 'request' as const, jobId })),
  z.object({ id: Id }).transform(({ id: jobId }) => ({ kind: 'set' as const, jobId })),
]);

const link = z.object({ url: z.string().nullish() }).nullish();
const text = z.string().nullish();

export const Request = z.object({
  status: z.string(),
  images: z.array(link).nullish(),
  video: link,
  error: z.unknown().optional(),
});
export const JobSet = z.object({
  jobs: z.array(z.object({ status: z.string(), results: z.object({ raw: link }).nullish() })).min(1),
});

export const Styles = z.array(z.object({ id: Id, name: z.string() }));
export const Upload = z.object({
  public_url: z.string().min(1),
  upload_url: z.string().min(1),
  upload_headers: z.record(z.string(), z.string()).nullish(),
});

const Refusal = z.object({
  detail: z.union([z.string(), z.array(z.object({ msg: text, loc: z.array(z.unknown()).nullish() }))]),
});

const BY_TEXT: readonly (readonly [RegExp, readonly number[], Fault])[] = [
  [/enough credits|insufficient credits/i, [402, 403], 'quota'],
  [/nsfw|moderation|content polic/i, [400, 403, 422], 'moderation'],
  [/(download|fetch|load|decode|read) .*(image|url|file)|invalid image/i, [400, 422], 'media'],
];

export function faultOf({ status, body }: Answer): Said | undefined {
  if (status < 400) return undefined;
  const { data } = Refusal.safeParse(body);
  if (data === undefined) return undefined;
  const message = typeof data.detail === 'string' ? data.detail : data.detail.map(toSentence).join('; ');
  const known = BY_TEXT.find(([pattern, statuses]) => statuses.includes(status) && pattern.test(message))?.[2];
  const fault = known ?? ({ 400: 'invalid', 422: 'invalid', 503: 'busy' } as const)[status];
  return fault === undefined ? undefined : { fault, message: message === '' ? `status ${status}` : message };
}

const toSentence = ({ msg, loc }: { msg?: string | null | undefined; loc?: unknown[] | null | undefined }): string =>
  `${(loc ?? []).join('.')}: ${msg ?? 'refused'}`;

/** How a job ends badly. What failed, and what was held back, is not paid. */
const ENDS: Readonly<Record<string, readonly [fault: Fault, message: string]>> = {
  failed: ['failed', 'Higgsfield could not make it, and gave no reason'],
  nsfw: ['moderation', 'the result did not pass Higgsfield’s moderation'],
  canceled: ['canceled', 'the request was canceled at Higgsfield'],
};

function toEnd(status: string, urls: readonly string[], reason: unknown): Progress {
  const [fault, message = ''] = ENDS[status] ?? [];
  if (fault !== undefined) {
    const said = typeof reason === 'string' && reason.trim() !== '' ? reason : message;
    return { state: 'failed', code: FAULT_KINDS[fault].code, message: said };
  }
  // `queued`, `in_progress`, and words that are not known: the deadline bounds the wait.
  if (status !== 'completed') return { state: 'pending' };
  if (urls.length === 0) return { state: 'failed', code: FAULT_KINDS.failed.code, message: 'Higgsfield made no file' };
  return { state: 'succeeded', outputs: urls.map((url) => ({ kind: 'url', url })) };
}

const urlsOf = (links: readonly z.infer<typeof link>[]): string[] => links.flatMap((one) => one?.url || []);

export const requestProgress = ({ status, images, video, error }: z.infer<typeof Request>): Progress =>
  toEnd(status, urlsOf([...(images ?? []), video]), error);

/** A set is over when one of its jobs ended badly, or all are done. */
export function setProgress({ jobs }: z.infer<typeof JobSet>): Progress {
  const words = jobs.map(({ status }) => status);
  const word = words.find((one) => ENDS[one] !== undefined) ?? words.find((one) => one !== 'completed') ?? 'completed';
  return toEnd(word, urlsOf(jobs.map(({ results }) => results?.raw)), undefined);
}
