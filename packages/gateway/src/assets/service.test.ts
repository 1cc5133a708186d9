import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { RenderError, type RenderErrorCode } from '@reelay/preview';
import { afterEach, describe, expect, test } from 'vitest';
import { mp4Bytes, pngBytes } from './testing/media.ts';
import { LINK_LIFETIME_MS, openRoom, type Room } from './testing/room.ts';

let room: Room;
afterEach(() => room.close());

const png = pngBytes({ widthPx: 640, heightPx: 480 });
const openLink = (link: string) => {
  const { pathname, searchParams } = new URL(link);
  return room.assets.open({
    fileName: pathname.slice('/files/'.length),
    expires: searchParams.get('expires') ?? undefined,
    signature: searchParams.get('signature') ?? undefined,
  });
};

test('a picture is stored with what its bytes say, whatever its name is', async () => {
  room = await openRoom();
  const asset = await room.put(png, { fileName: 'holiday.mp4' });
  expect(asset).toMatchObject({
    id: expect.stringMatching(/^asset_[0-9a-f]{24}$/),
    accountId: 'acct_owner',
    sha256: createHash('sha256').update(png).digest('hex'),
    sizeBytes: png.length,
    mediaType: 'image/png',
    extension: 'png',
    kind: 'image',
    facts: { kind: 'image', format: 'png', sizeBytes: png.length, widthPx: 640, heightPx: 480 },
  });
  expect(await readFile(asset.path)).toEqual(png);
  expect(await room.assets.get(asset.id)).toEqual(asset);
});

test('the facts of a clip come back from the store as they were', async () => {
  room = await openRoom();
  const clip = await room.put(mp4Bytes({ durationMs: 4_567 }));
  expect(clip.facts).toMatchObject({ kind: 'video', durationMs: 4_567, hasAudio: true });
  expect(await room.assets.get(clip.id)).toEqual(clip);
});

test('the same bytes of one account are one asset and are looked at once; of two accounts two, and one file', async () => {
  room = await openRoom();
  const [first, again] = [await room.put(png), await room.put(png)];
  expect(again).toEqual(first);
  expect(room.inspected).toHaveLength(1);
  const other = await room.put(png, { accountId: 'acct_stranger' });
  expect(other.id).not.toBe(first.id);
  expect(other.path).toBe(first.path);
});

test('the same bytes that arrive together are one asset', async () => {
  room = await openRoom();
  const assets = await Promise.all(Array.from({ length: 5 }, () => room.put(png)));
  expect(new Set(assets.map(({ id }) => id)).size).toBe(1);
  expect(await readdir(join(room.dataDir, 'blobs', 'tmp'))).toEqual([]);
});

test('a file whose bytes were removed by hand is stored again', async () => {
  room = await openRoom();
  const asset = await room.put(png);
  await rm(asset.path);
  expect(await room.put(png)).toEqual(asset);
  expect(await readFile(asset.path)).toEqual(png);
});

describe('what a browser could run is never served as such', () => {
  test.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'drawing.svg', 'svg'],
    ['an SVG with a prologue', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'drawing.svg', 'svg'],
    ['HTML', '<!doctype html><script>alert(1)</script>', 'page.html', 'html'],
    ['HTML under the name of a picture', '<html><script>alert(1)</script></html>', 'photo.png', 'bin'],
    ['a script', 'alert(1)', 'code.js', 'js'],
    ['bytes without a name', 'whatever', undefined, 'bin'],
    ['a strange name', 'whatever', 'a.b/../c.<x>', 'bin'],
    ['a long extension', 'whatever', `a.${'x'.repeat(50)}`, 'bin'],
  ])('%s', async (_name, text, fileName, extension) => {
    room = await openRoom();
    const asset = await room.put(text, fileName === undefined ? {} : { fileName });
    expect(asset).toMatchObject({ kind: 'file', mediaType: 'application/octet-stream', extension, facts: null });
    expect(room.inspected).toEqual([]);
  });

  test('plain text stays plain text', async () => {
    room = await openRoom();
    expect(await room.put('1\n00:00 --> 00:02\nHello', { fileName: 'words.srt' })).toMatchObject({
      mediaType: 'text/plain',
      extension: 'srt',
    });
  });
});

test('an archive is a file and is not looked into', async () => {
  room = await openRoom();
  const zip = Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)]);
  expect(await room.put(zip)).toMatchObject({ kind: 'file', mediaType: 'application/zip', extension: 'zip' });
});

test('splats are gzip, and keep their name; what is gzip and says to be a picture does not', async () => {
  room = await openRoom();
  const packed = gzipSync('splats');
  const inert = { kind: 'file', mediaType: 'application/gzip' };
  expect(await room.put(packed, { fileName: 'world.spz' })).toMatchObject({ ...inert, extension: 'spz' });
  expect(await room.put(packed, { fileName: 'world.png' })).toMatchObject({ ...inert, extension: 'gz' });
});

test('a file above the limit is refused and leaves nothing', async () => {
  room = await openRoom();
  const storing = room.assets.store({ accountId: 'a', stream: Readable.from([png]), maxBytes: png.length - 1 });
  await expect(storing).rejects.toMatchObject({ code: 'body_too_large' });
  expect(await readdir(join(room.dataDir, 'blobs'))).toEqual(['parts', 'tmp']);
  expect(await readdir(join(room.dataDir, 'blobs', 'tmp'))).toEqual([]);
});

test.each([
  ['bad_media', 'media_unusable'],
  ['crashed', 'media_unusable'],
  ['out_of_memory', 'media_unusable'],
  ['timed_out', 'media_unusable'],
] as const)('media whose reading ends as %s is refused, and leaves nothing', async (reason: RenderErrorCode, code) => {
  room = await openRoom({ inspect: () => Promise.reject(new RenderError(reason, 'The file is hostile.')) });
  await expect(room.put(png)).rejects.toMatchObject({ code });
  expect(await readdir(join(room.dataDir, 'blobs'))).toEqual(['parts', 'tmp']);
  expect(await readdir(join(room.dataDir, 'blobs', 'tmp'))).toEqual([]);
});

test('a result that cannot be read is kept where its owner wants that, and the log says so', async () => {
  room = await openRoom({ inspect: () => Promise.reject(new RenderError('crashed', 'The child ended.')) });
  const stream = Readable.from([png]);
  const asset = await room.assets.store({ accountId: 'a', stream, maxBytes: 10_000, unreadable: 'keep' });
  expect(asset).toMatchObject({ kind: 'image', extension: 'png', facts: { format: 'png', sizeBytes: png.length } });
  expect(room.logged).toHaveLength(1);
});

test('without the media libraries files are stored by what they begin with', async () => {
  room = await openRoom({ inspect: () => Promise.reject(new RenderError('unavailable', 'Not installed.')) });
  expect(await room.put(png)).toMatchObject({ kind: 'image', facts: { kind: 'image', format: 'png' } });
});

test('an MP4 that holds sound only is sound', async () => {
  room = await openRoom({
    inspect: async () => ({ kind: 'audio', format: 'm4a', sizeBytes: 1, durationMs: 2_000, hasAudio: true }),
  });
  const asset = await room.put(mp4Bytes({ durationMs: 2_000 }));
  expect(asset).toMatchObject({ kind: 'audio', extension: 'm4a', mediaType: 'audio/mp4' });
});

test('whoever has a link may open the file until the link expires', async () => {
  room = await openRoom();
  const asset = await room.put(png);
  const link = room.assets.link(asset);
  expect(await openLink(link)).toEqual(asset);
  await expect(openLink(link.replace('.png', '.html'))).rejects.toMatchObject({ code: 'file_not_found' });
  room.time.nowMs += LINK_LIFETIME_MS + 3_600_000;
  await expect(openLink(link)).rejects.toMatchObject({ code: 'link_expired' });
});

test('a link to a file whose bytes or row are gone finds nothing', async () => {
  room = await openRoom();
  const asset = await room.put(png);
  const unknown = room.assets.link({ id: `asset_${'0'.repeat(24)}`, extension: 'png' });
  await expect(openLink(unknown)).rejects.toMatchObject({ code: 'file_not_found' });
  await rm(asset.path);
  await expect(openLink(room.assets.link(asset))).rejects.toMatchObject({ code: 'file_not_found' });
});
