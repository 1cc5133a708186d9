import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress } from '../provider.ts';

// Youchuan's API for businesses (`/v1/tob`), edition of November 2026. Only what is read here.

export const Created = z.object({ id: Id });

export const Job = z.object({
  status: z.number(),
  comment: z.string().nullish(),
  urls: z.array(z.string().nullish()).nullish(),
});
export type Job = z.infer<typeof Job>;

const Refusal = z.object({ reason: z.string(), message: z.string().nullish() });

const FAULTS: Readonly<Record<string, Fault>> = {
  Invalid_Argument: 'invalid',
  Invalid_Prompt_Parameter: 'invalid',
  Invalid_App_Identifier: 'auth',
  Account_Fee_Not_Enough: 'quota',
  No_More_Relax_Credit: 'quota',
  Msg_Sensitive: 'moderation',
  Permission_Denied: 'auth',
  No_Avaliable_Plan: 'quota',
  // Of what was asked for, not of the model: the next request may be fine.
  Not_Support: 'invalid',
  Max_Concurrent_Limited: 'rate',
  Server_Busy: 'busy',
  // It was sent on, and what became of it is not told.
  Request_Timout: 'unknown',
};

export function faultOf({ status, body }: Answer): Said | undefined {
  if (status >= 200 && status < 300) return undefined;
  const { data } = Refusal.safeParse(body);
  const fault = FAULTS[data?.reason ?? ''];
  if (data === undefined || fault === undefined) return undefined;
  const words = data.message?.trim() ?? '';
  return { fault, message: words === '' ? data.reason : `${data.reason}: ${words}` };
}

/** How jobs end badly, by the word of their comment without `JobStatus`. Others are failures that nobody explained. */
const ENDS: Readonly<Record<string, Fault>> = {
  Timeout: 'timeout',
  RequestTimeout: 'timeout',
  Reject: 'moderation',
  TextReject: 'moderation',
  BadPrompt: 'moderation',
  ImagePromptDenied: 'moderation',
  InvalidParameter: 'invalid',
  InvalidImagePromptLink: 'media',
  DuplicateImage: 'invalid',
  CreditNotEnough: 'quota',
  Canceled: 'canceled',
};

const [SUCCEEDED, FAILED] = [2, 3];

/** A job and a callback are the same object. States that are not known mean that the job goes on: its deadline bounds the
 *  wait. */
export function toProgress({ status, comment, urls }: Job): Progress {
  if (status === FAILED) {
    const word = (comment ?? '').replace(/^JobStatus/, '');
    const message = comment?.trim() || 'Youchuan gave no reason';
    return { state: 'failed', code: FAULT_KINDS[ENDS[word] ?? 'failed'].code, message };
  }
  if (status !== SUCCEEDED) return { state: 'pending' };
  const outputs = (urls ?? []).flatMap((url) => (url ? [{ kind: 'url', url } as const] : []));
  if (outputs.length > 0) return { state: 'succeeded', outputs };
  return { state: 'failed', code: FAULT_KINDS.failed.code, message: 'Youchuan says done, and names no file' };
}
