import { createHash, createHmac } from 'node:crypto';

/** The headers of Volcengine's signature, version 4, for a request with a body of JSON. */
export function signed(p: {
  method: string;
  url: URL;
  body: string;
  accessKey: string;
  secretKey: string;
  region: string;
  service: string;
  nowMs: number;
}): Record<string, string> {
  const at = new Date(p.nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${at.slice(0, 8)}/${p.region}/${p.service}/request`;
  const headers = {
    'content-type': 'application/json',
    host: p.url.host,
    'x-content-sha256': sha256(p.body),
    'x-date': at,
  };
  const names = Object.keys(headers).join(';');
  const query = [...p.url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  const request = [p.method, p.url.pathname, query, lines, names, headers['x-content-sha256']].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), p.secretKey);
  const signature = createHmac('sha256', key)
    .update(`HMAC-SHA256\n${at}\n${scope}\n${sha256(request)}`)
    .digest('hex');
  return {
    'x-content-sha256': headers['x-content-sha256'],
    'x-date': at,
    authorization: `HMAC-SHA256 Credential=${p.accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
/** RFC 3986: also what `encodeURIComponent` leaves. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
