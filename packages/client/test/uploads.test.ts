import { expect, test } from 'vitest';
import { cut, problem, type Reply, startStub } from './stub.ts';

const ASSET = { id: 'asset_1' };

/** A server that keeps one upload, and does what it is told with the n-th piece instead of keeping all of it. */
async function startStore(faults: Record<number, { keep: number; reply: Reply }> = {}) {
  let stored = '';
  let pieces = 0;
  const stub = await startStub(({ method, headers, body }) => {
    if (method === 'POST') return { status: 201, body: view(Number(headers['upload-length'])) };
    if (method === 'GET') return { body: view(10) };
    if (Number(headers['upload-offset']) !== stored.length) return problem(409, 'conflict');
    const fault = faults[pieces];
    pieces += 1;
    stored += body.slice(0, fault?.keep);
    return fault?.reply ?? { status: 204, headers: { 'upload-offset': String(stored.length) }, body: '' };
  });
  const view = (sizeBytes: number) => ({
    id: 'upload_1',
    sizeBytes,
    offsetBytes: stored.length,
    asset: stored.length === sizeBytes ? ASSET : null,
  });
  return { ...stub, stored: () => stored };
}
const FILE = new Blob(['0123456789']);

test('a file goes piece by piece, under its name', async () => {
  const { client, received, stored } = await startStore();
  const told: unknown[] = [];
  const onProgress = ({ offsetBytes }: { offsetBytes: number }) => told.push(offsetBytes);
  expect(await client.uploads.send(FILE, { fileName: '纸船.png', pieceBytes: 4, onProgress })).toEqual(ASSET);
  expect(stored()).toBe('0123456789');
  expect(told).toEqual([0, 4, 8, 10]);
  const name = String(received[0]?.headers['upload-metadata']).replace('filename ', '');
  expect(Buffer.from(name, 'base64').toString()).toBe('纸船.png');
});

test('what arrived before the line broke is not sent again, and what did not is', async () => {
  const { client, stored, clock } = await startStore({
    0: { keep: 3, reply: cut },
    1: { keep: 0, reply: problem(409, 'conflict') },
    2: { keep: 4, reply: cut },
    3: { keep: 0, reply: problem(507, 'storage_full', { retryable: true }) },
  });
  expect(await client.uploads.send(FILE, { pieceBytes: 4 })).toEqual(ASSET);
  expect(stored()).toBe('0123456789');
  expect(clock.pauses).toEqual([375, 375, 750, 375]);
});

test('an upload that was begun before is taken up where it was, if it is of this file', async () => {
  const { client, received, stored } = await startStore({ 1: { keep: 0, reply: problem(403, 'forbidden') } });
  await expect(client.uploads.send(FILE, { pieceBytes: 4 })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await client.uploads.send(FILE, { uploadId: 'upload_1' })).toEqual(ASSET);
  expect(stored()).toBe('0123456789');
  expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  const other = client.uploads.send(new Blob(['other']), { uploadId: 'upload_1' });
  await expect(other).rejects.toMatchObject({ code: 'invalid_input' });
});

test('a line on which nothing gets through is given up', async () => {
  const never = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [n, { keep: 0, reply: cut }]));
  const { client, clock } = await startStore(never);
  await expect(client.uploads.send(FILE)).rejects.toMatchObject({ code: 'connection_failed' });
  expect(clock.pauses).toHaveLength(10);
});
