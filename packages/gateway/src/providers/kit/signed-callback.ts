import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CallbackRequest } from '../provider.ts';

/** As Standard Webhooks recommends. */
const MAX_AGE_MS = 300_000;

/** Whether a callback was signed in the manner of Standard Webhooks: `webhook-id`, `webhook-timestamp`, and any of the
 *  signatures in `webhook-signature`.
 *  @param p.secret `whsec_` and base64. */
export function isSigned({ headers, body }: CallbackRequest, p: { secret: string; nowMs: number }): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures } = headers;
  if (id === undefined || signatures === undefined || seconds === undefined || !/^\d{1,12}$/.test(seconds))
    return false;
  if (Math.abs(p.nowMs - Number(seconds) * 1_000) > MAX_AGE_MS) return false;
  const key = Buffer.from(p.secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest();
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return signature.startsWith('v1,') && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}
