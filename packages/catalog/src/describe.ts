import { isMediaParam, kindOf, type MediaSlot, mediaParams } from './media-params.ts';
import type { Constraint, ConstraintRule, MediaLimits, MediaListParam, Param, TextParam } from './types.ts';
import { either } from './wording.ts';

// Parameters and rules in words, for people who read about them before they send anything.

/** What kind of value a parameter takes: `text`, `one of`, `list of images`. */
export function kindOfValue(param: Param): string {
  // biome-ignore format: a table of words
  const KINDS = {
    'one-of': 'one of', 'one-of-list': 'list of words', flag: 'true or false', integer: 'whole number', texts: 'list of texts',
    images: 'list of images', videos: 'list of videos', audios: 'list of sounds', audio: 'sound', objects: 'list of objects',
  } as const;
  return param.type in KINDS ? KINDS[param.type as keyof typeof KINDS] : param.type;
}

/** Everything that limits a parameter beyond its kind, one short phrase each. */
export function limitsOf(param: Param): string[] {
  if (isMediaParam(param)) return [...itemLimits(param as MediaListParam), ...fileLimits(param)];
  switch (param.type) {
    case 'text':
      return textLimits(param);
    case 'one-of':
      return [
        ...(param.ignoreCase === true ? ['upper and lower case are alike'] : []),
        ...specialValues(param.specialValues),
      ];
    case 'integer':
    case 'number':
      return [
        ...range(param.min, param.max, param.unit === 'ms' ? ' ms' : ''),
        ...(param.step === undefined || param.step === 1 ? [] : [`in steps of ${param.step}`]),
        ...specialValues(param.specialValues),
      ];
    case 'texts':
      return [...itemLimits(param), ...(param.format === undefined ? [] : ['each a word, a slash and how to say it'])];
    case 'object':
    case 'objects':
      return [
        `with ${param.fields.join(', ')}`,
        ...itemLimits(param),
        ...Object.entries(param.fieldValues ?? {}).map(([field, values]) => `${field}: ${either(values)}`),
        ...(param.maxSeconds === undefined ? [] : [`a clip of at most ${param.maxSeconds} s`]),
      ];
    default:
      return [];
  }
}

function textLimits(param: TextParam): string[] {
  const { format, maxItems, inlineTags, addressOf, mentions, refersTo } = param;
  return [
    ...range(param.minChars, param.maxChars, ' characters'),
    ...(format === 'csv' ? [`words separated by commas${maxItems === undefined ? '' : `, at most ${maxItems}`}`] : []),
    ...(format === 'lora-file' ? ['the file name of a LoRA that the service knows'] : []),
    ...(inlineTags === undefined ? [] : [`sounds in brackets: ${inlineTags.map((tag) => `(${tag})`).join(' ')}`]),
    ...(addressOf === undefined ? [] : [`the address of one ${addressOf}`]),
    ...(refersTo === undefined ? [] : [toReference(refersTo.tasks, refersTo.orOther === true)]),
    ...(mentions === undefined ? [] : [`may hold ids of ${either(mentions)} tasks, each after an @`]),
    ...(param.namesResult === true ? ['later requests call the result by it'] : []),
  ];
}

const toReference = (tasks: readonly string[] | undefined, orOther: boolean): string =>
  `the id of an earlier ${tasks === undefined ? '' : `${either(tasks)} `}task${orOther ? ', or one of the service’s own' : ''}`;

const specialValues = (values: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(values).map(([value, meaning]) => `${value} means ${meaning.replaceAll('-', ' ')}`);

function range(min: number | undefined, max: number | undefined, unit: string): string[] {
  if (min !== undefined && max !== undefined) return [`${min} to ${max}${unit}`];
  if (min !== undefined) return [`at least ${min}${unit}`];
  return max === undefined ? [] : [`at most ${max}${unit}`];
}

const itemLimits = ({ minItems, maxItems }: { minItems?: number; maxItems?: number }): string[] =>
  range(minItems, maxItems, ' items');

function fileLimits(param: MediaLimits & Param): string[] {
  const { accept, dimensions, minAspect, maxAspect } = param;
  return [
    ...(accept === undefined ? [] : [either(accept)]),
    ...range(undefined, param.maxMegabytes, ' MB'),
    ...range(param.minSeconds, param.maxSeconds, ' s'),
    ...('maxTotalSeconds' in param && param.maxTotalSeconds !== undefined
      ? [`at most ${param.maxTotalSeconds} s together`]
      : []),
    ...range(param.minSidePx, param.maxSidePx, ' px a side'),
    ...(param.minDimensions === undefined ? [] : [`at least ${param.minDimensions} px`]),
    ...(param.maxDimensions === undefined ? [] : [`at most ${param.maxDimensions} px`]),
    ...(dimensions === undefined ? [] : [`exactly ${either(dimensions)} px`]),
    ...range(param.minPixels, param.maxPixels, ' pixels'),
    ...range(minAspect, maxAspect, ' wide to high'),
    ...(param.usedSeconds === undefined ? [] : [`the first ${param.usedSeconds} s count`]),
    ...range(param.recommendedMinSidePx, param.recommendedMaxSidePx, ' px a side recommended'),
  ];
}

/** The kind of file that a parameter takes, or undefined. */
export const fileKindOf = (param: Param): MediaSlot['kind'] | undefined =>
  isMediaParam(param) ? kindOf(param) : mediaParams({ params: { param } })[0]?.kind;

/** A rule over several parameters as one sentence. */
export function sentenceOf(constraint: Constraint): string {
  const { param = '', params = [], max } = constraint;
  const bounds = range(constraint.min, max, '').join('');
  const all = params.join(' and ');
  const [first = '', second = ''] = params;
  const SENTENCES: Readonly<Record<ConstraintRule, () => string>> = {
    'exactly-one-of': () => `Send exactly one of ${either(params)}`,
    'at-least-one-of': () => `Send at least one of ${either(params)}`,
    needs: () => `${param} works only together with ${all}`,
    'needs-any-of': () => `${param} works only together with ${either(params)}`,
    requires: () => `${all} must be sent`,
    forbidden: () => 'This combination is not offered',
    'optional-pair': () => `${second} works only together with ${first}`,
    'max-items': () => `${all}: at most ${max} items`,
    'max-total-items': () => `${all}: at most ${max} items together`,
    'max-images': () => `At most ${max} images in all`,
    'max-duration': () => `${all}: at most ${constraint.maxSeconds} s`,
    'min-span': () => `${second} must be at least ${constraint.minMs} ms after ${first}`,
    'pixel-product': () => `${first} × ${second}: ${bounds} pixels`,
    'aspect-range': () => `${first} / ${second}: ${bounds}`,
    ignored: () => `${all} has no effect`,
    overrides: () => `${param} wins over ${all}`,
    'used-when': () => `${param === '' ? all : param} is used`,
  };
  return `${SENTENCES[constraint.rule]()}${whenOf(constraint)}.`;
}

function whenOf({ when = {}, whenPresent = [] }: Constraint): string {
  const parts = [
    ...Object.entries(when).map(([name, value]) =>
      value === null ? `${name} is not sent` : `${name} is ${JSON.stringify(value)}`,
    ),
    ...whenPresent.map((name) => `${name} is sent`),
  ];
  return parts.length === 0 ? '' : ` when ${parts.join(' and ')}`;
}
