import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { RenderError, type RenderErrorCode } from '../contract.ts';
import { residentBytes } from './memory.ts';
import { type Answer, type Order, parseAnswer } from './protocol.ts';

const ENTRY = fileURLToPath(new URL('./child.ts', import.meta.url));
const MEMORY_CHECK_MS = 100;
const STDERR_TAIL_CHARS = 4000;
/** Behind everything that answers a caller, but ahead of idle work. */
const NICENESS = 10;

/** A child process that has been started, watched until it has ended. */
export type Child = {
  readonly send: (order: Order) => void;
  /** Replaces the listener; answers without one are dropped. */
  readonly listen: (onAnswer: (answer: Answer) => void) => void;
  /** Ends the process at once. The first reason given counts. */
  readonly kill: (code: RenderErrorCode, message: string) => void;
  /** Why it ended, once it has: nothing of it runs or writes any more. */
  readonly ended: Promise<RenderError>;
  /** Lets the server's process end while this child idles, or not. */
  readonly hold: (held: boolean) => void;
};

/** Starts a child in `cwd`, without our environment: it meets strangers' files and needs none of our secrets. */
export function startChild(p: { cwd: string; maxMegabytes: number }): Child {
  const child = fork(ENTRY, [], {
    cwd: p.cwd,
    env: childEnvironment(),
    execArgv: [
      `--max-old-space-size=${Math.max(32, Math.floor(p.maxMegabytes / 2))}`,
      '--disable-warning=ExperimentalWarning',
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let reason: RenderError | undefined;
  let onAnswer: (answer: Answer) => void = () => {};
  let stderr = '';
  const kill = (code: RenderErrorCode, message: string): void => {
    reason ??= new RenderError(code, message);
    child.kill('SIGKILL');
  };
  const checkMemory = (bytes: number | undefined): void => {
    if (bytes === undefined || bytes <= p.maxMegabytes * 2 ** 20) return;
    kill('out_of_memory', `The renderer needed more than its ${p.maxMegabytes} MB of memory.`);
  };
  const watch = setInterval(async () => checkMemory(await residentBytes(child.pid ?? 0)), MEMORY_CHECK_MS);
  watch.unref();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL_CHARS);
  });
  child.on('message', (said) => {
    const answer = parseAnswer(said);
    if (answer === undefined) kill('crashed', 'The renderer answered nonsense.');
    else if (answer.kind === 'memory') checkMemory(answer.bytes);
    else onAnswer(answer);
  });
  const ended = new Promise<RenderError>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      clearInterval(watch);
      resolve(reason ?? toError({ code, signal, stderr }));
    };
    // 'close' comes after 'exit' when the pipes are drained; a process that could not be started has only 'error'.
    child.on('close', end);
    child.on('error', (error) => {
      reason ??= new RenderError('crashed', 'The renderer could not be started or reached.', { cause: error });
      if (child.pid === undefined) end(null, null);
      else child.kill('SIGKILL');
    });
  });
  lowerPriority(child);
  return {
    send: (order) => void (child.connected && child.send(order, () => {})),
    listen: (listener) => {
      onAnswer = listener;
    },
    kill,
    ended,
    hold: (held) => hold(child, held),
  };
}

function childEnvironment(): Record<string, string> {
  // Windows cannot load a library without SystemRoot; TZ keeps anything local out of what is drawn. Compiled modules
  // are kept where the server keeps its own, if it does: a child then starts a tenth of a second sooner.
  const root = process.env.SystemRoot;
  const cache = getCompileCacheDir();
  return {
    TZ: 'UTC',
    UV_THREADPOOL_SIZE: '2',
    ...(root !== undefined && { SystemRoot: root }),
    ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }),
  };
}

function lowerPriority(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    setPriority(child.pid, NICENESS);
  } catch {
    // Some systems refuse, or the child is gone already: it then runs as it is.
  }
}

function hold(child: ChildProcess, held: boolean): void {
  // The pipe is a socket beneath; its type does not say that it can be unheld.
  const pipe = child.stderr as unknown as { ref(): void; unref(): void } | null;
  for (const part of [child, child.channel, pipe]) held ? part?.ref() : part?.unref();
}

function toError(p: { code: number | null; signal: string | null; stderr: string }): RenderError {
  const cause = p.stderr === '' ? undefined : new Error(p.stderr);
  if (p.stderr.includes('heap out of memory')) {
    return new RenderError('out_of_memory', 'The renderer ran out of memory.', { cause });
  }
  const how = p.signal === null ? `with exit code ${p.code}` : `by ${p.signal}`;
  return new RenderError('crashed', `The renderer ended unexpectedly, ${how}.`, { cause });
}
