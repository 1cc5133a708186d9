import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import type { Ended } from '../kit/at-once.ts';
import { costOfUnits } from '../kit/cost.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress, ProviderOutput } from '../provider.ts';

// Ark and ModelArk, edition of November 2026. Only what is read here.

export const Created = z.object({ id: Id });

const Trouble = z.object({ code: z.string().nullish(), message: z.string().nullish() });

export const Video = z.object({
  status: z.string(),
  error: Trouble.nullish(),
  content: z.object({ video_url: z.string().nullish(), last_frame_url: z.string().nullish() }).nullish(),
  usage: z.object({ completion_tokens: z.number().nullish() }).nullish(),
});

/** What a list says of a job, as far as it tells ours from others. */
const Listed = z.object({
  id: Id,
  created_at: z.number().nullish(),
  seed: z.number().nullish(),
  resolution: z.string().nullish(),
  ratio: z.string().nullish(),
  duration: z.number().nullish(),
  generate_audio: z.boolean().nullish(),
});
export type Listed = z.infer<typeof Listed>;
export const List = z.object({ items: z.array(Listed).nullish(), total: z.number().nullish() });

/** In a series, single pictures may be errors. */
export const Pictures = z.object({
  data: z.array(z.object({ url: z.string().nullish(), error: Trouble.nullish() })).nullish(),
  error: Trouble.nullish(),
  usage: z.object({ generated_images: z.number().nullish() }).nullish(),
});

const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string().nullish() }) });

/** The first that fits. Submits and failed jobs share the words. */
const FAULTS: readonly (readonly [RegExp, Fault])[] = [
  [/^(Input|Output)\w*SensitiveContentDetected\.PrivacyInformation$/, 'real_person'],
  [/^(Input|Output)\w*SensitiveContentDetected(\.|$)/, 'moderation'],
  [/^(MissingParameter|InvalidParameter|OutofContextError)(\.|$)/, 'invalid'],
  [/^Invalid(Image|Video|Audio)URL(\.|$)/, 'media'],
  [/^AuthenticationError$/, 'auth'],
  [/^AccountOverdueError$/, 'quota'],
  [/^(AccessDenied|OperationDenied)(\.|$)/, 'auth'],
  [/^(InvalidEndpointOrModel\.NotFound|InvalidEndpoint\.NotFound|ModelNotOpen)$/, 'model_gone'],
  [/^(RateLimitExceeded(\.|$)|(Model|API)Account\w*RateLimitExceeded$)/, 'rate'],
  [/^(ModelLoadingError|ServerOverloaded|RequestBurstTooFast|InternalServiceError)$/, 'busy'],
];

function faultOfWord(code: string, message: string): Fault | undefined {
  // Of jobs that wait it is over soon; of money it is not.
  if (code === 'QuotaExceeded') return /queue/i.test(message) ? 'rate' : 'quota';
  return FAULTS.find(([word]) => word.test(code))?.[1];
}

const messageOf = (code: string, words: string | null | undefined): string => {
  const said = words?.trim() ?? '';
  return said === '' || said === code ? code : `${code}: ${said}`;
};

export function faultOf({ status, body }: Answer): Said | undefined {
  // A job that failed says why in the same member, and that is an answer.
  if (status >= 200 && status < 300) return undefined;
  const { data } = Refusal.safeParse(body);
  if (data === undefined) return undefined;
  const { code, message } = data.error;
  const fault = faultOfWord(code, message ?? '');
  return fault === undefined ? undefined : { fault, message: messageOf(code, message) };
}

/** What is said of a job, or of one picture, that was taken and went wrong. */
export function toFailure(
  trouble: z.infer<typeof Trouble> | null | undefined,
  otherwise: string,
): Ended & { state: 'failed' } {
  const code = trouble?.code ?? '';
  const message = code === '' ? trouble?.message?.trim() || otherwise : messageOf(code, trouble?.message);
  const fault = faultOfWord(code, message);
  // It was accepted, so nothing that speaks of the moment of submitting is meant.
  const isAboutTheJob = fault !== undefined && FAULT_KINDS[fault].accepted === 'refused';
  return { state: 'failed', code: FAULT_KINDS[isAboutTheJob ? fault : 'failed'].code, message };
}

/** States that are not known mean that the job goes on: its deadline bounds the wait. */
export function toProgress({ status, error, content, usage }: z.infer<typeof Video>): Progress {
  switch (status) {
    case 'failed':
      return toFailure(error, 'Ark gave no reason');
    case 'cancelled':
      return { state: 'failed', code: FAULT_KINDS.canceled.code, message: 'the job was canceled' };
    case 'expired':
      return { state: 'failed', code: FAULT_KINDS.timeout.code, message: 'Ark did not get to the job in time' };
    case 'succeeded': {
      // The last frame is there where it was asked for.
      const outputs = [content?.video_url, content?.last_frame_url].flatMap(toOutput);
      const tokens = usage?.completion_tokens;
      const cost = typeof tokens === 'number' ? { cost: costOfUnits(tokens, 'tokens', undefined) } : {};
      if (content?.video_url) return { state: 'succeeded', outputs, ...cost };
      return { ...toFailure(error, 'Ark says done, and names no file'), ...cost };
    }
    default:
      return { state: 'pending' };
  }
}

const toOutput = (url: string | null | undefined): ProviderOutput[] => (url ? [{ kind: 'url', url }] : []);

/** The pictures that were made. Where none was, the first trouble says why. */
export function toPictures({ data, error, usage }: z.infer<typeof Pictures>): Ended {
  const made = usage?.generated_images;
  const cost = typeof made === 'number' ? { cost: costOfUnits(made, 'images', undefined) } : {};
  const outputs = (data ?? []).flatMap(({ url }) => toOutput(url));
  if (outputs.length > 0) return { state: 'succeeded', outputs, ...cost };
  const trouble = (data ?? []).find((one) => one.error)?.error ?? error;
  return { ...toFailure(trouble, 'Ark made no picture'), ...cost };
}
