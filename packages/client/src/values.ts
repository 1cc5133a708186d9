export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** An amount. */
export type Money = {
  /** Millionths of one unit of the currency. */
  readonly micros: number;
  readonly currency: string;
  /** The same for people: `12.50`. */
  readonly text: string;
};

/** Of every call that has no other options. */
export type CallOptions = { readonly signal?: AbortSignal | undefined };

/** Of a call that makes something. */
export type MakeOptions = CallOptions & {
  /** The same key and the same request make one thing. Default: a new one, which makes our own repeats safe. */
  readonly idempotencyKey?: string | undefined;
};

/** @returns the header that makes a POST safe to repeat, where the server knows it. */
export const idempotency = ({ idempotencyKey = randomId() }: MakeOptions): { 'idempotency-key': string } => ({
  'idempotency-key': idempotencyKey,
});

/** 32 hexadecimal digits. `crypto.randomUUID` is missing from pages that came without TLS. */
export const randomId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
