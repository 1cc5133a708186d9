import { createPublicKey, verify } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { expect, vi } from 'vitest';
import type { Received } from './receiver.ts';

/** Runs a check as if it ran when the delivery was sent: the libraries look at the time of the system. */
function atSending<T>({ headers }: Received, check: () => T): T {
  vi.useFakeTimers({ toFake: ['Date'], now: Number(headers['webhook-timestamp']) * 1_000 });
  try {
    return check();
  } finally {
    vi.useRealTimers();
  }
}

const headersOf = ({ headers }: Received): Record<string, string> =>
  Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
  );

const VERIFIERS = [StandardWebhook, SvixWebhook];

const isTaken = (Verifier: (typeof VERIFIERS)[number], secret: string, request: Received): boolean =>
  atSending(request, () => {
    try {
      new Verifier(secret).verify(request.body, headersOf(request));
      return true;
    } catch {
      return false;
    }
  });

/** Ed25519 over the same content, with the 32 bytes of the public key put into the frame that Node reads. */
function isSignedByPair({ headers, body }: Received, publicKey: string): boolean {
  const frame = Buffer.from('302a300506032b6570032100', 'hex');
  const raw = Buffer.from(publicKey.slice('whpk_'.length), 'base64');
  const key = createPublicKey({ key: Buffer.concat([frame, raw]), format: 'der', type: 'spki' });
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((one) => one.startsWith('v1a,'))
    .some((one) => verify(null, content, key, Buffer.from(one.slice(4), 'base64')));
}

type Verified = { readonly secret: string; readonly publicKey: string };

/** Whether the libraries of others, and the key pair, agree that it was signed with this. */
export function isSignedWith(request: Received, { secret, publicKey }: Verified): boolean {
  const verdicts = [
    ...VERIFIERS.map((Verifier) => isTaken(Verifier, secret, request)),
    isSignedByPair(request, publicKey),
  ];
  expect(new Set(verdicts).size, `the verifiers disagree: ${verdicts.join()}`).toBe(1);
  return verdicts[0] === true;
}

/** It verifies, and does not when anything of it is changed. */
export function expectSigned(request: Received, keys: Verified): void {
  expect(keys.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(keys.publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
  expect(isSignedWith(request, keys)).toBe(true);
  const { headers, body } = request;
  const later = String(Number(headers['webhook-timestamp']) + 1);
  const altered: Received[] = [
    { ...request, body: `${body} ` },
    { ...request, body: body.replace('task', 'tusk') },
    { ...request, headers: { ...headers, 'webhook-id': `${headers['webhook-id']}0` } },
    { ...request, headers: { ...headers, 'webhook-timestamp': later } },
  ];
  for (const one of altered) expect(isSignedWith(one, keys)).toBe(false);
}
