import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../src/main.ts');
/** Where the launcher keeps it too. */
const COMPILE_CACHE = join(import.meta.dirname, '../../../node_modules/.cache/compile');

export type ServerProcess = {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it printed so far. */
  output(): { stdout: string; stderr: string };
  /** Sends the signal and waits for the end; returns how it ended. */
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** A gateway in a process of its own, as `npm start` runs it, listening on a free port. Resolves once it is ready.
 *  @param file what is run instead, and prints the same line.
 *  @throws with its output when it ends before. */
export async function startProcess(env: Readonly<Record<string, string>>, file = MAIN): Promise<ServerProcess> {
  const child = spawn(process.execPath, [file], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      REELAY_PORT: '0',
      REELAY_CONFIG_FILE: '',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...env,
    },
    cwd: env.REELAY_DATA_DIR,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const match = /Reelay is at (\S+)/.exec(stdout);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.on('exit', (code, signal) => reject(new Error(`ended early (${code ?? signal})\n${stdout}\n${stderr}`)));
  });
  return {
    url,
    child,
    output: () => ({ stdout, stderr }),
    stop: async (signal) => {
      child.kill(signal);
      const [code, by] = await ended;
      return { code, signal: by };
    },
  };
}

export type Client = {
  post(path: string, body: unknown): Promise<Record<string, unknown>>;
  get(path: string): Promise<Response>;
};

/** Talks to one gateway with one key. */
export const createClient = (url: string, key: string): Client => ({
  post: async (path, body) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    // Every answer of these surfaces is a JSON object; the tests look at its fields one by one.
    return (await response.json()) as Record<string, unknown>;
  },
  get: (path) => fetch(path.startsWith('http') ? path : url + path, { headers: { authorization: `Bearer ${key}` } }),
});
