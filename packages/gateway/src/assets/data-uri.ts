/** Decodes `data:<type>;base64,<payload>`. White space and percent signs, which some clients put into the payload, do
 *  no harm; the URL-safe alphabet is taken too. Undefined: no base64. */
export function decodeDataUri(uri: string): Buffer | undefined {
  const payload = clean(uri.slice(uri.indexOf(',') + 1));
  if (payload === undefined || !/^[\w+/-]+={0,2}$/.test(payload)) return undefined;
  const bytes = Buffer.from(payload, 'base64');
  return bytes.length === 0 ? undefined : bytes;
}

/** How many bytes it would decode to, without decoding: never fewer, with white space more. */
export const dataUriBytes = (uri: string): number => Math.ceil(((uri.length - uri.indexOf(',') - 1) * 3) / 4);

function clean(payload: string): string | undefined {
  try {
    const decoded = payload.includes('%') ? decodeURIComponent(payload) : payload;
    return decoded.replace(/\s+/g, '');
  } catch {
    return undefined;
  }
}
