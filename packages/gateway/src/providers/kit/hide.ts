/** Shorter ones are no secrets, and would take words out of every text. */
const MIN_CHARS = 4;
/** The forms of shorter ones could stand anywhere by chance. */
const MIN_ENCODED_CHARS = 8;
/** In the headers that prove who we are, what is shorter is the name of a scheme. */
const MIN_PROOF_CHARS = 16;

/** The text without these secrets, as they are or as an upstream may quote them: written for an address, in JSON, or as
 *  base64 with whatever stood around them. */
export function hide(text: string, secrets: readonly string[]): string {
  return secrets.reduce((all, secret) => {
    if (secret.length < MIN_CHARS) return all;
    return formsOf(secret).reduce((rest, form) => rest.replaceAll(form, '…'), all);
  }, text);
}

function formsOf(secret: string): readonly string[] {
  const written = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  if (secret.length < MIN_ENCODED_CHARS) return written;
  const digits = [0, 1, 2].map((offset) => toBase64(secret, offset));
  return [...written, ...digits, ...digits.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** The digits that are the same whatever stands before and after the secret.
 *  @param offset how many bytes are before it in its group of three. */
function toBase64(secret: string, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64');
  const bits = 8 * (offset + Buffer.byteLength(secret));
  return text.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
}

/** What is secret in the headers of a request: keys, tokens that were made of them, signatures. */
export const secretsIn = (proof: Readonly<Record<string, string>>): readonly string[] =>
  Object.values(proof)
    .flatMap((value) => value.split(/[\s,]+/))
    .filter((word) => word.length >= MIN_PROOF_CHARS);
