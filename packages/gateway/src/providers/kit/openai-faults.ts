import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { Answer, Said } from './upstream.ts';

// Errors as OpenAI writes them, which most servers of models copy.

const word = z.union([z.string(), z.number()]).transform(String).nullish();
const Refusal = z.object({
  error: z.union([z.string(), z.object({ message: z.string().nullish(), type: word, code: word })]),
});

const BY_WORD: Readonly<Record<string, Fault>> = {
  invalid_api_key: 'auth',
  invalid_organization: 'auth',
  authentication_error: 'auth',
  permission_error: 'auth',
  unsupported_country_region_territory: 'auth',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  rate_limit_exceeded: 'rate',
  rate_limit_error: 'rate',
  requests: 'rate',
  tokens: 'rate',
  model_not_found: 'model_gone',
  moderation_blocked: 'moderation',
  content_policy_violation: 'moderation',
  content_filter: 'moderation',
  image_content_policy_violation: 'moderation',
  image_generation_user_error: 'moderation',
  invalid_image: 'media',
  invalid_image_file: 'media',
  invalid_image_format: 'media',
  invalid_image_mode: 'media',
  invalid_image_url: 'media',
  invalid_base64_image: 'media',
  image_parse_error: 'media',
  image_too_large: 'media',
  image_too_small: 'media',
  image_file_too_large: 'media',
  image_file_not_found: 'media',
  unsupported_image_media_type: 'media',
  empty_image_file: 'media',
  failed_to_download_image: 'media',
  server_error: 'busy',
  overloaded_error: 'busy',
};
/** Says more than `invalid_request_error`, which is the type of nearly all. */
const BY_TEXT: readonly (readonly [RegExp, Fault])[] = [
  [/content (management )?policy|safety system|responsible ai|moderation/i, 'moderation'],
  [/incorrect api key/i, 'auth'],
];

export function openAiFault({ status, headers, body }: Answer): Said | undefined {
  const error = Refusal.safeParse(body).data?.error;
  if (error === undefined) return undefined;
  const { message, type, code } = typeof error === 'string' ? { message: error, type: null, code: null } : error;
  const text = message ?? code ?? type ?? '';
  const fault =
    BY_WORD[code ?? ''] ??
    BY_TEXT.find(([pattern]) => status < 500 && pattern.test(text))?.[1] ??
    BY_WORD[type ?? ''] ??
    (status >= 200 && status < 300 ? 'failed' : undefined);
  if (fault === undefined) return undefined;
  const waitMs = Number(headers['retry-after-ms'] || Number.NaN);
  return {
    fault,
    message: text === '' ? `status ${status}` : text,
    ...(Number.isFinite(waitMs) ? { retryAfterMs: waitMs } : {}),
  };
}

/** What the word in a job that failed means. */
export const faultOfWord = (code: string | null | undefined, text: string): Fault => {
  const fault = BY_WORD[code ?? ''] ?? BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? 'failed';
  return fault === 'moderation' || fault === 'media' ? fault : 'failed';
};
