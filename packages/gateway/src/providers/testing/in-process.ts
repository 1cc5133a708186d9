import type { Standin } from '@reelay/standin';
import { Dispatcher, Response } from 'undici';

/** Carries requests to a stand-in without a socket. */
export class InProcess extends Dispatcher {
  readonly #standin: Pick<Standin, 'answer' | 'url'>;
  constructor(standin: Pick<Standin, 'answer' | 'url'>) {
    super();
    this.#standin = standin;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller = createController();
    handler.onRequestStart?.(controller, {});
    this.#ask(options).then(
      ({ status, headers, body }) => {
        if (controller.reason !== null) return handler.onResponseError?.(controller, controller.reason);
        handler.onResponseStart?.(controller, status, { ...headers });
        handler.onResponseData?.(controller, body);
        handler.onResponseEnd?.(controller, {});
      },
      (error: Error) => handler.onResponseError?.(controller, error),
    );
    return true;
  }

  async #ask({ origin, path, method, headers, body }: Dispatcher.DispatchOptions): ReturnType<Standin['answer']> {
    if (String(origin) !== this.#standin.url) throw new Error(`${String(origin)} is not the stand-in`);
    // Of the forms that headers may have, the kit uses this one.
    const own = (headers ?? {}) as Record<string, string>;
    if (body === null || body === undefined) return this.#standin.answer({ method, path, headers: own });
    const form = new Response(body as ConstructorParameters<typeof Response>[0]);
    const type = own['content-type'] ?? form.headers.get('content-type') ?? 'application/octet-stream';
    const bytes = Buffer.from(await form.arrayBuffer());
    return this.#standin.answer({ method, path, headers: { ...own, 'content-type': type }, body: bytes });
  }
}

function createController(): Dispatcher.DispatchController {
  let reason: Error | null = null;
  return {
    get aborted() {
      return reason !== null;
    },
    paused: false,
    get reason() {
      return reason;
    },
    abort: (cause) => {
      reason ??= cause;
    },
    pause: () => {},
    resume: () => {},
  };
}
