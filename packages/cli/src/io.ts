import type { Readable } from 'node:stream';

type Sink = { write(text: string): unknown; readonly isTTY?: boolean };

/** Where a command reads and writes. */
export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  /** Data. */
  readonly stdout: Sink;
  /** Everything else. */
  readonly stderr: Sink;
  /** Fires when the user wants to stop. */
  readonly signal: AbortSignal;
};
