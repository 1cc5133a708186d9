/** A value that no request of its endpoint can have, found out only when the work begins. The message is a sentence for
 *  the caller that begins with the parameter. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}
