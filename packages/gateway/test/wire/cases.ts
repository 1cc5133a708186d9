import type { z } from 'zod';
import { WRONG_KEY } from './names.ts';
import type { World } from './world.ts';

export type Request = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  /** The body as it is sent. */
  readonly text?: string;
  readonly form?: Readonly<Record<string, string | Blob>>;
  /** Default: the owner's, as a Bearer token. Null: none. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};
/** One documented case: what is sent, and the shape of what must come back. */
export type Case = {
  readonly name: string;
  readonly request: (world: World) => Request;
  readonly shape: z.ZodType;
  /** Default 200, which is what the wire says to nearly everything. */
  readonly status?: number;
  /** `<file>#<case>` of the published examples that this shape must fit too. */
  readonly examples?: readonly string[];
  /** Remembers an id of the answer for the rows below. */
  readonly learn?: { readonly as: string; readonly from: string };
};

export const post = (path: string, body: unknown, more: Partial<Request> = {}): Request => ({
  method: 'POST',
  path,
  body,
  ...more,
});
export const get = (path: string, more: Partial<Request> = {}): Request => ({ method: 'GET', path, ...more });

/** Every call refuses a missing and an unknown key, in its own family's words. */
export const keyRefusals = (path: string, method: 'GET' | 'POST', shape: z.ZodType): Case[] =>
  [null, WRONG_KEY].map((key) => ({
    name: `${method} ${path}: ${key === null ? 'no key' : 'an unknown key'}`,
    request: () => (method === 'GET' ? get(path, { key }) : post(path, {}, { key })),
    shape,
  }));
