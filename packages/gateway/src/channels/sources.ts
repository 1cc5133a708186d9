import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ProviderType } from '../providers/provider-type.ts';
import { DEFAULT_POLICY, DEFAULT_RULES, type Definition, digestOf, listMissing } from './definition.ts';
import { applyChange, channelFields, channelName, type FieldsDeps } from './fields.ts';

/** A variable of the environment, or of `reelay.env`. Undefined: it is not there, or is no one's business. */
export type Variables = (name: string) => string | undefined;

/** What is wrong with the file of channels. No value is repeated: it may be a secret. */
export class ChannelsFileError extends Error {
  override readonly name = 'ChannelsFileError';
}

const FileChannel = z.strictObject({ provider: z.string(), name: channelName.optional(), ...channelFields });
const File = z.strictObject({ channels: z.array(FileChannel).max(1_000) });

type SourceDeps = FieldsDeps & {
  readonly variables: Variables;
  /** The file, and whether it was named: only then it must be there. */
  readonly file: { readonly path: string; readonly isRequired: boolean };
};

/** The channels that the file and the environment describe.
 *  @throws {ChannelsFileError} with everything that is wrong. */
export function readSources(deps: SourceDeps): readonly Definition[] {
  const fromFile = readFile(deps);
  // Who writes down how a provider is used does not mean it to be used in another way beside that.
  const left = deps.types.filter(({ name }) => !fromFile.some(({ provider }) => provider === name));
  return [...fromFile, ...left.flatMap((type) => fromEnvironment(type, deps.variables) ?? [])];
}

function fromEnvironment(type: ProviderType, variables: Variables): Definition | undefined {
  const read = (fields: ProviderType['settings']) =>
    Object.fromEntries(
      fields.flatMap(({ name, env }) => {
        const value = variables(env);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
  const given = { credentials: read(type.credentials), settings: read(type.settings) };
  const isMeant = Object.keys(given.credentials).length > 0 || type.credentials.length === 0;
  const isSaid = Object.keys({ ...given.credentials, ...given.settings }).length > 0;
  if (!isMeant || !isSaid || listMissing(type, given).length > 0) return undefined;
  return toDefinition(
    'environment',
    type.name,
    { ...DEFAULT_POLICY, ...given, rules: DEFAULT_RULES },
    {
      provider: type.name,
      isEnabled: true,
    },
  );
}

function readFile(deps: SourceDeps): readonly Definition[] {
  const { path, isRequired } = deps.file;
  const problems: string[] = [];
  const file = parseFile(path, isRequired, problems);
  const definitions = file.channels.flatMap((channel, place) => {
    const at = `channels[${place}]`;
    const type = deps.types.find(({ name }) => name === channel.provider);
    if (type === undefined) {
      problems.push(`${at}.provider: there is no provider ${channel.provider}; known are ${listNames(deps.types)}`);
      return [];
    }
    const { credentials = {}, ...change } = channel;
    const resolved = resolve(credentials, { at, variables: deps.variables, problems });
    const before = { ...DEFAULT_POLICY, credentials: {}, settings: {}, rules: DEFAULT_RULES };
    const made = applyChange(deps, type, before, { ...change, credentials: resolved });
    if ('problems' in made) {
      problems.push(...made.problems.map(({ field, message }) => `${at}.${field}: ${message}`));
      return [];
    }
    const { name = type.name, isEnabled = true } = channel;
    return [toDefinition('file', name, made.described, { provider: type.name, isEnabled })];
  });
  const names = definitions.map(({ name }) => name);
  for (const name of new Set(names.filter((one, place) => names.indexOf(one) !== place))) {
    problems.push(`several channels are called ${name}`);
  }
  if (problems.length === 0) return definitions;
  throw new ChannelsFileError(`${path} is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

const listNames = (types: readonly ProviderType[]): string => types.map(({ name }) => name).join(', ');

function parseFile(path: string, isRequired: boolean, problems: string[]): z.output<typeof File> {
  const none = { channels: [] };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'; // readFileSync throws only these.
    if (!isMissing || isRequired) problems.push('it cannot be read');
    return none;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The words of the parser quote the text.
    problems.push('it is no JSON');
    return none;
  }
  const parsed = File.safeParse(json);
  if (parsed.success) return parsed.data;
  problems.push(...parsed.error.issues.map(({ path: at, message }) => `${z.core.toDotPath(at)}: ${message}`));
  return none;
}

const FROM_ENVIRONMENT = /^env:(.*)$/s;

/** `env:NAME` is what the variable holds. */
function resolve(
  credentials: Readonly<Record<string, string | null>>,
  { at, variables, problems }: { at: string; variables: Variables; problems: string[] },
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(credentials)) {
    if (value === null) continue;
    const variable = FROM_ENVIRONMENT.exec(value)?.[1];
    const text = variable === undefined ? value : variables(variable);
    if (text === undefined) problems.push(`${at}.credentials.${name}: the environment has no ${variable}`);
    // What is missing is said once.
    found[name] = text ?? '-';
  }
  return found;
}

function toDefinition(
  source: 'file' | 'environment',
  name: string,
  described: Omit<
    Definition,
    'id' | 'name' | 'source' | 'accountId' | 'provider' | 'isEnabled' | 'createdAtMs' | 'updatedAtMs' | 'revision'
  >,
  p: { provider: string; isEnabled: boolean },
): Definition {
  const own = { id: name, name, source, accountId: null, ...p, createdAtMs: null, updatedAtMs: null };
  return { ...described, ...own, revision: digestOf(described) };
}
