import { kling } from './families/kling.ts';
import { seedance } from './families/seedance.ts';
import { sora } from './families/sora.ts';
import { veo } from './families/veo.ts';
import { createCatalog } from './lookup.ts';

/** Everything that Reelay may be asked for. */
export const catalog = createCatalog([sora, veo, kling, seedance]);
