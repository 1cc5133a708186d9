import { createRandom, mixSeed } from '../storyboard/random.ts';
import { findValues, table } from '../storyboard/words.ts';

/** Who speaks. */
export type Voice = {
  /** The pitch around which they speak. */
  readonly pitchHz: number;
  /** How far intonation goes from it: 0 a machine, 0.35 usual, 0.8 a storyteller for children. */
  readonly liveliness: number;
  /** Resonances compared with a grown man's: 1.15 a woman's, 1.3 a child's. */
  readonly formants: number;
  /** 0 smooth to 7 hoarse. */
  readonly roughness: number;
  /** 0 none to 1 a whisper. */
  readonly breath: number;
  /** 1 is usual. */
  readonly pace: number;
  /** A way of speaking English, as espeak-ng names it. */
  readonly accent?: string;
};

type Speaker = 'man' | 'woman' | 'boy' | 'girl';
const SPEAKERS: Readonly<Record<Speaker, Pick<Voice, 'pitchHz' | 'formants'>>> = {
  man: { pitchHz: 112, formants: 1 },
  woman: { pitchHz: 205, formants: 1.15 },
  boy: { pitchHz: 240, formants: 1.2 },
  girl: { pitchHz: 262, formants: 1.25 },
};

// English, and the pinyin and names that occur in the catalogue's voice ids.
const SEXES = table<'male' | 'female'>([
  [
    'female',
    1,
    'woman|women|female|lady|girl|girlfriend|mother|mom|mama|queen|princess|aunt|grandma|grandmother|granny|abbess|she|' +
      'her|actress|daughter|sister|witch|klee\\d*|kirara|jiejie|\\w*jiejie|\\w*meizi|\\w*xuemei|guanxiaofang|\\w*shatang|' +
      'laopopo|heainainai|mengwa|peppapig|miss|mrs|soprano',
    '女|她|姐|妹|妈|奶奶|婆|姑娘|娘|阿姨',
  ],
  [
    'male',
    1,
    'man|men|male|guy|boy|boyfriend|he|his|him|father|dad|king|prince|grandpa|grandfather|gentleman|gentlemen|knight|' +
      'oldman\\d*|uncle|brother|son|monk|wizard|nanyou|xuedi|\\w*laoguowang|dongbeilaotie|\\w*xiaohuo|\\w*dashu|mr|sir|baritone',
    '男|他|哥|弟|爸|爷|叔|先生|少年|小伙|大叔|老头',
  ],
]);
const AGES = table<'young' | 'old'>([
  [
    'young',
    1,
    'child|children|kid|boy|little|baby|toddler|schoolgirl|klee\\d*|mengwa|peppapig|cartoon',
    '孩|童|小女孩|萌',
  ],
  [
    'old',
    1,
    'old|elderly|aged|grandma|grandpa|grandmother|grandfather|oldman\\d*|laopopo|heainainai|\\w*laoguowang',
    '老|爷爷|奶奶',
  ],
]);

/** What a word changes: factors for what has a middle, amounts for what begins at none. */
type Trait = Partial<Voice>;
// biome-ignore format: a table of words
const TRAITS = table<Trait>([
  [{ pitchHz: 0.8, formants: 0.94 }, 1, 'deep|low|bass|booming|resonant|heavy|imposing|diyinnansang', '低沉|浑厚|低音|磁性|厚重'],
  [{ pitchHz: 1.2, formants: 1.05 }, 1, 'high|shrill|squeaky|bright|thin', '尖|高亢|清脆|明亮'],
  [{ roughness: 4, formants: 0.98 }, 1, 'rough|gravelly|gravel|hoarse|raspy|husky|smoky|croaky|pirate|yansang|\\w*yansang', '沙哑|粗|烟嗓|嘶哑'],
  [{ breath: 0.35 }, 1, 'breathy|soft|airy|gentle|intimate|tender|sweet|asmr', '气声|轻柔|温柔|柔|甜'],
  [{ breath: 1, liveliness: 0.5 }, 1, 'whisper|whispering|whispers|whispered', '耳语|低语|悄悄'],
  [{ pace: 0.85 }, 1, 'slow|slowly|unhurried|wise|patient|deliberate|calm|relaxed|story', '慢|缓|沉稳|平静|从容'],
  [{ pace: 1.18 }, 1, 'fast|quick|rapid|brisk|hurried|energetic|exuberant|commercial', '快|急促|活力'],
  [{ liveliness: 0.15 }, 1, 'monotone|robotic|robot|flat|deadpan|machine', '机械|平板|机器'],
  [{ liveliness: 0.7 }, 1, 'calm|serious|serene|neutral|newsreader|solemn|reader', '平静|严肃|庄重|播音|新闻'],
  [{ liveliness: 1.6 }, 1, 'lively|expressive|cheerful|excited|dramatic|exuberant|inspirational|cartoon|animated|energetic', '活泼|兴奋|热情|夸张|激动'],
  [{ accent: 'en-gb' }, 1, 'british|uk|english accent|london', '英式|英国'],
  [{ accent: 'en-gb-scotland' }, 1, 'scottish|scots', '苏格兰'],
]);

/** The voice that words describe or that an id stands for. The same words are the same voice; what they leave open,
 *  such as the exact pitch, differs from one wording to the next. */
export function voiceOf(words: string): Voice {
  // `Deep_Voice_Man`, `cartoon-girl-01` and `PeppaPig` are words too.
  const text = words.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ').replace(/[_\-.]+/g, ' ');
  const random = createRandom(mixSeed(0, words));
  const sex = findValues(SEXES, text)[0] ?? (random.chance(0.5) ? 'female' : 'male');
  const age = findValues(AGES, text)[0];
  const speaker: Speaker = age === 'young' ? (sex === 'female' ? 'girl' : 'boy') : sex === 'female' ? 'woman' : 'man';
  const isOld = age === 'old';
  const { pitchHz, formants } = SPEAKERS[speaker];
  const voice: Voice = {
    pitchHz: pitchHz * random.between(0.88, 1.14) * (isOld ? 0.93 : 1),
    liveliness: random.between(0.28, 0.42),
    formants: formants * random.between(0.95, 1.06),
    roughness: isOld ? 4 : random.below(3),
    breath: 0,
    pace: random.between(0.95, 1.05) * (isOld ? 0.88 : 1),
  };
  return findValues(TRAITS, text).reduce(withTrait, voice);
}

function withTrait(voice: Voice, trait: Trait): Voice {
  return {
    pitchHz: voice.pitchHz * (trait.pitchHz ?? 1),
    liveliness: Math.min(1, voice.liveliness * (trait.liveliness ?? 1)),
    formants: voice.formants * (trait.formants ?? 1),
    roughness: Math.min(7, voice.roughness + (trait.roughness ?? 0)),
    breath: Math.max(voice.breath, trait.breath ?? 0),
    pace: voice.pace * (trait.pace ?? 1),
    ...((trait.accent ?? voice.accent) !== undefined && { accent: trait.accent ?? voice.accent ?? '' }),
  };
}

// The synthesiser speaks 9 Hz below the lower of the two pitches it is given where they are equal, and at about
// three quarters of the way where they are not: measured on espeak-ng 1.52.
const PITCH_OFFSET_HZ = 9;
const MIDDLE = 0.77;
const [LOWEST_HZ, HIGHEST_HZ] = [50, 560];

/** A voice as lines of a voice file of espeak-ng. */
export function toVariant(voice: Voice): string {
  const pitchHz = Math.min(HIGHEST_HZ, Math.max(LOWEST_HZ, voice.pitchHz));
  const spanHz = pitchHz * voice.liveliness;
  const low = pitchHz + PITCH_OFFSET_HZ - MIDDLE * spanHz;
  const scale = Math.round(100 * Math.min(1.5, Math.max(0.75, voice.formants)));
  const whisper = voice.breath;
  const peaks = [0, 1, 2, 3, 4, 5].map((peak) => {
    // The buzz of the vocal cords lies in the lowest peak.
    const strength = peak === 0 ? Math.round(100 * (1 - whisper)) : 100;
    return `formant ${peak} ${scale} ${strength} 100`;
  });
  const breath = [75, 75, 50, 40, 15, 10].map((level) => Math.round(level * whisper ** 2)).join(' ');
  return [
    `pitch ${Math.max(20, Math.round(low))} ${Math.max(20, Math.round(low + spanHz))}`,
    ...peaks,
    `roughness ${Math.round(voice.roughness)}`,
    `flutter ${voice.liveliness === 0 ? 0 : 2 + Math.round(voice.roughness * 2)}`,
    ...(whisper > 0
      ? [`voicing ${Math.round(100 - 80 * whisper)}`, `breath ${breath}`, 'breathw 150 150 200 200 400 400']
      : []),
  ].join('\n');
}
