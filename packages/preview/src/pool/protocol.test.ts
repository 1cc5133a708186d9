import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAnswer } from './protocol.ts';

test.each([
  [{ kind: 'progress', fraction: 0.5 }],
  [{ kind: 'done', result: { files: [{ path: '/a/b.mp4', mediaType: 'video/mp4', extension: 'mp4' }], text: 'x' } }],
  [{ kind: 'inspected', facts: { kind: 'image', format: 'png', sizeBytes: 3, widthPx: 1, heightPx: 1 } }],
  [{ kind: 'failed', code: 'bad_media', message: 'no' }],
  [{ kind: 'failed', code: 'bad_input', message: 'no' }],
])('%j is an answer', (said) => expect(parseAnswer(said)).toEqual(said));

test.each([
  [null],
  ['done'],
  [{ kind: 'done' }],
  [{ kind: 'done', result: { files: [{ path: 7 }] } }],
  [{ kind: 'progress', fraction: '1' }],
  [{ kind: 'inspected', facts: { kind: 'weapon', format: 'x', sizeBytes: 1 } }],
  [{ kind: 'failed', code: 'no_such_code', message: 'x' }],
])('%j is none', (said) => expect(parseAnswer(said)).toBeUndefined());

test('nothing that a child may say makes the parent fail', () =>
  fc.assert(fc.property(fc.anything(), (said) => void parseAnswer(said))));
