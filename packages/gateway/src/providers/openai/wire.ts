import { z } from 'zod';
import { FAULTS } from '../fault.ts';
import { faultOfWord } from '../kit/openai-faults.ts';
import { Id } from '../kit/upstream.ts';
import type { Progress, ProviderOutput } from '../provider.ts';

// OpenAI's API, edition of November 2026. Only what is read here.

export const Images = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish(), url: z.string().nullish() })).nullish(),
  usage: z.object({ input_tokens: z.number().nullish(), output_tokens: z.number().nullish() }).nullish(),
});

export const Character = z.object({ id: Id, name: z.string().nullish() });

const address = z.string().nullish();
const number = z.union([z.number(), z.string()]).transform(Number).nullish();
const Bare = z.object({
  id: Id,
  status: z.string().nullish(),
  progress: number,
  error: z.union([z.string(), z.object({ code: z.string().nullish(), message: z.string().nullish() })]).nullish(),
  url: address,
  video_url: address,
  metadata: z.object({ url: address }).nullish().catch(null),
});
/** Some servers put the whole of it into `data`. */
export const Video = z.union([Bare, z.object({ data: Bare }).transform(({ data }) => data)]);
type Video = z.infer<typeof Video>;

const DONE = new Set(['completed', 'succeeded', 'success']);
const FAILED = new Set(['failed', 'error', 'expired']);
const CANCELED = new Set(['cancelled', 'canceled']);

/** @param content where the file is, unless the answer says otherwise. */
export function toProgress(video: Video, content: ProviderOutput): Progress {
  const status = (video.status ?? '').toLowerCase();
  const said = typeof video.error === 'string' ? { code: null, message: video.error } : video.error;
  if (CANCELED.has(status)) return failed('canceled', said?.message ?? 'the job was canceled at the upstream');
  if (FAILED.has(status)) {
    const message = said?.message || said?.code || 'the upstream gave no reason';
    return failed(FAULTS[faultOfWord(said?.code, message)].code, message);
  }
  if (!DONE.has(status)) {
    const { progress } = video;
    const isKnown = typeof progress === 'number' && progress > 0;
    return { state: 'pending', ...(isKnown ? { fraction: Math.min(1, progress / 100) } : {}) };
  }
  const url = [video.url, video.video_url, video.metadata?.url].find((one) => /^https?:\/\//.test(one ?? ''));
  return { state: 'succeeded', outputs: [url ? { kind: 'url', url } : content], upstreamId: video.id };
}

const failed = (code: Extract<Progress, { state: 'failed' }>['code'], message: string): Progress => ({
  state: 'failed',
  code,
  message,
});
