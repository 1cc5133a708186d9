import { at, family, perSecond, type Row } from '../family.ts';
import { say, video } from '../params.ts';
import { clipToEnlarge, targetResolution } from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const upTo500MB = { accept: ['mp4'], maxMegabytes: 500 };

const rows: readonly Row[] = [
  {
    id: 'rhart-video/video-upscaler',
    name: 'rh-video-upscaler',
    formerIds: ['rh/video-upscaler'],
    task: 'video-upscale',
    en: 'Enlarges clips of up to ten minutes to 720p, 1080p, 2k or 4k, billed by the second. For long recordings.',
    zh: '把最长十分钟的视频放大到 720p、1080p、2k 或 4k，按秒计费，适合较长的素材。',
    params: {
      videoUrl: clipToEnlarge({ ...upTo500MB, maxSeconds: 600 }),
      targetResolution: targetResolution(['720p', '1080p', '2k', '4k'], '1080p'),
    },
    price: perSecond(['targetResolution'], { '720p': 0.14, '1080p': 0.21, '2k': 0.35, '4k': 0.56 }),
    example: { videoUrl: at('wedding-dance.mp4'), targetResolution: '720p' },
  },
  {
    id: 'rhart-video/video-fps-increaser',
    name: 'rh-video-fps-increaser',
    formerIds: ['rh/video-fps-increaser'],
    task: 'video-interpolate',
    en: 'Draws pictures between the pictures of a clip, so that movement looks smoother. For generated and old footage.',
    zh: '在视频帧之间补画新帧，让动作更流畅，适合生成视频与老旧素材。',
    params: { videoUrl: video(say('The clip to make smoother.', '要补帧的视频。'), upTo500MB) },
    price: perSecond(0.07),
    example: { videoUrl: at('stop-motion-teapot.mp4') },
  },
];

export const rhTools = family({ family: 'rh-tools', vendor: 'runninghub', pricesAsOf: '2026-04-29' }, rows);
