import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JobFile } from '../../contract/asset.ts';
import { asNumber, Digits, FileUse, outOfReach, withFiles } from './media.ts';

const facts = { kind: 'image', format: 'png', sizeBytes: 3 } as const;
const file = (path = '/nowhere'): JobFile => ({ assetId: 'asset_1', path, url: 'https://reelay.test/a.png', facts });

async function stored(): Promise<JobFile> {
  const folder = await mkdtemp(join(tmpdir(), 'reelay-kit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'a.png'), 'png');
  return file(join(folder, 'a.png'));
}

test.each([
  ['address', 'https://reelay.test/a.png', 'data:image/png;base64,cG5n'],
  ['bare-address', 'https://reelay.test/a.png', 'cG5n'],
  ['data-uri', 'data:image/png;base64,cG5n', 'data:image/png;base64,cG5n'],
  ['base64', 'cG5n', 'cG5n'],
  ['url', 'https://reelay.test/a.png', 'https://reelay.test/a.png'],
] as const)('a file as %s', async (form, reached, unreached) => {
  const body = { in: [{ it: new FileUse(await stored(), form) }] };
  expect(await withFiles(body, { canBeReached: true })).toEqual({ in: [{ it: reached }] });
  expect(await withFiles(body, { canBeReached: false })).toEqual({ in: [{ it: unreached }] });
});

test('an id keeps its digits as a number of JSON', async () => {
  const body = { list: [{ id: asNumber('812345678901234567') }], zero: asNumber('0'), word: asNumber('o_102') };
  const sent = JSON.stringify(await withFiles(body, { canBeReached: false }));
  expect(sent).toBe('{"list":[{"id":812345678901234567}],"zero":0,"word":"o_102"}');
  expect(() => new Digits('1e9')).toThrow('no digits');
  expect(asNumber('007')).toBe('007');
});

test('a file that must be fetched is out of reach where nobody can reach us, however deep it is', () => {
  const body = { clips: [{ url: new FileUse(file(), 'url') }], other: null, id: new Digits('1') };
  expect(outOfReach(body, { canBeReached: false })).toHaveLength(1);
  expect(outOfReach(body, { canBeReached: true })).toEqual([]);
  expect(outOfReach({ image: new FileUse(file(), 'address'), id: new Digits('1') }, { canBeReached: false })).toEqual(
    [],
  );
});

test('a file that must have an address gets that of the host, whatever its size, where nobody can reach us', async () => {
  const body = { it: new FileUse(file(), 'hosted') };
  const host = async ({ assetId }: JobFile) => `https://vendor.test/${assetId}`;
  expect(await withFiles(body, { canBeReached: true, host })).toEqual({ it: 'https://reelay.test/a.png' });
  expect(await withFiles(body, { canBeReached: false, host })).toEqual({ it: 'https://vendor.test/asset_1' });
  await expect(withFiles(body, { canBeReached: false })).rejects.toThrow('no host');
});
