import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import { costOfUnits } from '../kit/cost.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress, VendorCost } from '../provider.ts';

// Runway's API, version 2024-11-06, edition of November 2026. Only what is read here.

export const Created = z.object({ id: Id });
export const Upload = z.object({
  uploadUrl: z.string().min(1),
  fields: z.record(z.string(), z.string()),
  runwayUri: z.string().min(1),
});
export const Task = z.object({
  status: z.string(),
  progress: z.number().nullish(),
  output: z.array(z.string()).nullish(),
  failure: z.string().nullish(),
  failureCode: z.string().nullish(),
  cost: z.object({ credits: z.number().nullish() }).nullish(),
});
export type Task = z.infer<typeof Task>;

const Refusal = z.object({ error: z.string(), issues: z.unknown().optional() });

/** A 400 is for whatever is wrong. */
const BY_TEXT: readonly (readonly [RegExp, Fault])[] = [
  [/enough credits|insufficient credits|credit balance/i, 'quota'],
  [/moderation|safety|content polic/i, 'moderation'],
  [/model variant .* (is )?not (available|found|supported)/i, 'model_gone'],
  [/\basset\b|failed to (fetch|download|decode)/i, 'media'],
];

export function faultOf({ status, body }: Answer): Said | undefined {
  if (status < 400) return undefined;
  const { data } = Refusal.safeParse(body);
  if (data === undefined) return undefined;
  const known = status < 500 && status !== 401 ? BY_TEXT.find(([pattern]) => pattern.test(data.error))?.[1] : undefined;
  // A proxy says 503 without words of Runway's.
  const fault = known ?? (status === 503 ? 'busy' : undefined);
  const issues = data.issues === undefined ? '' : ` ${JSON.stringify(data.issues)}`;
  if (fault !== undefined) return { fault, message: data.error };
  return status === 400 ? { fault: 'invalid', message: `${data.error}${issues}` } : undefined;
}

const faultOfCode = (code: string): Fault =>
  /SAFETY/.test(code) ? 'moderation' : code.startsWith('ASSET') ? 'media' : 'failed';

export const isOver = ({ status }: Task): boolean => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status);

/** "Consumers should not expect updates more often than every five seconds." */
const POLL_AFTER_MS = 5_000;

export function toProgress(task: Task, creditPrice: string | undefined): Progress {
  const { status, progress, failure, failureCode } = task;
  const credits = task.cost?.credits;
  const cost: { cost?: VendorCost } =
    typeof credits === 'number' ? { cost: costOfUnits(credits, 'credits', creditPrice) } : {};
  const fail = (fault: Fault, message: string): Progress => ({
    state: 'failed',
    code: FAULT_KINDS[fault].code,
    message,
    ...cost,
  });
  switch (status) {
    case 'SUCCEEDED': {
      const outputs = (task.output ?? []).map((url) => ({ kind: 'url' as const, url }));
      return outputs.length === 0 ? fail('failed', 'Runway made no file') : { state: 'succeeded', outputs, ...cost };
    }
    case 'FAILED': {
      const words = failure?.trim() || 'Runway gave no reason';
      return fail(faultOfCode(failureCode ?? ''), failureCode ? `${words} (${failureCode})` : words);
    }
    case 'CANCELLED':
      return fail('canceled', 'the task was canceled at Runway');
    // PENDING, THROTTLED, RUNNING, and words that are not known: the deadline bounds the wait.
    default:
      return {
        state: 'pending',
        pollAfterMs: POLL_AFTER_MS,
        ...(typeof progress === 'number' && progress > 0 ? { fraction: Math.min(1, progress) } : {}),
      };
  }
}
