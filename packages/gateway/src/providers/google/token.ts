import { sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { UpstreamError } from '../fault.ts';
import { createTokens, type Token, type Tokens } from '../kit/tokens.ts';
import { createUpstream } from '../kit/upstream.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const HOUR_S = 3_600;
/** A token is not used in its last minute. */
const EARLY_MS = 60_000;

const Account = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  project_id: z.string().nullish(),
  token_uri: z.url().nullish(),
});
export type ServiceAccount = z.infer<typeof Account>;
const Answer = z.object({ access_token: z.string().min(1), expires_in: z.number().nullish() });
const Refusal = z.object({ error: z.string(), error_description: z.string().nullish() });

/** @param key the JSON of a service account, or the path of the file that holds it.
 *  @throws {UpstreamError} `auth` where it is neither. */
export async function readAccount(key: string): Promise<ServiceAccount> {
  try {
    const text = key.trimStart().startsWith('{') ? key : await readFile(key, 'utf8');
    return Account.parse(JSON.parse(text));
  } catch {
    // What was tried to be read may be the key itself.
    throw new UpstreamError('auth', 'the key of the service account cannot be read');
  }
}

/** Tokens of a service account (RFC 7523).
 *  @param p.onToken is told each, so that it can be hidden. */
export function createAccountTokens(p: {
  account: () => Promise<ServiceAccount>;
  clock: Clock;
  onToken: (token: string) => void;
}): Tokens {
  const ask = async (signal: AbortSignal): Promise<Token> => {
    const account = await p.account();
    const tokenUrl = account.token_uri ?? TOKEN_URL;
    const nowMs = p.clock.nowMs();
    const assertion = toAssertion(account, { tokenUrl, nowS: Math.floor(nowMs / 1_000) });
    const upstream = createUpstream({
      baseUrl: tokenUrl,
      authorize: () => ({}),
      faultOf: ({ body, status }) => {
        const { data } = Refusal.safeParse(body);
        if (data === undefined || status >= 500) return undefined;
        return { fault: 'auth', message: `${data.error}: ${data.error_description ?? ''}` };
      },
      secrets: [assertion],
    });
    const fields = { grant_type: GRANT, assertion };
    const answer = await upstream.read({ method: 'POST', path: '', fields }, Answer, signal);
    const { access_token: token, expires_in = HOUR_S } = answer;
    p.onToken(token);
    return { token, untilMs: nowMs + (expires_in ?? HOUR_S) * 1_000 - EARLY_MS };
  };
  return createTokens({ ask, clock: p.clock });
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function toAssertion(account: ServiceAccount, { tokenUrl, nowS }: { tokenUrl: string; nowS: number }): string {
  const claims = { iss: account.client_email, scope: SCOPE, aud: tokenUrl, iat: nowS, exp: nowS + HOUR_S };
  const unsigned = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`;
  try {
    return `${unsigned}.${sign('sha256', Buffer.from(unsigned), account.private_key).toString('base64url')}`;
  } catch {
    throw new UpstreamError('auth', 'the private key of the service account cannot be used');
  }
}
