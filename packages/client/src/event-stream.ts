import { ReelayError } from './error.ts';

/** What one message may hold. */
const MAX_CHARS = 1_000_000;

/** A message of an event stream. One with empty `data` only says where the stream is. */
export type Message = { readonly id: string | undefined; readonly type: string; readonly data: string };

/** Reads `text/event-stream` as the HTML standard describes it ("Parsing an event stream").
 *  @param onChunk called whenever something arrives.
 *  @throws {ReelayError} `bad_answer` for a message without end; whatever breaks the stream. */
export async function* readMessages(
  body: ReadableStream<Uint8Array>,
  onChunk: () => void,
): AsyncGenerator<Message, void, void> {
  // A reader, because not every browser can iterate over a stream.
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const take = createParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onChunk();
      yield* take(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Whoever stops reading closes the connection. A broken one cannot be closed again.
    await reader.cancel().catch(() => undefined);
  }
}

/** Takes text as it comes. @returns the messages that end in it. */
function createParser(): (text: string) => Message[] {
  let rest = '';
  let fields = new Map<string, string>();
  return (text) => {
    rest += text;
    const messages: Message[] = [];
    // A carriage return at the very end may be half of a line's end.
    for (let end = /\r\n|\n|\r(?=.)/s.exec(rest); end !== null; end = /\r\n|\n|\r(?=.)/s.exec(rest)) {
      const line = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      if (line !== '') addField(fields, line);
      else if (fields.size > 0) {
        messages.push({ id: fields.get('id'), type: fields.get('event') ?? 'message', data: fields.get('data') ?? '' });
        fields = new Map();
      }
    }
    if (rest.length + (fields.get('data')?.length ?? 0) > MAX_CHARS) {
      throw new ReelayError('bad_answer', `an event has more than ${MAX_CHARS} characters`);
    }
    return messages;
  };
}

function addField(fields: Map<string, string>, line: string): void {
  const colon = line.indexOf(':');
  if (colon === 0) return; // A comment.
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  const before = fields.get(name);
  fields.set(name, name === 'data' && before !== undefined ? `${before}\n${value}` : value);
}
