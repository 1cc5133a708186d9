import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Json } from '@reelay/catalog';
import { FormData } from 'undici';
import type { JobFile } from '../../contract/asset.ts';

/** How an upstream takes a file. `address`: a URL that it fetches, or, where nobody can reach us, a data URI;
 *  `bare-address`: the same with the digits of base64 alone. `url` and `data-uri`: only that. `hosted`: a URL, which is
 *  the host's where nobody can reach us. `base64`: the bare digits. `blob`: a part of a multipart form. */
export type FileForm = 'address' | 'bare-address' | 'url' | 'hosted' | 'data-uri' | 'base64' | 'blob';

/** Stands in a body where a file will be. */
export class FileUse {
  readonly file: JobFile;
  readonly form: FileForm;
  constructor(file: JobFile, form: FileForm = 'address') {
    this.file = file;
    this.form = form;
  }
}

/** An id that goes out as a number with exactly these digits, although no double holds it. */
export class Digits {
  readonly digits: string;
  constructor(digits: string) {
    if (!/^\d+$/.test(digits)) throw new TypeError(`${JSON.stringify(digits)} are no digits`);
    this.digits = digits;
  }
}

/** The id as a number where it is one, and as it is elsewhere. */
export const asNumber = (id: string): Digits | string => (/^(0|[1-9]\d*)$/.test(id) ? new Digits(id) : id);

export type BodyPart = Json | FileUse | Digits | readonly BodyPart[] | { readonly [name: string]: BodyPart };
export type Body = { readonly [name: string]: BodyPart };

/** The media type of a file as the web writes it. */
export function mediaTypeOf({ facts: { kind, format } }: JobFile): string {
  const subtype = SUBTYPES[format] ?? format;
  return `${kind}/${subtype}`;
}
const SUBTYPES: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  mp3: 'mpeg',
  mov: 'quicktime',
  m4a: 'mp4',
  svg: 'svg+xml',
};

/** The files that stand in a body, in order. */
export function listFiles(part: BodyPart): FileUse[] {
  if (part instanceof FileUse) return [part];
  if (Array.isArray(part)) return part.flatMap((one: BodyPart) => listFiles(one));
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(listFiles) : [];
}

/** How files go into a body. */
export type Filling = {
  /** Decides what `address` means. */
  readonly canBeReached: boolean;
  /** Where the upstream has a place for files: puts one there and says its address. Large ones go there when nobody can
   *  reach us. */
  readonly host?: (file: JobFile) => Promise<string>;
};

/** As a data URI a larger file would make a body that upstreams refuse. */
const MAX_INLINE_BYTES = 1024 ** 2;

/** Puts each file once, however often a body names it. */
export function hostOnce(put: (file: JobFile) => Promise<string>): (file: JobFile) => Promise<string> {
  const hosted = new Map<string, Promise<string>>();
  return (file) => {
    const address = hosted.get(file.assetId) ?? put(file);
    hosted.set(file.assetId, address);
    return address;
  };
}

/** Puts the files into a body of JSON. */
export async function withFiles(body: Body, p: Filling): Promise<Record<string, Json>> {
  const entries = await Promise.all(
    Object.entries(body).map(async ([name, part]) => [name, await fill(part, p)] as const),
  );
  return Object.fromEntries(entries);
}

async function fill(part: BodyPart, p: Filling): Promise<Json> {
  if (part instanceof FileUse) return fillFile(part, p);
  if (part instanceof Digits) return rawJson(part.digits);
  if (Array.isArray(part)) return Promise.all(part.map((one: BodyPart) => fill(one, p)));
  // What is neither a file, a list nor a plain value is an object of parts.
  if (typeof part === 'object' && part !== null) return withFiles(part as Body, p);
  return part;
}

/** The compiler's library does not know it yet: a value that is written into JSON as it stands. */
const rawJson = (text: string): Json => (JSON as unknown as { rawJSON(text: string): Json }).rawJSON(text);

async function fillFile({ file, form }: FileUse, { canBeReached, host }: Filling): Promise<string> {
  if (form === 'url' || (form === 'hosted' && canBeReached)) return file.url;
  if (form === 'hosted') {
    if (host === undefined) throw new Error('there is no host for a file that must have one');
    return host(file);
  }
  if ((form === 'address' || form === 'bare-address') && canBeReached) return file.url;
  if (form === 'blob') throw new Error('a blob belongs into a form');
  if (form === 'address' && host !== undefined && file.facts.sizeBytes > MAX_INLINE_BYTES) return host(file);
  const digits = await readFile(file.path, 'base64');
  const isBare = form === 'base64' || form === 'bare-address';
  return isBare ? digits : `data:${mediaTypeOf(file)};base64,${digits}`;
}

/** Why a body cannot be sent from here: the upstream fetches a file by itself and takes no bytes, and nobody can reach
 *  us. */
export function outOfReach(body: Body, { canBeReached }: { canBeReached: boolean }): string[] {
  if (canBeReached || !listFiles(body).some(({ form }) => form === 'url')) return [];
  return ['a file would have to be fetched from here, and this server cannot be reached from the internet'];
}

/** The same as a multipart form: files as parts, read while they are sent; lists as repeated fields; objects as JSON. */
export async function toForm(body: Body, p: Filling): Promise<FormData> {
  const form = new FormData();
  for (const [name, part] of Object.entries(body)) {
    for (const one of Array.isArray(part) ? (part as readonly BodyPart[]) : [part]) {
      if (one instanceof FileUse && one.form === 'blob') {
        const blob = await openAsBlob(one.file.path, { type: mediaTypeOf(one.file) });
        form.append(name, blob, `${one.file.assetId}.${one.file.facts.format}`);
        continue;
      }
      const value = await fill(one, p);
      form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
  }
  return form;
}
