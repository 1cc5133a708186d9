import { at, family, perSecond, type Row } from '../family.ts';
import { clipOfMovement, pictureOfActor } from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const rows: readonly Row[] = [
  {
    id: 'bytedance/dreamactor-v2',
    altNames: ['seedance-2.0/video-ref-to-video-trial', 'sd2.0/video-ref-to-video-trial'],
    task: 'motion-control',
    en: 'Lets the figure of one picture act out the gestures, face and lip movements of a clip. For puppets, mascots and stand-ins.',
    zh: '让图片中的形象复现视频里的动作、表情与口型，适合虚拟形象、吉祥物与替身演出。',
    params: {
      imageUrl: pictureOfActor({
        accept: ['jpg', 'jpeg', 'png'],
        maxMegabytes: 5,
        minDimensions: '480x480',
        maxDimensions: '1920x1080',
      }),
      videoUrl: clipOfMovement({
        accept: ['mp4', 'mov', 'webm'],
        maxMegabytes: 100,
        maxSeconds: 30,
        minDimensions: '200x200',
        maxDimensions: '2048x1440',
      }),
    },
    price: perSecond(0.32),
    example: { imageUrl: at('clay-pirate.png'), videoUrl: at('storyteller.webm') },
  },
];

export const dreamactor = family({ family: 'dreamactor', vendor: 'bytedance', pricesAsOf: '2026-04-29' }, rows);
