/** A caller's file that cannot be read as what it claims to be. The message is a sentence for the caller. */
export class BadMedia extends Error {
  override readonly name = 'BadMedia';
}
