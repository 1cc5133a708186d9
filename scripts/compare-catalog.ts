/** Compares the catalog with a list of facts about endpoints, field by field, and prints every difference:
 *
 *      node scripts/compare-catalog.ts PATH/models.json
 *
 *  Only the families that the catalog has are compared. Lists of allowed values are compared as sets. What the list says
 *  about its own sources and history (evidence, later values, changes, notes) is no part of a catalog and left out.
 *  Exit code 1 when anything differs, 2 when the list cannot be read. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Constraint, catalog, type Endpoint, mediaParams, type Param, type Pricing } from '@reelay/catalog';

type Facts = Record<string, unknown>;
type FactsEntry = Facts & { endpoint: string; family: string; params: Facts[] };

const ABOUT_SOURCES = [
  ...['evidence', 'patternEvidence', 'itemFieldsEvidence', 'docsKey', 'laterValues', 'laterRemoved', 'laterAccept'],
  ...['inSeed', 'seedPaths', 'crossChecked', 'docsDifferences', 'changes', 'notes', 'outsideEnum', 'spelling'],
];
/** Lists whose order says nothing. */
const SETS = ['enum', 'accept', 'dimensions', 'altNames', 'rules', 'components'];

/** Members without a value, as they are missing in the list. */
const compact = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

const WIRE_TYPES: Record<Param['type'], string> = {
  text: 'string',
  texts: 'string[]',
  'one-of': 'enum',
  'one-of-list': 'enum[]',
  flag: 'boolean',
  integer: 'integer',
  number: 'number',
  image: 'image',
  images: 'image[]',
  video: 'video',
  videos: 'video[]',
  audio: 'audio',
  audios: 'audio[]',
  object: 'object',
  objects: 'object[]',
};
/** Our words for what the list calls otherwise. */
const RENAMED: Record<string, string> = {
  values: 'enum',
  ignoreCase: 'caseInsensitive',
  minChars: 'minLength',
  maxChars: 'maxLength',
  maxMegabytes: 'maxSizeMB',
  minSeconds: 'minDurationSec',
  maxSeconds: 'maxDurationSec',
  maxTotalSeconds: 'maxTotalDurationSec',
  fields: 'itemFields',
  fieldValues: 'itemEnums',
  usedSeconds: 'usedDurationSec',
};
/** What we know beyond the list. */
const OURS = [
  ...['addressOf', 'fileField', 'idField', 'namesResult', 'mentions'],
  ...['refersTo.tasks', 'refersTo.output', 'refersTo.orOther', 'refersTo.maxAgeHours'],
];
const rename = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [RENAMED[name] ?? name, value]));

function paramToFacts(name: string, { about: _about, type, ...rest }: Param): Facts {
  // Texts alone refer to earlier results.
  const { refersTo = {}, ...all } = rest as typeof rest & { refersTo?: Facts };
  const known = (facts: Facts, prefix = ''): Facts =>
    Object.fromEntries(Object.entries(facts).filter(([key]) => !OURS.includes(prefix + key)));
  return { name, type: WIRE_TYPES[type], ...rename({ ...known(all), ...known(refersTo, 'refersTo.') }) };
}

const constraintToFacts = (constraint: Constraint): Facts => rename({ ...constraint });

const toYuan = (micros: number): number => micros / 1_000_000;
function pricingToFacts(pricing: Pricing | null): Facts | null {
  if (pricing === null) return null;
  if (pricing.kind === 'fixed') {
    const { micros, ...rest } = pricing;
    return { ...rest, price: toYuan(micros) };
  }
  if (pricing.kind === 'parts') {
    const { parts, ...rest } = pricing;
    const components = parts.map(({ micros, ...part }) => ({
      ...part,
      ...(micros === undefined ? {} : { price: toYuan(micros) }),
    }));
    return { ...rest, kind: 'unparsed', components };
  }
  return { ...pricing, rules: pricing.rules.map(({ when, micros }) => ({ when, price: toYuan(micros) })) };
}

function toFacts(endpoint: Endpoint): Facts {
  const kinds = (required: boolean) => [
    ...new Set(
      mediaParams(endpoint).flatMap(({ name, kind, param }) =>
        // The list counts a plain text as no file, also where it is the address of one.
        param.required === required && endpoint.params[name]?.type !== 'text' ? [kind] : [],
      ),
    ),
  ];
  const required = kinds(true);
  const { id, about: _about, example: _example, formerIds, params, constraints, pricing, ...same } = endpoint;
  return compact({
    ...same,
    endpoint: id,
    formerEndpoints: formerIds,
    media: { required, optional: kinds(false).filter((kind) => !required.includes(kind)) },
    params: Object.entries(params).map(([name, param]) => paramToFacts(name, param)),
    constraints: constraints.map(constraintToFacts),
    pricing: pricingToFacts(pricing),
  });
}

/** One form for both sides: no words about sources, sets sorted, parameters by name. */
function normalise(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalise(item));
    if (name === 'params' && items.every((item) => typeof item === 'object')) {
      // The objects of this list are parameters, which have names.
      return Object.fromEntries((items as Facts[]).map((param) => [param.name, param]));
    }
    const isSet = SETS.includes(name) || ['required', 'optional'].includes(name);
    return isSet ? items.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  // What is no list and not null is an object of JSON.
  const { minResolution, ...rest } = value as Facts;
  // "720p" names the shorter side.
  const facts = typeof minResolution === 'string' ? { ...rest, minSidePx: Number.parseInt(minResolution, 10) } : rest;
  const entries = Object.entries(facts).filter(([key]) => !ABOUT_SOURCES.includes(key));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, normalise(inner, key)] as const).toSorted(([a], [b]) => a.localeCompare(b)),
  );
}

function differences(path: string, ours: unknown, theirs: unknown): string[] {
  if (isDeepStrictEqual(ours, theirs)) return [];
  const isBranch = (value: unknown): value is Facts =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isBranch(ours) || !isBranch(theirs)) {
    return [`${path}: catalog ${JSON.stringify(ours)}, list ${JSON.stringify(theirs)}`];
  }
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys].flatMap((key) => differences(`${path}.${key}`, ours[key], theirs[key]));
}

function compare(entries: readonly FactsEntry[]): { compared: number; found: string[] } {
  const families = new Set(catalog.list().map(({ family }) => family));
  const theirs = new Map(entries.filter(({ family }) => families.has(family)).map((entry) => [entry.endpoint, entry]));
  const found = catalog.list().flatMap((endpoint) => {
    const entry = theirs.get(endpoint.id);
    if (entry === undefined) return [`${endpoint.id}: not in the list`];
    theirs.delete(endpoint.id);
    return differences(endpoint.id, normalise(toFacts(endpoint)), normalise(entry));
  });
  for (const id of theirs.keys()) found.push(`${id}: not in the catalog`);
  return { compared: catalog.list().length, found };
}

function read(path: string | undefined): readonly FactsEntry[] {
  if (path === undefined) throw new Error('usage: node scripts/compare-catalog.ts PATH/models.json');
  // The list is checked against its own schema where it is kept.
  return JSON.parse(readFileSync(path, 'utf8')) as FactsEntry[];
}

try {
  const { compared, found } = compare(read(process.argv[2]));
  for (const line of found) console.log(line);
  console.log(`${compared} endpoints compared, ${found.length} differences`);
  process.exitCode = found.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
