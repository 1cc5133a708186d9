import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export type BenchChild = { readonly child: ChildProcess; readonly url: string };

/** Starts a server of this folder and waits until it prints its address. */
export async function startChild(file: string, args: readonly string[]): Promise<BenchChild> {
  const child = fork(join(import.meta.dirname, file), args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      const url = / at (http\S+)/.exec(String(chunk))?.[1];
      if (url !== undefined) resolve({ child, url });
    });
    child.on('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}
