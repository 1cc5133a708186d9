import { alibaba } from './alibaba/alibaba.ts';
import { bytedance } from './bytedance/bytedance.ts';
import { fal } from './fal/fal.ts';
import { google } from './google/google.ts';
import { googleCloud } from './google/google-cloud.ts';
import { higgsfield } from './higgsfield/higgsfield.ts';
import { hitem3d } from './hitem3d/hitem3d.ts';
import { kling } from './kling/kling.ts';
import { ltx } from './ltx/ltx.ts';
import { meshy } from './meshy/meshy.ts';
import { minimax } from './minimax/minimax.ts';
import { openai } from './openai/openai.ts';
import { openaiCompatible } from './openai-compatible/openai-compatible.ts';
import { pixverse } from './pixverse/pixverse.ts';
import type { ProviderType } from './provider-type.ts';
import { replicate } from './replicate/replicate.ts';
import { runninghub } from './runninghub/runninghub.ts';
import { runway } from './runway/runway.ts';
import { skyreels } from './skyreels/skyreels.ts';
import { tencent } from './tencent/tencent.ts';
import { topaz } from './topaz/topaz.ts';
import { vidu } from './vidu/vidu.ts';
import { worldlabs } from './worldlabs/worldlabs.ts';
import { xai } from './xai/xai.ts';
import { youchuan } from './youchuan/youchuan.ts';

/** Every kind of upstream that a channel can be made of. Adding one is a folder beside this file and a line here:
 *  docs/providers.md. */
export const PROVIDER_TYPES: readonly ProviderType[] = [
  alibaba,
  bytedance,
  fal,
  google,
  googleCloud,
  higgsfield,
  hitem3d,
  kling,
  ltx,
  meshy,
  minimax,
  openai,
  openaiCompatible,
  pixverse,
  replicate,
  runninghub,
  runway,
  skyreels,
  tencent,
  topaz,
  vidu,
  worldlabs,
  xai,
  youchuan,
];
