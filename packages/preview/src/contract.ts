import type { Input, MediaFacts, Output, Task } from '@reelay/catalog';

/** A caller's file that has been fetched and inspected. */
export type MediaFile = { readonly path: string; readonly facts: MediaFacts };

/** Everything a render depends on, as plain data: the same request gives the same bytes. */
export type RenderRequest = {
  readonly endpoint: string;
  readonly task: Task;
  readonly output: Output;
  /** The validated input with the documented defaults filled in. */
  readonly input: Input;
  /** The files of each media parameter, in order; also under an id parameter (`sessionId`, `audioId`) the files of the
   *  earlier task that the id names. */
  readonly media: Readonly<Record<string, readonly MediaFile[]>>;
  /** Decides everything that the prompt leaves open. */
  readonly seed: number;
  /** The number of our task. Helper endpoints answer with it as the id of what they made. */
  readonly taskId: string;
  /** An existing empty folder for the result files. */
  readonly outputDir: string;
};

export type RenderedFile = { readonly path: string; readonly mediaType: string; readonly extension: string };
export type RenderResult = { readonly files: readonly RenderedFile[]; readonly text?: string };

/** Why a render or an inspection ended without a result.
 *  - `bad_media`: a given file cannot be read as what it claims to be.
 *  - `bad_input`: a value names something that is not there, such as a face that was not found.
 *  - `crashed`, `out_of_memory`, `timed_out`: the child ended; nothing else was affected.
 *  - `unavailable`: the media libraries are not installed on this platform.
 *  - `canceled`: the signal fired, or the renderer was closed. */
export type RenderErrorCode =
  | 'bad_media'
  | 'bad_input'
  | 'crashed'
  | 'out_of_memory'
  | 'timed_out'
  | 'unavailable'
  | 'canceled';

export class RenderError extends Error {
  override readonly name = 'RenderError';
  readonly code: RenderErrorCode;
  constructor(code: RenderErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export type RendererOptions = {
  /** How many children may draw at once; default: one per core. */
  readonly slots?: number;
  /** Resident memory of one child above which it is killed; default 1 536. */
  readonly maxMegabytes?: number;
  /** Wall time of one render after which its child is killed; default 600 000. */
  readonly maxRenderMs?: number;
  /** Wall time of one inspection; default 20 000. */
  readonly maxInspectMs?: number;
};

/** Draws, encodes and decodes in child processes. Renders wait in a queue for a free slot; inspections have a warm
 *  child of their own so that an upload never waits behind a render. */
export interface Renderer {
  /** @throws {RenderError} */
  render(
    request: RenderRequest,
    options: { signal: AbortSignal; onProgress?: (fraction: number) => void },
  ): Promise<RenderResult>;
  /** Reads what a file is: container, sides, duration. Decodes at least one frame, so that a file which merely starts
   *  like a picture is refused. @throws {RenderError} `bad_media` and the child's failures. */
  inspect(path: string, options: { signal: AbortSignal }): Promise<MediaFacts>;
  stats(): { running: number; waiting: number };
  /** Kills the children and waits for their end. */
  close(): Promise<void>;
}
