import * as constants from 'node-av/constants';
import * as av from 'node-av/lib';

// The only door to the codec library, and to its low-level half only: the high-level half loads four times as much
// code and resolves a promise per packet. Imported by children, never by the server's process.
export { av, constants };

/** Something the codec library refused. `code` is its negative error number. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code: number;
  constructor(code: number, doing: string) {
    super(`${doing}: ${av.FFmpegError.strerror(code) ?? `error ${code}`}`);
    this.code = code;
  }
}

/** Passes a result of zero or more through. @throws {CodecError} for a negative one. */
export function checked(result: number, doing: string): number {
  if (result < 0) throw new CodecError(result, doing);
  return result;
}

// Complaints about a caller's file are ours to word; the library would print them to the child's stderr.
//X
av.Log.setLevel(constants.AV_LOG_QUIET);
