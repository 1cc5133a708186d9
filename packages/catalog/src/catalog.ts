import { flux } from './families/flux.ts';
import { gptImage } from './families/gpt-image.ts';
import { hypir } from './families/hypir.ts';
import { kling } from './families/kling.ts';
import { midjourney } from './families/midjourney.ts';
import { nanoBanana } from './families/nano-banana.ts';
import { qwenImage } from './families/qwen-image.ts';
import { seedance } from './families/seedance.ts';
import { seedream } from './families/seedream.ts';
import { sora } from './families/sora.ts';
import { topaz } from './families/topaz.ts';
import { veo } from './families/veo.ts';
import { zImage } from './families/z-image.ts';
import { createCatalog } from './lookup.ts';

/** Everything that Reelay may be asked for. */
export const catalog = createCatalog([
  sora,
  veo,
  kling,
  seedance,
  flux,
  nanoBanana,
  qwenImage,
  zImage,
  hypir,
  gptImage,
  seedream,
  topaz,
  midjourney,
]);
