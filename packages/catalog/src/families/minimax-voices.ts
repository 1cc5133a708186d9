// Words of MiniMax speech: the platform's public model registry, revision of 2026-05-07. Spelling is the vendor's.

/** Voices known to every speech model. */
export const VOICES = [
  'Wise_Woman',
  'Friendly_Person',
  'Inspirational_girl',
  'Deep_Voice_Man',
  'Calm_Woman',
  'Casual_Guy',
  'Lively_Girl',
  'Patient_Man',
  'Young_Knight',
  'Determined_Man',
  'Lovely_Girl',
  'Decent_Boy',
  'Imposing_Manner',
  'Elegant_Man',
  'Abbess',
  'Sweet_Girl_2',
  'Exuberant_Girl',
];

/** Sounds that may stand in a text in brackets. */
export const SOUNDS = [
  'laughs',
  'chuckle',
  'coughs',
  'clear-throat',
  'groans',
  'breath',
  'pant',
  'inhale',
  'exhale',
  'gasps',
  'sniffs',
  'sighs',
  'snorts',
  'burps',
  'lip-smacking',
  'humming',
  'hissing',
  'emm',
  'whistles',
  'sneezes',
  'crying',
  'applause',
];

export const EMOTIONS = ['happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised', 'neutral'];

/** Models that can speak the sample of a cloned voice. */
export const SPEECH_MODELS = [
  'speech-02-hd',
  'speech-02-turbo',
  'speech-2.5-hd-preview',
  'speech-2.5-turbo-preview',
  'speech-2.6-hd',
  'speech-2.6-turbo',
  'speech-2.8-turbo',
  'speech-2.8-hd',
];

export const LANGUAGES = [
  'Chinese',
  'Chinese,Yue',
  'English',
  'Arabic',
  'Russian',
  'Spanish',
  'French',
  'Portuguese',
  'German',
  'Turkish',
  'Dutch',
  'Ukrainian',
  'Vietnamese',
  'Indonesian',
  'Japanese',
  'Italian',
  'Korean',
  'Thai',
  'Polish',
  'Romanian',
  'Greek',
  'Czech',
  'Finnish',
  'Hindi',
  'auto',
];
