import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import type { Ended } from '../kit/at-once.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';

// MiniMax's API, edition of November 2026. Only what is read here.

export const Created = z.object({ task_id: Id });

export const Video = z.object({
  status: z.string(),
  file_id: z.union([Id, z.literal('')]).nullish(),
  error_message: z.string().nullish(),
  base_resp: z.object({ status_code: z.number(), status_msg: z.string().nullish() }).nullish(),
});

export const Uploaded = z.object({ file: z.object({ file_id: Id }) });
export const Retrieved = z.object({ file: z.object({ download_url: z.string().min(1) }) });

/** Speech and music: an address, or hexadecimal digits, as was asked for. */
export const Sound = z.object({
  data: z.object({ audio: z.string().nullish() }).nullish(),
  extra_info: z.object({ usage_characters: z.number().nullish(), audio_format: z.string().nullish() }).nullish(),
});
export const Cloned = z.object({ input_sensitive: z.boolean().nullish(), demo_audio: z.string().nullish() });
export const Designed = z.object({ voice_id: Id, trial_audio: z.string().nullish() });

const Refusal = z.object({
  /** Where a job is asked for, the code may say how it ended. */
  status: z.string().nullish(),
  base_resp: z.object({ status_code: z.number(), status_msg: z.string().nullish() }),
});

const FAULTS: Readonly<Record<number, Fault>> = {
  1000: 'busy',
  // It was sent on, and what became of it is not told.
  1001: 'unknown',
  1002: 'rate',
  1004: 'auth',
  1008: 'quota',
  1024: 'busy',
  1026: 'moderation',
  1027: 'moderation',
  1033: 'busy',
  1039: 'rate',
  1041: 'rate',
  1042: 'invalid',
  2013: 'invalid',
  2037: 'media',
  2039: 'invalid',
  2042: 'auth',
  2045: 'rate',
  2049: 'auth',
  2056: 'quota',
};

const messageOf = (code: number, words: string | null | undefined): string =>
  `${words?.trim() || 'MiniMax gave no reason'} (code ${code})`;

/** The usual refusal comes with status 200. */
export function faultOf({ status, body }: Answer): Said | undefined {
  const { data } = Refusal.safeParse(body);
  if (data === undefined || isFailed(data.status ?? '')) return undefined;
  const { status_code: code, status_msg: words } = data.base_resp;
  if (code === 0) return undefined;
  const fault = FAULTS[code];
  // A code that is not known, where the status says nothing either.
  if (fault === undefined && (status < 200 || status > 299)) return undefined;
  return { fault: fault ?? 'unknown', message: messageOf(code, words) };
}

const isFailed = (status: string): boolean => /^fail(ed)?$/i.test(status);

/** What is said of a video: the id of its file, how it failed, or nothing yet. Words that are not known mean that the job
 *  goes on: its deadline bounds the wait. */
export function toNews(video: z.infer<typeof Video>): { fileId: string } | Ended | 'pending' {
  const { status, file_id: fileId, error_message: words, base_resp: said } = video;
  if (isFailed(status)) {
    const code = said?.status_code ?? 0;
    const fault = FAULTS[code];
    // It was accepted, so nothing that speaks of the moment of submitting is meant.
    const isAboutTheJob = fault !== undefined && FAULT_KINDS[fault].accepted === 'refused';
    const message = words?.trim() || messageOf(code, said?.status_msg);
    return { state: 'failed', code: FAULT_KINDS[isAboutTheJob ? fault : 'failed'].code, message };
  }
  if (!/^success$/i.test(status)) return 'pending';
  return fileId ? { fileId } : failed('MiniMax says done, and names no file');
}

export const failed = (message: string, fault: Fault = 'failed'): Ended => ({
  state: 'failed',
  code: FAULT_KINDS[fault].code,
  message,
});
