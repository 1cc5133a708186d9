import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataUriBytes, decodeDataUri } from './data-uri.ts';

test('what was encoded comes back, with white space anywhere, in both alphabets, padded or not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, at) => {
      const plain = Buffer.from(bytes).toString('base64');
      const cut = at % (plain.length + 1);
      const forms = [
        plain,
        plain.replace(/=+$/, ''),
        Buffer.from(bytes).toString('base64url'),
        `${plain.slice(0, cut)}\r\n \t${plain.slice(cut)}`,
        encodeURIComponent(plain),
      ];
      for (const form of forms) expect(decodeDataUri(`data:image/png;base64,${form}`)).toEqual(Buffer.from(bytes));
      expect(dataUriBytes(`data:image/png;base64,${plain}`)).toBeGreaterThanOrEqual(bytes.length);
    }),
  );
});

test.each(['', '   ', '=', '!!!!', 'AA*A', 'AAAA====', '%E0%A4%A', 'AAAA=AAAA'])('%j is no base64', (payload) => {
  expect(decodeDataUri(`data:image/png;base64,${payload}`)).toBeUndefined();
});

test('a long payload is decoded without growing the stack', () => {
  const bytes = Buffer.alloc(20_000_000, 1);
  expect(decodeDataUri(`data:video/mp4;base64,${bytes.toString('base64')}`)?.length).toBe(bytes.length);
});
