import type { Case } from './cases.ts';
import { endings, legacyCases } from './legacy-cases.ts';
import { v2Cases } from './v2-cases.ts';

/** Every documented call of the compatible surfaces, with every error that is documented for it. */
export const TABLE: readonly Case[] = [...legacyCases, ...v2Cases, ...endings];
