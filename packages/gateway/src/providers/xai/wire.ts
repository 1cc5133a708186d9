import { z } from 'zod';
import { FAULTS, type Fault } from '../fault.ts';
import type { Answer, Said } from '../kit/upstream.ts';
import type { Progress, ProviderOutput, VendorCost } from '../provider.ts';

// xAI's API, edition of November 2026. Only what is read here.

const text = z.string().nullish();
const Usage = z.object({ cost_in_usd_ticks: z.union([z.number(), z.string()]).nullish() }).nullish();

export const Images = z.object({
  data: z.array(z.object({ url: text, b64_json: text, respect_moderation: z.boolean().nullish() })).nullish(),
  usage: Usage,
});
export const Created = z.object({ request_id: z.string().min(1) });
export const Video = z.object({
  status: text,
  progress: z.number().nullish(),
  video: z.object({ url: text, respect_moderation: z.boolean().nullish() }).nullish(),
  error: z.union([z.string(), z.object({ code: text, message: text })]).nullish(),
  usage: Usage,
});

const Refusal = z.union([
  z.object({ error: z.object({ message: text, code: z.union([z.string(), z.number()]).nullish() }) }),
  z.object({ code: text, error: z.string() }),
]);

/** What the status alone does not tell. */
const BY_TEXT: readonly (readonly [RegExp, readonly number[], Fault])[] = [
  [/incorrect api key|invalid api key/i, [400, 401, 403], 'auth'],
  [/credits|spending limit|billing/i, [402, 403, 429], 'quota'],
  [/moderat|content polic|guideline|safety/i, [400, 403, 422], 'moderation'],
  [/(download|fetch|decode|read|process) .*(image|video|file)|invalid (image|video)/i, [400, 415, 422], 'media'],
];
const BY_STATUS: Readonly<Record<number, Fault>> = { 500: 'busy', 503: 'busy' };

export function faultOf({ status, body }: Answer): Said | undefined {
  // A job that failed has an error beside its status.
  if (status < 400) return undefined;
  const { data } = Refusal.safeParse(body);
  if (data === undefined) return undefined;
  const message = typeof data.error === 'string' ? data.error : (data.error.message ?? '');
  const known = BY_TEXT.find(([pattern, statuses]) => statuses.includes(status) && pattern.test(message));
  const fault = known?.[2] ?? BY_STATUS[status];
  return fault === undefined ? undefined : { fault, message };
}

/** 10^10 ticks are a dollar. */
const TICKS_PER_MICRO = 10_000;
export function costOf(usage: z.infer<typeof Usage>): { cost?: VendorCost } {
  const ticks = usage?.cost_in_usd_ticks;
  if (ticks === null || ticks === undefined || ticks === '') return {};
  const micros = Math.round(Number(ticks) / TICKS_PER_MICRO);
  return Number.isFinite(micros) ? { cost: { micros, currency: 'USD' } } : {};
}

const PENDING = new Set(['pending', 'queued', 'processing', 'in_progress']);

export function toProgress(video: z.infer<typeof Video>): Progress {
  const { status, progress, usage } = video;
  const cost = costOf(usage);
  const fail = (fault: Fault, message: string): Progress => ({
    state: 'failed',
    code: FAULTS[fault].code,
    message,
    ...cost,
  });
  if (status === 'failed') {
    const said = typeof video.error === 'string' ? video.error : video.error?.message || video.error?.code || '';
    const word = typeof video.error === 'object' ? (video.error?.code ?? '') : '';
    return fail(
      /moderat|polic|guideline|safety/i.test(`${word} ${said}`) ? 'moderation' : 'failed',
      said || 'xAI gave no reason',
    );
  }
  if (status === 'expired') return fail('failed', 'the result was not fetched in time, and is gone');
  // The word may be missing where the clip is there.
  const isDone = status === 'done' || (!status && video.video !== null && video.video !== undefined);
  if (!isDone) {
    const isKnown = typeof progress === 'number' && progress > 0 && PENDING.has(status ?? '');
    return { state: 'pending', ...(isKnown ? { fraction: Math.min(1, progress / 100) } : {}) };
  }
  if (video.video?.respect_moderation === false || !video.video?.url)
    return fail('moderation', 'the clip was held back by moderation');
  return { state: 'succeeded', outputs: [{ kind: 'url', url: video.video.url }], ...cost };
}

/** A picture that was held back is missing, or is there without an address. */
export const addressesOf = ({ data }: z.infer<typeof Images>): ProviderOutput[] =>
  (data ?? []).flatMap(({ url, respect_moderation }) =>
    url && respect_moderation !== false ? [{ kind: 'url', url }] : [],
  );
