import { at, family, per1000Characters, perCall, type Row } from '../family.ts';
import { audio, flag, integer, number, oneOf, optional, say, text, texts } from '../params.ts';
import { EMOTIONS, LANGUAGES, SOUNDS, SPEECH_MODELS, VOICES } from './minimax-voices.ts';
import { lyrics, speechSpeed, spokenText } from './shared-sound.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

/** What the speech models share. `terms`: how many words of a text may be told how to be said. */
const speech = (voice: string, { terms = 20 }: { readonly terms?: number } = {}) => ({
  text: spokenText({ inlineTags: SOUNDS }),
  pronunciation_dict: optional(
    texts(say('Words that are said otherwise than they are spelt.', '指定读音的词语。'), {
      format: 'term/replacement',
      maxItems: terms,
    }),
  ),
  voice_id: text(
    say(
      'Who speaks: a voice of the list, or one that was cloned or designed.',
      '音色：列表中的音色，或克隆、设计所得的音色。',
    ),
    {
      default: voice,
      suggestions: VOICES,
      refersTo: { tasks: ['voice-clone', 'voice-design'], orOther: true },
    },
  ),
  speed: speechSpeed({ min: 0.5, max: 2, step: 0.01 }),
  volume: optional(
    number(say('How loud; 1 is normal.', '音量，1 为正常。'), { default: 1, min: 0.1, max: 10, step: 0.01 }),
  ),
  pitch: optional(
    integer(say('How many semitones higher or lower.', '音高升降的半音数。'), {
      default: 0,
      min: -12,
      max: 12,
      step: 1,
    }),
  ),
  emotion: optional(oneOf(say('The mood of the voice.', '语音情绪。'), EMOTIONS, { default: 'happy' })),
  enable_base64_output: flag(
    say('Whether the sound comes as base64 text in place of an address.', '是否以 Base64 文本返回音频。'),
    {
      default: false,
    },
  ),
  english_normalization: flag(
    say('Whether figures, dates and units are said as English words.', '是否按英语读法处理数字、日期与单位。'),
    { default: false },
  ),
});
const spoken = { task: 'text-to-speech' } as const;

const rows: readonly Row[] = [
  {
    id: 'rhart-audio/text-to-audio/speech-2.8-hd',
    name: 'minimax/speech-2.8-hd',
    ...spoken,
    en: 'Speaks a text with MiniMax Speech 2.8 in studio quality, laughs and sighs included. For audio books and dubbing.',
    zh: '用 MiniMax Speech 2.8 高品质朗读，可带笑声与叹息，适合有声书与配音。',
    params: speech('Wise_Woman', { terms: 1 }),
    price: per1000Characters(0.62),
    example: { text: 'So you found the map after all (chuckle). Then let us begin.', emotion: 'surprised' },
  },
  {
    id: 'rhart-audio/text-to-audio/speech-2.8-turbo',
    name: 'minimax/speech-2.8-turbo',
    ...spoken,
    en: 'Speaks a text with MiniMax Speech 2.8 in its quick mode. For assistants that answer at once.',
    zh: '用 MiniMax Speech 2.8 快速朗读，适合即问即答的语音助手。',
    params: speech('Elegant_Man'),
    price: per1000Characters(0.37),
    example: { text: 'Your table for two is ready at half past seven.', voice_id: 'Friendly_Person', speed: 1.1 },
  },
  {
    id: 'rhart-audio/text-to-audio/speech-2.6-hd',
    name: 'minimax/speech-2.6-hd',
    ...spoken,
    en: 'Speaks a text with MiniMax Speech 2.6 in studio quality. For long narration in an even voice.',
    zh: '用 MiniMax Speech 2.6 高品质朗读，适合语气平稳的长篇旁白。',
    params: speech('Wise_Woman'),
    price: per1000Characters(0.62),
    example: {
      text: 'Beneath the ice, the river never stopped moving.',
      voice_id: 'Deep_Voice_Man',
      emotion: 'neutral',
    },
  },
  {
    id: 'rhart-audio/text-to-audio/speech-2.6-turbo',
    name: 'minimax/speech-2.6-turbo',
    ...spoken,
    en: 'Speaks a text with MiniMax Speech 2.6 in its quick mode. For announcements with figures and dates.',
    zh: '用 MiniMax Speech 2.6 快速朗读，适合含数字与日期的播报。',
    params: speech('Wise_Woman'),
    price: per1000Characters(0.37),
    example: { text: 'Train 27 leaves at 9:40 from platform 3.', voice_id: 'Calm_Woman', english_normalization: true },
  },
  {
    id: 'rhart-audio/text-to-audio/speech-02-hd',
    name: 'minimax/speech-02-hd',
    ...spoken,
    en: 'Speaks a text with MiniMax Speech 02 in its finer mode, at half the price of 2.6. For steady everyday use.',
    zh: '用 MiniMax Speech 02 高品质朗读，价格为 2.6 的一半，适合日常使用。',
    params: speech('Wise_Woman'),
    price: per1000Characters(0.31),
    example: { text: '欢迎来到海边的小书店，请随意看看。', voice_id: 'Lovely_Girl' },
  },
  {
    id: 'rhart-audio/text-to-audio/speech-02-turbo',
    name: 'minimax/speech-02-turbo',
    ...spoken,
    en: 'Speaks a text with MiniMax Speech 02 in its quick mode, the cheapest voice here. For drafts and bulk work.',
    zh: '用 MiniMax Speech 02 快速朗读，此处最便宜，适合试听与批量生成。',
    params: speech('Energetic_Girl'),
    price: per1000Characters(0.19),
    example: {
      text: 'Reelay makes a film from three words.',
      pronunciation_dict: ['Reelay/ree lay'],
      voice_id: 'Casual_Guy',
      pitch: 2,
    },
  },
  {
    id: 'rhart-audio/text-to-audio/voice-clone',
    name: 'minimax/voice-clone',
    task: 'voice-clone',
    en: 'Learns a voice from a recording under an id of your choice, and speaks a sample. For a narrator of your own.',
    zh: '从录音中学习音色，以自选编号保存并试读一段，适合拥有专属旁白。',
    params: {
      audio: audio(say('A recording of the voice alone.', '只含该人声的录音。'), {
        accept: ['mp3', 'wav'],
        maxMegabytes: 10,
      }),
      custom_voice_id: text(
        say(
          'The id by which speech asks for the voice: a letter first, a digit somewhere.',
          '音色编号，供语音合成引用；以字母开头，至少含一个数字。',
        ),
        { minChars: 8, pattern: '^[A-Za-z](?=.*[0-9])[A-Za-z0-9-]{7,}$', namesResult: true },
      ),
      text: text(say('What the sample says.', '试听时朗读的文本。')),
      accuracy: optional(
        number(say('How closely the words of the recording must be understood.', '录音文本识别的准确度要求。'), {
          default: 0.7,
          min: 0,
          max: 1,
          step: 0.1,
        }),
      ),
      need_noise_reduction: flag(say('Whether noise is taken out first.', '是否先降噪。'), { default: false }),
      need_volume_normalization: flag(say('Whether loudness is evened out first.', '是否先统一音量。'), {
        default: false,
      }),
      model: oneOf(say('Which model speaks the sample.', '朗读试听的模型。'), SPEECH_MODELS, {
        default: 'speech-02-hd',
      }),
      language_boost: optional(oneOf(say('The language to be best at.', '重点增强的语言。'), LANGUAGES)),
    },
    price: perCall(3.12),
    example: {
      audio: at('grandfather-story.mp3'),
      custom_voice_id: 'Grandfather2026',
      text: 'Once, before the bridge was built, we crossed by boat.',
      need_noise_reduction: true,
      model: 'speech-2.8-hd',
      language_boost: 'English',
    },
  },
  {
    id: 'minimax/voice-design',
    task: 'voice-design',
    en: 'Invents a voice from a description and speaks a sample. For characters whom nobody has recorded.',
    zh: '由文字描述创造音色并试读一段，适合没有录音的虚构角色。',
    params: {
      prompt: text(say('The voice: age, tone, pace, manner.', '音色描述：年龄、音调、节奏与语气。')),
      previewText: text(say('What the sample says.', '试听时朗读的文本。'), { maxChars: 500 }),
      voiceId: optional(
        text(
          say(
            'The id by which speech asks for the voice; left out, one is made up.',
            '音色编号，供语音合成引用；不填则自动生成。',
          ),
          {
            namesResult: true,
          },
        ),
      ),
      aigcWatermark: optional(
        flag(say('Whether an inaudible mark says that a machine spoke.', '是否加入机器生成的隐形标识。'), {
          default: false,
        }),
      ),
    },
    price: perCall(13.65),
    example: {
      prompt: 'A retired sea captain, gravelly and slow, amused by everything.',
      previewText: 'Storm? That was a breeze with ambitions.',
      voiceId: 'CaptainBreeze1',
    },
  },
  {
    id: 'rhart-audio/text-to-audio/music-2.5',
    name: 'minimax/music-2.5',
    task: 'text-to-music',
    en: 'Sings your lyrics with MiniMax Music 2.5 in the style you describe. For full songs with a steady voice.',
    zh: '用 MiniMax Music 2.5 按描述的风格演唱歌词，适合人声稳定的完整歌曲。',
    params: {
      prompt: text(say('How it sounds: style, mood, instruments, voice.', '听感：风格、情绪、乐器与人声。')),
      lyrics: lyrics(),
      bitrate: optional(
        oneOf(
          say('Bits per second of the file.', '文件比特率（每秒比特数）。'),
          ['32000', '60000', '64000', '128000', '256000'],
          {
            default: '256000',
          },
        ),
      ),
      sampleRate: optional(
        oneOf(
          say('Samples per second of the file.', '文件采样率（每秒采样数）。'),
          ['16000', '24000', '32000', '44100'],
          {
            default: '44100',
          },
        ),
      ),
    },
    price: perCall(0.95),
    example: {
      prompt: 'Gentle bossa nova, nylon guitar, brushed drums, a warm female voice',
      lyrics: '[Verse]\nCoffee cools and swallows sing\n[Chorus]\nSlowly, slowly, says the spring',
      bitrate: '128000',
    },
  },
];

export const minimax = family(
  { family: 'minimax', vendor: 'minimax', output: 'audio', pricesAsOf: '2026-04-29' },
  rows,
);
