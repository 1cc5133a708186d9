import { Readable } from 'node:stream';
import type { Io } from '../src/io.ts';
import { run } from '../src/program.ts';

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a command as a terminal would, in this process.
 *  @param args as a shell would split them */
export async function cli(
  args: readonly string[],
  p: { env?: Record<string, string>; stdin?: string; signal?: AbortSignal; isTTY?: boolean } = {},
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    isTTY: p.isTTY ?? false,
    write: (text: string) => {
      said[name] += text;
    },
  });
  const io: Io = {
    env: p.env ?? {},
    stdin: Readable.from(p.stdin === undefined ? [] : [Buffer.from(p.stdin)]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    signal: p.signal ?? new AbortController().signal,
  };
  return { code: await run(args, io), ...said };
}
