import { at, family, perCall, perSecond, type Row } from '../family.ts';
import { flag, number, oneOf, optional, say } from '../params.ts';
import type { Words } from '../types.ts';
import { clipToEnlarge, JPG_PNG, targetResolution } from './shared.ts';
import { ENLARGEMENT, sourceImage } from './shared-pictures.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const share = (about: Words, standard: number) =>
  optional(number(about, { default: standard, min: 0, max: 1, step: 0.1 }));
const params = {
  imageUrl: sourceImage({ accept: JPG_PNG, maxMegabytes: 50 }),
  scale: oneOf(ENLARGEMENT, ['2x', '4x', '6x'], {
    default: '2x',
  }),
  subjectDetection: optional(
    oneOf(
      say('Which part of the picture to sharpen most.', '重点增强画面的哪一部分。'),
      ['All', 'Foreground', 'Background'],
      {
        default: 'All',
      },
    ),
  ),
  faceEnhancement: optional(flag(say('Whether to work on faces separately.', '是否单独增强人脸。'), { default: true })),
  faceEnhancementCreativity: share(
    say('How freely to redraw faces; 0 stays closest.', '人脸重绘的自由度，0 最忠于原图。'),
    0,
  ),
  faceEnhancementStrength: share(say('How sharp faces become beside the rest.', '人脸相对其余部分的锐化强度。'), 0.8),
};
const upscale = {
  task: 'image-upscale',
  output: 'image',
  params,
  price: perCall(['scale'], { '2x': 0.7, '4x': 1.4, '6x': 2.1 }),
} as const;

const rows: readonly Row[] = [
  {
    ...upscale,
    id: 'topazlabs/image-upscale-standard-v2',
    name: 'topazlabs-image-upscale-standard-v2',
    en: 'Enlarges everyday photographs evenly. Start here when no other model of the line plainly fits.',
    zh: '均衡放大日常照片，没有更合适的型号时首选。',
    example: { imageUrl: at('market-square.jpg'), scale: '2x' },
  },
  {
    ...upscale,
    id: 'topazlabs/image-upscale-high-fidelity-v2',
    name: 'topazlabs-image-upscale-high fidelity v2',
    en: 'Enlarges clean, sharp originals and invents as little as possible. For architecture, products and archives.',
    zh: '放大清晰的优质原图，尽量不添加内容，适合建筑、商品与档案。',
    example: { imageUrl: at('cathedral-facade.png'), scale: '4x', faceEnhancement: false },
  },
  {
    ...upscale,
    id: 'topazlabs/image-upscale/low-resolution-v2',
    name: 'topazlabs-image-upscale low resolution v2',
    en: 'Rescues tiny or heavily compressed pictures, such as screenshots and old web images.',
    zh: '抢救尺寸极小或压缩严重的图片，如截图与早年网图。',
    example: { imageUrl: at('webcam-2003.jpg'), scale: '4x', faceEnhancementStrength: 0.5 },
  },
  {
    ...upscale,
    id: 'topazlabs/image-upscale-cgi',
    name: 'topazlabs-image-upscale-cgi',
    en: 'Enlarges renderings, game art and drawings; edges stay crisp and flat areas clean.',
    zh: '放大渲染图、游戏美术与插画，边缘锐利、色块干净。',
    example: { imageUrl: at('spaceship-render.png'), scale: '2x', subjectDetection: 'Foreground' },
  },
  {
    ...upscale,
    id: 'topazlabs/image-upscale-text-refine',
    name: 'topazlabs-image-upscale-text refine',
    en: 'Enlarges pictures full of letters and keeps them legible. For labels, scanned pages and interface shots.',
    zh: '放大文字密集的图片并保持清晰可读，适合标签、扫描页与界面截图。',
    example: { imageUrl: at('medicine-label.jpg'), scale: '2x', faceEnhancement: false },
  },
  {
    id: 'topazlabs/video-upscale',
    name: 'topazlabs-video-upscale',
    task: 'video-upscale',
    en: 'Enlarges a clip to as much as 4k and can double its frame rate. For delivery of material shot small.',
    zh: '把视频放大到最高 4k，并可提升帧率，适合小尺寸素材的成片交付。',
    params: {
      videoUrl: clipToEnlarge({ accept: ['mp4'], maxMegabytes: 100 }),
      targetResolution: targetResolution(['720p', '1080p', '4k'], '1080p'),
      targetFps: oneOf(say('Frames per second of the result.', '输出帧率。'), ['30', '60'], { default: '30' }),
    },
    price: perSecond(['targetResolution', 'targetFps'], {
      '720p': { 30: 0.4, 60: 0.8 },
      '1080p': { 30: 0.7, 60: 1.5 },
      '4k': { 30: 1.2, 60: 2.5 },
    }),
    example: { videoUrl: at('school-play.mp4'), targetResolution: '720p', targetFps: '30' },
  },
];

export const topaz = family({ family: 'topaz', vendor: 'topaz-labs', pricesAsOf: '2026-04-29' }, rows);
