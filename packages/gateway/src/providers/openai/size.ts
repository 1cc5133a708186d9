import type { Json } from '@reelay/catalog';
import type { JobFile } from '../../contract/asset.ts';

/** Of a clip, where only its height class or nothing is said: the way up is that of the picture it begins with. */
export function clipSize(resolution: Json | undefined, picture: JobFile | undefined): string {
  const { widthPx = 0, heightPx = 1 } = picture?.facts ?? {};
  const own = `${widthPx}x${heightPx}`;
  if (resolution === undefined && CLIP_SIZES.has(own)) return own;
  const [short, long] = resolution === '1080p' ? [1_080, 1_920] : [720, 1_280];
  return widthPx > heightPx ? `${long}x${short}` : `${short}x${long}`;
}
const CLIP_SIZES = new Set(['720x1280', '1280x720', '1024x1792', '1792x1024']);
