import { availableParallelism, tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { MediaFacts } from '@reelay/catalog';
import {
  RenderError,
  type Renderer,
  type RendererOptions,
  type RenderRequest,
  type RenderResult,
} from '../contract.ts';
import { type Child, startChild } from './process.ts';
import type { Answer, Order } from './protocol.ts';
import { createSlots } from './queue.ts';

type Limits = Required<RendererOptions>;

/** A decoder that leaks a little with each file is harmless when it starts afresh now and then. */
const INSPECTIONS_PER_CHILD = 500;

/** A renderer with nothing running yet. Children start with the first render and the first inspection. */
export function createRenderer(options: RendererOptions = {}): Renderer {
  const limits: Limits = {
    slots: options.slots ?? availableParallelism(),
    maxMegabytes: options.maxMegabytes ?? 1536,
    maxRenderMs: options.maxRenderMs ?? 600_000,
    maxInspectMs: options.maxInspectMs ?? 20_000,
  };
  const closing = new AbortController();
  const slots = createSlots(limits.slots);
  const live = new Set<Child>();
  const start = (cwd: string): Child => {
    const child = startChild({ cwd, maxMegabytes: limits.maxMegabytes });
    live.add(child);
    void child.ended.then(() => live.delete(child));
    return child;
  };
  const inspect = createInspector(start, limits);
  const guarded = async <T>(signal: AbortSignal, work: (either: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(AbortSignal.any([signal, closing.signal]));
    } catch (error) {
      // Only a wait in the queue throws anything else, and only because it was called off.
      throw error instanceof RenderError
        ? error
        : new RenderError('canceled', 'The work was called off.', { cause: error });
    }
  };
  return {
    render: (request, { signal, onProgress }) =>
      guarded(signal, async (either) => {
        const giveBack = await slots.take(either);
        try {
          // The child works in that folder, where a relative path would mean another one.
          const placed = { ...request, outputDir: resolve(request.outputDir) };
          const child = start(placed.outputDir);
          return await renderOnce({ child, request: placed, signal: either, onProgress, limits });
        } finally {
          giveBack();
        }
      }),
    inspect: (path, { signal }) => guarded(signal, (either) => inspect(path, either)),
    stats: () => slots.counts(),
    close: async () => {
      closing.abort();
      for (const child of live) {
        child.hold(true);
        child.kill('canceled', 'The renderer was closed.');
      }
      await Promise.all([...live].map((child) => child.ended));
    },
  };
}

type Render = {
  readonly child: Child;
  readonly request: RenderRequest;
  readonly signal: AbortSignal;
  readonly onProgress: ((fraction: number) => void) | undefined;
  readonly limits: Limits;
};

async function renderOnce(p: Render): Promise<RenderResult> {
  try {
    const order: Order = { kind: 'render', request: p.request };
    const said = await follow(p.child, {
      order,
      signal: p.signal,
      maxMs: p.limits.maxRenderMs,
      onProgress: p.onProgress,
    });
    if (said.kind !== 'done') throw new RenderError('crashed', 'The renderer answered another question.');
    requireOwnFiles(said.result, p.request.outputDir);
    return said.result;
  } finally {
    p.child.kill('canceled', 'The render is over.');
    // The folder is the caller's again only when nobody writes to it.
    await p.child.ended;
  }
}

/** A child that a hostile file has taken over could name any file of ours as its result. */
function requireOwnFiles(result: RenderResult, outputDir: string): void {
  if (result.files.every(({ path }) => dirname(path) === outputDir)) return;
  throw new RenderError('crashed', 'The renderer answered with files outside its folder.');
}

type Following = {
  readonly order: Order;
  readonly signal: AbortSignal;
  readonly maxMs: number;
  readonly onProgress?: ((fraction: number) => void) | undefined;
};

/** Gives an order and waits for its end: an answer, a limit, the signal, or the death of the child. */
async function follow(child: Child, p: Following): Promise<Exclude<Answer, { kind: 'failed' }>> {
  const stop = (): void => child.kill('canceled', 'The work was called off.');
  const timer = setTimeout(() => child.kill('timed_out', `The renderer took more than ${p.maxMs} ms.`), p.maxMs);
  p.signal.addEventListener('abort', stop, { once: true });
  try {
    const answered = new Promise<Answer>((resolve) => {
      child.listen((said) => (said.kind === 'progress' ? p.onProgress?.(said.fraction) : resolve(said)));
    });
    if (p.signal.aborted) stop();
    else child.send(p.order);
    const said = await Promise.race([answered, child.ended]);
    if (said instanceof RenderError) throw said;
    if (said.kind === 'failed') {
      throw new RenderError(said.code, said.message, said.stack === undefined ? {} : { cause: new Error(said.stack) });
    }
    return said;
  } finally {
    clearTimeout(timer);
    p.signal.removeEventListener('abort', stop);
    child.listen(() => {});
  }
}

/** One warm child looks at one file after another; when a file kills it, that file fails and the next meets a new one. */
function createInspector(start: (cwd: string) => Child, limits: Limits) {
  const turn = createSlots(1);
  let warm: { child: Child; left: number } | undefined;
  const borrow = (): { child: Child; left: number } => {
    if (warm !== undefined) return warm;
    const fresh = { child: start(tmpdir()), left: INSPECTIONS_PER_CHILD };
    void fresh.child.ended.then(() => {
      if (warm === fresh) warm = undefined;
    });
    warm = fresh;
    return fresh;
  };
  return async (path: string, signal: AbortSignal): Promise<MediaFacts> => {
    const giveBack = await turn.take(signal);
    const current = borrow();
    current.child.hold(true);
    try {
      const said = await follow(current.child, {
        order: { kind: 'inspect', path },
        signal,
        maxMs: limits.maxInspectMs,
      });
      if (said.kind !== 'inspected') throw new RenderError('crashed', 'The renderer answered another question.');
      return said.facts;
    } finally {
      current.left -= 1;
      if (current.left > 0) {
        current.child.hold(false);
      } else {
        warm = undefined;
        current.child.kill('canceled', 'It has looked at enough files.');
      }
      giveBack();
    }
  };
}
