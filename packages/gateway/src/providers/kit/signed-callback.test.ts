import { expect, test } from 'vitest';
import { isSigned } from './signed-callback.ts';

// The example of the Standard Webhooks specification.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const headers = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const request = { method: 'POST', url: '/hook', headers, body: Buffer.from('{"test": 2432232314}') };
const nowMs = 1_614_265_330_000;

test('what was signed with the secret is genuine, by any of its signatures', () => {
  expect(isSigned(request, { secret, nowMs })).toBe(true);
  const several = { ...headers, 'webhook-signature': `v1,AAAA v1a,${'A'.repeat(43)}= ${headers['webhook-signature']}` };
  expect(isSigned({ ...request, headers: several }, { secret, nowMs })).toBe(true);
});

test.each([
  ['another body', { body: Buffer.from('{"test": 2432232315}') }],
  ['another id', { headers: { ...headers, 'webhook-id': 'msg_2' } }],
  ['a moved time', { headers: { ...headers, 'webhook-timestamp': '1614265331' } }],
  ['a time that is none', { headers: { ...headers, 'webhook-timestamp': 'now' } }],
  ['no signature', { headers: { ...headers, 'webhook-signature': '' } }],
  ['a signature of another kind', { headers: { ...headers, 'webhook-signature': 'v2,g0hM9SsE' } }],
  ['no headers', { headers: {} }],
])('%s is not', (_name, changed) => {
  expect(isSigned({ ...request, ...changed }, { secret, nowMs })).toBe(false);
});

test('neither is what was signed with another secret, or more than five minutes ago or ahead', () => {
  expect(isSigned(request, { secret: 'whsec_AAAA', nowMs })).toBe(false);
  expect(isSigned(request, { secret, nowMs: nowMs + 300_000 })).toBe(true);
  expect(isSigned(request, { secret, nowMs: nowMs + 300_001 })).toBe(false);
  expect(isSigned(request, { secret, nowMs: nowMs - 300_001 })).toBe(false);
});
