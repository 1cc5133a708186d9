import { catalog, type Endpoint, type Input, type Json } from '@reelay/catalog';
import { RenderError } from '@reelay/preview';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StandInServer, startStandIn } from '../providers/testing/stand-in-server.ts';
import { mp4Bytes, pngBytes } from './testing/media.ts';
import { LINK_LIFETIME_MS, MAX_FETCH_MEGABYTES, openRoom, type Room } from './testing/room.ts';

let room: Room;
let web: StandInServer;
beforeEach(async () => {
  room = await openRoom();
  web = await startStandIn();
});
afterEach(async () => {
  await room.close();
  await web.close();
});

const requireEndpoint = (id: string): Endpoint => {
  const endpoint = catalog.get(id);
  if (endpoint === undefined) throw new Error(`no endpoint ${id}`);
  return endpoint;
};
/** One picture of at most 10 MB; a list of pictures; a clip of 2 to 60 seconds with sides from 512. */
const ONE = requireEndpoint('rhart-video-v3.1-pro/image-to-video');
const LIST = requireEndpoint('rhart-video-v3.1-pro-official/reference-to-video');
const CLIP = requireEndpoint('kling-lip-sync/identify-face');

const png = (note = '', size = 720) => pngBytes({ widthPx: size, heightPx: size, note });
const toUri = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`;
const take = (endpoint: Endpoint, input: Input, accountId = 'acct_owner') =>
  room.intake.take({ accountId, endpoint, input });
const gather = (endpoint: Endpoint, input: Input) =>
  room.intake.gather({ accountId: 'acct_owner', endpoint, input, signal: new AbortController().signal });
const serve = (name: string, bytes: Buffer | number | 'broken') => {
  web.files.set(name, bytes);
  return `${web.url}/files/${name}`;
};
const idIn = (value: Json | undefined) => String(value).replace(/^asset:\/\//, '');

describe('at submit', () => {
  test('an inlined file is stored and named, and its facts are known', async () => {
    const bytes = png();
    const { input, facts } = await take(ONE, { prompt: 'a boat', imageUrl: toUri(bytes) });
    expect(input).toEqual({ prompt: 'a boat', imageUrl: expect.stringMatching(/^asset:\/\/asset_[0-9a-f]{24}$/) });
    expect(await room.assets.get(idIn(input.imageUrl))).toMatchObject({ sizeBytes: bytes.length, extension: 'png' });
    expect(facts).toMatchObject({ imageUrl: [{ kind: 'image', widthPx: 720, heightPx: 720 }] });
  });

  test('its declared type does not count: only its bytes do', async () => {
    const { input } = await take(ONE, { imageUrl: toUri(png(), 'text/html') });
    expect(await room.assets.get(idIn(input.imageUrl))).toMatchObject({ mediaType: 'image/png' });
  });

  test('every way to name an upload leads to the same file', async () => {
    const { id, sha256 } = await room.put(png());
    const link = room.assets.link({ id, extension: 'png' });
    const ways = [
      `asset://${id}`,
      link,
      link.replace('http://reelay.test', 'https://somewhere.else:8443'),
      `openapi/${sha256}.png`,
      `api/${sha256}.png`,
      `openapi/${sha256.toUpperCase()}.PNG`,
    ];
    for (const way of ways) expect((await take(ONE, { imageUrl: way })).input.imageUrl).toBe(`asset://${id}`);
  });

  test('addresses on the internet stay as they are, and nothing is said of their parameter yet', async () => {
    const given = { imageUrls: ['https://example.com/a.png', toUri(png())] };
    const { input, facts } = await take(LIST, given);
    expect(input.imageUrls).toEqual(['https://example.com/a.png', expect.stringMatching(/^asset:/)]);
    expect(facts).toEqual({});
  });

  test.each([
    ['another account’s asset', (id: string) => `asset://${id}`],
    ['another account’s upload', (_id: string, sha256: string) => `openapi/${sha256}.png`],
    ['an asset that does not exist', () => 'asset://asset_000000000000000000000000'],
    ['an upload that does not exist', () => `api/${'0'.repeat(64)}.png`],
    [
      'a changed link of ours',
      (id: string) => room.assets.link({ id, extension: 'png' }).replace(/.$/, (c) => (c === '0' ? '1' : '0')),
    ],
    ['base64 that is none', () => 'data:image/png;base64,a*b'],
  ])('%s is refused under the name of its field', async (_name, toAddress) => {
    const { id, sha256 } = await room.put(png(), { accountId: 'acct_stranger' });
    const taking = take(LIST, { imageUrls: [toUri(png()), toAddress(id, sha256)] });
    await expect(taking).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^imageUrls\[1\]: /),
      details: [{ field: 'imageUrls[1]', message: expect.stringMatching(/^imageUrls\[1\]: /) }],
    });
  });

  test('a link of another account works as long as it would for anybody; the owner’s works after it expired', async () => {
    const asset = await room.put(png(), { accountId: 'acct_stranger' });
    const link = room.assets.link(asset);
    expect((await take(ONE, { imageUrl: link })).input.imageUrl).toBe(`asset://${asset.id}`);
    room.time.nowMs += LINK_LIFETIME_MS + 3_600_000;
    await expect(take(ONE, { imageUrl: link })).rejects.toMatchObject({ message: 'imageUrl: the link has expired' });
    expect((await take(ONE, { imageUrl: link }, 'acct_stranger')).input.imageUrl).toBe(`asset://${asset.id}`);
  });

  test('all that is wrong is said together', async () => {
    const list = [toUri(Buffer.from('words')), toUri(png()), `openapi/${'0'.repeat(64)}.png`];
    await expect(take(LIST, { imageUrls: list })).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ field: 'imageUrls[0]' }, { field: 'imageUrls[2]' }],
    });
  });

  test('the limits of the endpoint hold: kind, format, length, sides', async () => {
    const refusal = (message: RegExp) => ({ code: 'invalid_input', message: expect.stringMatching(message) });
    const uri = (durationMs: number) => toUri(mp4Bytes({ durationMs }), 'video/mp4');
    await expect(take(ONE, { imageUrl: uri(4_000) })).rejects.toMatchObject(refusal(/^imageUrl: a video file/));
    await expect(take(CLIP, { videoUrl: uri(61_000) })).rejects.toMatchObject(refusal(/^videoUrl: 61 s long/));
    await expect(take(CLIP, { videoUrl: uri(1_000) })).rejects.toMatchObject(refusal(/^videoUrl: 1 s long/));
    expect((await take(CLIP, { videoUrl: uri(30_000) })).facts).toMatchObject({ videoUrl: [{ durationMs: 30_000 }] });
  });

  test('a file beyond the megabytes of its parameter is refused before it is decoded', async () => {
    const large = toUri(Buffer.alloc(12 * 1_048_576));
    await expect(take(ONE, { imageUrl: large })).rejects.toMatchObject({ message: /^imageUrl: .* MB; at most 10 MB/ });
    expect(room.inspected).toEqual([]);
  });

  test('a file that cannot be read is unusable, not merely wrong', async () => {
    const broken = toUri(mp4Bytes({ durationMs: 0, isBroken: true }), 'video/mp4');
    await expect(take(CLIP, { videoUrl: broken })).rejects.toMatchObject({
      code: 'media_unusable',
      message: expect.stringMatching(/^videoUrl: the mp4 file cannot be read/),
    });
  });

  test('a fault of ours is no fault of the caller’s', async () => {
    await room.close();
    room = await openRoom({ inspect: () => Promise.reject(new RenderError('canceled', 'Closed.')) });
    await expect(take(ONE, { imageUrl: toUri(png()) })).rejects.toMatchObject({ code: 'canceled' });
  });
});

describe('before the provider is called', () => {
  test('addresses are fetched, stored and named, in their order beside files of ours', async () => {
    const own = await room.put(png('own'));
    const url = serve('web.png', png('web'));
    const { input, media } = await gather(LIST, { imageUrls: [url, `asset://${own.id}`] });
    const [fetched, known] = media.imageUrls ?? [];
    expect(input.imageUrls).toEqual([`asset://${fetched?.assetId}`, `asset://${own.id}`]);
    expect(known).toEqual({ assetId: own.id, path: own.path, url: room.assets.link(own), facts: own.facts });
    expect(fetched?.facts).toMatchObject({ kind: 'image', widthPx: 720 });
    // What is named can be gathered again without the web.
    web.files.clear();
    expect(await gather(LIST, input)).toEqual({ input, media });
  });

  test.each([500, 'broken'] as const)(
    'a fetch that meets %s is tried three times, with growing waits',
    async (fault) => {
      const url = serve('a.png', fault);
      await expect(gather(ONE, { imageUrl: url })).rejects.toMatchObject({
        code: 'media_unusable',
        message: expect.stringMatching(/^imageUrl: /),
      });
      expect(web.fetches.get('a.png')).toBe(3);
      expect(room.delays).toEqual([1_000, 2_000]);
    },
  );

  test('a file that is not there is not asked for again', async () => {
    await expect(gather(ONE, { imageUrl: serve('a.png', 404) })).rejects.toMatchObject({ code: 'media_unusable' });
    expect(web.fetches.get('a.png')).toBe(1);
  });

  test('a fetched file meets the limits of the endpoint, under the same code as at submit', async () => {
    const long = serve('long.mp4', mp4Bytes({ durationMs: 90_000 }));
    await expect(gather(CLIP, { videoUrl: long })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^videoUrl: 90 s long/),
    });
  });

  test('a file that is larger than anything may be is cut off', async () => {
    const huge = serve('huge.png', Buffer.concat([png(), Buffer.alloc(MAX_FETCH_MEGABYTES * 1_048_576)]));
    await expect(gather(ONE, { imageUrl: huge })).rejects.toMatchObject({
      code: 'media_unusable',
      message: expect.stringMatching(/^imageUrl: .*MB/),
    });
  });

  test('a page in place of a picture is refused', async () => {
    const page = serve('a.png', Buffer.from('<html>not found</html>'));
    await expect(gather(ONE, { imageUrl: page })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^imageUrl: a file that is no media/),
    });
  });

  test('addresses inside the network are refused', async () => {
    await room.close();
    room = await openRoom({ allowPrivateNetwork: false });
    await expect(gather(ONE, { imageUrl: serve('a.png', png()) })).rejects.toMatchObject({
      code: 'media_unusable',
      message: expect.stringMatching(/^imageUrl: .*not on the public internet/),
    });
    expect(web.fetches.size).toBe(0);
  });

  test('a stored file that is gone is said so', async () => {
    const gathering = gather(ONE, { imageUrl: 'asset://asset_000000000000000000000000' });
    await expect(gathering).rejects.toMatchObject({ message: 'imageUrl: the file is no longer stored' });
  });

  test('a signal ends the gathering with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('the process stops');
    controller.abort(reason);
    const request = { accountId: 'acct_owner', endpoint: ONE, input: { imageUrl: serve('a.png', png()) } };
    await expect(room.intake.gather({ ...request, signal: controller.signal })).rejects.toBe(reason);
  });
});
