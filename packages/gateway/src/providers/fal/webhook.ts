import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import type { CallbackRequest } from '../provider.ts';

const MAX_AGE_MS = 300_000;

/** What was signed, and with what. */
export type Signed = { readonly message: Buffer; readonly signature: Buffer };

/** Undefined: it is no callback of fal's, or an old one. */
export function toSigned({ headers, body }: CallbackRequest, nowMs: number): Signed | undefined {
  const { 'x-fal-webhook-request-id': id, 'x-fal-webhook-user-id': user } = headers;
  const { 'x-fal-webhook-timestamp': seconds, 'x-fal-webhook-signature': signature } = headers;
  if (id === undefined || user === undefined || seconds === undefined || signature === undefined) return undefined;
  if (!/^\d{1,12}$/.test(seconds) || !/^[0-9a-f]{128}$/i.test(signature)) return undefined;
  if (Math.abs(nowMs - Number(seconds) * 1_000) > MAX_AGE_MS) return undefined;
  const digest = createHash('sha256').update(body).digest('hex');
  return { message: Buffer.from([id, user, seconds, digest].join('\n')), signature: Buffer.from(signature, 'hex') };
}

export const isSignedWith = ({ message, signature }: Signed, keys: readonly KeyObject[]): boolean =>
  keys.some((key) => verify(null, message, key, signature));

/** The public keys of all that sign for fal. Keys of a kind that is not known are left out. */
export const KeySet = z
  .object({ keys: z.array(z.object({ x: z.string() })) })
  .transform(({ keys }) => keys.flatMap(({ x }) => toKey(x)));

function toKey(x: string): KeyObject[] {
  try {
    return [createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })];
  } catch {
    return [];
  }
}
