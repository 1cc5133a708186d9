import { type Endpoint, type Json, mediaParams, type Param, type Problem } from '@reelay/catalog';
import { GatewayError } from '../../contract/errors.ts';

type Asked = Readonly<Record<string, unknown>>;
type Input = Record<string, Json>;
/** What becomes of one field: parameters of the endpoint, or the reason why it cannot be had. */
type Field = (value: unknown, endpoint: Endpoint) => Input | string;

/** Fields that say something about the answer or the sender, and are dealt with elsewhere or mean nothing here. */
const BESIDE = new Set([
  'model',
  'n',
  'response_format',
  'user',
  'image',
  'images',
  'image[]',
  'mask',
  'input_reference',
  'apiKey',
  'apikey',
]);
/** How close a shape has to be to one of the endpoint's: 1792x1024 counts as 16:9. */
const SLACK = 0.02;

const param = (endpoint: Endpoint, name: string): Param | undefined => endpoint.params[name];
const valuesOf = (endpoint: Endpoint, name: string): readonly string[] => {
  const found = param(endpoint, name);
  return found?.type === 'one-of' ? found.values : [];
};
/** What arrived is JSON or a text of a form. */
const asJson = (value: unknown): Json => value as Json;

/** A parameter of the same meaning; a word for "whatever is usual" is left out. */
const as =
  (name: string, usual?: string): Field =>
  (value, endpoint) => {
    if (value === usual) return {};
    return param(endpoint, name) === undefined ? 'this model has no such choice' : { [name]: asJson(value) };
  };

const words: Field = (value, endpoint) => ({
  [param(endpoint, 'prompt') === undefined ? 'text' : 'prompt']: asJson(value),
});

const seconds: Field = (value, endpoint) => {
  const duration = param(endpoint, 'duration');
  if (duration === undefined) return 'this model decides how long it is';
  return { duration: duration.type === 'one-of' ? String(value) : Number(value) };
};

/** `1536x1024` as the endpoint says it: a size, or a shape with a resolution. */
const size: Field = (value, endpoint) => {
  if (value === 'auto') return {};
  const [, width = '', height = ''] = /^(\d{2,5})x(\d{2,5})$/.exec(String(value)) ?? [];
  if (width === '') return 'must be a width and a height, such as 1024x1024, or auto';
  const exact = valuesOf(endpoint, 'size').find((one) => one.replace('*', 'x') === value);
  if (exact !== undefined) return { size: exact };
  if (param(endpoint, 'size') !== undefined)
    return `must be one of ${valuesOf(endpoint, 'size')
      .map((one) => one.replace('*', 'x'))
      .join(', ')}`;
  const shapes = valuesOf(endpoint, 'aspectRatio');
  if (shapes.length === 0) return 'follows the picture that this model is given';
  const aspectRatio = shapes.find((one) => isClose(one, Number(width) / Number(height)));
  if (aspectRatio === undefined) return `must have one of the shapes ${shapes.join(', ')}`;
  const resolutions = valuesOf(endpoint, 'resolution');
  if (resolutions.length === 0) return { aspectRatio };
  const resolution = resolutionOf(Number(width), Number(height), resolutions);
  return resolution === undefined
    ? `must have one of the resolutions ${resolutions.join(', ')}`
    : { aspectRatio, resolution };
};

function isClose(shape: string, aspect: number): boolean {
  const [across = 0, down = 0] = shape.split(/[:x*]/).map(Number);
  return across > 0 && down > 0 && Math.abs(across / down / aspect - 1) <= SLACK;
}

/** Clips by their shorter side, pictures by their pixels: `1k` is a million, `2k` four, `4k` more. */
function resolutionOf(width: number, height: number, values: readonly string[]): string | undefined {
  const lines = `${Math.min(width, height)}p`;
  const pixels = width * height;
  const class_ = pixels <= 1_700_000 ? '1k' : pixels <= 5_000_000 ? '2k' : '4k';
  const fourK = Math.min(width, height) === 2_160 ? '4k' : undefined;
  const isOfLines = values.some((one) => /^\d+p$/.test(one));
  return (
    values.find((one) => one === lines) ?? values.find((one) => one.toLowerCase() === (isOfLines ? fourK : class_))
  );
}

const FIELDS: Readonly<Record<string, Field>> = {
  prompt: words,
  input: words,
  voice: (value) => ({ voice_id: voiceOf(value) }),
  size,
  seconds,
  quality: as('quality', 'auto'),
  background: as('background', 'auto'),
  moderation: as('moderation', 'auto'),
  input_fidelity: as('inputFidelity'),
  output_format: as('outputFormat'),
  stream: (value) => (value === false ? {} : 'answers are not streamed here'),
};

/** The built-in voices of the vendor, as voices that the speech endpoints have. Any other name goes through. */
const VOICES: Readonly<Record<string, string>> = {
  alloy: 'Wise_Woman',
  ash: 'Deep_Voice_Man',
  coral: 'Lively_Girl',
  echo: 'Elegant_Man',
  fable: 'Friendly_Person',
  marin: 'Calm_Woman',
  nova: 'Energetic_Girl',
  onyx: 'Deep_Voice_Man',
  sage: 'Calm_Woman',
  shimmer: 'Lovely_Girl',
};
const voiceOf = (value: unknown): Json => {
  const name = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  return VOICES[String(name)] ?? asJson(name);
};

/** The input of an endpoint from the fields of this API. Parameters that it needs and nobody named have their documented
 *  defaults; its own parameters may be named too.
 *  @param files addresses of the pictures that were sent along, in order.
 *  @throws {GatewayError} `invalid_input` with every problem, under the names of this API. */
export function toInput(endpoint: Endpoint, asked: Asked, files: readonly string[] = []): Input {
  const problems: Problem[] = [];
  const input: Input = neededDefaults(endpoint);
  for (const [field, value] of Object.entries(asked)) {
    if (BESIDE.has(field) || value === undefined || value === null) continue;
    const translate = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    const isOwn = Object.hasOwn(endpoint.params, field);
    if (translate === undefined && !isOwn) {
      problems.push({ field, message: `${field}: unknown parameter` });
      continue;
    }
    // Where both know the name, the endpoint's own value is taken as it is.
    const part = translate === undefined ? { [field]: asJson(value) } : translate(value, endpoint);
    if (typeof part === 'string') problems.push({ field, message: `${field} ${JSON.stringify(value)}: ${part}` });
    else Object.assign(input, part);
  }
  Object.assign(input, placeFiles(endpoint, files, problems));
  if (problems.length > 0) throw toInvalid(problems);
  return input;
}

export const toInvalid = (problems: readonly Problem[]): GatewayError =>
  new GatewayError('invalid_input', 'the request does not fit', { details: problems });

function neededDefaults(endpoint: Endpoint): Input {
  const entries = Object.entries(endpoint.params).flatMap(([name, one]): [string, Json][] => {
    const value = one.required && 'default' in one ? one.default : undefined;
    return value === undefined ? [] : [[name, value as Json]]; // Defaults are plain values.
  });
  return Object.fromEntries(entries);
}

/** Pictures go where the endpoint takes pictures: all into a list, or one each. */
function placeFiles(endpoint: Endpoint, files: readonly string[], problems: Problem[]): Input {
  if (files.length === 0) return {};
  const slots = mediaParams(endpoint).filter(({ kind, field }) => kind === 'image' && field === undefined);
  const list = slots.find(({ isList }) => isList);
  if (list !== undefined) return { [list.name]: [...files] };
  if (files.length > slots.length) {
    problems.push({
      field: 'image',
      message: `image: this model takes ${slots.length === 0 ? 'no picture' : `at most ${slots.length}`}`,
    });
  }
  return Object.fromEntries(slots.slice(0, files.length).map(({ name }, index) => [name, files[index] ?? '']));
}

/** How this API calls what is wrong with a parameter of an endpoint. */
const NAMES: Readonly<Record<string, string>> = {
  duration: 'seconds',
  aspectRatio: 'size',
  resolution: 'size',
  inputFidelity: 'input_fidelity',
  outputFormat: 'output_format',
  voice_id: 'voice',
};
const PICTURES = /^(imageUrls?|image|firstImageUrl|firstFrameUrl)(\[|$)/;

/** Problems under the names that the caller used. */
export function inTheirNames(error: unknown, asked: Asked): unknown {
  if (!(error instanceof GatewayError) || !Array.isArray(error.details)) return error;
  const details = (error.details as Problem[]).map(({ field: full, message }) => {
    const field = full.replace(/^tasks\[\d+\]\./, '');
    if (Object.hasOwn(asked, field)) return { field, message };
    const name = PICTURES.test(field)
      ? 'input_reference' in asked
        ? 'input_reference'
        : 'image'
      : (NAMES[field] ?? field);
    return { field: name, message };
  });
  return new GatewayError(error.code, details.map(({ message }) => message).join('; '), {
    details,
    cause: error.cause,
  });
}
