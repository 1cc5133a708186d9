import { z } from 'zod';
import { FAULTS, type Fault, UpstreamError } from '../fault.ts';
import type { Answer, Said } from '../kit/upstream.ts';
import { Id } from '../kit/upstream.ts';
import type { Progress, ProviderOutput } from '../provider.ts';

// fal's queue, edition of November 2026. Only what is read here.

export const Submitted = z.object({
  request_id: Id,
  status_url: z.string().nullish(),
  response_url: z.string().nullish(),
  cancel_url: z.string().nullish(),
});

export const Status = z.object({ status: z.string() });

const File = z.object({ url: z.string().nullish() });
/** What a model made. The members that hold files differ by model. */
export const Result = z.looseObject({ has_nsfw_concepts: z.array(z.boolean()).nullish() });

const Refusal = z.object({
  detail: z.union([
    z.string(),
    z.array(z.object({ msg: z.string().nullish(), type: z.string().nullish(), loc: z.array(z.unknown()).nullish() })),
  ]),
  error_type: z.string().nullish(),
});

/** fal's words, at submit and in the place of a result. What is not in the table is read by its status. */
const WORDS: Readonly<Record<string, Fault>> = {
  content_policy_violation: 'moderation',
  no_media_generated: 'moderation',
  image_too_small: 'media',
  image_too_large: 'media',
  image_load_error: 'media',
  file_download_error: 'media',
  file_too_large: 'media',
  face_detection_error: 'media',
  unsupported_image_format: 'media',
  unsupported_audio_format: 'media',
  unsupported_video_format: 'media',
  internal_server_error: 'busy',
  downstream_service_error: 'busy',
  downstream_service_unavailable: 'busy',
  generation_timeout: 'timeout',
  request_timeout: 'timeout',
  startup_timeout: 'timeout',
  bad_request: 'invalid',
  client_disconnected: 'canceled',
  client_cancelled: 'canceled',
};
const BY_STATUS: Readonly<Record<number, Fault>> = {
  400: 'invalid',
  401: 'auth',
  402: 'quota',
  422: 'invalid',
  429: 'rate',
};
const NO_BALANCE = /balance|locked|exhausted/i;

type Read = { readonly word: string | undefined; readonly fault: Fault | undefined; readonly message: string };

function readRefusal({ status, body, headers }: Answer): Read | undefined {
  if (status >= 200 && status < 300) return undefined;
  const { data } = Refusal.safeParse(body);
  if (data === undefined) return undefined;
  const { detail } = data;
  const first = typeof detail === 'string' ? undefined : detail[0];
  const word = first?.type ?? data.error_type ?? headers['x-fal-error-type'] ?? undefined;
  const place = (first?.loc ?? []).filter((one) => one !== 'body').join('.');
  const said = typeof detail === 'string' ? detail : (first?.msg ?? word ?? `status ${status}`);
  return { word, fault: faultOfWord(word, status, said), message: place === '' ? said : `${place}: ${said}` };
}

function faultOfWord(word: string | undefined, status: number, said: string): Fault | undefined {
  if (word !== undefined && Object.hasOwn(WORDS, word)) return WORDS[word];
  if (word?.startsWith('runner_')) return 'busy';
  if (status === 403) return NO_BALANCE.test(said) ? 'quota' : 'auth';
  return BY_STATUS[status];
}

/** What a call says that was refused. */
export function faultOf(answer: Answer): Said | undefined {
  const read = readRefusal(answer);
  if (read?.fault === undefined) return undefined;
  const { fault, message } = read;
  const isRetryable = answer.headers['x-fal-retryable'];
  if (fault === 'busy' && isRetryable === 'false') return { fault: 'failed', message };
  // Whether a job came of it is not said.
  if (fault === 'timeout') return { fault: isRetryable === 'true' ? 'busy' : 'unknown', message };
  return { fault, message };
}

const STILL_RUNS = /still in progress/i;
const NOT_YET = 'the result is not there yet';

/** What stands in the place of a result. A fault of the job, not of the call, becomes `failed` or says what the job did
 *  wrong; faults that speak of the call are those of `faultOf`. */
export function faultOfResult(answer: Answer): Said | undefined {
  const read = readRefusal(answer);
  if (read?.fault === undefined) return undefined;
  const { fault, message } = read;
  if (fault === 'busy') return { fault: 'failed', message };
  if (fault === 'invalid' && answer.status === 400 && STILL_RUNS.test(message))
    return { fault: 'busy', message: NOT_YET };
  return { fault, message };
}

/** The faults that end a job. */
const OF_THE_JOB: ReadonlySet<Fault> = new Set(['invalid', 'media', 'moderation', 'canceled', 'failed', 'timeout']);

/** What a refused result says of its job. @throws what says nothing about it. */
export function toFailure(error: unknown): Progress {
  if (error instanceof UpstreamError && error.message === NOT_YET) return { state: 'pending' };
  if (!(error instanceof UpstreamError) || !OF_THE_JOB.has(error.fault)) throw error;
  return { state: 'failed', code: FAULTS[error.fault].code, message: error.message };
}

/** The files of a result, in the order of its members, each once.
 *  @param members that hold a file, a list of files, or an object of files. */
export function outputsOf(result: z.infer<typeof Result>, members: readonly string[]): ProviderOutput[] {
  const isBlack = (position: number) => result.has_nsfw_concepts?.[position] === true;
  const addresses = members.flatMap((member) => {
    const value = result[member];
    if (!Array.isArray(value)) return addressesIn(value);
    // A picture that was held back is a black one.
    return value.flatMap((one, position) => (isBlack(position) ? [] : addressesIn(one)));
  });
  return [...new Set(addresses)].map((url) => ({ kind: 'url', url }));
}

function addressesIn(value: unknown): string[] {
  const { data } = File.safeParse(value);
  if (data === undefined) return [];
  if (data.url) return [data.url];
  // What is no file may hold some: one for each format, or for each layer of a surface.
  return Object.values(value as object).flatMap((one: unknown) => addressesIn(one));
}
