import { createPalette } from './palette.ts';
import type { Framing, Hour, Light, Place, Scene, Style, Subject, SubjectKind, Weather } from './plan.ts';
import { mixSeed } from './random.ts';
import { FRAMING_WORDS } from './vocabulary/camera.ts';
import { HOUR_WORDS, PLACE_WORDS, STYLE_WORDS } from './vocabulary/places.ts';
import { LIGHT_WORDS, MANY, PAIR, PRONOUN, SNOWY, SUBJECT_WORDS, WEATHER_WORDS, WET } from './vocabulary/things.ts';
import { find, findBest, findValues, type Table } from './words.ts';

const MAX_SUBJECTS = 3;

// A subject implies where it is met when the words do not say.
const HOME: Partial<Record<SubjectKind, Place>> = {
  car: 'street',
  bicycle: 'street',
  train: 'hills',
  umbrella: 'street',
  fish: 'underwater',
  whale: 'underwater',
  jellyfish: 'underwater',
  turtle: 'underwater',
  boat: 'sea',
  planet: 'space',
  spaceship: 'space',
  deer: 'forest',
  fox: 'forest',
  bear: 'forest',
  rabbit: 'field',
  horse: 'field',
  elephant: 'field',
  butterfly: 'field',
  flowers: 'field',
  tree: 'hills',
  house: 'hills',
  castle: 'hills',
  bridge: 'lake',
  tower: 'sea',
  bird: 'sky',
  birds: 'sky',
  plane: 'sky',
  balloon: 'mountains',
  dragon: 'mountains',
  moon: 'hills',
  cat: 'interior',
  dog: 'field',
  lantern: 'village',
  vase: 'studio',
  cup: 'interior',
  bottle: 'studio',
  fruit: 'studio',
  book: 'interior',
  screen: 'studio',
  guitar: 'studio',
  piano: 'studio',
  fire: 'forest',
  robot: 'skyline',
  runner: 'street',
  dancer: 'studio',
  hands: 'studio',
  face: 'studio',
};
const PEOPLE: readonly SubjectKind[] = ['person', 'couple', 'child', 'elder', 'dancer', 'runner', 'crowd'];
const BODY_PARTS: readonly SubjectKind[] = ['hands', 'face'];

export type SceneReading = {
  readonly text: string;
  /** The whole prompt: what a sentence leaves out, the rest may say. */
  readonly whole: string;
  readonly negativePrompt: string;
  readonly seed: number;
  /** The scene before, whose place and people go on until the words change them. */
  readonly before: Scene | undefined;
  readonly framing: Framing;
};

/** Reads one take. Order of trust: its own words, the scene before, the whole prompt, what the subject implies. */
export function readScene(p: SceneReading): Scene {
  const own = findBest(PLACE_WORDS, p.text);
  const subjects = readSubjects(p, own);
  const main = subjects[0];
  const implied = main === undefined ? undefined : HOME[main.kind];
  const place = own ?? p.before?.place ?? findBest(PLACE_WORDS, p.whole) ?? implied ?? placeOfPeople(p, subjects);
  const movedOn = p.before !== undefined && p.before.place !== place;
  const weather = allowed(WEATHER_WORDS, carried(WEATHER_WORDS, p, p.before?.weather, movedOn), p.negativePrompt);
  const lights = allowed(LIGHT_WORDS, carried(LIGHT_WORDS, p, p.before?.lights, movedOn), p.negativePrompt);
  const hour: Hour =
    findBest(HOUR_WORDS, p.text) ?? p.before?.hour ?? findBest(HOUR_WORDS, p.whole) ?? hourOf(p.seed, weather, lights);
  const style: Style = findBest(STYLE_WORDS, p.whole) ?? 'natural';
  const close = findValues(SUBJECT_WORDS, p.text).some((kind) => BODY_PARTS.includes(kind));
  const framing: Framing = findBest(FRAMING_WORDS, p.text) ?? (close ? 'close' : p.framing);
  const snowy = SNOWY.test(p.text) || (SNOWY.test(p.whole) && !movedOn);
  const wet = WET.test(p.whole);
  const variant = mixSeed(p.seed, place);
  const palette = createPalette({ place, hour, weather, lights, style, snowy, words: p.text, whole: p.whole, variant });
  return { place, hour, weather, lights, style, subjects, framing, palette, snowy, wet, variant };
}

function readSubjects(p: SceneReading, place: Place | undefined): readonly Subject[] {
  const denied = p.negativePrompt === '' ? [] : findValues(SUBJECT_WORDS, p.negativePrompt);
  const hits = find(SUBJECT_WORDS, p.text)
    .filter(({ value }) => !denied.includes(value))
    .sort((a, b) => b.weight - a.weight || a.atChar - b.atChar);
  const before = p.before?.subjects ?? [];
  let kinds = mergePeople(hits.map(({ value }) => value));
  // "Close-up on his hands": what the hands hold was named before.
  if (kinds.length > 0 && kinds.every((kind) => BODY_PARTS.includes(kind))) {
    kinds = [...kinds, ...before.map(({ kind }) => kind).filter((kind) => !PEOPLE.includes(kind))];
  }
  if (kinds.length === 0) {
    const stays = place === undefined || place === p.before?.place || PRONOUN.test(p.text);
    if (stays && before.length > 0) return before;
    if (PRONOUN.test(p.text) && !denied.includes('person')) kinds = ['person'];
  }
  const unique = [...new Set(kinds)].slice(0, MAX_SUBJECTS);
  return unique.map((kind, index) => ({ kind, count: index === 0 ? countOf(p.text) : 1 }));
}

const ANIMALS: readonly SubjectKind[] = [
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
];

/** Words that name the same thing twice: "an elderly glassblower" is one person, "a man dancing" a dancer, "a portrait of
 *  a woman" one face, "a horse running" no runner, "a flock of birds" no single bird. */
function mergePeople(kinds: readonly SubjectKind[]): readonly SubjectKind[] {
  const named = (of: readonly SubjectKind[]): boolean => kinds.some((kind) => of.includes(kind));
  const closer = named(['couple', 'child', 'elder', 'dancer', 'runner', 'umbrella']);
  return kinds.filter((kind) => {
    if (kind === 'person') return !closer;
    if (kind === 'face') return !named(PEOPLE);
    if (kind === 'runner' || kind === 'dancer') return !named(ANIMALS);
    if (kind === 'bird') return !kinds.includes('birds');
    return true;
  });
}

const countOf = (text: string): number => (PAIR.test(text) ? 2 : MANY.test(text) ? 5 : 1);

/** What hangs in the air stays while the place stays, and new words add to it. */
function carried<T>(rows: Table<T>, p: SceneReading, before: readonly T[] | undefined, movedOn: boolean): readonly T[] {
  const own = findValues(rows, p.text);
  if (before === undefined) return own;
  return movedOn ? own : [...new Set([...own, ...before])];
}

function allowed<T>(rows: Table<T>, values: readonly T[], negativePrompt: string): readonly T[] {
  if (negativePrompt === '') return values;
  const denied = findValues(rows, negativePrompt);
  return values.filter((value) => !denied.includes(value));
}

function placeOfPeople(p: SceneReading, subjects: readonly Subject[]): Place {
  if (subjects.length > 0) return p.framing === 'close' ? 'studio' : 'hills';
  const hour = findBest(HOUR_WORDS, p.whole);
  const outside = find(WEATHER_WORDS, p.whole).length > 0;
  return hour !== undefined || outside ? 'hills' : 'abstract';
}

/** The hour when no word names one. */
function hourOf(seed: number, weather: readonly Weather[], lights: readonly Light[]): Hour {
  if (weather.some((kind) => kind === 'stars' || kind === 'aurora' || kind === 'fireflies')) return 'night';
  if (lights.some((light) => light === 'neon' || light === 'moon')) return 'night';
  if (lights.some((light) => light === 'candle' || light === 'molten')) return 'dusk';
  const usual: readonly Hour[] = ['golden', 'day', 'dawn', 'golden', 'sunset'];
  return usual[mixSeed(seed, 'hour') % usual.length] ?? 'golden';
}
