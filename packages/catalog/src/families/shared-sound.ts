/** Parameters of speech and music that mean the same in every family. What differs is given: limits, sounds. */
import { number, optional, say, text } from '../params.ts';
import type { NumberParam, TextParam } from '../types.ts';

export const spokenText = (options: Pick<TextParam, 'maxChars' | 'inlineTags'> = {}) =>
  text(say('What to say.', '要朗读的文本。'), options);

type SpeedLimits = Required<Pick<NumberParam, 'min' | 'max' | 'step'>>;
export const speechSpeed = (limits: SpeedLimits) =>
  optional(number(say('How fast; 1 is normal.', '语速，1 为正常。'), { default: 1, ...limits }));

export const lyrics = (limits: Pick<TextParam, 'maxChars'> = {}) =>
  text(
    say('The words that are sung, with parts such as [Verse] in brackets.', '歌词，可用 [Verse] 等方括号标出段落。'),
    limits,
  );
