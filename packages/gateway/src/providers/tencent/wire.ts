import { z } from 'zod';
import { FAULTS, type Fault } from '../fault.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress } from '../provider.ts';

// Tencent Cloud's API 3.0 with Hunyuan 3D, edition of November 2026. Only what is read here. Refusals come with status 200.

const Refusal = z.object({
  Response: z.object({ Error: z.object({ Code: z.string(), Message: z.string().nullish() }) }),
});

export const Created = z.object({ Response: z.object({ JobId: Id }) });

const File = z.object({ Type: z.string().nullish(), Url: z.string().nullish() });
export const Job = z.object({
  Response: z.object({
    Status: z.string(),
    ErrorCode: z.string().nullish(),
    ErrorMessage: z.string().nullish(),
    ResultFile3Ds: z.array(File).nullish(),
  }),
});

/** What a code means: the first that fits. Codes are families with a dot and a detail; new details come without notice. */
const FAULT_OF: readonly (readonly [RegExp, Fault])[] = [
  [/Moderation|Audit|Illegal/, 'moderation'],
  [/Image|Download/, 'media'],
  [/InArrears|LowBalance|Balance/, 'quota'],
  [/^(AuthFailure|UnauthorizedOperation|ResourceUnavailable)/, 'auth'],
  [/^(RequestLimitExceeded|LimitExceeded)/, 'rate'],
  [/^(ResourceInsufficient|InternalError|FailedOperation\.InnerError)/, 'busy'],
  [/^(InvalidAction|NoSuchVersion|NoSuchProduct|UnsupportedRegion)/, 'model_gone'],
  [/^(InvalidParameter|MissingParameter|UnknownParameter|UnsupportedOperation)/, 'invalid'],
  [/^(FailedOperation|ResourceNotFound)/, 'failed'],
];
const faultOfCode = (code: string): Fault | undefined => FAULT_OF.find(([pattern]) => pattern.test(code))?.[1];

const withReason = (code: string, reason: string | null | undefined): string => (reason ? `${code}: ${reason}` : code);

export function faultOf({ body }: Answer): Said | undefined {
  const error = Refusal.safeParse(body).data?.Response.Error;
  const fault = faultOfCode(error?.Code ?? '');
  return error === undefined || fault === undefined
    ? undefined
    : { fault, message: withReason(error.Code, error.Message) };
}

/** What became of a job that ended badly. It was accepted, so nothing that speaks of the moment of submitting is meant. */
function faultOfJob(code: string): Fault {
  const fault = faultOfCode(code);
  return fault === 'moderation' || fault === 'media' || fault === 'invalid' ? fault : 'failed';
}

/** States that are not known mean that the job goes on: its deadline bounds the wait. */
export function toProgress({ Response: said }: z.infer<typeof Job>): Progress {
  if (said.Status === 'FAIL') {
    const code = said.ErrorCode || 'FailedOperation';
    return { state: 'failed', code: FAULTS[faultOfJob(code)].code, message: withReason(code, said.ErrorMessage) };
  }
  if (said.Status !== 'DONE') return { state: 'pending' };
  const isGlb = ({ Type }: z.infer<typeof File>): boolean => Type?.toUpperCase() === 'GLB';
  const files = said.ResultFile3Ds ?? [];
  // The form that every viewer opens comes first.
  const outputs = [...files.filter(isGlb), ...files.filter((one) => !isGlb(one))].flatMap(({ Url: url }) =>
    url ? [{ kind: 'url' as const, url }] : [],
  );
  if (outputs.length > 0) return { state: 'succeeded', outputs };
  return { state: 'failed', code: FAULTS.failed.code, message: 'Tencent says DONE, and names no file' };
}
