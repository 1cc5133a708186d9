import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { type Fault, UpstreamError } from '../fault.ts';
import type { Ended } from '../kit/at-once.ts';
import { as, type Mapped, type Mapping, mapInput, type Rule } from '../kit/body.ts';
import { costOfTokens, type TokenPrices } from '../kit/cost.ts';
import { positionIn } from '../kit/long-json.ts';
import { type BodyPart, FileUse, mediaTypeOf } from '../kit/media.ts';
import type { Job, ProviderOutput } from '../provider.ts';

// `generateContent`: words and pictures, answered at once.

const SIZES: Readonly<Record<string, string>> = { '1k': '1K', '2k': '2K', '4k': '4K' };

const size: Rule = (value, { name, set, refuse }) => {
  const word = SIZES[String(value).toLowerCase()];
  if (word === undefined) refuse(`${name} ${JSON.stringify(value)} is not offered there: only 1k, 2k, 4k`);
  else set('image.imageSize', word);
};
/** Without one the model keeps that of the picture it is given, or chooses. */
const shape: Rule = (value, { set }) => {
  if (value !== 'auto') set('image.aspectRatio', value);
};
const file: Rule = () => {};

const MAPPING: Mapping = {
  prompt: as('text'),
  imageUrl: file,
  imageUrls: file,
  videoUrl: file,
  aspectRatio: shape,
  resolution: size,
};

/** The files of a job, in the order in which they stand before the words. */
export const filesOf = ({ media }: Job): readonly JobFile[] =>
  ['imageUrl', 'imageUrls', 'videoUrl'].flatMap((name) => media[name] ?? []);

const inlined = (one: JobFile): BodyPart => ({
  inlineData: { mimeType: mediaTypeOf(one), data: new FileUse(one, 'base64') },
});

/** @param addressOf of a file that was uploaded before; the others go into the body. */
export function toContent(job: Job, addressOf: (file: JobFile) => string | undefined = () => undefined): Mapped {
  const { body, reasons } = mapInput(job, MAPPING);
  const files = filesOf(job).map((one): BodyPart => {
    const fileUri = addressOf(one);
    return fileUri === undefined ? inlined(one) : { fileData: { mimeType: mediaTypeOf(one), fileUri } };
  });
  const contents: BodyPart = [{ role: 'user', parts: [...files, { text: body.text ?? '' }] }];
  if (job.endpoint.output !== 'image') return { body: { contents }, reasons };
  const image = body.image === undefined ? {} : { imageConfig: body.image };
  // Words beside the picture, because they say why there is none.
  return { body: { contents, generationConfig: { responseModalities: ['TEXT', 'IMAGE'], ...image } }, reasons };
}

const count = z.number().nullish();
export const Content = z.object({
  candidates: z
    .array(
      z.object({
        content: z
          .object({
            parts: z
              .array(
                z.object({
                  text: z.string().nullish(),
                  thought: z.boolean().nullish(),
                  inlineData: z.object({ data: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finishReason: z.string().nullish(),
        finishMessage: z.string().nullish(),
      }),
    )
    .nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish(), blockReasonMessage: z.string().nullish() }).nullish(),
  usageMetadata: z
    .object({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count })
    .nullish(),
});
type Content = z.infer<typeof Content>;

// biome-ignore format: a list of words
const REFUSED = new Set(['SAFETY', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII', 'IMAGE_SAFETY', 'IMAGE_PROHIBITED_CONTENT', 'RECITATION', 'IMAGE_RECITATION']);
// biome-ignore format: a list of words
const WITHOUT_REASON = new Set(['NO_IMAGE', 'IMAGE_OTHER', 'OTHER', 'MALFORMED_FUNCTION_CALL', 'FINISH_REASON_UNSPECIFIED']);

/** What the answer says of the job.
 *  @param p.files what stood in the answer as digits. @throws {UpstreamError} where it holds no result. */
export function toEnded(
  job: Job,
  answer: Content,
  p: { files: readonly ProviderOutput[]; prices: TokenPrices },
): Ended & { state: 'succeeded' } {
  const { promptFeedback, usageMetadata } = answer;
  const [candidate] = answer.candidates ?? [];
  const blocked = promptFeedback?.blockReason;
  if (candidate === undefined) {
    const fault: Fault = blocked ? 'moderation' : 'failed';
    throw new UpstreamError(fault, promptFeedback?.blockReasonMessage || blocked || 'the model answered nothing');
  }
  // Drafts and thoughts are no results.
  const parts = (candidate.content?.parts ?? []).filter(({ thought }) => thought !== true);
  const text = parts.map((part) => part.text ?? '').join('');
  const outputs = job.endpoint.output === 'image' ? pictures(parts, p.files) : words(text);
  const reason = candidate.finishReason ?? 'STOP';
  if (REFUSED.has(reason) || WITHOUT_REASON.has(reason) || outputs.length === 0) {
    const fault: Fault = REFUSED.has(reason) || (outputs.length === 0 && isRefusal(text)) ? 'moderation' : 'failed';
    const said = candidate.finishMessage || text;
    throw new UpstreamError(
      fault,
      said === '' ? `the model answered without a result: ${reason}` : `${reason}: ${said}`,
    );
  }
  return { state: 'succeeded', outputs, ...costOf(usageMetadata, p.prices) };
}

type Part = NonNullable<NonNullable<NonNullable<Content['candidates']>[number]['content']>['parts']>[number];

const pictures = (parts: readonly Part[], files: readonly ProviderOutput[]): ProviderOutput[] =>
  parts.flatMap(({ inlineData }) => files[positionIn(inlineData?.data) ?? -1] ?? []);

const words = (text: string): ProviderOutput[] => (text === '' ? [] : [{ kind: 'text', text }]);

/** A model that makes no picture says why, in words only. */
const isRefusal = (text: string): boolean =>
  /policy|guideline|safety|not able to (create|generate)|can(no|')t (create|generate|help)/i.test(text);

function costOf(usage: Content['usageMetadata'], prices: TokenPrices) {
  if (!usage) return {};
  const output = (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0);
  return { cost: costOfTokens({ input: usage.promptTokenCount ?? 0, output }, prices) };
}

/** Members of an answer that hold a file. */
export const CONTENT_FILES = { data: 'base64' } as const;
