import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import type { Accepted, Progress } from '../provider.ts';
import type { Spool } from './spool.ts';

/** What a poll says of a job that is over. */
export type Ended = Exclude<Progress, { readonly state: 'pending' }>;

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);
const Cost = z.object({ micros: z.number(), currency: z.string() }).exactOptional();
const Handle = z.object({
  ended: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('succeeded'),
      outputs: z.array(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('url'), url: z.string(), needsCredentials: z.literal(true).exactOptional() }),
          z.object({ kind: z.literal('file'), path: z.string(), extension: z.string() }),
          z.object({ kind: z.literal('text'), text: z.string() }),
        ]),
      ),
      cost: Cost,
      upstreamId: z.string().exactOptional(),
    }),
    z.object({
      state: z.literal('failed'),
      code: z.custom<ErrorCode>((code) => isCode(String(code))),
      message: z.string(),
      cost: Cost,
    }),
  ]),
});

/** What `submit` returns for an upstream that answers with the result: the handle holds it.
 *  @param more what else the provider wants to find in the handle. `spooledFor`: the task whose bytes are in the spool. */
export const acceptEnded = (ended: Ended, more: Readonly<Record<string, Json>> = {}): Accepted => ({
  // Words and numbers, lists and objects of them: its optional members are absent or have a value.
  handle: { ...more, ended } as unknown as Json,
  isDone: true,
});

/** What such a handle holds. Undefined: it is another handle. */
export const endedOf = (handle: Json): Ended | undefined => Handle.safeParse(handle).data?.ended;

const Spooled = z.object({ spooledFor: z.string() });

/** `release` of a provider that puts bytes into the spool. */
export const releaseSpooled =
  (spool: Pick<Spool, 'clear'>) =>
  async (handle: Json): Promise<void> => {
    const spooled = Spooled.safeParse(handle);
    if (spooled.success) await spool.clear(spooled.data.spooledFor);
  };
