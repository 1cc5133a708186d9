import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import { costOfUnits } from '../kit/cost.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress, VendorCost } from '../provider.ts';

// PixVerse's open API, edition of November 2026. Only what is read here.

const credits = z.number().nullish();

export const Created = z.object({ Resp: z.object({ video_id: Id, credits }) }).transform(({ Resp }) => Resp);
export const Picture = z.object({ Resp: z.object({ img_id: Id }) }).transform(({ Resp }) => Resp.img_id);
export const Clip = z.object({ Resp: z.object({ media_id: Id }) }).transform(({ Resp }) => Resp.media_id);
export const Result = z
  .object({ Resp: z.object({ status: z.union([z.number(), z.string()]), url: z.string().nullish(), credits }) })
  .transform(({ Resp }) => Resp);

const Refusal = z.object({ ErrCode: z.number(), ErrMsg: z.string().nullish() });

const FAULTS: Readonly<Record<number, Fault>> = {
  400011: 'invalid',
  400012: 'auth',
  400017: 'invalid',
  400018: 'invalid',
  400019: 'invalid',
  400032: 'invalid',
  // Asked for a job that is not known. Nothing else names one.
  500008: 'failed',
  500020: 'auth',
  500030: 'media',
  500031: 'media',
  500032: 'media',
  500044: 'rate',
  500054: 'moderation',
  500063: 'moderation',
  500069: 'busy',
  500090: 'quota',
  99999: 'busy',
};
/** The list of codes is not complete. */
const BY_WORDS: readonly (readonly [RegExp, Fault])[] = [
  [/concurren|too many|rate limit|frequen/i, 'rate'],
  [/balance|insufficient|not enough credit/i, 'quota'],
  [/moderat|sensitive|violat|inappropriate/i, 'moderation'],
  [/api.?key|unauthori[sz]ed/i, 'auth'],
];

/** A refusal comes with status 200. */
export function faultOf({ status, body }: Answer): Said | undefined {
  const { data } = Refusal.safeParse(body);
  if (data === undefined || data.ErrCode === 0) return undefined;
  const { ErrCode: code, ErrMsg: words } = data;
  const fault = FAULTS[code] ?? BY_WORDS.find(([pattern]) => pattern.test(words ?? ''))?.[1];
  // A code that is not known, where the status says nothing either.
  if (fault === undefined && (status < 200 || status > 299)) return undefined;
  return { fault: fault ?? 'unknown', message: `${words?.trim() || 'PixVerse gave no reason'} (code ${code})` };
}

/** How a job ends. Any other status means that it goes on: its deadline bounds the wait. */
const ENDS: Readonly<Record<string, readonly [fault: Fault, message: string]>> = {
  6: ['canceled', 'the video was deleted at PixVerse'],
  7: ['moderation', 'the video did not pass PixVerse’s moderation'],
  8: ['failed', 'PixVerse could not make the video, and gave no reason'],
};
const DONE = '1';

/** @param p.credits what the submit was said to cost, where the result does not say it. */
export function toProgress(
  { status, url, credits: spent }: z.infer<typeof Result>,
  p: { credits?: number | undefined; creditPrice: string | undefined },
): Progress {
  const [fault, message] = ENDS[String(status)] ?? [];
  // Their credits come back.
  if (fault !== undefined) return { state: 'failed', code: FAULT_KINDS[fault].code, message: message ?? '' };
  if (String(status) !== DONE) return { state: 'pending' };
  const units = spent ?? p.credits;
  const cost: { cost?: VendorCost } = units === undefined ? {} : { cost: costOfUnits(units, 'credits', p.creditPrice) };
  if (!url) return { state: 'failed', code: FAULT_KINDS.failed.code, message: 'PixVerse made no file', ...cost };
  return { state: 'succeeded', outputs: [{ kind: 'url', url }], ...cost };
}
