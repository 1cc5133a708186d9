import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hide, secretsIn } from './hide.ts';

const around = fc.string({ maxLength: 8 });
const secret = fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme' });

test('a secret is found in base64, whatever stands around it', () =>
  fc.assert(
    fc.property(
      around,
      secret,
      around,
      fc.constantFrom('base64' as const, 'base64url' as const),
      (before, key, after, form) => {
        const quoted = Buffer.from(before + key + after).toString(form);
        const shown = hide(quoted, [key]).split('…').join('');
        // At its ends a digit holds bits of what stands beside it.
        const digits = Math.floor((8 * Buffer.byteLength(key)) / 6);
        expect(quoted.length - shown.length).toBeGreaterThanOrEqual(digits - 2);
      },
    ),
  ));

test('as it is, in JSON and in an address', () =>
  fc.assert(
    fc.property(secret, (key) => {
      for (const text of [key, JSON.stringify({ key }), `https://x.test/?key=${encodeURIComponent(key)}`]) {
        const shown = hide(text, [key]);
        expect(shown).toContain('…');
        expect(shown).not.toContain(encodeURIComponent(key));
      }
    }),
  ));

test('JSON stays JSON, and what is too short stays', () => {
  expect(JSON.parse(hide(JSON.stringify({ said: 'Bearer k"ey-0123456789' }), ['k"ey-0123456789']))).toEqual({
    said: 'Bearer …',
  });
  expect(hide('a cat sat', ['cat', ''])).toBe('a cat sat');
});

test('what proves who we are is secret, its scheme is not', () => {
  const proof = {
    authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
    'x-date': '20261128T031200Z',
    version: '2024',
  };
  expect(secretsIn(proof)).toEqual(['eyJhbGciOiJIUzI1NiJ9.e30.c2ln', '20261128T031200Z']);
});
