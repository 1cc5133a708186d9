import { isMediaParam, kindOf } from './media-params.ts';
import type { Endpoint, Json, MediaLimits, ObjectParam, Param, TextParam } from './types.ts';
import { TERM_PATTERN } from './validate.ts';
import { either } from './wording.ts';

type Schema = { [key: string]: Json };

/** The body of a request as JSON Schema (draft 2020-12). Rules over several parameters and what only the bytes of a
 *  file show are not part of it: `validate` and `checkMedia` say those. */
export function toJsonSchema(endpoint: Endpoint): Schema {
  const entries = Object.entries(endpoint.params);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: endpoint.name,
    description: endpoint.about.en,
    type: 'object',
    required: entries.flatMap(([name, { required }]) => (required ? [name] : [])),
    properties: Object.fromEntries(entries.map(([name, param]) => [name, toProperty(param)])),
    examples: [{ ...endpoint.example }],
  };
}

function toProperty(param: Param): Schema {
  const standard = 'default' in param ? param.default : undefined;
  return {
    ...toType(param),
    description: [param.about.en, ...notesOf(param)].join(' '),
    ...(standard === undefined ? {} : { default: typeof standard === 'object' ? [...standard] : standard }),
  };
}

/** Members whose value is undefined are left out. */
const compact = (members: Readonly<Record<string, Json | undefined>>): Schema =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));

function toType(param: Param): Schema {
  switch (param.type) {
    case 'text':
      return compact({
        type: 'string',
        minLength: param.minChars,
        maxLength: param.maxChars,
        pattern: param.pattern,
        examples: param.suggestions === undefined ? undefined : [...param.suggestions],
      });
    case 'one-of':
      return { type: 'string', enum: [...param.values] };
    case 'flag':
      return { type: 'boolean' };
    case 'integer':
    case 'number':
      return compact({ type: param.type, minimum: param.min, maximum: param.max });
    case 'image':
    case 'video':
    case 'audio':
      return { type: 'string', format: 'uri-reference' };
    case 'images':
    case 'videos':
    case 'audios':
      return list({ type: 'string', format: 'uri-reference' }, param);
    case 'texts':
      return list(compact({ type: 'string', pattern: param.format === undefined ? undefined : TERM_PATTERN }), param);
    case 'one-of-list':
      return list({ type: 'string', enum: [...param.values] }, param);
    case 'object':
      return toObject(param);
    case 'objects':
      return list(toObject(param), param);
  }
}

/** An empty list counts as not sent, so a required one holds at least one item. */
const list = (items: Schema, param: Param): Schema =>
  compact({
    type: 'array',
    items,
    minItems: 'minItems' in param && param.minItems !== undefined ? param.minItems : param.required ? 1 : undefined,
    maxItems: 'maxItems' in param ? param.maxItems : undefined,
  });

const toObject = ({ fields, fieldValues = {}, fileField }: ObjectParam): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    fields.map((field) => {
      const values = fieldValues[field];
      if (values !== undefined) return [field, { type: 'string', enum: [...values] }];
      return [field, field === fileField?.name ? { type: 'string', format: 'uri-reference' } : {}];
    }),
  ),
  ...(fileField === undefined ? {} : { required: [fileField.name] }),
});

/** Limits for which JSON Schema has no word. */
function notesOf(param: Param): string[] {
  if (isMediaParam(param)) return mediaNotes(param, kindOf(param));
  switch (param.type) {
    case 'text':
      return textNotes(param);
    case 'one-of':
      return [...(param.ignoreCase === true ? ['Upper and lower case are alike.'] : []), ...specialNotes(param)];
    case 'integer':
    case 'number':
      return [...(param.unit === 'ms' ? ['In milliseconds.'] : []), ...specialNotes(param)];
    case 'texts':
      return param.format === undefined ? [] : ['Each item is a word, a slash and how to say it.'];
    case 'object':
      return param.maxSeconds === undefined ? [] : [`File: at most ${param.maxSeconds} s.`];
    default:
      return [];
  }
}

/** `-1 means no limit.` */
const specialNotes = ({ specialValues = {} }: { specialValues?: Readonly<Record<string, string>> }): string[] =>
  Object.entries(specialValues).map(([value, meaning]) => `${value} means ${meaning.replaceAll('-', ' ')}.`);

function textNotes({ format, maxItems, inlineTags, addressOf, mentions }: TextParam): string[] {
  const many = maxItems === undefined ? '' : `, at most ${maxItems}`;
  return [
    ...(format === 'csv' ? [`Words separated by commas${many}.`] : []),
    ...(format === 'lora-file' ? ['The file name of a LoRA that the service knows.'] : []),
    ...(inlineTags === undefined ? [] : [`Sounds in brackets: ${inlineTags.map((tag) => `(${tag})`).join(' ')}.`]),
    ...(mentions === undefined
      ? []
      : [`Ids of earlier results (${either(mentions)}) may stand in it, each after an @.`]),
    ...(addressOf === undefined ? [] : [`The address of one ${addressOf}.`]),
  ];
}

function mediaNotes(limits: MediaLimits, kind: string): string[] {
  const parts = [
    ...(limits.accept === undefined ? [kind] : [either(limits.accept)]),
    ...(limits.maxMegabytes === undefined ? [] : [`at most ${limits.maxMegabytes} MB`]),
    ...(limits.minSeconds === undefined ? [] : [`at least ${limits.minSeconds} s`]),
    ...(limits.maxSeconds === undefined ? [] : [`at most ${limits.maxSeconds} s`]),
    ...(limits.minSidePx === undefined ? [] : [`sides of at least ${limits.minSidePx} px`]),
    ...(limits.maxSidePx === undefined ? [] : [`sides of at most ${limits.maxSidePx} px`]),
    ...(limits.minDimensions === undefined ? [] : [`at least ${limits.minDimensions} px`]),
    ...(limits.maxDimensions === undefined ? [] : [`at most ${limits.maxDimensions} px`]),
    ...(limits.usedSeconds === undefined ? [] : [`the first ${limits.usedSeconds} s count`]),
    ...(limits.dimensions === undefined ? [] : [`exactly ${either(limits.dimensions)} px`]),
  ];
  return [`File: ${parts.join(', ')}.`];
}
