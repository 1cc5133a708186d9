import type { Ambience, Hour, Mood, Place, Scene } from './plan.ts';
import { AMBIENCE_WORDS } from './vocabulary/places.ts';
import { findValues, table } from './words.ts';

type Feeling = { readonly brightness: number; readonly tension: number; readonly energy: number };

const FEELING_WORDS = table<Feeling>([
  [
    { brightness: 0.1, tension: -0.3, energy: -0.25 },
    1,
    'calm|peaceful|serene|quiet|gentle|tranquil|soft|cozy|cosy|relaxing|meditative',
    '平静|宁静|安静|温柔|祥和|舒缓|惬意',
  ],
  [
    { brightness: -0.05, tension: 0.15, energy: 0.35 },
    1,
    'epic|heroic|majestic|grand|battle|war|action|explosive|fight|chase|charge|cinematic trailer',
    '史诗|宏大|战斗|战争|激烈|追逐|爆炸|壮观',
  ],
  [
    { brightness: -0.3, tension: 0.45, energy: 0.05 },
    1,
    'horror|scary|dark|eerie|creepy|ominous|tense|suspense|mysterious|haunted|sinister|danger',
    '恐怖|诡异|阴森|紧张|悬疑|神秘|危险|黑暗',
  ],
  [
    { brightness: 0.3, tension: -0.15, energy: 0.25 },
    1,
    'happy|joyful|cheerful|playful|fun|funny|party|festive|celebration|laughing|cute|dance|dancing',
    '快乐|欢乐|开心|活泼|可爱|庆祝|节日|欢笑|跳舞',
  ],
  [
    { brightness: -0.3, tension: 0, energy: -0.2 },
    1,
    'sad|melancholy|melancholic|lonely|grief|tears|crying|nostalgic|abandoned|rainy',
    '悲伤|忧郁|孤独|哭泣|思念|怀旧|寂寞',
  ],
  [
    { brightness: 0.05, tension: 0.1, energy: 0.4 },
    1,
    'fast|rapid|dynamic|energetic|racing|speed|speeding|hyperlapse|timelapse|sport|running',
    '快速|高速|动感|赛车|奔跑|极速|延时',
  ],
]);

const HOUR_BRIGHTNESS: Record<Hour, number> = {
  dawn: 0.7,
  day: 0.8,
  golden: 0.75,
  sunset: 0.6,
  dusk: 0.45,
  night: 0.3,
};

// A place is never quite silent.
const PLACE_SOUND: Record<Place, Ambience> = {
  mountains: 'wind',
  hills: 'birds',
  field: 'birds',
  desert: 'wind',
  forest: 'birds',
  sea: 'sea',
  beach: 'sea',
  lake: 'river',
  skyline: 'city',
  street: 'city',
  village: 'birds',
  interior: 'room',
  workshop: 'machine',
  studio: 'room',
  underwater: 'underwater',
  space: 'space',
  sky: 'wind',
  abstract: 'space',
};

const within = (value: number): number => Math.min(1, Math.max(0, value));

/** What the whole prompt feels like. */
export function readMood(text: string, scenes: readonly [Scene, ...Scene[]]): Mood {
  const first = scenes[0];
  let { brightness, tension, energy } = { brightness: HOUR_BRIGHTNESS[first.hour], tension: 0.25, energy: 0.4 };
  for (const feeling of findValues(FEELING_WORDS, text)) {
    brightness += feeling.brightness;
    tension += feeling.tension;
    energy += feeling.energy;
  }
  if (first.style === 'noir' || first.style === 'bleak') brightness -= 0.2;
  if (first.weather.includes('storm')) tension += 0.25;
  if (first.lights.includes('neon')) energy += 0.15;
  const named = findValues(AMBIENCE_WORDS, text);
  const places = scenes.map(({ place }) => PLACE_SOUND[place]);
  return {
    tempoBpm: Math.round(62 + 70 * within(energy)),
    brightness: within(brightness),
    tension: within(tension),
    energy: within(energy),
    ambience: [...new Set([...named, ...places])],
  };
}
