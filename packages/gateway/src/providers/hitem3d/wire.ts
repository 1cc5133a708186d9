import { z } from 'zod';
import { FAULTS, type Fault } from '../fault.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress } from '../provider.ts';

// HiTem3D's open API, edition of November 2026. Only what is read here. Every answer has status 200; its code says more.

const Coded = z.object({ code: z.coerce.number(), msg: z.string().nullish() });

export const Signed = z.object({ data: z.object({ accessToken: z.string().min(1) }) });

export const Created = z.object({ data: z.object({ task_id: Id }) });

export const Task = z.object({
  data: z.object({ state: z.string(), url: z.string().nullish() }),
  msg: z.string().nullish(),
});

const OK = 200;
const LOGIN_EXPIRED = 401;
const FAULT_OF: Readonly<Record<number, Fault>> = {
  [LOGIN_EXPIRED]: 'auth',
  429: 'rate',
  30010000: 'quota',
  40010000: 'auth',
  50010001: 'failed',
};
/** The table is not published in full; the first digits tell what a number is about. */
const FAULT_OF_CLASS: readonly (readonly [RegExp, Fault])[] = [
  [/^1003\d{4}$/, 'media'],
  [/^1\d{7}$/, 'invalid'],
];

export const isLoginExpired = ({ body }: Answer): boolean => Coded.safeParse(body).data?.code === LOGIN_EXPIRED;

export function faultOf({ body }: Answer): Said | undefined {
  const { data } = Coded.safeParse(body);
  if (data === undefined || data.code === OK) return undefined;
  const { code, msg } = data;
  const fault = FAULT_OF[code] ?? FAULT_OF_CLASS.find(([pattern]) => pattern.test(String(code)))?.[1];
  return fault === undefined ? undefined : { fault, message: `${msg || 'HiTem3D gave no reason'} (${code})` };
}

/** States that are not known mean that the job goes on: its deadline bounds the wait. */
export function toProgress({ data: { state, url }, msg }: z.infer<typeof Task>): Progress {
  const failed = (message: string): Progress => ({ state: 'failed', code: FAULTS.failed.code, message });
  switch (state) {
    case 'success':
      return url
        ? { state: 'succeeded', outputs: [{ kind: 'url', url }] }
        : failed('HiTem3D says success, and names no file');
    case 'failed':
      return failed(msg && msg !== 'success' ? msg : 'HiTem3D gave no reason');
    default:
      return { state: 'pending' };
  }
}
