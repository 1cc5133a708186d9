import { z } from 'zod';
import { FAULTS, type Fault } from '../fault.ts';
import { costOfUnits } from '../kit/cost.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress } from '../provider.ts';

// SkyReels' API gateway, edition of April 2026. Only what is read here.

export const Submitted = z.object({ task_id: Id });

export const Task = z.object({
  status: z.string(),
  code: z.number().nullish(),
  msg: z.string().nullish(),
  data: z.object({ video_url: z.string().nullish(), cost_credits: z.number().nullish() }).nullish(),
});
export type Task = z.infer<typeof Task>;

const Refusal = z.object({ code: z.number(), status: z.string().nullish(), msg: z.string().nullish() });

const FAULTS_BY_CODE: Readonly<Record<number, Fault>> = {
  401: 'auth',
  422: 'invalid',
  429: 'rate',
  480: 'quota',
  481: 'rate',
  482: 'moderation',
  500: 'busy',
};

/** What is said of content that is not allowed, where the code is another. */
const REFUSED_CONTENT = /content policy|security policy|moderat|sensitive|nsfw|violat/i;

const messageOf = (words: string | null | undefined, code: number | null | undefined): string =>
  words?.trim() || `SkyReels gave no reason (code ${code ?? 'none'})`;

/** The status of the answer and the code in it are the same number. A task that failed is no refusal of the question. */
export function faultOf({ status, body }: Answer): Said | undefined {
  const isFine = status >= 200 && status < 300;
  const { data } = Refusal.safeParse(body);
  if (data === undefined || data.code === 200) return undefined;
  const message = messageOf(data.msg, data.code);
  if (data.status === 'failed') return isFine ? undefined : { fault: faultOfTask(data.code, message), message };
  const fault = FAULTS_BY_CODE[data.code];
  // A code that is not known, where the status says nothing either.
  if (fault === undefined && isFine) return { fault: 'unknown', message };
  return fault === undefined ? undefined : { fault, message };
}

/** Why a task failed that was accepted: nothing that speaks of the moment of submitting is meant. */
function faultOfTask(code: number | null | undefined, message: string): Fault {
  const fault = FAULTS_BY_CODE[code ?? 0];
  if (fault !== undefined && FAULTS[fault].accepted === 'refused') return fault;
  return REFUSED_CONTENT.test(message) ? 'moderation' : 'failed';
}

/** Published answers say `running` of a task that has its clip: the clip decides. States that are not known mean that the
 *  job goes on: its deadline bounds the wait.
 *  @param creditPrice in US dollars. */
export function toProgress({ status, code, msg, data }: Task, creditPrice: string | undefined): Progress {
  const credits = data?.cost_credits;
  const paid = typeof credits === 'number' ? { cost: costOfUnits(credits, 'credits', creditPrice) } : {};
  if (status === 'failed') {
    const message = messageOf(msg, code);
    return { state: 'failed', code: FAULTS[faultOfTask(code, message)].code, message, ...paid };
  }
  if (data?.video_url) return { state: 'succeeded', outputs: [{ kind: 'url', url: data.video_url }], ...paid };
  if (status !== 'success') return { state: 'pending' };
  return { state: 'failed', code: FAULTS.failed.code, message: 'SkyReels says done, and names no clip', ...paid };
}
