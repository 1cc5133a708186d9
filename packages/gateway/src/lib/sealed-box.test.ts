import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { CannotOpen, createSealedBox, loadSecretKeys } from './sealed-box.ts';

const [OLD, NEW] = ['a'.repeat(64), 'b'.repeat(64)];
const root = mkdtempSync(join(tmpdir(), 'reelay-sealed-'));
afterAll(() => rmSync(root, { recursive: true }));
const folder = () => mkdtempSync(join(root, 'case-'));

test('what was sealed opens at its place, and looks different every time', () => {
  const box = createSealedBox({ keys: [OLD] });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, place) => {
      const sealed = box.seal(text, place);
      expect(box.open(sealed, place)).toBe(text);
      expect(box.seal(text, place)).not.toBe(sealed);
      if (text.length > 8) expect(sealed).not.toContain(text);
    }),
  );
});

test('at another place, with another key, or with any character changed it does not', () => {
  const box = createSealedBox({ keys: [OLD] });
  const sealed = box.seal('whsec_of_a_customer', 'secrets:1');
  expect(() => box.open(sealed, 'secrets:2')).toThrow(CannotOpen);
  expect(() => createSealedBox({ keys: [NEW] }).open(sealed, 'secrets:1')).toThrow(/key [0-9a-f]{8}, which/);
  const alphabet = 'ABab01-_';
  for (let at = 0; at < sealed.length; at += 1) {
    const other = [...alphabet].find((one) => one !== sealed[at]) ?? '';
    const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
    // The last digits of a base64 text carry bits that mean nothing.
    const isSame = Buffer.from(changed.split('.')[2] ?? '', 'base64url').equals(
      Buffer.from(sealed.split('.')[2] ?? '', 'base64url'),
    );
    if (at >= sealed.lastIndexOf('.') && isSame) continue;
    expect(() => box.open(changed, 'secrets:1'), changed).toThrow(CannotOpen);
  }
  for (const broken of ['', 'whsec_plain', sealed.slice(0, -8), 'sealed1..', `${sealed.split('.', 2).join('.')}.`])
    expect(() => box.open(broken, 'secrets:1')).toThrow(CannotOpen);
});

test('the newest key seals; older ones still open what they sealed, which is stale then', () => {
  const before = createSealedBox({ keys: [OLD] }).seal('x', 'p');
  const rotated = createSealedBox({ keys: [NEW, OLD] });
  expect([rotated.open(before, 'p'), rotated.isStale(before)]).toEqual(['x', true]);
  const after = rotated.seal('x', 'p');
  expect([createSealedBox({ keys: [NEW] }).open(after, 'p'), rotated.isStale(after)]).toEqual(['x', false]);
});

test('without a configured key the first start makes a file that only its owner reads, and later ones use it', () => {
  const dataDir = folder();
  const first = loadSecretKeys({ configured: undefined, dataDir });
  expect(first).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(loadSecretKeys({ configured: undefined, dataDir })).toEqual(first);
  expect(readdirSync(dataDir)).toEqual(['secret.key']);
  if (process.platform !== 'win32') expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toBe(`${first[0]}\n`);
});

test('configured keys win, and make no file; a file that holds no key is an error that names it', () => {
  const dataDir = folder();
  expect(loadSecretKeys({ configured: [NEW, OLD], dataDir })).toEqual([NEW, OLD]);
  expect(readdirSync(dataDir)).toEqual([]);
  writeFileSync(join(dataDir, 'secret.key'), 'half a k');
  expect(() => loadSecretKeys({ configured: undefined, dataDir })).toThrow(/secret\.key.*REELAY_SECRET_KEY/);
});
