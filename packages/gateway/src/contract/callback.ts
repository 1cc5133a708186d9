/** A call of an upstream to us, as it arrived. */
export type CallbackRequest = {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** What upstreams tell us of their jobs. */
export interface CallbackService {
  /** Wakes the task that the call is about. What the call says of the job is never believed: the upstream is asked.
   *  @param p.signature of the address that the upstream was given.
   *  @returns what is answered: a JSON object.
   *  @throws {GatewayError} `not_found` for an address that was never given out; `forbidden` for a call that the upstream
   *    did not sign. */
  receive(p: {
    channel: string;
    taskId: string;
    signature: string;
    request: CallbackRequest;
  }): Promise<Readonly<Record<string, string>>>;
}
