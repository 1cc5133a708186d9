import type { Definition } from '../kit/definition.ts';
import { alibaba } from './alibaba.ts';
import { bytedance } from './bytedance.ts';
import { fal } from './fal/fal.ts';
import { google } from './google.ts';
import { googleCloud } from './google-cloud.ts';
import { higgsfield } from './higgsfield.ts';
import { hitem3d } from './hitem3d.ts';
import { kling } from './kling.ts';
import { ltx } from './ltx.ts';
import { meshy } from './meshy.ts';
import { minimax } from './minimax.ts';
import { openai } from './openai.ts';
import { openaiCompatible } from './openai-compatible.ts';
import { pixverse } from './pixverse.ts';
import { replicate } from './replicate/replicate.ts';
import { runninghub } from './runninghub.ts';
import { runway } from './runway.ts';
import { skyreels } from './skyreels.ts';
import { tencent } from './tencent.ts';
import { topaz } from './topaz.ts';
import { vidu } from './vidu.ts';
import { worldlabs } from './worldlabs.ts';
import { xai } from './xai.ts';
import { youchuan } from './youchuan.ts';

/** Every service that can be stood in for. Adding one is a file beside this one and a line here (docs/standins.md). */
export const DEFINITIONS: readonly Definition[] = [
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
