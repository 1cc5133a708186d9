import { absent, as, type Mapping, only, type Rule, toNumber, withOther } from '../kit/body.ts';
import { FileUse } from '../kit/media.ts';
import { megapixelOf } from '../kit/shapes.ts';
import { seed } from './videos.ts';

// The picture models of Wan, Qwen and Z-Image. A message holds the pictures, and behind them the words.

const PICTURES = ['imageUrls', 'imageUrl', 'imageUrl2', 'imageUrl3'];

/** The whole message, whichever parameter comes first. */
const message: Rule = (_value, { job, set }) => {
  const shown = PICTURES.flatMap((name) => (job.media[name] ?? []).map((one) => ({ image: new FileUse(one) })));
  const { prompt } = job.input;
  const said = typeof prompt === 'string' && prompt !== '' ? [{ text: prompt }] : [];
  set('input.messages', [{ role: 'user', content: [...shown, ...said] }]);
};
/** Its row leaves the words open. */
const withWords: Rule = (value, draft) => {
  message(value, draft);
  if (draft.job.input.prompt === undefined) draft.refuse('a prompt is needed there');
};

const MESSAGE: Mapping = {
  prompt: message,
  imageUrls: withWords,
  imageUrl: withWords,
  imageUrl2: message,
  imageUrl3: message,
};

const sides: Rule = (_value, { job, set }) => {
  const { width, height } = job.input;
  if (typeof width === 'number' && typeof height === 'number') set('parameters.size', `${width}*${height}`);
};

/** About a million pixels of this shape. */
const shape: Rule = (value, { name, set, refuse }) => {
  const size = megapixelOf(value);
  if (size === undefined) refuse(`${name} ${JSON.stringify(value)} is not offered there`);
  else set('parameters.size', `${size.width}*${size.height}`);
};

/** The sizes that Qwen-Image of the first generation draws. */
const QWEN_SIZES: Readonly<Record<string, string>> = {
  '16:9': '1664*928',
  '4:3': '1472*1104',
  '1:1': '1328*1328',
  '3:4': '1104*1472',
  '9:16': '928*1664',
};
const qwenShape: Rule = (value, draft) =>
  only(
    Object.keys(QWEN_SIZES),
    as('parameters.size', (ratio) => QWEN_SIZES[String(ratio)] ?? ''),
  )(value, draft);

/** Pictures come as they are made there. */
const outputFormat = absent('png');

const WAN_25: Mapping = {
  prompt: as('input.prompt'),
  negativePrompt: as('input.negative_prompt'),
  imageUrls: (_value, { job, set }) =>
    set(
      'input.images',
      (job.media.imageUrls ?? []).map((one) => new FileUse(one)),
    ),
  size: as('parameters.size'),
  n: as('parameters.n'),
  promptExtend: as('parameters.prompt_extend'),
  seed,
};

/** By model. The first that fits. */
export const PICTURE_MODELS: readonly (readonly [RegExp, Mapping])[] = [
  [/^wan2\.5-(t2i|i2i)/, WAN_25],
  [/^wan2\.7-image/, { ...MESSAGE, width: sides, height: withOther, thinkingMode: as('parameters.thinking_mode') }],
  [
    /^qwen-image-2\.0/,
    {
      ...MESSAGE,
      negativePrompt: as('parameters.negative_prompt'),
      imageNum: as('parameters.n', toNumber),
      size: as('parameters.size'),
      promptExtend: as('parameters.prompt_extend'),
    },
  ],
  [/^z-image/, { prompt: message, aspectRatio: shape, outputFormat }],
  [/^qwen-image-edit/, { ...MESSAGE, aspectRatio: shape, outputFormat }],
  [
    /^qwen-image/,
    { prompt: message, aspectRatio: qwenShape, outputFormat, customWidth: withOther, customHeight: withOther },
  ],
];

/** A chat: pictures and clips, and behind them the words. */
export const CHAT: Mapping = {
  prompt: (_value, { job, set }) => {
    const parts = [
      ...(job.media.imageUrls ?? []).map((one) => ({ type: 'image_url', image_url: { url: new FileUse(one) } })),
      ...(job.media.videoUrl ?? []).map((one) => ({ type: 'video_url', video_url: { url: new FileUse(one) } })),
      { type: 'text', text: String(job.input.prompt) },
    ];
    set('messages', [{ role: 'user', content: parts }]);
  },
  imageUrls: withOther, // Stand with the words.
  videoUrl: withOther,
};
