/** A secret as it could stand in some text. */
export type Needle = { readonly secret: string; readonly form: string; readonly bytes: Buffer };

/** Fewer characters could stand anywhere by chance. */
const MIN_CHARS = 12;
/** Of one that was cut off. */
const PART_CHARS = 16;

/** Every form in which a secret is looked for: as it is, its beginning, for an address, and as base64 of either alphabet,
 *  wherever it begins in what was encoded. */
export function needlesOf(name: string, secret: string): readonly Needle[] {
  if (secret.length < MIN_CHARS) throw new Error(`${name} is too short to be looked for`);
  const base64 = [0, 1, 2].map((offset) => inBase64(secret, offset));
  const forms = {
    plain: secret,
    beginning: secret.slice(0, PART_CHARS),
    url: encodeURIComponent(secret),
    json: JSON.stringify(secret).slice(1, -1),
    ...Object.fromEntries(
      base64.flatMap((text, offset) => [
        [`base64 ${offset}`, text],
        [`base64url ${offset}`, text.replaceAll('+', '-').replaceAll('/', '_')],
      ]),
    ),
  };
  return Object.entries(forms).map(([form, text]) => ({ secret: name, form, bytes: Buffer.from(text) }));
}

/** The digits that do not depend on what stands around it. */
function inBase64(secret: string, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64');
  const endBits = (offset + Buffer.byteLength(secret)) * 8;
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(endBits / 6));
}

/** What of it stands in some bytes. */
export const find = (bytes: Buffer, needles: readonly Needle[]): string[] => [
  ...new Set(needles.filter((one) => bytes.includes(one.bytes)).map(({ secret, form }) => `${secret} (${form})`)),
];
