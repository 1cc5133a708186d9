import { family, perCall, type Row } from '../family.ts';
import { oneOf, optional, say, text } from '../params.ts';
import { lyrics } from './shared-sound.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const title = text(say('What the song is called.', '歌曲标题。'), { maxChars: 80 });
/** You write the song. */
const custom = {
  title,
  prompt: lyrics({ maxChars: 5000 }),
  tags: text(say('How it sounds: style, instruments, voice, tempo.', '曲风：风格、乐器、人声与速度。'), {
    maxChars: 1000,
  }),
};
/** The model writes the song. */
const single = {
  title: optional(title),
  description: text(say('What the song is about and how it sounds.', '歌曲的主题与听感。'), { maxChars: 400 }),
  make_instrumental: optional(
    oneOf(say('Whether nobody sings.', '是否为纯音乐。'), ['false', 'true'], { default: 'false' }),
  ),
};
const song = { task: 'text-to-music', price: perCall(0.72) } as const;

const rows: readonly Row[] = [
  {
    id: 'rhart-audio/suno-v4.5/custom',
    name: 'suno-custom-v4.5',
    ...song,
    en: 'Sets your lyrics to music with Suno 4.5, in the style of your tags. Strong at mixing genres.',
    zh: '用 Suno 4.5 按标签风格为歌词谱曲演唱，擅长融合曲风。',
    params: custom,
    example: {
      title: 'Last Tram Home',
      prompt: '[Verse]\nThe last tram hums a tired tune\n[Chorus]\nTake me home beneath the moon',
      tags: 'indie folk, acoustic guitar, soft female voice, 92 bpm',
    },
  },
  {
    id: 'rhart-audio/suno-v4.5/single',
    name: 'suno-single-v4.5',
    formerIds: ['rhart-suno-v4.5/single'],
    ...song,
    en: 'Writes and records a song from a description with Suno 4.5. For jingles and quick ideas.',
    zh: '用 Suno 4.5 由一段描述写成并录制歌曲，适合广告歌与灵感小样。',
    params: single,
    example: { description: 'A cheerful ukulele jingle for a shop that repairs umbrellas' },
  },
  {
    id: 'rhart-audio/suno-v5/custom',
    name: 'suno-custom-v5',
    ...song,
    en: 'Sets your lyrics to music with Suno 5: clearer voices and a cleaner mix than 4.5.',
    zh: '用 Suno 5 为歌词谱曲演唱，人声更清晰，混音比 4.5 更干净。',
    params: custom,
    example: {
      title: 'Paper Boats',
      prompt: '[Verse]\nWe folded maps to paper boats\n[Chorus]\nSail on, sail on, whatever floats',
      tags: 'synth pop, warm pads, male voice, 118 bpm',
    },
  },
  {
    id: 'rhart-audio/suno-v5/single',
    name: 'suno-single-v5',
    ...song,
    en: 'Writes and records a song from a description with Suno 5, or only music. For background tracks.',
    zh: '用 Suno 5 由描述写成歌曲或纯音乐，适合背景配乐。',
    params: single,
    example: { description: 'Slow ambient piano with distant rain, for reading', make_instrumental: 'true' },
  },
  {
    id: 'rhart-audio/suno-v5.5/custom',
    name: 'suno-custom-v5.5',
    ...song,
    en: 'Sets your lyrics to music with Suno 5.5, the newest here. For songs that are to be released.',
    zh: '用 Suno 5.5（此处最新版本）为歌词谱曲演唱，适合准备发行的歌曲。',
    params: custom,
    example: {
      title: 'Orbit',
      prompt: '[Verse]\nI count the satellites till two\n[Chorus]\nEvery orbit leads to you',
      tags: 'alternative rock, driving drums, duet, 128 bpm',
    },
  },
  {
    id: 'rhart-audio/suno-v5.5/single',
    name: 'suno-single-v5.5',
    ...song,
    en: 'Writes and records a whole song from a description with Suno 5.5. For when you have an idea and no words.',
    zh: '用 Suno 5.5 由描述完成整首歌曲，适合只有想法、没有歌词的时候。',
    params: single,
    example: { title: 'Lighthouse Waltz', description: 'A waltz for accordion about a keeper who misses the sea' },
  },
  {
    id: 'rhart-audio/suno/lyrics',
    name: 'suno-lyrics',
    task: 'text-to-lyrics',
    en: 'Writes the words of a song in parts, ready for the custom endpoints.',
    zh: '撰写分段歌词，可直接用于自定义歌曲接口。',
    params: { prompt: text(say('What the song is about.', '歌曲写什么。'), { maxChars: 500 }) },
    price: perCall(0.014),
    example: { prompt: 'Two snails who plan a race and fall asleep at the start' },
  },
];

export const suno = family({ family: 'suno', vendor: 'suno', output: 'audio', pricesAsOf: '2026-04-29' }, rows);
