import { z } from 'zod';
import { Refused } from '../kit/definition.ts';
import { address, parse, webAddress } from '../kit/schema.ts';

// The bodies that Ark's calls take, and the visual API's for DreamActor; editions of November 2026.

const asset = () => z.string().regex(/^asset:\/\/[\w-]+$/);
const picture = z.strictObject({ url: z.union([address(), asset()]) });
const clip = z.strictObject({ url: z.union([webAddress(), asset()]) });
const search = z
  .array(z.strictObject({ type: z.literal('web_search') }))
  .length(1)
  .optional();

const Content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  z.strictObject({
    type: z.literal('image_url'),
    role: z.enum(['first_frame', 'last_frame', 'reference_image']),
    image_url: picture,
  }),
  z.strictObject({ type: z.literal('video_url'), role: z.literal('reference_video'), video_url: clip }),
  z.strictObject({ type: z.literal('audio_url'), role: z.literal('reference_audio'), audio_url: picture }),
]);

const VIDEO = z.strictObject({
  model: z.string(),
  content: z.array(Content).min(1),
  resolution: z.enum(['480p', '720p', '1080p']).optional(),
  ratio: z.enum(['16:9', '4:3', '1:1', '3:4', '9:16', '21:9', 'adaptive']).optional(),
  duration: z.union([z.literal(-1), z.int().min(4).max(15)]).optional(),
  seed: z.int().min(-1).max(4_294_967_295).optional(),
  generate_audio: z.boolean().optional(),
  watermark: z.boolean().optional(),
  return_last_frame: z.boolean().optional(),
  tools: search,
  service_tier: z.literal('default').optional(),
  execution_expires_after: z.int().min(3_600).max(259_200).optional(),
  callback_url: z.url().optional(),
  safety_identifier: z.string().optional(),
});
export type VideoBody = z.infer<typeof VIDEO>;

const IMAGE = z.strictObject({
  model: z.string(),
  prompt: z.string().min(1),
  image: z.union([address(), z.array(address()).min(1).max(14)]).optional(),
  size: z
    .string()
    .regex(/^([1-4]K|\d{3,5}x\d{3,5})$/)
    .optional(),
  sequential_image_generation: z.enum(['disabled', 'auto']).optional(),
  sequential_image_generation_options: z.strictObject({ max_images: z.int().min(1).max(15) }).optional(),
  response_format: z.enum(['url', 'b64_json']).optional(),
  output_format: z.enum(['jpeg', 'png']).optional(),
  watermark: z.boolean().optional(),
  stream: z.literal(false).optional(),
  optimize_prompt_options: z.strictObject({ mode: z.enum(['standard', 'fast']) }).optional(),
  tools: search,
});

const VISUAL = z.strictObject({
  req_key: z.string(),
  image_urls: z.array(webAddress()).length(1).optional(),
  binary_data_base64: z.array(z.base64().min(4)).length(1).optional(),
  video_url: webAddress(),
  cut_result_first_second_switch: z.boolean().optional(),
  callback_url: z.url().optional(),
});

export const invalid = (field: string, message: string) =>
  new Refused('invalid', { field, message: `the parameter ${field} is not valid: ${message}` });
const gone = (model: string) => new Refused('model-gone', { field: 'model', message: `model ${model} does not exist` });

/** @throws {Refused} */
export function readVideo(body: unknown): VideoBody {
  const sent = parse(VIDEO, body);
  const [, tier] = /^(?:dreamina|doubao)-seedance-2-0-(fast-)?260128$/.exec(sent.model) ?? [];
  if (!/^(dreamina|doubao)-seedance-2-0-(fast-)?260128$/.test(sent.model)) throw gone(sent.model);
  if (tier !== undefined && sent.resolution === '1080p') throw invalid('resolution', 'not on fast');
  const roles = sent.content.flatMap((one) => ('role' in one ? [one.role] : []));
  const count = (role: string) => roles.filter((one) => one === role).length;
  const [frames, references] = [/_frame$/, /^reference_/].map((kind) => roles.filter((role) => kind.test(role)).length);
  if (frames && references) throw invalid('content', 'frames and references exclude each other');
  if (count('first_frame') > 1 || count('last_frame') > 1) throw invalid('content', 'one of each frame');
  if (count('last_frame') > count('first_frame')) throw invalid('content', 'a last frame needs a first one');
  if (count('reference_image') > 9 || count('reference_video') > 3 || count('reference_audio') > 3)
    throw invalid('content', 'too many references');
  if (count('reference_audio') > 0 && count('reference_image') + count('reference_video') === 0)
    throw invalid('content', 'audio alone');
  if (sent.content.filter(({ type }) => type === 'text').length > 1) throw invalid('content', 'one text');
  if (sent.tools !== undefined && roles.length > 0) throw invalid('tools', 'only with text');
  return sent;
}

/** @returns how many pictures are made. @throws {Refused} */
export function readImage(body: unknown): { model: string; count: number } {
  const sent = parse(IMAGE, body);
  const { model, size = '2K', image = [], sequential_image_generation_options: options } = sent;
  const name = /^(?:doubao-)?(seedream-(?:4-0-250828|4-5-251128|5-0-lite-260128))$/.exec(model)?.[1];
  if (name === undefined) throw gone(model);
  const is40 = name.startsWith('seedream-4-0');
  const isLite = name.includes('lite');
  const [width, height] = size.split('x').map(Number);
  const named = is40 ? ['1K', '2K', '4K'] : isLite ? ['2K', '3K', '4K'] : ['2K', '4K'];
  if (width === undefined || height === undefined) {
    if (!named.includes(size)) throw invalid('size', 'not offered');
  } else if (!is40) {
    const pixels = width * height;
    if (pixels < 3_686_400 || pixels > 16_777_216) throw invalid('size', 'too few or too many pixels');
    if (width / height > 16 || height / width > 16) throw invalid('size', 'too long');
  }
  if (sent.tools !== undefined && !isLite) throw invalid('tools', 'only on 5 lite');
  if (sent.output_format !== undefined && !isLite) throw invalid('output_format', 'only on 5 lite');
  const isSeries = sent.sequential_image_generation === 'auto';
  if (options !== undefined && !isSeries) throw invalid('sequential_image_generation_options', 'only for a series');
  const count = isSeries ? (options?.max_images ?? 15) : 1;
  if ([image].flat().length + count > 15) throw invalid('image', 'at most 15 pictures, with those that are made');
  return { model, count };
}

/** @throws {Refused} */
export function readVisual(body: unknown): z.infer<typeof VISUAL> {
  const sent = parse(VISUAL, body);
  if (sent.req_key !== 'jimeng_dreamactor_m20_gen_video') throw gone(sent.req_key);
  if ((sent.image_urls === undefined) === (sent.binary_data_base64 === undefined))
    throw invalid('image_urls', 'one of image_urls, binary_data_base64');
  return sent;
}
