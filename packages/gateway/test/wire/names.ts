export const KEY = '0123456789abcdef0123456789abcdef';
export const WRONG_KEY = 'ffffffffffffffffffffffffffffffff';
export const MODEL = 'rhart-video-s-official/text-to-video-pro';

/** What an upstream may make of a task: the first word of its prompt. */
export const FATES = ['queued', 'running', 'picture', 'words', 'silence', 'failed', 'refused', 'canceled'] as const;
export type Fate = (typeof FATES)[number];
