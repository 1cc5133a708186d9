/** What the rooms need of a logger: structured fields first, then one sentence. Fields name task, account and channel;
 *  never a key, a signed address or inlined media. */
export type Log = Record<
  'debug' | 'info' | 'warn' | 'error',
  (fields: Readonly<Record<string, unknown>>, message: string) => void
>;
