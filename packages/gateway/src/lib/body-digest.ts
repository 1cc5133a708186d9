/** What the server of a file says that its bytes add up to. */
export type BodyDigest = { readonly algorithm: 'md5' | 'sha256' | 'sha512'; readonly digest: Buffer };

const FIELDS: readonly (readonly [header: string, pattern: RegExp, algorithm: BodyDigest['algorithm']])[] = [
  // RFC 9530.
  ['content-digest', /sha-512=:([^:]+):/, 'sha512'],
  ['content-digest', /sha-256=:([^:]+):/, 'sha256'],
  ['repr-digest', /sha-256=:([^:]+):/, 'sha256'],
  // RFC 1864, still sent by stores of objects.
  ['content-md5', /^([A-Za-z0-9+/]{22}==)$/, 'md5'],
  // Google Cloud Storage.
  ['x-goog-hash', /md5=([A-Za-z0-9+/]{22}==)/, 'md5'],
];

/** The strongest digest among the headers; undefined where there is none. An ETag is none: nobody promises what it is. */
export function bodyDigestOf(headers: Readonly<Record<string, string | string[] | undefined>>): BodyDigest | undefined {
  for (const [header, pattern, algorithm] of FIELDS) {
    const value = headers[header];
    const [, digits] = pattern.exec(Array.isArray(value) ? value.join(', ') : (value ?? '')) ?? [];
    if (digits !== undefined) return { algorithm, digest: Buffer.from(digits, 'base64') };
  }
  return undefined;
}
