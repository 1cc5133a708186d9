import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openRoom } from './testing/room.ts';

const accountId = 'acct_owner';
const sha = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest();

/** What may happen to an upload, with how many bytes. */
const step = fc.record({
  does: fc.constantFrom('send', 'break', 'checked', 'checked and broken', 'garbled', 'elsewhere', 'restart'),
  sizeBytes: fc.nat(400),
});

/** A stream in small chunks, which breaks behind them where it is told to. */
async function* chunksOf(bytes: Buffer, isBroken: boolean) {
  for (let at = 0; at < bytes.length; at += 64) yield Buffer.from(bytes.subarray(at, at + 64));
  if (isBroken) throw new Error('gone');
}

test('whatever happens on the way, what is said to be there is there, and the file at the end is the one that was sent', async () => {
  const room = await openRoom();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 1_500 }), fc.array(step), async (content, steps) => {
      const bytes = Buffer.from(content);
      let uploads = await room.openUploads();
      const { id } = await uploads.create({ accountId, sizeBytes: bytes.length, fileName: null, metadata: null });
      let offset = 0;
      for (const { does, sizeBytes } of steps) {
        if (does === 'restart') uploads = await room.openUploads();
        const piece = bytes.subarray(offset, offset + sizeBytes);
        const isBroken = does.includes('broke') || does === 'break';
        const isChecked = does.startsWith('checked') || does === 'garbled';
        const sent = does === 'garbled' ? Buffer.from(piece.map((byte) => byte ^ 1)) : piece;
        const sending = uploads.append({
          accountId,
          id,
          offsetBytes: does === 'elsewhere' ? offset + 1 : offset,
          stream: Readable.from(chunksOf(sent, isBroken)),
          ...(isChecked ? { checksum: { algorithm: 'sha1' as const, hash: sha('sha1', piece) } } : {}),
        });
        const isKept = does === 'send' || does === 'restart' || does === 'checked' || does === 'break';
        await sending.catch((error) => {
          const mayFail = isBroken || does === 'elsewhere' || (does === 'garbled' && piece.length > 0);
          if (!mayFail) throw error;
        });
        if (isKept) offset += piece.length;
        expect((await uploads.require({ accountId, id })).offsetBytes).toBe(offset);
      }
      const rest = Readable.from([Buffer.from(bytes.subarray(offset))]);
      const { asset } = await uploads.append({ accountId, id, offsetBytes: offset, stream: rest });
      expect(asset?.sha256).toBe(sha('sha256', bytes).toString('hex'));
      await uploads.remove({ accountId, id });
    }),
    { numRuns: 100 },
  );
  expect(await room.parts.list()).toEqual([]);
  await room.close();
});
