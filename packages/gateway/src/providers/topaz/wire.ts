import { z } from 'zod';
import { FAULTS, type Fault } from '../fault.ts';
import type { Ended } from '../kit/at-once.ts';
import { costOfUnits } from '../kit/cost.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress, VendorCost } from '../provider.ts';

// Topaz Labs' image and video APIs, edition of November 2026. Only what is read here.

export const PictureStarted = z.object({ process_id: Id });
export const PictureStatus = z.object({
  status: z.string(),
  progress: z.number().nullish(),
  credits: z.number().nullish(),
  message: z.string().nullish(),
});
export const PictureLink = z.object({ download_url: z.string().nullish() });

export const ClipStarted = z.object({ requestId: Id, uploadUrls: z.array(z.string()).min(1) });
export const ClipStatus = z.object({
  status: z.string(),
  progress: z.number().nullish(),
  message: z.string().nullish(),
  errorCode: z.string().nullish(),
  estimates: z.object({ cost: z.array(z.number()).nullish() }).nullish(),
  download: z.object({ url: z.string().nullish() }).nullish(),
});

const Refusal = z.object({
  message: z.string().nullish(),
  /** Of the video API. */
  errorCode: z.string().nullish(),
  errors: z.array(z.object({ path: z.string().nullish(), msg: z.string().nullish() })).nullish(),
});

const FAULTS_BY_CODE: Readonly<Record<string, Fault>> = {
  INSUFFICIENT_CREDITS: 'quota',
  INVALID_INPUT: 'invalid',
  FORBIDDEN: 'auth',
  UNAUTHORIZED: 'auth',
  SERVER_MAINTENANCE: 'busy',
};
/** Any other server error may come after the start. */
const FAULTS_BY_STATUS: Readonly<Record<number, Fault>> = {
  400: 'invalid',
  401: 'auth',
  402: 'quota',
  403: 'auth',
  413: 'media',
  415: 'media',
  429: 'rate',
  503: 'busy',
};
/** There is no code for it. */
const NO_SUCH_MODEL = /\bmodel\b.*\b(not|no longer|unknown|unsupported|deprecated|invalid)\b/i;

export function faultOf({ status, body }: Answer): Said | undefined {
  if (status >= 200 && status < 300) return undefined;
  const { data } = Refusal.safeParse(body);
  const usual = FAULTS_BY_CODE[data?.errorCode ?? ''] ?? FAULTS_BY_STATUS[status];
  if (data === undefined || usual === undefined) return undefined;
  const places = (data.errors ?? []).map(({ path, msg }) => `${path ?? 'body'}: ${msg ?? 'refused'}`);
  const words = [data.message?.trim() ?? '', ...places].filter((one) => one !== '');
  if (words.length === 0) return undefined;
  const message = words.join('; ');
  return { fault: usual === 'invalid' && NO_SUCH_MODEL.test(message) ? 'model_gone' : usual, message };
}

const failed = (message: string, fault: Fault = 'failed'): Ended => ({
  state: 'failed',
  code: FAULTS[fault].code,
  message,
});
const pending = (progress: number | null | undefined): Progress => ({
  state: 'pending',
  ...(typeof progress === 'number' && progress > 0 ? { fraction: Math.min(1, progress / 100) } : {}),
});

/** What is said of a picture: how it ended, what is paid for one that is done, or nothing yet. States that are not known
 *  mean that the job goes on: its deadline bounds the wait.
 *  @param creditPrice in US dollars. */
export function pictureNews(
  { status, progress, credits, message }: z.infer<typeof PictureStatus>,
  creditPrice: string | undefined,
): Progress | { readonly state: 'done'; readonly cost?: VendorCost } {
  if (status === 'Failed') return failed(message?.trim() || 'Topaz gave no reason');
  if (status === 'Cancelled') return failed('canceled at Topaz', 'canceled');
  if (status !== 'Completed') return pending(progress);
  return typeof credits === 'number'
    ? { state: 'done', cost: costOfUnits(credits, 'credits', creditPrice) }
    : { state: 'done' };
}

/** Of an estimate, the lower bound is billed. */
export function clipProgress(answer: z.infer<typeof ClipStatus>, creditPrice: string | undefined): Progress {
  const { status, progress, message, errorCode, estimates, download } = answer;
  if (status === 'failed') {
    const fault = FAULTS_BY_CODE[errorCode ?? ''];
    // It was accepted, so nothing that speaks of the moment of submitting is meant.
    const isAboutTheJob = fault !== undefined && FAULTS[fault].accepted === 'refused';
    return failed(message?.trim() || errorCode || 'Topaz gave no reason', isAboutTheJob ? fault : 'failed');
  }
  if (status === 'canceled') return failed('canceled at Topaz', 'canceled');
  if (status !== 'complete') return pending(progress);
  const [credits] = estimates?.cost ?? [];
  const paid = credits === undefined ? {} : { cost: costOfUnits(credits, 'credits', creditPrice) };
  if (!download?.url) return { ...failed('Topaz says done, and names no clip'), ...paid };
  return { state: 'succeeded', outputs: [{ kind: 'url', url: download.url }], ...paid };
}
