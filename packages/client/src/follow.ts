import { sleep } from './clock.ts';
import { ReelayError } from './error.ts';
import { type Message, readMessages } from './event-stream.ts';
import type { Call, Http } from './http.ts';
import { backoffMs } from './retry.ts';

/** The server says something at least every 15 s; what is silent for longer is dead. */
const SILENCE_MS = 45_000;
/** In a row, before anything came: then nobody may be there. */
const MAX_FIRST_FAILURES = 3;
/** In a row, afterwards. With pauses of up to 8 s that is a minute. */
const MAX_FAILURES = 10;

/** Messages of an event stream. When it breaks, or the server restarts, it goes on after the last one that arrived, so
 *  that each comes once. Ends when the server says that there is nothing left (204).
 *  @throws {ReelayError} when it cannot be had; the reason of the call's signal. */
export async function* follow(
  http: Http,
  call: Call & { readonly after?: string | undefined },
): AsyncGenerator<Message, void, void> {
  let lastId = call.after;
  let failures = 0;
  let maxFailures = MAX_FIRST_FAILURES;
  for (;;) {
    let failure: unknown;
    try {
      for await (const message of readOnce(http, { ...call, lastId })) {
        failures = 0;
        maxFailures = MAX_FAILURES;
        lastId = message.id ?? lastId;
        if (message.data !== '') yield message;
      }
    } catch (error) {
      if (error instanceof Ended) return;
      failure = error;
    }
    if (call.signal?.aborted === true) throw call.signal.reason;
    failures += 1;
    // An end without an error is a server that closes.
    const isPassing = failure === undefined || (failure instanceof ReelayError && failure.retryable);
    if (!isPassing || failures > maxFailures) throw failure ?? new ReelayError('no_answer', 'the stream ended early');
    const askedMs = failure instanceof ReelayError ? (failure.retryAfterMs ?? 0) : 0;
    await sleep(http.clock, Math.max(askedMs, backoffMs(failures, http.random())), call.signal);
  }
}

/** Nothing is left to come. */
class Ended extends Error {}

/** One connection. @throws {Ended}; {ReelayError} */
async function* readOnce(
  http: Http,
  { lastId, ...call }: Call & { lastId: string | undefined },
): AsyncGenerator<Message, void, void> {
  const silence = new AbortController();
  let isSilent = () => {};
  const expectMore = () => {
    isSilent();
    isSilent = http.clock.after(SILENCE_MS, () =>
      silence.abort(new ReelayError('no_answer', `nothing came for ${SILENCE_MS / 1_000} s`)),
    );
  };
  const signal = call.signal === undefined ? silence.signal : AbortSignal.any([call.signal, silence.signal]);
  const headers = { ...call.headers, accept: 'text/event-stream', 'last-event-id': lastId };
  try {
    const response = await http.open({ ...call, headers, signal, retries: 0 });
    if (response.status === 204) throw new Ended();
    if (response.body === null) throw new ReelayError('bad_answer', 'the answer is no stream');
    expectMore();
    yield* readMessages(response.body, expectMore);
  } catch (error) {
    if (error instanceof ReelayError || error instanceof Ended) throw error;
    throw new ReelayError('connection_failed', 'the stream broke', { cause: error });
  } finally {
    isSilent();
    silence.abort();
  }
}
