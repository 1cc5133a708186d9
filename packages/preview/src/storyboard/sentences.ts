import { DIRECTION_WORDS, FRAMING_WORDS, MOVE_WORDS, PACE_WORDS, SHAKE_WORDS } from './vocabulary/camera.ts';
import { remove } from './words.ts';

// An end mark that does not end a sentence: "Mr. Fox", "f/2.8", "e.g. rain".
const ABBREVIATION = /\b(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|approx|no|jr|sr)\.$/iu;
const LABEL_WORDS = '(?:shot|scene|cut|镜头|场景|分镜|画面)\\s*(?:\\d{1,2}|[一二三四五六七八九十])\\s*[:：.)\\-–—]';
const BEFORE_LABEL = new RegExp(`(?=${LABEL_WORDS})`, 'iu');
const LABEL = new RegExp(`^\\W*${LABEL_WORDS}\\s*`, 'iu');
const CUT_TO = /\s*\b(?:(?:hard |smash |match )?cut to:?|then the scene (?:changes|shifts) to)\s+|切换到|切至|转场到/iu;

/** The prompt's sentences, English and Chinese, in order; also cut where the prompt numbers its shots or says "cut to".
 *  Never empty: a prompt without words gives one empty sentence. */
export function toSentences(prompt: string): readonly string[] {
  const sentences: string[] = [];
  for (const line of prompt.split(/[\r\n]+/u)) {
    for (const numbered of line.split(BEFORE_LABEL)) {
      for (const part of numbered.split(CUT_TO)) sentences.push(...splitAtEndMarks(part));
    }
  }
  const spoken = sentences
    .map((sentence) => sentence.replace(LABEL, '').trim())
    .filter((text) => /[\p{L}\p{N}]/u.test(text));
  return spoken.length === 0 ? [prompt.trim()] : spoken;
}

function splitAtEndMarks(text: string): readonly string[] {
  const sentences: string[] = [];
  let begin = 0;
  for (const mark of text.matchAll(/[.!?…;]+["'”’)]*(?=\s|$)|[。！？；]+["'”’）」]*/gu)) {
    const end = mark.index + mark[0].length;
    const sentence = text.slice(begin, end);
    if (ABBREVIATION.test(sentence)) continue;
    sentences.push(sentence);
    begin = end;
  }
  sentences.push(text.slice(begin));
  return sentences;
}

const MIN_PICTURE_WORDS = 2;
const MIN_PICTURE_CHARACTERS = 3;

/** True when a sentence only directs ("The camera slowly pushes in.", "4K, cinematic."): it belongs to a neighbour. */
export function isDirectionOnly(sentence: string): boolean {
  const rest = [MOVE_WORDS, FRAMING_WORDS, PACE_WORDS, SHAKE_WORDS, DIRECTION_WORDS].reduce(
    (text, rows) => remove<unknown>(rows, text),
    sentence,
  );
  const words = rest.match(/[\p{Script=Latin}\p{Script=Cyrillic}\p{N}][\p{L}\p{N}'’-]+/gu) ?? [];
  const characters = rest.match(/\p{Script=Han}/gu) ?? [];
  return words.length < MIN_PICTURE_WORDS && characters.length < MIN_PICTURE_CHARACTERS;
}

/** Sentences joined so that each group shows something: directions go with the sentence before them. */
export function toTakes(sentences: readonly string[]): readonly string[] {
  const takes: string[] = [];
  let waiting = '';
  for (const sentence of sentences) {
    const last = takes.at(-1);
    if (isDirectionOnly(sentence)) {
      if (last === undefined) waiting = join(waiting, sentence);
      else takes[takes.length - 1] = join(last, sentence);
    } else {
      takes.push(join(waiting, sentence));
      waiting = '';
    }
  }
  return takes.length === 0 ? [waiting] : takes;
}

export const join = (one: string, other: string): string => (one === '' ? other : `${one} ${other}`);
