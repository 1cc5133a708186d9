import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { Answer, Said } from '../kit/upstream.ts';
import { Id } from '../kit/upstream.ts';
import type { Progress } from '../provider.ts';

// Vidu's API, edition of November 2026. Only what is read here.

export const Created = z.object({ task_id: Id });

export const Creations = z.object({
  state: z.string(),
  err_code: z.string().nullish(),
  credits: z.number().nullish(),
  progress: z.number().nullish(),
  creations: z.array(z.object({ url: z.string().nullish() })).nullish(),
});

const Refusal = z.object({
  reason: z.string().nullish(),
  err_code: z.string().nullish(),
  message: z.string().nullish(),
});

/** Vidu's words, at submit and in tasks that failed. */
const FAULTS: Readonly<Record<string, Fault>> = {
  BadRequest: 'invalid',
  FieldLacking: 'invalid',
  FieldUnwanted: 'invalid',
  FieldInvalid: 'invalid',
  FieldItemCountOutOfRange: 'invalid',
  PageSizeOutOfRange: 'media',
  ImageDownloadFailure: 'media',
  ImageFormatInvalid: 'media',
  TaskPromptPolicyViolation: 'moderation',
  AuditSubmitIllegal: 'moderation',
  CreationPolicyViolation: 'moderation',
  CreditInsufficient: 'quota',
  OperationInProcess: 'busy',
  Conflict: 'busy',
  ModelUnavailable: 'model_gone',
  UserCancelled: 'canceled',
  Canceled: 'canceled',
  Unauthorized: 'auth',
  Forbidden: 'auth',
  QuotaExceeded: 'rate',
  TooManyRequests: 'rate',
  SystemThrottling: 'rate',
  InternalServiceFailure: 'busy',
};

/** What became of a task that ended badly: a word of a refusal, or one that is not known. */
export const faultOfTask = (word: string | null | undefined): Fault => {
  const fault = FAULTS[word ?? ''];
  // It was accepted, so nothing that speaks of the moment of submitting is meant.
  return fault === undefined || fault === 'busy' || fault === 'rate' ? 'failed' : fault;
};

export function faultOf({ status, body }: Answer): Said | undefined {
  if (status >= 200 && status < 300) return undefined;
  const { data } = Refusal.safeParse(body);
  const word = data?.reason ?? data?.err_code ?? '';
  const fault = FAULTS[word];
  if (fault === undefined) return undefined;
  const message = data?.message ?? '';
  return { fault, message: message === '' || message === word ? word : `${word}: ${message}` };
}

/** States that are not known mean that the job goes on: its deadline bounds the wait. */
export function isOver({ state }: z.infer<typeof Creations>): boolean {
  return state === 'success' || state === 'failed';
}

export const pendingOf = ({ progress }: z.infer<typeof Creations>): Progress & { state: 'pending' } => ({
  state: 'pending',
  ...(typeof progress === 'number' && progress > 0 ? { fraction: Math.min(1, progress / 100) } : {}),
});
