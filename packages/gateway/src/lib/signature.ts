import { timingSafeEqual } from 'node:crypto';

/** Whether a text is this signature in lower-case hexadecimal digits, all of it and nothing more. How long that takes says
 *  nothing about how much of it is right. */
export function isSignature(text: string, expected: Buffer): boolean {
  const [given, right] = [Buffer.from(text), Buffer.from(expected.toString('hex'))];
  return given.length === right.length && timingSafeEqual(given, right);
}
