import { cinematic } from './families/cinematic.ts';
import { dreamactor } from './families/dreamactor.ts';
import { flux } from './families/flux.ts';
import { gemini } from './families/gemini.ts';
import { gptImage } from './families/gpt-image.ts';
import { grok } from './families/grok.ts';
import { hailuo } from './families/hailuo.ts';
import { happyhorse } from './families/happyhorse.ts';
import { higgsfield } from './families/higgsfield.ts';
import { hitem3d } from './families/hitem3d.ts';
import { hunyuan3d } from './families/hunyuan3d.ts';
import { hypir } from './families/hypir.ts';
import { kling } from './families/kling.ts';
import { ltx } from './families/ltx.ts';
import { marble } from './families/marble.ts';
import { meshy } from './families/meshy.ts';
import { midjourney } from './families/midjourney.ts';
import { minimax } from './families/minimax.ts';
import { nanoBanana } from './families/nano-banana.ts';
import { pixverse } from './families/pixverse.ts';
import { qwen } from './families/qwen.ts';
import { qwenImage } from './families/qwen-image.ts';
import { rhTools } from './families/rh-tools.ts';
import { runway } from './families/runway.ts';
import { seedance } from './families/seedance.ts';
import { seedream } from './families/seedream.ts';
import { skyreels } from './families/skyreels.ts';
import { sora } from './families/sora.ts';
import { suno } from './families/suno.ts';
import { topaz } from './families/topaz.ts';
import { veo } from './families/veo.ts';
import { vidu } from './families/vidu.ts';
import { wan } from './families/wan.ts';
import { zImage } from './families/z-image.ts';
import { createCatalog } from './lookup.ts';

/** Everything that Reelay may be asked for. */
export const catalog = createCatalog([
  sora,
  veo,
  kling,
  seedance,
  wan,
  hailuo,
  vidu,
  pixverse,
  skyreels,
  grok,
  ltx,
  runway,
  higgsfield,
  happyhorse,
  cinematic,
  dreamactor,
  rhTools,
  flux,
  nanoBanana,
  qwenImage,
  zImage,
  hypir,
  gptImage,
  seedream,
  topaz,
  midjourney,
  gemini,
  hitem3d,
  hunyuan3d,
  marble,
  meshy,
  minimax,
  qwen,
  suno,
]);
