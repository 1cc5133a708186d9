import { createHmac } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';

const LIFETIME_S = 1_800;
/** A clock that runs ahead of theirs must not make a token that is not valid yet. */
const EARLY_S = 5;
/** A token is not used any more when so much of its life is left. */
const RENEW_S = 300;

/** The tokens that an access key and a secret key make: a JSON web token with HS256, made anew before it expires. */
export function createTokens(p: { accessKey: string; secretKey: string; clock: Clock }): () => string {
  let token = '';
  let expiresAtS = 0;
  return () => {
    const nowS = Math.floor(p.clock.nowMs() / 1_000);
    // Also where the clock was set back: the token would not be valid yet.
    if (expiresAtS - nowS > RENEW_S && expiresAtS - nowS <= LIFETIME_S) return token;
    expiresAtS = nowS + LIFETIME_S;
    token = sign({ iss: p.accessKey, exp: expiresAtS, nbf: nowS - EARLY_S }, p.secretKey);
    return token;
  };
}

function sign(claims: object, secretKey: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secretKey).update(signed).digest('base64url')}`;
}
