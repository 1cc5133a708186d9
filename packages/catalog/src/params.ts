import type {
  FlagParam,
  MediaKind,
  MediaListParam,
  MediaParam,
  NumberParam,
  ObjectParam,
  OneOfListParam,
  OneOfParam,
  Param,
  TextListParam,
  TextParam,
  Words,
} from './types.ts';

/** What a builder may be told besides the words and the values. */
type Options<P extends Param> = Omit<P, 'type' | 'required' | 'about' | 'values' | 'fields'>;

/** A sentence in the two languages of the reference pages. */
export const say = (en: string, zh: string): Words => ({ en, zh });

// Every builder gives a required parameter, because most are; `optional` makes the other kind.

export const text = (about: Words, options: Options<TextParam> = {}): TextParam => ({
  type: 'text',
  required: true,
  about,
  ...options,
});

export const oneOf = (about: Words, values: readonly string[], options: Options<OneOfParam> = {}): OneOfParam => ({
  type: 'one-of',
  required: true,
  about,
  values,
  ...options,
});

export const flag = (about: Words, options: Options<FlagParam> = {}): FlagParam => ({
  type: 'flag',
  required: true,
  about,
  ...options,
});

const numeric =
  (type: NumberParam['type']) =>
  (about: Words, options: Options<NumberParam> = {}): NumberParam => ({ type, required: true, about, ...options });
export const integer = numeric('integer');
export const number = numeric('number');

const media =
  (type: MediaKind) =>
  (about: Words, options: Options<MediaParam> = {}): MediaParam => ({ type, required: true, about, ...options });
export const image = media('image');
export const video = media('video');
export const audio = media('audio');

const mediaList =
  (type: MediaListParam['type']) =>
  (about: Words, options: Options<MediaListParam> = {}): MediaListParam => ({
    type,
    required: true,
    about,
    ...options,
  });
export const images = mediaList('images');
export const videos = mediaList('videos');
export const audios = mediaList('audios');

export const texts = (about: Words, options: Options<TextListParam> = {}): TextListParam => ({
  type: 'texts',
  required: true,
  about,
  ...options,
});

export const oneOfList = (
  about: Words,
  values: readonly string[],
  options: Options<OneOfListParam> = {},
): OneOfListParam => ({ type: 'one-of-list', required: true, about, values, ...options });

const structured =
  (type: ObjectParam['type']) =>
  (about: Words, fields: readonly string[], options: Options<ObjectParam> = {}): ObjectParam => ({
    type,
    required: true,
    about,
    fields,
    ...options,
  });
export const object = structured('object');
export const objects = structured('objects');

/** The same parameter, which a caller may leave out. */
export const optional = <P extends Param>(param: P): P => ({ ...param, required: false });
