import { GatewayError } from '../contract/errors.ts';

/** Bodies are flat; the deepest known one (a graph inside a field) is far below this. Without a limit, a few megabytes
 *  of opening brackets keep `JSON.parse` busy for seconds and gigabytes. */
const MAX_DEPTH = 64;
/** A number that a double may not hold, outside a string: digits after what can precede a JSON value. A false alarm
 *  costs time only. */
const LONG_NUMBER = /(?:^|[:[,\s])-?\d{16}/;
const INTEGER = /^-?\d+$/;

/** Parses JSON without loss: an integer that a double cannot hold exactly (the 19-digit ids that some clients send as
 *  numbers) becomes the string of its digits, which every reader of ids accepts and JSON can carry on.
 *  @throws {GatewayError} `malformed_body` */
export function parseJson(text: string): unknown {
  if (nestsDeeperThan(text, MAX_DEPTH)) {
    throw new GatewayError('malformed_body', `the body nests deeper than ${MAX_DEPTH} levels`);
  }
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('malformed_body', 'the body is not valid JSON', { cause });
  }
}

/** The compiler's library does not know the third argument yet, which carries the number as it was written. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && INTEGER.test(source) ? source : value;
}

/** Looks at brackets only, and jumps over strings, so that megabytes of inlined media cost little. */
function nestsDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case '[':
      case '{':
        depth++;
        if (depth > maxDepth) return true;
        break;
      case ']':
      case '}':
        depth--;
        break;
    }
  }
  return false;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at === -1) return text.length;
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
}
