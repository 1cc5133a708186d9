import { PassThrough, type Readable } from 'node:stream';

/** How the bytes of a file are written in JSON. */
export type Digits = 'base64' | 'hex';

export type Inlined = {
  /** Names of the members that hold a file. */
  readonly members: Readonly<Record<string, Digits>>;
  /** Keeps one. Files come one after the other, numbered from 0. */
  save(position: number, bytes: Readable): Promise<unknown>;
};

/** What stands in the JSON in place of a file. */
export const fileMark = (position: number): string => `file:${position}`;
/** The number in such a mark. Undefined: no file stood there. */
export const positionIn = (mark: string | null | undefined): number | undefined => {
  const digits = /^file:(\d+)$/.exec(mark ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const WHITE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Of the files of one answer together. */
const MAX_FILE_BYTES = 1024 ** 3;

/** Reads JSON in which files of many megabytes stand as digits. Each is saved while it arrives, so that it is never in
 *  memory as a whole, and its mark stands in its place.
 *  @throws what `save` or the body throws; an error whose code is `ANSWER_TOO_LONG` above the limits, or `NOT_DIGITS`
 *    where a file is none. */
export async function readLongJson(
  body: AsyncIterable<Buffer>,
  inlined: Inlined,
  { maxTextBytes }: { maxTextBytes: number },
): Promise<string> {
  const reader = new LongJsonReader(inlined, maxTextBytes);
  try {
    for await (const chunk of body) await reader.take(chunk);
    await reader.end();
  } catch (error) {
    reader.drop(error);
    throw error;
  }
  return reader.text();
}

/** Where in the JSON the reader is: between strings, in a string that is kept, or in one that is a file. */
type Place = 'outside' | 'string' | 'file';

class LongJsonReader {
  readonly #inlined: Inlined;
  readonly #kept: Buffer[] = [];
  #textBytesLeft: number;
  #fileBytesLeft = MAX_FILE_BYTES;
  #place: Place = 'outside';
  #isEscaped = false;
  /** The string that is being read, or that was read last: after a colon it is the name of a member. */
  #lastString: Buffer[] = [];
  #member: string | undefined;
  #file: FileWriter | undefined;
  #count = 0;

  constructor(inlined: Inlined, maxTextBytes: number) {
    this.#inlined = inlined;
    this.#textBytesLeft = maxTextBytes;
  }

  text(): string {
    return Buffer.concat(this.#kept).toString('utf8');
  }

  async take(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      if (this.#place === 'outside') at = this.#outside(chunk, at);
      else if (this.#place === 'string') at = this.#inString(chunk, at);
      else at = await this.#inFile(chunk, at);
    }
  }

  async end(): Promise<void> {
    // JSON that ends inside a file is broken; whoever parses the rest says so.
    await this.#file?.end();
  }

  drop(error: unknown): void {
    this.#file?.drop(error);
  }

  #keep(bytes: Buffer): void {
    this.#textBytesLeft -= bytes.length;
    if (this.#textBytesLeft < 0) throw tooLong();
    this.#kept.push(bytes);
  }

  #outside(chunk: Buffer, from: number): number {
    const quoteAt = chunk.indexOf(QUOTE, from);
    const to = quoteAt === -1 ? chunk.length : quoteAt;
    for (let at = from; at < to; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === COLON) this.#member = Buffer.concat(this.#lastString).toString('utf8');
      else if (!WHITE.has(byte)) this.#member = undefined;
    }
    if (quoteAt === -1) {
      this.#keep(chunk.subarray(from));
      return chunk.length;
    }
    this.#keep(chunk.subarray(from, quoteAt + 1));
    const digits = this.#member === undefined ? undefined : this.#inlined.members[this.#member];
    this.#member = undefined;
    this.#lastString = [];
    this.#place = digits === undefined ? 'string' : 'file';
    if (digits !== undefined) this.#file = new FileWriter(digits, this.#inlined, this.#count);
    return quoteAt + 1;
  }

  #inString(chunk: Buffer, from: number): number {
    let at = from;
    for (; at < chunk.length; at += 1) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (chunk[at] === BACKSLASH) this.#isEscaped = true;
      else if (chunk[at] === QUOTE) break;
    }
    const isOver = at < chunk.length;
    this.#lastString.push(chunk.subarray(from, at));
    this.#keep(chunk.subarray(from, isOver ? at + 1 : at));
    if (isOver) this.#place = 'outside';
    return isOver ? at + 1 : at;
  }

  async #inFile(chunk: Buffer, from: number): Promise<number> {
    const quoteAt = chunk.indexOf(QUOTE, from);
    const to = quoteAt === -1 ? chunk.length : quoteAt;
    this.#fileBytesLeft -= to - from;
    if (this.#fileBytesLeft < 0) throw tooLong();
    await this.#file?.write(chunk.subarray(from, to));
    if (quoteAt === -1) return to;
    const isFile = (await this.#file?.end()) === true;
    this.#keep(Buffer.from(`${isFile ? fileMark(this.#count) : ''}"`));
    if (isFile) this.#count += 1;
    this.#file = undefined;
    this.#place = 'outside';
    return to + 1;
  }
}

const DATA_URI = Buffer.from('data:');
const ALPHABET: Record<Digits, RegExp> = { base64: /^[A-Za-z0-9+/=_-]*$/, hex: /^[0-9A-Fa-f]*$/ };
/** Digits that stand for whole bytes. */
const GROUP: Record<Digits, number> = { base64: 4, hex: 2 };

/** One file, from the digits of one string. */
class FileWriter {
  readonly #digits: Digits;
  readonly #inlined: Inlined;
  readonly #position: number;
  #stream: PassThrough | undefined;
  #saved: Promise<unknown> | undefined;
  /** Digits that are not yet a whole group, or the beginning, until it is known whether that is `data:…,`. */
  #rest = '';
  #isBegun = false;

  constructor(digits: Digits, inlined: Inlined, position: number) {
    this.#digits = digits;
    this.#inlined = inlined;
    this.#position = position;
  }

  async write(bytes: Buffer): Promise<void> {
    this.#rest += bytes.toString('latin1');
    if (!this.#isBegun && !this.#begin()) return;
    // An escape may be cut in two by the end of a chunk.
    const cut = /\\(u[0-9a-fA-F]{0,3})?$/.exec(this.#rest);
    const whole = unescaped(cut === null ? this.#rest : this.#rest.slice(0, cut.index));
    const usable = whole.length - (whole.length % GROUP[this.#digits]);
    this.#rest = whole.slice(usable) + (cut === null ? '' : cut[0]);
    await this.#put(whole.slice(0, usable));
  }

  /** @returns whether there was anything in it. */
  async end(): Promise<boolean> {
    await this.#put(unescaped(this.#isBegun ? this.#rest : withoutHead(this.#rest)));
    this.#stream?.end();
    await this.#saved;
    return this.#saved !== undefined;
  }

  drop(error: unknown): void {
    // Its rejection is the one that is thrown already.
    this.#saved?.catch(() => undefined);
    this.#stream?.destroy(error instanceof Error ? error : new Error(String(error)));
  }

  /** Some write a data URI where digits are promised. */
  #begin(): boolean {
    const isHead = this.#rest.startsWith(DATA_URI.toString());
    const mayBeHead = DATA_URI.toString().startsWith(this.#rest);
    if (mayBeHead || (isHead && !this.#rest.includes(','))) return false;
    this.#rest = withoutHead(this.#rest);
    this.#isBegun = true;
    return true;
  }

  async #put(digits: string): Promise<void> {
    if (digits === '') return;
    if (!ALPHABET[this.#digits].test(digits)) {
      throw Object.assign(new Error('a file in the answer is not written in digits'), { code: 'NOT_DIGITS' });
    }
    if (this.#stream === undefined) {
      this.#stream = new PassThrough();
      // Whoever should read it may be gone already.
      this.#stream.on('error', () => undefined);
      this.#saved = this.#inlined.save(this.#position, this.#stream);
      this.#saved.catch(() => undefined);
    }
    const stream = this.#stream;
    if (stream.write(Buffer.from(digits, this.#digits))) return;
    const drained = new Promise<void>((resolve) => stream.once('drain', resolve));
    // Whoever saves it may give up, and then nothing drains any more.
    await Promise.race([drained, this.#saved]);
  }
}

const tooLong = (): Error => Object.assign(new Error('the answer is too long'), { code: 'ANSWER_TOO_LONG' });

const withoutHead = (text: string): string => (text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text);

/** Some writers of JSON escape the slash, or the equals sign. */
const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code: string | undefined, char: string) =>
        code === undefined ? char : String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
