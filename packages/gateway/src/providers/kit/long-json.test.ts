import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Digits, fileMark, positionIn, readLongJson } from './long-json.ts';

const LIMIT = { maxTextBytes: 1_000_000 };

async function* inChunks(text: string, sizes: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[n % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
async function read(text: string, p: { sizes?: readonly number[]; members?: Record<string, Digits> } = {}) {
  const files: Buffer[] = [];
  const members = p.members ?? { data: 'base64' };
  const save = async (position: number, bytes: AsyncIterable<Buffer>) => {
    files[position] = await buffer(bytes);
  };
  const kept = await readLongJson(inChunks(text, p.sizes ?? []), { members, save }, LIMIT);
  return { value: JSON.parse(kept) as unknown, files };
}

test('files are taken out, in order, and everything else stays', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ data: fc.uint8Array(), about: fc.string({ unit: 'grapheme' }), n: fc.double() }), {
        maxLength: 4,
      }),
      fc.array(fc.integer({ min: 1, max: 50 })),
      fc.boolean(),
      async (list, sizes, isIndented) => {
        const written = list.map((one) => ({ ...one, data: Buffer.from(one.data).toString('base64') }));
        const { value, files } = await read(JSON.stringify({ list: written }, null, isIndented ? 2 : 0), { sizes });
        const full = list.filter(({ data }) => data.length > 0);
        expect(files.map((bytes) => bytes.toString('hex'))).toEqual(
          full.map(({ data }) => Buffer.from(data).toString('hex')),
        );
        const mark = (at: number) => fileMark(list.slice(0, at).filter(({ data }) => data.length > 0).length);
        expect(value).toEqual(
          JSON.parse(
            JSON.stringify({ list: list.map((one, at) => ({ ...one, data: one.data.length > 0 ? mark(at) : '' })) }),
          ),
        );
      },
    ),
  ));

test.each([
  ['hexadecimal digits', '{"audio":"ff00ab"}', { audio: 'hex' }, 'ff00ab'],
  ['an escaped slash and equals sign', String.raw`{"data":"\/\/8\u003d"}`, { data: 'base64' }, 'ffff'],
  ['a data URI', '{"data":"data:image/png;base64,//8="}', { data: 'base64' }, 'ffff'],
  ['the letters of the web alphabet', '{"data":"__8"}', { data: 'base64' }, 'ffff'],
] as const)('%s, cut at every place', async (_name, text, members, hex) => {
  for (let size = 1; size <= text.length; size += 1) {
    const { files } = await read(text, { sizes: [size], members });
    expect(files.map((bytes) => bytes.toString('hex'))).toEqual([hex]);
  }
});

test('only the string of a member is a file: not a list of that name, and not a name of that name', async () => {
  const body = { data: [{ url: 'x', data: null }], list: ['data', 'data'], other: { data: { a: 'data' } } };
  expect(await read(JSON.stringify(body))).toEqual({ value: body, files: [] });
});

test('what is no file, and what is too long, is an error', async () => {
  await expect(read('{"data":"not digits!"}')).rejects.toMatchObject({ code: 'NOT_DIGITS' });
  const long = inChunks(JSON.stringify({ words: 'x'.repeat(100) }), []);
  const inlined = { members: {}, save: async () => undefined };
  await expect(readLongJson(long, inlined, { maxTextBytes: 99 })).rejects.toMatchObject({ code: 'ANSWER_TOO_LONG' });
});

test('a file that cannot be saved ends the reading, also when the rest of it never comes', async () => {
  const save = async () => {
    throw new Error('the disk is full');
  };
  const text = `{"data":"${'A'.repeat(200_000)}"}`;
  const reading = readLongJson(inChunks(text, [50_000]), { members: { data: 'base64' }, save }, LIMIT);
  await expect(reading).rejects.toThrow('the disk is full');
});

test('a body that breaks off in a file ends the saving too', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from('{"data":"AAAAAAAA');
    throw new Error('cut off');
  }
  let saving: Promise<unknown> | undefined;
  const save = (_position: number, bytes: AsyncIterable<Buffer>) => (saving = buffer(bytes));
  await expect(readLongJson(broken(), { members: { data: 'base64' }, save }, LIMIT)).rejects.toThrow('cut off');
  await expect(saving).rejects.toThrow('cut off');
});

test('marks are read back', () => {
  expect([fileMark(3), '', undefined, 'iVBORw0K', 'file:x'].map(positionIn)).toEqual([
    3,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
