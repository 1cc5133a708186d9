/** Languages by the names of the catalogue's `language_boost`, with the synthesiser's name for each. */
const BY_NAME: Readonly<Record<string, string>> = {
  Chinese: 'cmn',
  'Chinese,Yue': 'yue',
  English: 'en-us',
  Arabic: 'ar',
  Russian: 'ru',
  Spanish: 'es',
  French: 'fr-fr',
  Portuguese: 'pt',
  German: 'de',
  Turkish: 'tr',
  Dutch: 'nl',
  Ukrainian: 'uk',
  Vietnamese: 'vi',
  Indonesian: 'id',
  Japanese: 'ja',
  Italian: 'it',
  Korean: 'ko',
  Thai: 'th',
  Polish: 'pl',
  Romanian: 'ro',
  Greek: 'el',
  Czech: 'cs',
  Finnish: 'fi',
  Hindi: 'hi',
};

/** Kana first: Japanese is written with Chinese characters too. */
const BY_SCRIPT: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Han}/u, 'cmn'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/[іїєґ]/iu, 'uk'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/[ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/iu, 'vi'],
];

/** A language as the synthesiser names it, from what the caller calls it (`zh`, `English`, `auto`) or, where that says
 *  nothing, from the letters of the text. */
export function tongueOf(text: string, said = ''): string {
  if (said === 'zh') return 'cmn';
  if (said === 'en') return 'en-us';
  return BY_NAME[said] ?? BY_SCRIPT.find(([letters]) => letters.test(text))?.[1] ?? 'en-us';
}
