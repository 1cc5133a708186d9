import { sora } from './families/sora.ts';
import { createCatalog } from './lookup.ts';

/** Everything that Reelay may be asked for. */
export const catalog = createCatalog([sora]);
