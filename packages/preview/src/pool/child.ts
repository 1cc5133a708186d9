// The entry of a child process. It loads the libraries that read strangers' bytes, takes orders over the channel it
// was started with, and ends with the process that started it.
import type { RenderErrorCode } from '../contract.ts';
import type { Answer, Order } from './protocol.ts';

const MEMORY_REPORT_MS = 200;

const answer = (said: Answer): void => void process.send?.(said, undefined, undefined, () => {});

/** SIGKILL to ourselves, because an orderly exit would wait for a codec that is still busy. */
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

if (process.platform !== 'linux') {
  // On Linux the parent looks for itself.
  setInterval(() => answer({ kind: 'memory', bytes: process.memoryUsage.rss() }), MEMORY_REPORT_MS).unref();
}

let work: Promise<void> = Promise.resolve();
// An Order because only our own renderer holds the other end of the channel.
process.on('message', (order) => {
  work = work.then(() => follow(order as Order));
});

async function follow(order: Order): Promise<void> {
  try {
    await requireLibraries();
    if (order.kind === 'inspect') {
      const { inspectFile } = await import('../media/inspect.ts');
      answer({ kind: 'inspected', facts: await inspectFile(order.path) });
      return;
    }
    const { runJob } = await import('../jobs/jobs.ts');
    const onProgress = (fraction: number): void => answer({ kind: 'progress', fraction });
    answer({ kind: 'done', result: await runJob(order.request, onProgress) });
  } catch (error) {
    answer(toFailure(error));
  }
}

/** Loads the optional packages by themselves first, so that their absence is told apart from a fault of ours. */
async function requireLibraries(): Promise<void> {
  try {
    await Promise.all([import('node-av/lib'), import('@napi-rs/canvas'), import('sharp')]);
  } catch (error) {
    const cause = error instanceof Error ? error : undefined;
    throw Object.assign(new Error(MISSING, { cause }), { name: 'Unavailable' });
  }
}

const MISSING =
  'Previews need the packages node-av, @napi-rs/canvas and sharp, which are not installed or do not run on this ' +
  'platform. Install them beside Reelay with: npm install node-av @napi-rs/canvas sharp';

/** Failures are told apart by name: their classes belong to modules that are loaded only when they are needed. */
const CODES: Readonly<Record<string, RenderErrorCode>> = {
  BadMedia: 'bad_media',
  BadInput: 'bad_input',
  Unavailable: 'unavailable',
};

function toFailure(error: unknown): Answer {
  if (!(error instanceof Error)) return { kind: 'failed', code: 'crashed', message: String(error) };
  const stack = error.cause instanceof Error ? `${error.stack}\n${error.cause.stack}` : (error.stack ?? error.message);
  const code = CODES[error.name];
  if (code !== undefined) return { kind: 'failed', code, message: error.message, stack };
  return { kind: 'failed', code: 'crashed', message: `The renderer failed: ${error.message}`, stack };
}
