// The entry of a child process. It loads the libraries that read strangers' bytes, takes orders over the channel it
// was started with, and ends with the process that started it.
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
    const { runRender, runInspection } = await loadEngine();
    if (order.kind === 'inspect') {
      answer({ kind: 'inspected', facts: await runInspection(order.path) });
      return;
    }
    const onProgress = (fraction: number): void => answer({ kind: 'progress', fraction });
    answer({ kind: 'done', result: await runRender(order.request, onProgress) });
  } catch (error) {
    answer(toFailure(error));
  }
}

class Unavailable extends Error {}

async function loadEngine(): Promise<typeof import('./engine.ts')> {
  try {
    return await import('./engine.ts');
  } catch (error) {
    throw new Unavailable(
      'Previews need the packages node-av and @napi-rs/canvas, which are not installed or do not run on this ' +
        'platform. Install them beside Reelay with: npm install node-av @napi-rs/canvas',
      { cause: error },
    );
  }
}

function toFailure(error: unknown): Answer {
  if (!(error instanceof Error)) return { kind: 'failed', code: 'crashed', message: String(error) };
  if (error instanceof Unavailable) {
    return { kind: 'failed', code: 'unavailable', message: error.message, stack: String(error.cause) };
  }
  const stack = error.stack ?? error.message;
  // By name: the class itself would have to be loaded before the libraries are known to be there.
  if (error.name === 'BadMedia') return { kind: 'failed', code: 'bad_media', message: error.message, stack };
  return { kind: 'failed', code: 'crashed', message: `The renderer failed: ${error.message}`, stack };
}
