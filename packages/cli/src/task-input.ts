import { constants, openAsBlob } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Client, Json } from '@reelay/client';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** Above it a file goes in pieces, so that a broken line does not begin anew. */
const MAX_ONE_PIECE_BYTES = 32 * 1_048_576;
const PARAM = /^([A-Za-z_]\w*)(\[\])?(:=|=|@)(.*)$/s;

export const PARAM_HELP = `
Parameters, as the page of the endpoint describes them:
  prompt="A paper boat"     text
  seed:=7                   JSON: a number, true, false, null, a list
  imageUrl@photo.jpg        a file, which is uploaded
  imageUrls[]@photo.jpg     a list; again for each item
All of them as JSON: --input '{"prompt": "…"}', --input @task.json, or --input - for standard input.`;

type Input = Record<string, Json>;

/** What to ask for: JSON, with single parameters laid over it. Files are uploaded here.
 *  @throws {UsageError} that names the option or the parameter. */
export async function readInput(
  p: { readonly params: readonly string[]; readonly json: string | undefined },
  { client, io }: { client: Client; io: Io },
): Promise<Input> {
  const parsed = p.params.map(parseParam);
  const input = p.json === undefined ? {} : parseInput(await readJson(p.json, io));
  const given: Input = {};
  for (const { name, isList, read } of parsed) {
    const value = await read({ client, io });
    const before = given[name];
    if (before === undefined) given[name] = isList ? [value] : value;
    else given[name] = Array.isArray(before) ? [...before, value] : [before, value];
  }
  return { ...input, ...given };
}

type Param = { name: string; isList: boolean; read: (p: { client: Client; io: Io }) => Promise<Json> };

function parseParam(text: string): Param {
  const [, name = '', brackets, sign, rest = ''] = PARAM.exec(text) ?? [];
  const isList = brackets !== undefined;
  switch (sign) {
    case '=':
      return { name, isList, read: async () => rest };
    case ':=': {
      const value = parseJson(rest, `${name}:=`);
      return { name, isList, read: async () => value };
    }
    case '@':
      return { name, isList, read: ({ client, io }) => upload(rest, { name, client, io }) };
    default:
      throw new UsageError(`${text}: a parameter is name=text, name:=JSON or name@file`, 'See --help.');
  }
}

function parseJson(text: string, where: string): Json {
  try {
    return JSON.parse(text) as Json; // What JSON parses to.
  } catch {
    throw new UsageError(`${where}: this is no JSON`);
  }
}

function parseInput(text: string): Input {
  const value = parseJson(text, '--input');
  // An object that is no list, as the check before says.
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw new UsageError('--input: it must be a JSON object');
}

async function readJson(source: string, { stdin }: Io): Promise<string> {
  if (source === '-') return (await stdin.setEncoding('utf8').toArray()).join('');
  if (!source.startsWith('@')) return source;
  return readFile(source.slice(1), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--input: cannot read ${source.slice(1)} (${error.code})`);
  });
}

/** @returns what a media parameter takes for the file. */
async function upload(path: string, { name, client, io }: { name: string; client: Client; io: Io }): Promise<string> {
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${name}@: cannot read ${path} (${error.code})`);
  });
  const file = await openAsBlob(path);
  const options = { fileName: basename(path), signal: io.signal };
  const { id } =
    file.size > MAX_ONE_PIECE_BYTES
      ? await client.uploads.send(file, options)
      : await client.assets.create(file, options);
  return `asset://${id}`;
}
