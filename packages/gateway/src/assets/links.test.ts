import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSqliteDb } from '../store/testing/databases.ts';
import { createLinks, loadLinkSecret } from './links.ts';

const LIFETIME_MS = 86_400_000;
const ASSET = { id: `asset_${'0123456789abcdef01234567'}`, extension: 'mp4' };

function create(p: { secret?: Buffer; origin?: string } = {}) {
  const time = { nowMs: Date.UTC(2026, 0, 2, 3, 4, 5) };
  const links = createLinks({
    secret: p.secret ?? Buffer.alloc(32, 7),
    origin: () => p.origin ?? 'https://reelay.test',
    lifetimeMs: LIFETIME_MS,
    nowMs: () => time.nowMs,
  });
  return { links, time };
}

function partsOf(link: string) {
  const { pathname, searchParams } = new URL(link);
  return {
    fileName: pathname.slice('/files/'.length),
    expires: searchParams.get('expires') ?? undefined,
    signature: searchParams.get('signature') ?? undefined,
  };
}

test('a link names the file with its extension, and is valid until it expires', () => {
  const { links, time } = create();
  const link = links.sign(ASSET);
  expect(link).toMatch(
    /^https:\/\/reelay\.test\/files\/asset_[0-9a-f]{24}\.mp4\?expires=\d{10}&signature=[0-9a-f]{64}$/,
  );
  const valid = { is: 'valid', assetId: ASSET.id, extension: 'mp4' };
  expect(links.check(partsOf(link))).toEqual(valid);
  time.nowMs += LIFETIME_MS;
  expect(links.check(partsOf(link))).toEqual(valid);
  time.nowMs += 3_600_000;
  expect(links.check(partsOf(link))).toEqual({ ...valid, is: 'expired' });
});

test('the longest extension that a file may have is one that a link may have', () => {
  const { links } = create();
  const check = links.check(partsOf(links.sign({ ...ASSET, extension: 'safetensors' })));
  expect(check).toEqual({ is: 'valid', assetId: ASSET.id, extension: 'safetensors' });
});

test('links of a file are the same for a while, and never live shorter than they should', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000_000 }), (ms) => {
      const { links, time } = create();
      time.nowMs += ms;
      const expiresMs = Number(partsOf(links.sign(ASSET)).expires) * 1_000;
      expect(expiresMs - time.nowMs).toBeGreaterThanOrEqual(LIFETIME_MS);
      expect(expiresMs - time.nowMs).toBeLessThanOrEqual(LIFETIME_MS + 3_600_000);
    }),
  );
  const { links, time } = create();
  const first = links.sign(ASSET);
  time.nowMs += 60_000;
  expect(links.sign(ASSET)).toBe(first);
});

test.each([
  ['another file', { fileName: `asset_${'f'.repeat(24)}.mp4` }],
  ['another extension', { fileName: `${ASSET.id}.html` }],
  ['a later end', { expires: '9999999999' }],
  ['no end', { expires: undefined }],
  ['no signature', { signature: undefined }],
  ['half a signature', { signature: 'ab'.repeat(16) }],
  ['a signature that is no hexadecimal', { signature: 'zz'.repeat(32) }],
  ['a path', { fileName: `../${ASSET.id}.mp4` }],
])('a link with %s is forged', (_name, change) => {
  const { links } = create();
  expect(links.check({ ...partsOf(links.sign(ASSET)), ...change })).toEqual({ is: 'forged' });
});

test('a digit behind the signature, or one in upper case, makes a link forged', () => {
  const { links } = create();
  const parts = partsOf(links.sign(ASSET));
  const { signature = '' } = parts;
  for (const other of [`${signature}0`, signature.toUpperCase(), ` ${signature}`])
    expect(links.check({ ...parts, signature: other })).toEqual({ is: 'forged' });
});

test('our links are recognised under whatever origin and prefix a client reaches us', () => {
  const { links } = create();
  const link = links.sign(ASSET);
  for (const origin of ['http://127.0.0.1:8090', 'https://cdn.example/reelay']) {
    expect(links.recognise(link.replace('https://reelay.test', origin))).toMatchObject({ is: 'valid' });
  }
  expect(links.recognise(link.replace('expires=1', 'expires=2'))).toEqual({ is: 'forged' });
});

test('addresses of others are not ours, even when they look alike', () => {
  const { links } = create();
  const foreign = create({ secret: Buffer.alloc(32, 8), origin: 'https://other.test' }).links.sign(ASSET);
  expect(links.recognise(foreign)).toBeUndefined();
  expect(links.recognise('https://reelay.test/files/photo.png')).toBeUndefined();
  expect(links.recognise('https://example.com/a.png?x=/files/asset_')).toBeUndefined();
  expect(links.recognise('not a url /files/asset_')).toBeUndefined();
});

test('the secret of an installation is made once', async () => {
  const { db, drop } = await createSqliteDb();
  const secret = await loadLinkSecret(db, randomBytes);
  expect(secret).toHaveLength(32);
  expect(await loadLinkSecret(db, randomBytes)).toEqual(secret);
  await drop();
});
