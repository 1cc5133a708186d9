const MAX_CHARS = 300;

/** What may be written to the log of an error: the query of an address can be a secret, and inlined media are long. */
export function toLogText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .slice(0, 10 * MAX_CHARS)
    .replace(/data:[^\s"']*/gi, 'data:…')
    .replace(/(https?:\/\/[^\s"'?]*)\?[^\s"']*/gi, '$1?…')
    .slice(0, MAX_CHARS);
}
