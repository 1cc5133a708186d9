import { at, family, perCall, type Row } from '../family.ts';
import { image, say, text, video } from '../params.ts';
import { JPG_PNG } from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

type Reads = Pick<Row, 'task' | 'params'>;
const words: Reads = {
  task: 'text-to-text',
  params: { prompt: text(say('The question or the work to do.', '要回答的问题或要完成的工作。')) },
};
const picture: Reads = {
  task: 'image-to-text',
  params: {
    prompt: text(say('What to find out about the picture.', '想从图片中了解什么。')),
    imageUrl: image(say('The picture to look at.', '要查看的图片。'), { accept: JPG_PNG, maxMegabytes: 30 }),
  },
};
const clip: Reads = {
  task: 'video-to-text',
  params: {
    prompt: text(say('What to find out about the clip.', '想从视频中了解什么。')),
    videoUrl: video(say('The clip to watch.', '要观看的视频。'), { accept: ['mp4'], maxMegabytes: 20 }),
  },
};

const plain = perCall(0.02);
const dear = perCall(0.05);

const flash25: readonly Row[] = [
  {
    id: 'rhart-text-g-25-flash/text-to-text',
    ...words,
    en: 'Answers and writes with Gemini 2.5 Flash: quick and cheap, for short copy and for rewriting prompts.',
    zh: '用 Gemini 2.5 Flash 回答与写作，又快又省，适合短文案和改写提示词。',
    price: plain,
    example: { prompt: 'Three names for a bakery that opens at midnight, one line each.' },
  },
  {
    id: 'rhart-text-g-25-flash/image-to-text',
    ...picture,
    en: 'Says what a picture shows with Gemini 2.5 Flash. For captions and alternative texts in large numbers.',
    zh: '用 Gemini 2.5 Flash 描述图片，适合大批量生成标题与替代文本。',
    price: plain,
    example: { prompt: 'Write one sentence of alternative text.', imageUrl: at('market-stall.jpg') },
  },
  {
    id: 'rhart-text-g-25-flash-cv/image-to-text',
    ...picture,
    en: 'The second route to Gemini 2.5 Flash for pictures: the same request at the same price.',
    zh: 'Gemini 2.5 Flash 看图的第二条路径，请求与价格都相同。',
    price: plain,
    example: { prompt: 'List the vegetables you can see.', imageUrl: at('soup-ingredients.png') },
  },
  {
    id: 'rhart-text-g-25-flash/video-to-text',
    ...clip,
    en: 'Says what happens in a clip with Gemini 2.5 Flash. For sorting and tagging footage.',
    zh: '用 Gemini 2.5 Flash 概述视频内容，适合素材分类与打标签。',
    price: plain,
    example: { prompt: 'Five tags for this clip, separated by commas.', videoUrl: at('surf-lesson.mp4') },
  },
];

const pro25: readonly Row[] = [
  {
    id: 'rhart-text-g-25-pro/text-to-text',
    ...words,
    en: 'Answers and writes with Gemini 2.5 Pro, which thinks longer. For scripts, plans and careful arguments.',
    zh: '用 Gemini 2.5 Pro 回答与写作，思考更深入，适合脚本、方案与严谨论证。',
    price: plain,
    example: { prompt: 'Break a one-minute film about a lost glove into six shots, with a line of dialogue each.' },
  },
  {
    id: 'rhart-text-g-25-pro/image-to-text',
    ...picture,
    en: 'Reads pictures closely with Gemini 2.5 Pro: charts, handwriting, small print.',
    zh: '用 Gemini 2.5 Pro 细读图片，擅长图表、手写与小字。',
    price: plain,
    example: { prompt: 'Read the table in this photo out as CSV.', imageUrl: at('train-timetable.jpg') },
  },
  {
    id: 'rhart-text-g-25-pro-cv/image-to-text',
    ...picture,
    en: 'The second route to Gemini 2.5 Pro for pictures: the same request at the same price.',
    zh: 'Gemini 2.5 Pro 看图的第二条路径，请求与价格都相同。',
    price: plain,
    example: { prompt: 'Which decade does this kitchen come from, and how can you tell?', imageUrl: at('kitchen.jpg') },
  },
  {
    id: 'rhart-text-g-25-pro/video-to-text',
    ...clip,
    en: 'Follows a clip from shot to shot with Gemini 2.5 Pro. For logs of scenes with times.',
    zh: '用 Gemini 2.5 Pro 逐镜头理解视频，适合生成带时间的场记。',
    price: plain,
    example: { prompt: 'List the shots with start times and camera moves.', videoUrl: at('bicycle-race.mp4') },
  },
];

const flash3: readonly Row[] = [
  {
    id: 'rhart-text-g-3-flash-preview/text-to-text',
    ...words,
    en: 'Answers and writes with the preview of Gemini 3 Flash. For drafts that need more than 2.5 Flash gives.',
    zh: '用 Gemini 3 Flash 预览版回答与写作，适合比 2.5 Flash 要求更高的草稿。',
    price: plain,
    example: { prompt: 'Turn “cat on a roof” into a detailed prompt for a ten-second video at dusk.' },
  },
  {
    id: 'rhart-text-g-3-flash-preview/image-to-text',
    ...picture,
    en: 'Turns a picture into words with the preview of Gemini 3 Flash. For prompts that should make its like again.',
    zh: '用 Gemini 3 Flash 预览版把图片写成文字，适合反推生成提示词。',
    price: plain,
    example: { prompt: 'Write a prompt that would make a picture like this.', imageUrl: at('foggy-pier.png') },
  },
  {
    id: 'rhart-text-g-3-flash-preview-cv/image-to-text',
    ...picture,
    en: 'The second route to the preview of Gemini 3 Flash for pictures: the same request at the same price.',
    zh: 'Gemini 3 Flash 预览版看图的第二条路径，请求与价格都相同。',
    price: plain,
    example: { prompt: 'Name the four main colours as hex codes.', imageUrl: at('beach-huts.jpg') },
  },
  {
    id: 'rhart-text-g-3-flash-preview/video-to-text',
    ...clip,
    en: 'Sums up a clip with the preview of Gemini 3 Flash. For titles, summaries and subtitles in a hurry.',
    zh: '用 Gemini 3 Flash 预览版总结视频，适合快速生成标题、摘要与字幕。',
    price: plain,
    example: { prompt: 'A title and a summary of two sentences.', videoUrl: at('pottery-wheel.mp4') },
  },
];

const pro3: readonly Row[] = [
  {
    id: 'rhart-text-g-3-pro-preview/text-to-text',
    ...words,
    en: 'Answers and writes with the preview of Gemini 3 Pro, the strongest of the line. For hard questions and long work.',
    zh: '用 Gemini 3 Pro 预览版回答与写作，该系列中能力最强，适合难题与长文。',
    price: dear,
    example: { prompt: 'Outline a mystery in five acts in which nobody lies and nobody tells the whole truth.' },
  },
  {
    id: 'rhart-text-g-3-pro-preview/image-to-text',
    ...picture,
    en: 'Reasons about pictures with the preview of Gemini 3 Pro: diagrams, floor plans, what is wrong with a scene.',
    zh: '用 Gemini 3 Pro 预览版对图片进行推理：示意图、平面图、画面中的问题。',
    price: dear,
    example: { prompt: 'Which shadows fall the wrong way?', imageUrl: at('collage-at-noon.png') },
  },
  {
    id: 'rhart-text-g-3-pro-preview-cv/image-to-text',
    ...picture,
    en: 'The second route to the preview of Gemini 3 Pro for pictures: the same request at the same price.',
    zh: 'Gemini 3 Pro 预览版看图的第二条路径，请求与价格都相同。',
    price: dear,
    example: { prompt: 'Explain this circuit to a beginner in five steps.', imageUrl: at('circuit-sketch.jpg') },
  },
  {
    id: 'rhart-text-g-3-pro-preview/video-to-text',
    ...clip,
    en: 'Reviews a clip with the preview of Gemini 3 Pro: continuity, pacing, what a viewer would miss.',
    zh: '用 Gemini 3 Pro 预览版审看视频：连贯性、节奏与观众容易忽略之处。',
    price: dear,
    example: { prompt: 'What breaks continuity between the first and the last shot?', videoUrl: at('two-takes.mp4') },
  },
];

export const gemini = family({ family: 'gemini', vendor: 'google', output: 'string', pricesAsOf: '2026-04-29' }, [
  ...flash25,
  ...pro25,
  ...flash3,
  ...pro3,
]);
