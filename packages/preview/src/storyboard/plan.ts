// The words between reading a prompt and painting it. Everything here is plain data: a plan can be compared, printed
// and replayed.

/** Red, green, blue; each 0 to 255. */
export type Rgb = readonly [number, number, number];

export const PLACES = [
  'mountains',
  'hills',
  'field',
  'desert',
  'forest',
  'sea',
  'beach',
  'lake',
  'skyline',
  'street',
  'village',
  'interior',
  'workshop',
  'studio',
  'underwater',
  'space',
  'sky',
  'abstract',
] as const;
/** Where a shot is set: which layers are painted behind the subject. */
export type Place = (typeof PLACES)[number];

export const HOURS = ['dawn', 'day', 'golden', 'sunset', 'dusk', 'night'] as const;
export type Hour = (typeof HOURS)[number];

export const WEATHERS = [
  'rain',
  'snow',
  'fog',
  'storm',
  'cloud',
  'sparks',
  'fire',
  'smoke',
  'dust',
  'bubbles',
  'petals',
  'leaves',
  'stars',
  'fireflies',
  'aurora',
] as const;
/** What moves through the air (or the water). */
export type Weather = (typeof WEATHERS)[number];

export const LIGHTS = ['neon', 'candle', 'molten', 'moon', 'rays', 'bokeh', 'flash'] as const;
/** Light that comes from something other than the hour of the day. */
export type Light = (typeof LIGHTS)[number];

export const STYLES = ['natural', 'noir', 'pastel', 'vivid', 'vintage', 'ink', 'bleak'] as const;
export type Style = (typeof STYLES)[number];

export const SUBJECTS = [
  'person',
  'couple',
  'crowd',
  'child',
  'elder',
  'dancer',
  'runner',
  'face',
  'hands',
  'robot',
  'cat',
  'dog',
  'fox',
  'horse',
  'deer',
  'bear',
  'elephant',
  'rabbit',
  'bird',
  'birds',
  'butterfly',
  'fish',
  'whale',
  'jellyfish',
  'turtle',
  'dragon',
  'car',
  'train',
  'bicycle',
  'boat',
  'plane',
  'balloon',
  'spaceship',
  'planet',
  'moon',
  'tree',
  'flowers',
  'house',
  'castle',
  'tower',
  'bridge',
  'lantern',
  'vase',
  'cup',
  'bottle',
  'fruit',
  'book',
  'screen',
  'guitar',
  'piano',
  'fire',
  'umbrella',
] as const;
export type SubjectKind = (typeof SUBJECTS)[number];
export type Subject = { readonly kind: SubjectKind; readonly count: number };

/** The colours of one shot, from far to near. */
export type Palette = {
  readonly zenith: Rgb;
  readonly sky: Rgb;
  readonly horizon: Rgb;
  /** What distance fades into. */
  readonly haze: Rgb;
  /** The lit side of ground and walls. */
  readonly ground: Rgb;
  /** The darkest silhouettes, nearest to the camera. */
  readonly shade: Rgb;
  /** The main light: sun, moon, lamp, fire. */
  readonly light: Rgb;
  /** A second light: neon, reflections, small things. */
  readonly accent: Rgb;
};

export type Framing = 'wide' | 'medium' | 'close';

export type Scene = {
  readonly place: Place;
  readonly hour: Hour;
  readonly weather: readonly Weather[];
  readonly lights: readonly Light[];
  readonly style: Style;
  /** At most three, the most important first. */
  readonly subjects: readonly Subject[];
  readonly framing: Framing;
  readonly palette: Palette;
  /** Snow on the ground, though none may be falling. */
  readonly snowy: boolean;
  /** Wet ground, which mirrors lights. */
  readonly wet: boolean;
  /** An unsigned 32-bit number; settles what the words leave open. Shots of one place share it. */
  readonly variant: number;
};

export const MOVES = [
  'static',
  'push-in',
  'pull-out',
  'pan-left',
  'pan-right',
  'tilt-up',
  'tilt-down',
  'zoom-in',
  'zoom-out',
  'orbit-left',
  'orbit-right',
  'track-left',
  'track-right',
  'track-forward',
  'crane-up',
  'crane-down',
] as const;
export type Move = (typeof MOVES)[number];

export type Camera = {
  readonly move: Move;
  /** How far the move goes within its shot: 1 is usual, 0.5 slow, 1.6 fast. */
  readonly pace: number;
  /** 0: on rails; 1: a hand-held camera in a run. */
  readonly shake: number;
};

export const AMBIENCES = [
  'rain',
  'thunder',
  'sea',
  'river',
  'underwater',
  'city',
  'crowd',
  'fire',
  'wind',
  'birds',
  'insects',
  'engine',
  'room',
  'machine',
  'space',
] as const;
/** What the place sounds like. */
export type Ambience = (typeof AMBIENCES)[number];

/** What the prompt feels like, for the sound track. Fractions are 0 to 1. */
export type Mood = {
  readonly tempoBpm: number;
  /** 0: minor and low; 1: major and high. */
  readonly brightness: number;
  readonly tension: number;
  readonly energy: number;
  /** The most important first; never empty. */
  readonly ambience: readonly Ambience[];
};

/** One uninterrupted take. */
export type Shot = {
  /** From the beginning of the whole clip. */
  readonly startMs: number;
  readonly endMs: number;
  /** The words it was made from. */
  readonly text: string;
  readonly scene: Scene;
  readonly camera: Camera;
};

export type Storyboard = {
  /** In order; the first starts at 0, each next one starts where the one before ends. Never empty. */
  readonly shots: readonly Shot[];
  readonly durationMs: number;
  readonly mood: Mood;
};
