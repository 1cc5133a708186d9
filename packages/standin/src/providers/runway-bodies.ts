import { z } from 'zod';
import { Refused } from '../kit/definition.ts';
import { parse } from '../kit/schema.ts';

// Bodies of Runway's API, version 2024-11-06, edition of November 2026.

const DATA_URI = /^data:(image|video|audio)\/[\w.+-]+;base64,[A-Za-z0-9+/]+=*$/;
const MAX_DATA_URI_CHARS = 5 * 1024 ** 2;
const uri = z
  .string()
  .refine((value) => /^https:\/\/\S+$/.test(value) || /^runway:\/\/\S+$/.test(value) || DATA_URI.test(value), 'no URI')
  .refine((value) => !value.startsWith('data:') || value.length <= MAX_DATA_URI_CHARS, 'a data URI of at most 5 MB');
/** UTF-16 code units, as it counts. */
const text = (max: number) => z.string().min(1).max(max);
const seed = z.int().min(0).max(4_294_967_295).optional();
const audio = z.boolean().optional();
const framed = (...positions: ['first', ...'last'[]]) =>
  z.union([
    uri,
    z
      .array(z.strictObject({ uri, position: z.enum(positions) }))
      .min(1)
      .max(positions.length),
  ]);

const VEO_RATIO = z.enum(['1280:720', '720:1280', '1080:1920', '1920:1080']);
const veo = {
  ratio: VEO_RATIO,
  audio,
  duration: z.literal([4, 6, 8]).optional(),
  negativePrompt: z.string().min(1).optional(),
  seed,
};
// biome-ignore format: a list
const SMALL = ['992:432', '864:496', '752:560', '640:640', '560:752', '496:864', '1470:630', '1280:720', '1112:834', '960:960', '834:1112', '720:1280'];
// biome-ignore format: a list
const LARGE = ['2206:946', '1920:1080', '1664:1248', '1440:1440', '1248:1664', '1080:1920', '3840:1646', '3840:2160', '3840:2880', '3840:3840', '2880:3840', '2160:3840'];
const referenceAudio = z
  .array(z.strictObject({ type: z.literal('audio'), uri }))
  .min(1)
  .optional();
const seedance = (ratios: string[]) => ({
  ratio: z.enum(ratios).optional(),
  audio,
  duration: z.union([z.int().min(4).max(15), z.literal('auto')]).optional(),
  seed,
  referenceAudio,
});
const seedanceFromText = (ratios: string[]) => ({
  ...seedance(ratios),
  promptText: text(3_500),
  references: z.array(z.strictObject({ uri })).min(1).max(9).optional(),
  referenceVideos: z
    .array(z.strictObject({ type: z.literal('video'), uri }))
    .min(1)
    .optional(),
});
const seedanceFromPicture = (ratios: string[]) => ({
  ...seedance(ratios),
  promptText: text(3_500).optional(),
  promptImage: framed('first', 'last'),
});

const turned = (ratios: string[]): string[] => [
  ...new Set([...ratios, ...ratios.map((ratio) => ratio.split(':').toReversed().join(':'))]),
];
// biome-ignore format: a list
const PRO = [
  ...turned(['1344:768', '1024:1024', '1184:864', '1248:832', '1152:896', '2048:2048', '2528:1696', '2400:1792', '2304:1856', '2752:1536']),
  ...turned(['4096:4096', '5056:3392', '4800:3584', '4608:3712', '5504:3072']),
  ...['1536:672', '3168:1344', '6336:2688'],
];
// biome-ignore format: a list
const FLASH = [
  ...PRO,
  ...turned(['512:512', '624:416', '592:432', '576:448', '672:384', '1024:256', '1408:176', '2048:512', '2816:352', '4096:1024', '5632:704', '8192:2048', '11264:1408']),
  '768:336',
];
// biome-ignore format: a list
const GPT = [
  ...turned(['1920:1088', '1920:1280', '1920:1440', '1920:1536', '1920:1920', '2560:1440', '2560:1712', '2560:1920', '2560:2048', '2560:2560']),
  ...turned(['3840:2160', '3504:2336', '3264:2448', '3200:2560', '2880:2880']),
  ...['2048:880', '2912:1248', '3840:1648', 'auto'],
];
const tag = z
  .string()
  .regex(/^[A-Za-z]\w{2,15}$/)
  .optional();
const pictures = (max: number, more = {}) =>
  z
    .array(z.strictObject({ uri, ...more }))
    .min(1)
    .max(max)
    .optional();
const gemini = (ratios: string[]) => ({
  promptText: z.string().min(1),
  ratio: z.enum(ratios),
  outputCount: z.literal([1, 4]).optional(),
  referenceImages: pictures(14, { subject: z.enum(['object', 'human']).optional(), tag }),
});
const freeSize = z.string().refine((ratio) => {
  const [, width, height] = /^(\d+):(\d+)$/.exec(ratio) ?? [];
  const pixels = Number(width) * Number(height);
  return pixels >= 3_686_400 && pixels <= 16_777_216;
}, 'from 3686400 to 16777216 pixels');

/** The members besides the model, by call and model. */
const MODELS: Readonly<Record<string, Readonly<Record<string, z.ZodRawShape>>>> = {
  image_to_video: {
    gen4_turbo: {
      promptImage: framed('first'),
      ratio: z.enum(['1280:720', '720:1280', '1104:832', '832:1104', '960:960', '1584:672']),
      contentModeration: z.strictObject({ publicFigureThreshold: z.enum(['auto', 'low']).optional() }).optional(),
      duration: z.int().min(2).max(10).optional(),
      promptText: text(1_000).optional(),
      seed,
    },
    'veo3.1': { ...veo, promptImage: framed('first', 'last'), promptText: text(1_000).optional() },
    'veo3.1_fast': { ...veo, promptImage: framed('first', 'last'), promptText: text(1_000).optional() },
    happyhorse_1_0: {
      promptImage: framed('first'),
      duration: z.int().min(3).max(15).optional(),
      promptText: text(2_500).optional(),
      resolution: z.enum(['720p', '1080p']).optional(),
    },
    seedance2: seedanceFromPicture([...SMALL, ...LARGE]),
    seedance2_fast: seedanceFromPicture(SMALL),
  },
  text_to_video: {
    'veo3.1': { ...veo, promptText: text(1_000) },
    'veo3.1_fast': { ...veo, promptText: text(1_000) },
    happyhorse_1_0: {
      promptText: text(2_500),
      duration: z.int().min(3).max(15).optional(),
      ratio: z.enum(turned(['1280:720', '960:960', '1108:832', '1920:1080', '1440:1440', '1662:1248'])).optional(),
    },
    seedance2: seedanceFromText([...SMALL, ...LARGE]),
    seedance2_fast: seedanceFromText(SMALL),
  },
  video_to_video: {
    aleph2: {
      videoUri: uri,
      promptText: z.string().min(1).optional(),
      keyframes: z
        .array(
          z.union([
            z.strictObject({ seconds: z.number().min(0), uri }),
            z.strictObject({ at: z.number().min(0).max(1), uri }),
          ]),
        )
        .max(5)
        .optional(),
      targetAspectRatio: z.enum(['16:9', '4:3', '3:2', '1:1', '2:3', '3:4', '9:16', '21:9']).optional(),
      outputFormat: z.enum(['mp4', 'prores', 'png_sequence', 'sdr_rec709_10bit']).optional(),
      seed,
    },
  },
  text_to_image: {
    gpt_image_2: {
      promptText: text(32_000),
      ratio: z.enum(GPT),
      background: z.enum(['transparent', 'opaque', 'auto']).optional(),
      outputCount: z.int().min(1).max(10).optional(),
      quality: z.enum(['low', 'medium', 'high', 'auto']).optional(),
      referenceImages: pictures(16, { tag }),
    },
    gemini_image3_pro: gemini(PRO),
    'gemini_image3.1_flash': gemini(FLASH),
    seedream5_lite: {
      promptText: text(4_000),
      ratio: freeSize,
      grounding: z.boolean().optional(),
      outputCount: z.int().min(1).optional(),
      outputFormat: z.enum(['png', 'jpeg']).optional(),
      referenceImages: pictures(14),
    },
  },
};
export const CALLS = Object.keys(MODELS);

/** Reads the body of a call. @throws {Refused} */
export function readBody(call: string, body: unknown): { model: string; uris: string[] } {
  const { model } = parse(z.object({ model: z.string() }), body);
  const shape = MODELS[call]?.[model];
  if (shape === undefined) {
    throw new Refused('model-gone', { field: 'model', message: `Model variant ${model} is not available.` });
  }
  const sent = parse(z.strictObject({ model: z.string(), ...shape }), body);
  return { model, uris: urisIn(sent) };
}

const urisIn = (value: unknown): string[] => {
  if (typeof value === 'string') return value.startsWith('runway://') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(urisIn) : [];
};
