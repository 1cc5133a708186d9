import type { Json } from '@reelay/catalog';
import { as, atMost, file, type Mapping, only, type Rule, toNumber, upstreamId, withOther } from '../kit/body.ts';
import type { Body } from '../kit/media.ts';

/** One of MiniMax's calls. */
export type MinimaxCall = {
  readonly mapping: Mapping;
  /** The body names the model of the route. */
  readonly takesModel?: true;
  readonly constant?: Body;
  readonly answers: 'job' | 'sound' | 'clone' | 'design';
};

const VIDEO: Mapping = {
  prompt: atMost(2_000, 'prompt'),
  enablePromptExpansion: as('prompt_optimizer'),
  imageUrl: file('first_frame_image'),
  firstImageUrl: file('first_frame_image'),
  lastImageUrl: file('last_frame_image'),
  duration: as('duration', toNumber),
};

const isTrue = (value: Json): boolean => value === true;
/** It was a word of its own once, and means no emotion in particular: what is made where none is named. */
const emotion: Rule = (value, { set }) => {
  if (value !== 'neutral') set('voice_setting.emotion', value);
};
const shorterThan =
  (chars: number, path: string): Rule =>
  (value, draft) =>
    atMost(chars - 1, path)(value, draft);

const SPEECH: Mapping = {
  text: shorterThan(10_000, 'text'),
  pronunciation_dict: as('pronunciation_dict.tone'),
  voice_id: upstreamId('voice_setting.voice_id'),
  speed: as('voice_setting.speed'),
  volume: as('voice_setting.vol'),
  pitch: as('voice_setting.pitch'),
  emotion,
  enable_base64_output: as('output_format', (value) => (isTrue(value) ? 'hex' : 'url')),
  // The first is its name now, the second what older models know.
  english_normalization: (value, { set }) => {
    set('voice_setting.text_normalization', value);
    set('voice_setting.english_normalization', value);
  },
};

const BITRATES = ['32000', '64000', '128000', '256000'];
const MUSIC: Mapping = {
  prompt: atMost(2_000, 'prompt'),
  lyrics: atMost(3_500, 'lyrics'),
  bitrate: only(BITRATES, as('audio_setting.bitrate', toNumber)),
  sampleRate: as('audio_setting.sample_rate', toNumber),
};

const SPEAKERS = [
  'speech-2.8-hd',
  'speech-2.8-turbo',
  'speech-2.6-hd',
  'speech-2.6-turbo',
  'speech-02-hd',
  'speech-02-turbo',
];
/** MiniMax's reference, "voice clone": 8 to 256 characters, the last of them no hyphen. */
const voiceName: Rule = (value, draft) => {
  if (String(value).endsWith('-'))
    draft.refuse(`${draft.name} ${JSON.stringify(value)} may not end with a hyphen there`);
  else atMost(256, 'voice_id')(value, draft);
};

const CLONE: Mapping = {
  // It is uploaded first, and named by the id of the upload.
  audio: withOther,
  custom_voice_id: voiceName,
  text: atMost(1_000, 'text'),
  accuracy: as('accuracy'),
  need_noise_reduction: as('need_noise_reduction'),
  need_volume_normalization: as('need_volume_normalization'),
  model: only(SPEAKERS, as('model')),
  language_boost: as('language_boost'),
};

const DESIGN: Mapping = {
  prompt: as('prompt'),
  previewText: atMost(500, 'preview_text'),
  voiceId: as('voice_id'),
  aigcWatermark: as('aigc_watermark'),
};

/** By the path of the call. */
export const CALLS: Readonly<Record<string, MinimaxCall>> = {
  '/v1/video_generation': { mapping: VIDEO, takesModel: true, constant: { duration: 6 }, answers: 'job' },
  '/v1/t2a_v2': {
    mapping: SPEECH,
    takesModel: true,
    constant: { stream: false, output_format: 'url' },
    answers: 'sound',
  },
  '/v1/music_generation': {
    mapping: MUSIC,
    takesModel: true,
    constant: { output_format: 'url', audio_setting: { format: 'mp3' } },
    answers: 'sound',
  },
  '/v1/voice_clone': { mapping: CLONE, answers: 'clone' },
  '/v1/voice_design': { mapping: DESIGN, answers: 'design' },
};
