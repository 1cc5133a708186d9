import { z } from 'zod';
import { Refused, type WireRequest } from './definition.ts';

/** Reads a body by its schema. @throws {Refused} `invalid`, naming the member. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : undefined;
  throw new Refused('invalid', {
    message: `${field === '' ? 'body' : field}: ${issue?.message ?? 'cannot be read'}`,
    field: unknown ?? field,
  });
}

const DATA_URI = /^data:[\w.+-]+\/[\w.+-]+;base64,[A-Za-z0-9+/]+=*$/;

/** The address of a file, as most services take it: a URL, or a data URI with its prefix. */
export const address = () =>
  z.string().refine((value) => /^https?:\/\/\S+$/.test(value) || DATA_URI.test(value), 'is no address of a file');
/** Only a URL. */
export const webAddress = () => z.string().regex(/^https?:\/\/\S+$/, 'is no URL');
/** Bare digits of base64, without a prefix. */
export const base64 = () => z.base64().min(4);

/** `Token x` of `Authorization: Token x`. */
export const bearerOf = ({ headers }: WireRequest, scheme = 'Bearer'): string | undefined => {
  const { authorization = '' } = headers;
  return authorization.startsWith(`${scheme} `) ? authorization.slice(scheme.length + 1) : undefined;
};
