import { type Table, table } from '../../storyboard/words.ts';
import type { TimbreName } from './timbres.ts';

/** How chords are played: held, strummed with the drums, broken into single notes, or in short stabs between beats. */
type ChordStyle = 'held' | 'strummed' | 'broken' | 'offbeat';
type DrumName = 'kick' | 'snare' | 'hat' | 'shaker' | 'clap';

/** What a kind of music is played with. */
export type Genre = {
  readonly tempoBpm: readonly [slow: number, fast: number];
  /** Hits of a bar in sixteenths: `x` loud, `.` soft, `-` none. A bar without drums is an empty record. */
  readonly drums: Readonly<Partial<Record<DrumName, string>>>;
  readonly chords: TimbreName;
  readonly chordStyle: ChordStyle;
  readonly bass: TimbreName;
  /** Sixteenths on which the bass plays. */
  readonly bassHits: string;
  readonly lead: TimbreName;
  /** How late every other eighth is, 0 even to 0.33 a triplet. */
  readonly swing: number;
  /** 0 minor, 1 major; what the words do not say. */
  readonly brightness: number;
  readonly isPentatonic?: true;
  /** How much of everything is heard again from the room. */
  readonly room: number;
};

const FOUR = 'x---x---x---x---';
const BACK = '----x-------x---';
const EIGHTHS = 'x-.-x-.-x-.-x-.-';

// biome-ignore format: a record of few words
export const POP: Genre = {
  tempoBpm: [96, 122], room: 0.18, swing: 0, brightness: 0.6,
  drums: { kick: 'x-------x-x-----', snare: BACK, hat: EIGHTHS },
  chords: 'piano', chordStyle: 'strummed', bass: 'fingerBass', bassHits: 'x--x--x-x--x--x-', lead: 'synth',
};

/** Kinds of music by the words for them; where several are named the strongest row leads. */
// biome-ignore format: a table of sounds
export const GENRES: Table<Genre> = table<Genre>([
  [
    {
      ...POP, tempoBpm: [118, 150], room: 0.14, brightness: 0.5,
      drums: { kick: 'x-----x-x-x-----', snare: BACK, hat: 'x-x-x-x-x-x-x-x-' },
      chords: 'overdriven', bassHits: 'x-x-x-x-x-x-x-x-', lead: 'overdriven',
    },
    2, 'rock|punk|grunge|alternative|guitar band', '摇滚|朋克',
  ],
  [
    {
      ...POP, tempoBpm: [140, 172], room: 0.12, brightness: 0.1,
      drums: { kick: 'xx-xxx-xxx-xxx-x', snare: BACK, hat: 'x---x---x---x---' },
      chords: 'overdriven', bassHits: 'xx-xxx-xxx-xxx-x', lead: 'overdriven',
    },
    3, 'metal|hardcore|thrash', '金属',
  ],
  [
    {
      ...POP, tempoBpm: [120, 130], room: 0.2, brightness: 0.4,
      drums: { kick: FOUR, clap: BACK, hat: '--x---x---x---x-', shaker: '.-.-.-.-.-.-.-.-' },
      chords: 'synth', chordStyle: 'offbeat', bass: 'synthBass', bassHits: '--x---x---x---x-', lead: 'synth',
    },
    2, 'electronic|edm|house|techno|trance|dance|club|synthwave|electro|dubstep|rave', '电子|舞曲|电音|迪厅',
  ],
  [
    {
      ...POP, tempoBpm: [80, 98], room: 0.1, brightness: 0.25, swing: 0.08,
      drums: { kick: 'x--x--x---x-----', snare: BACK, hat: 'x-x-x-xxx-x-x-xx' },
      chords: 'keys', chordStyle: 'held', bass: 'subBass', bassHits: 'x--x------x-----', lead: 'bell',
    },
    2, 'hip[- ]?hop|rap|trap|drill|boom bap|beat', '说唱|嘻哈',
  ],
  [
    {
      ...POP, tempoBpm: [70, 84], room: 0.16, brightness: 0.55, swing: 0.16,
      drums: { kick: 'x------x--x-----', snare: BACK, hat: 'x-.-x-.-x-.-x-.-' },
      chords: 'keys', chordStyle: 'held', bass: 'subBass', bassHits: 'x-----x---x-----', lead: 'keys',
    },
    3, 'lo-?fi|chill|chillhop|study|relaxing', '低保真|慵懒|学习',
  ],
  [
    {
      ...POP, tempoBpm: [104, 150], room: 0.14, brightness: 0.6, swing: 0.3,
      drums: { kick: '.-------.-------', snare: '----.--.----.---', hat: 'x---x--xx---x--x' },
      chords: 'piano', chordStyle: 'offbeat', bass: 'uprightBass', bassHits: FOUR, lead: 'brass',
    },
    2, 'jazz|swing|bebop|big band|saxophone|sax', '爵士|萨克斯',
  ],
  [
    {
      ...POP, tempoBpm: [64, 96], room: 0.34, brightness: 0.5, drums: {},
      chords: 'strings', chordStyle: 'held', bass: 'strings', bassHits: 'x-------x-------', lead: 'flute',
    },
    2, 'classical|orchestra|orchestral|symphony|symphonic|string quartet|chamber|baroque', '古典|交响|管弦|弦乐',
  ],
  [
    {
      ...POP, tempoBpm: [70, 110], room: 0.36, brightness: 0.25,
      drums: { kick: 'x-----x-x-----x-', snare: '------------x-x-' },
      chords: 'strings', chordStyle: 'held', bass: 'strings', bassHits: 'x-x-x-x-x-x-x-x-', lead: 'brass',
    },
    2, 'cinematic|epic|trailer|film score|soundtrack|heroic|dramatic', '史诗|电影|配乐|预告|宏大',
  ],
  [
    {
      ...POP, tempoBpm: [84, 116], room: 0.16, brightness: 0.7,
      drums: { kick: 'x-------x-------', shaker: EIGHTHS },
      chords: 'guitar', chordStyle: 'strummed', bass: 'uprightBass', bassHits: 'x-------x---x---', lead: 'guitar',
    },
    2, 'folk|country|acoustic|campfire|bluegrass|singer-songwriter|ukulele|ballad', '民谣|乡村|木吉他|弹唱|尤克里里',
  ],
  [
    {
      ...POP, tempoBpm: [54, 70], room: 0.42, brightness: 0.45, drums: {},
      chords: 'pad', chordStyle: 'held', bass: 'pad', bassHits: 'x---------------', lead: 'bell',
    },
    2, 'ambient|meditation|drone|new age|sleep|spa|ethereal|dreamy', '氛围|冥想|睡眠|空灵|梦幻',
  ],
  [
    {
      ...POP, tempoBpm: [72, 96], room: 0.16, brightness: 0.45, swing: 0.1,
      drums: { kick: 'x--x----x-x-----', snare: BACK, hat: 'x.x.x.x.x.x.x.x.' },
      chords: 'keys', chordStyle: 'held', bass: 'fingerBass', bassHits: 'x--x--x---x-x---', lead: 'keys',
    },
    2, 'r&b|rnb|soul|neo-soul|gospel|motown', '灵魂乐|节奏布鲁斯',
  ],
  [
    {
      ...POP, tempoBpm: [108, 122], room: 0.12, brightness: 0.55,
      drums: { kick: FOUR, snare: BACK, hat: 'xxxxxxxxxxxxxxxx' },
      chords: 'guitar', chordStyle: 'offbeat', bass: 'fingerBass', bassHits: 'x-x--x-xx-x--x-x', lead: 'brass',
    },
    2, 'funk|disco|groovy|funky', '放克|迪斯科',
  ],
  [
    {
      ...POP, tempoBpm: [72, 88], room: 0.2, brightness: 0.7,
      drums: { kick: '--------x-------', snare: '--------x-------', hat: EIGHTHS },
      chords: 'organ', chordStyle: 'offbeat', bass: 'subBass', bassHits: 'x--x--x---x-x---', lead: 'organ',
    },
    2, 'reggae|dub|ska|caribbean', '雷鬼',
  ],
  [
    {
      ...POP, tempoBpm: [92, 128], room: 0.16, brightness: 0.6,
      drums: { kick: 'x--xx--xx--xx--x', clap: '---x--x---x-x---', shaker: 'x.x.x.x.x.x.x.x.' },
      chords: 'guitar', chordStyle: 'broken', bass: 'uprightBass', bassHits: 'x--xx--xx--xx--x', lead: 'flute',
    },
    2, 'bossa nova|bossa|latin|salsa|samba|tango|flamenco|reggaeton|mambo', '拉丁|桑巴|探戈|弗拉门戈|巴萨诺瓦',
  ],
  [
    {
      ...POP, tempoBpm: [64, 88], room: 0.3, brightness: 0.6, isPentatonic: true,
      drums: { shaker: 'x-------.-------' },
      chords: 'zither', chordStyle: 'broken', bass: 'subBass', bassHits: 'x-------x-------', lead: 'fiddle',
    },
    3, 'chinese traditional|guzheng|guqin|erhu|pipa|oriental|chinese style|koto', '古风|中国风|国风|古筝|古琴|二胡|琵琶|戏曲|民乐',
  ],
  [
    {
      ...POP, tempoBpm: [84, 116], room: 0.14, brightness: 0.3, swing: 0.32,
      drums: { kick: 'x-------x-------', snare: BACK, hat: EIGHTHS },
      chords: 'organ', chordStyle: 'strummed', bass: 'fingerBass', bassHits: FOUR, lead: 'overdriven',
    },
    2, 'blues|bluesy|boogie', '蓝调|布鲁斯',
  ],
  [
    {
      ...POP, tempoBpm: [128, 160], room: 0.06, brightness: 0.8,
      drums: { kick: 'x---x---x---x-x-', snare: BACK, hat: 'x-x-x-x-x-x-x-x-' },
      chords: 'chip', chordStyle: 'broken', bass: 'chip', bassHits: 'x-x-x-x-x-x-x-x-', lead: 'chip',
    },
    3, '8[- ]?bit|chiptune|video ?game|arcade|retro game', '8位|游戏音乐|像素',
  ],
  [POP, 1, 'pop|k-?pop|j-?pop|c-?pop|mandopop|idol|radio', '流行|偶像'],
]);

/** Instruments that the words ask for: who plays the tune, or the chords. */
export const NAMED_LEADS = table<TimbreName>([
  ['piano', 1, 'piano solo|solo piano', '钢琴独奏'],
  ['flute', 1, 'flute|recorder|whistle|panpipe', '笛|箫'],
  ['fiddle', 1, 'violin|fiddle|erhu|cello|viola', '小提琴|二胡|大提琴'],
  ['brass', 1, 'trumpet|trombone|horn|brass|sax|saxophone', '小号|圆号|铜管|萨克斯'],
  ['overdriven', 1, 'electric guitar|distorted guitar|guitar solo', '电吉他'],
  ['bell', 1, 'bell|music box|glockenspiel|celesta|vibraphone|xylophone|marimba', '铃|八音盒|钟琴|木琴'],
  ['synth', 1, 'synth|synthesizer', '合成器'],
  ['organ', 1, 'organ|accordion|harmonica', '风琴|口琴'],
  ['zither', 1, 'guzheng|koto|harp|pipa|banjo|sitar', '古筝|琵琶|竖琴'],
]);
export const NAMED_CHORDS = table<TimbreName>([
  ['piano', 1, 'piano', '钢琴'],
  ['guitar', 1, 'acoustic guitar|guitar|ukulele', '吉他|尤克里里'],
  ['strings', 1, 'strings|orchestra', '弦乐'],
  ['keys', 1, 'electric piano|rhodes|keys', '电钢琴'],
  ['organ', 1, 'organ', '管风琴'],
  ['pad', 1, 'pad|pads|drone', '铺底'],
  ['zither', 1, 'harp|guzheng', '竖琴|古筝'],
]);
