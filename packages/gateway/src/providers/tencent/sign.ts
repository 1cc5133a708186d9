import { createHash, createHmac } from 'node:crypto';

const CONTENT_TYPE = 'application/json';
const SIGNED = 'content-type;host';

/** The headers of Tencent Cloud's signature, TC3-HMAC-SHA256, for a POST to the root with a body of JSON. */
export function signed(p: {
  url: URL;
  body: string;
  secretId: string;
  secretKey: string;
  service: string;
  nowMs: number;
}): Record<string, string> {
  const seconds = Math.floor(p.nowMs / 1_000);
  const scope = [new Date(p.nowMs).toISOString().slice(0, 10), p.service, 'tc3_request'];
  const headers = `content-type:${CONTENT_TYPE}\nhost:${p.url.host}\n`;
  const request = ['POST', '/', '', headers, SIGNED, sha256(p.body)].join('\n');
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `TC3${p.secretKey}`);
  const signature = createHmac('sha256', key)
    .update(`TC3-HMAC-SHA256\n${seconds}\n${scope.join('/')}\n${sha256(request)}`)
    .digest('hex');
  return {
    'content-type': CONTENT_TYPE,
    'x-tc-timestamp': String(seconds),
    authorization: `TC3-HMAC-SHA256 Credential=${p.secretId}/${scope.join('/')}, SignedHeaders=${SIGNED}, Signature=${signature}`,
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
