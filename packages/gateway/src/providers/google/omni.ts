import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { FAULTS, type Fault } from '../fault.ts';
import { as, type Mapped, type Mapping, mapInput, type Rule } from '../kit/body.ts';
import { costOfTokens, type TokenPrices } from '../kit/cost.ts';
import { positionIn } from '../kit/long-json.ts';
import { type BodyPart, FileUse, mediaTypeOf } from '../kit/media.ts';
import type { Job, Progress, ProviderOutput } from '../provider.ts';
import { faultInText } from './wire.ts';

// `interactions`: clips of Gemini Omni, which stands where Veo stood.

const MAX_REFERENCES = 3;

const block =
  (type: 'image' | 'video') =>
  (file: JobFile): BodyPart => ({ type, data: new FileUse(file, 'base64'), mime_type: mediaTypeOf(file) });
const later: Rule = () => {};

/** It always has sound, so only an explicit wish for silence is refused. */
const sound: Rule = (value, { job, name, refuse }) => {
  const param = job.endpoint.params[name];
  const isDefault = param?.type === 'flag' && param.default === value;
  if (value === false && !isDefault) refuse(`${name} false has no counterpart there: clips have sound`);
};

const pictures: Rule = (_value, { job, name, refuse }) => {
  const { length } = job.media[name] ?? [];
  if (length > MAX_REFERENCES) refuse(`${name} has ${length} pictures; at most ${MAX_REFERENCES} there`);
};

const MAPPING: Mapping = {
  prompt: as('text'),
  aspectRatio: as('format.aspect_ratio'),
  resolution: as('format.resolution'),
  duration: as('format.duration', (value) => `${String(value)}s`),
  generateAudio: sound,
  imageUrl: later,
  firstImageUrl: later,
  firstFrameUrl: later,
  lastImageUrl: later,
  lastFrameUrl: later,
  imageUrls: pictures,
  video: later,
};
const PICTURES = ['imageUrl', 'firstImageUrl', 'firstFrameUrl', 'lastImageUrl', 'lastFrameUrl', 'imageUrls'];

function taskOf({ endpoint, media }: Job): string {
  if (endpoint.task === 'video-extend') return 'extend';
  if (endpoint.task === 'reference-to-video' || (media.imageUrls?.length ?? 0) > 1) return 'reference_to_video';
  return endpoint.task === 'text-to-video' ? 'text_to_video' : 'image_to_video';
}

export function toInteraction(job: Job): Mapped {
  const { body, reasons } = mapInput(job, MAPPING, { format: { type: 'video', delivery: 'uri' } });
  const files = [
    ...PICTURES.flatMap((name) => job.media[name] ?? []).map(block('image')),
    ...(job.media.video ?? []).map(block('video')),
  ];
  const words: BodyPart[] = body.text === undefined ? [] : [{ type: 'text', text: body.text }];
  return {
    body: {
      model: job.route.model,
      input: [...words, ...files],
      background: true,
      response_format: body.format ?? {},
      generation_config: { video_config: { task: taskOf(job) } },
    },
    reasons,
  };
}

const text = z.string().nullish();
const Block = z.object({ type: text, data: text, uri: text });
export const Interaction = z.object({
  id: z.string().nullish(),
  status: z.string().nullish(),
  steps: z
    .array(
      z.object({
        type: text,
        content: z.array(Block).nullish().catch(null),
        error: z.object({ code: z.union([z.string(), z.number()]).nullish(), message: text }).nullish(),
      }),
    )
    .nullish(),
  errors: z.array(z.object({ code: z.union([z.string(), z.number()]).nullish(), message: text })).nullish(),
  usage: z.object({ total_input_tokens: z.number().nullish(), total_output_tokens: z.number().nullish() }).nullish(),
});
type Interaction = z.infer<typeof Interaction>;

const FAILED = new Set(['failed', 'incomplete', 'budget_exceeded', 'requires_action']);

/** @param p.files what stood in the answer as digits. */
export function toProgress(
  interaction: Interaction,
  p: { files: readonly ProviderOutput[]; prices: TokenPrices },
): Progress {
  const { status, usage } = interaction;
  const cost = usage
    ? { cost: costOfTokens({ input: usage.total_input_tokens ?? 0, output: usage.total_output_tokens ?? 0 }, p.prices) }
    : {};
  const fail = (fault: Fault, message: string): Progress => ({
    state: 'failed',
    code: FAULTS[fault].code,
    message,
    ...cost,
  });
  const made = madeBy(interaction);
  const said = [...(interaction.errors ?? []), ...made.flatMap(({ error }) => error ?? [])].find(
    ({ message }) => message,
  )?.message;
  if (status === 'cancelled') return fail('canceled', 'the job was canceled at the upstream');
  if (FAILED.has(status ?? ''))
    return fail(faultInText(said ?? '') ?? 'failed', said || `the upstream gave no reason (${status})`);
  if (status !== 'completed') return { state: 'pending' };
  const clip = made.flatMap(({ content }) => content ?? []).findLast(({ type }) => type === 'video');
  const file = p.files[positionIn(clip?.data) ?? -1];
  if (file !== undefined) return { state: 'succeeded', outputs: [file], ...cost };
  if (clip?.uri)
    return { state: 'succeeded', outputs: [{ kind: 'url', url: clip.uri, needsCredentials: true }], ...cost };
  return fail('moderation', said || 'the clip was held back by the safety filters');
}

/** The steps since the caller last spoke. */
function madeBy({ steps }: Interaction) {
  const all = steps ?? [];
  return all
    .slice(all.findLastIndex(({ type }) => type === 'user_input') + 1)
    .filter(({ type }) => type === 'model_output');
}
