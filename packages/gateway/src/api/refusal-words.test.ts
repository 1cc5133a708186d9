import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ERRORS, type ErrorCode } from '../contract/errors.ts';
import { toUploadMessage, toWireMessage } from './refusal-words.ts';

// The words by which vendor clients decide that repeating a submit is pointless, and those by which their uploads repeat.
const STOP =
  /balance|insufficient|quota|unauthorized|forbidden|invalid parameter|bad request|violation|illegal|moderation|nsfw/i;
const REPEAT = /server|internal/i;
// An object's own keys are what its type says here.
const CODES = Object.keys(ERRORS) as ErrorCode[];
const anyMessage = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '',
    'unauthorized upstream',
    'internal server error',
    'NSFW',
    'Insufficient balance',
    'seed must be an integer',
  ),
);

test.each(CODES)('%s: clients that read the message repeat exactly what may work later', (code) => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      expect(STOP.test(toWireMessage(code, message))).toBe(!ERRORS[code].retryable);
    }),
  );
});

test.each(CODES)('%s: so do clients that upload', (code) => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      expect(REPEAT.test(toUploadMessage(code, message))).toBe(ERRORS[code].retryable);
    }),
  );
});

test('a message keeps its own text where that is allowed', () => {
  expect(toWireMessage('invalid_input', 'duration must be one of 4, 8')).toBe(
    'Invalid parameter: duration must be one of 4, 8',
  );
  expect(toWireMessage('generation_failed', 'Refused by moderation')).toBe('Refused by moderation');
  expect(toWireMessage('provider_unavailable', 'no answer within 30 s')).toBe('no answer within 30 s');
});
