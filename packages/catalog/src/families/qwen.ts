import { at, family, perCall } from '../family.ts';
import { images, optional, say, text, video } from '../params.ts';
import { JPG_PNG_WEBP } from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

export const qwen = family({ family: 'qwen', vendor: 'alibaba', output: 'string', pricesAsOf: '2026-04-29' }, [
  {
    id: 'rhart-text-qwen-27b/chat',
    task: 'chat',
    en: 'Answers in words with the open 27B Qwen, about up to five pictures and a clip if given. For talk about media.',
    zh: '用开源 Qwen 27B 对话作答，可附最多五张图片和一段视频，适合就素材提问。',
    params: {
      prompt: text(say('What to say to the model.', '要对模型说的话。')),
      imageUrls: optional(
        images(say('Pictures to talk about.', '要讨论的图片。'), {
          accept: JPG_PNG_WEBP,
          maxItems: 5,
          maxMegabytes: 30,
        }),
      ),
      videoUrl: optional(
        video(say('A clip to talk about.', '要讨论的视频。'), { accept: ['mp4', 'mov'], maxMegabytes: 100 }),
      ),
    },
    price: perCall(0.1),
    example: {
      prompt: 'Which of these two logos reads better at sixteen pixels, and why?',
      imageUrls: [at('logo-round.png'), at('logo-square.png')],
    },
  },
]);
