import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { z } from 'zod';

// Signatures as Standard Webhooks has them (https://www.standardwebhooks.com, specification 1.0.0): of the text
// `<id>.<timestamp>.<body>`, by a shared secret (`v1`) and by a key pair (`v1a`), both in one header.

/** What signs. */
export type SigningKeys = {
  /** 32 bytes. */
  readonly secret: Buffer;
  /** Ed25519. */
  readonly privateKey: KeyObject;
};

const SECRET_BYTES = 32;

export const createSigningKeys = (): SigningKeys => ({
  secret: randomBytes(SECRET_BYTES),
  privateKey: generateKeyPairSync('ed25519').privateKey,
});

/** As a receiver's library takes it. */
export const toSecretText = ({ secret }: SigningKeys): string => `whsec_${secret.toString('base64')}`;

/** The 32 bytes of the public half. */
export function toPublicKeyText({ privateKey }: SigningKeys): string {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;
}

/** The header `webhook-signature`. @param p.keys all that are valid now: a receiver that knows one of them accepts it. */
export function toSignatures(p: { id: string; timestamp: number; body: string; keys: readonly SigningKeys[] }): string {
  const content = Buffer.from(`${p.id}.${p.timestamp}.${p.body}`);
  return p.keys
    .flatMap(({ secret, privateKey }) => [
      `v1,${createHmac('sha256', secret).update(content).digest('base64')}`,
      `v1a,${sign(null, content, privateKey).toString('base64')}`,
    ])
    .join(' ');
}

const Stored = z.object({ secret: z.string(), privateKey: z.string() });

/** For the sealed box. */
export const serialize = ({ secret, privateKey }: SigningKeys): string =>
  JSON.stringify({
    secret: secret.toString('base64'),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  } satisfies z.input<typeof Stored>);

export function deserialize(text: string): SigningKeys {
  const { secret, privateKey } = Stored.parse(JSON.parse(text));
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  return { secret: Buffer.from(secret, 'base64'), privateKey: key };
}
