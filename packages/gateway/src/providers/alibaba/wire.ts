import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import type { Ended } from '../kit/at-once.ts';
import { costOfUnits } from '../kit/cost.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress, ProviderOutput, VendorCost } from '../provider.ts';

// DashScope (Model Studio), edition of November 2026. Only what is read here.

export const Created = z.object({ output: z.object({ task_id: Id }) });

const Trouble = z.object({ code: z.string().nullish(), message: z.string().nullish() });
const Choices = z
  .array(
    z.object({
      message: z.object({ content: z.array(z.object({ image: z.string().nullish() })).nullish() }).nullish(),
    }),
  )
  .nullish();
const Usage = z
  .object({
    duration: z.number().nullish(),
    output_video_duration: z.number().nullish(),
    video_count: z.number().nullish(),
    image_count: z.number().nullish(),
  })
  .nullish();

export const Task = z.object({
  output: Trouble.extend({
    task_status: z.string(),
    video_url: z.string().nullish(),
    /** Of several pictures, single ones may be errors. */
    results: z.array(Trouble.extend({ url: z.string().nullish() })).nullish(),
    choices: Choices,
  }),
  usage: Usage,
});

export const Pictures = z.object({ output: z.object({ choices: Choices }).nullish(), usage: Usage });

export const Chat = z.object({
  choices: z.array(
    z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() }),
  ),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
});

/** The chat part says the same in the form of OpenAI. */
const Refusal = z.object({ code: z.string().min(1), message: z.string().nullish() });
const ChatRefusal = z.object({ error: Refusal });

/** The first that fits. Submits and failed tasks share the words. */
const FAULTS: readonly (readonly [RegExp, Fault])[] = [
  [/^(DataInspectionFailed|data_inspection_failed|IPInfringementSuspect)$/, 'moderation'],
  [/^Arrearage$/, 'quota'],
  [/^AllocationQuota\.FreeTierOnly$/, 'quota'],
  [/^(InvalidParameter(\.|$)|InvalidURL$|invalid_parameter_error$)/, 'invalid'],
  [/^Invalid(File|Image|Video|Audio)/, 'media'],
  [/^(InvalidApiKey|invalid_api_key)$/, 'auth'],
  [/^(AccessDenied|Model\.AccessDenied)(\.|$)/, 'auth'],
  [/^(ModelNotFound|model_not_found)$/, 'model_gone'],
  [/^(Throttling(\.|$)|limit_requests$)/, 'rate'],
  // Whether it was taken is not told.
  [/^(InternalError\.Timeout|RequestTimeOut)$/, 'unknown'],
  [/^(InternalError(\.|$)|ServiceUnavailable$|SystemError$)/, 'busy'],
];

const faultOfWord = (code: string): Fault | undefined => FAULTS.find(([word]) => word.test(code))?.[1];

const messageOf = (code: string, words: string | null | undefined): string => {
  const said = words?.trim() ?? '';
  return said === '' || said === code ? code : `${code}: ${said}`;
};

/** A synchronous call may say no with status 200. */
export function faultOf({ status, body }: Answer): Said | undefined {
  const said = Refusal.safeParse(body).data ?? ChatRefusal.safeParse(body).data?.error;
  if (said === undefined) return undefined;
  const fault = faultOfWord(said.code);
  const isFine = status >= 200 && status < 300;
  // A word that is not known, where the status says something.
  if (fault === undefined && !isFine) return undefined;
  return { fault: fault ?? 'unknown', message: messageOf(said.code, said.message) };
}

/** What is said of a task, or of one picture, that was taken and went wrong. */
function toFailure(trouble: z.infer<typeof Trouble> | undefined, otherwise: string): Ended & { state: 'failed' } {
  const code = trouble?.code ?? '';
  const fault = faultOfWord(code);
  const message = code === '' ? trouble?.message?.trim() || otherwise : messageOf(code, trouble?.message);
  // It was accepted, so nothing that speaks of the moment of submitting is meant.
  const isAboutTheJob = fault !== undefined && FAULT_KINDS[fault].accepted === 'refused';
  return { state: 'failed', code: FAULT_KINDS[isAboutTheJob ? fault : 'failed'].code, message };
}

/** States that are not known mean that the task goes on: its deadline bounds the wait. */
export function toProgress({ output, usage }: z.infer<typeof Task>): Progress {
  switch (output.task_status) {
    case 'FAILED':
      return toFailure(output, 'DashScope gave no reason');
    case 'CANCELED':
      return { state: 'failed', code: FAULT_KINDS.canceled.code, message: 'the task was canceled' };
    // Records are kept for a day.
    case 'UNKNOWN':
      return { state: 'failed', code: FAULT_KINDS.failed.code, message: 'DashScope knows the task no more' };
    case 'SUCCEEDED':
      return toResult(
        [
          ...toOutputs([output.video_url]),
          ...toOutputs((output.results ?? []).map(({ url }) => url)),
          ...inChoices(output.choices),
        ],
        { usage, trouble: output.results?.find(({ url }) => !url) },
      );
    default:
      return { state: 'pending' };
  }
}

/** Several pictures are several contents, or several choices. */
export const toPictures = ({ output, usage }: z.infer<typeof Pictures>): Ended =>
  toResult(inChoices(output?.choices), { usage });

/** Where nothing was made, the first trouble says why. */
function toResult(
  outputs: ProviderOutput[],
  { usage, trouble }: { usage: z.infer<typeof Usage>; trouble?: z.infer<typeof Trouble> | undefined },
): Ended {
  const cost = costOf(usage);
  if (outputs.length > 0) return { state: 'succeeded', outputs, ...cost };
  return { ...toFailure(trouble, 'DashScope says done, and names no result'), ...cost };
}

const toOutputs = (urls: readonly (string | null | undefined)[]): ProviderOutput[] =>
  urls.flatMap((url) => (url ? [{ kind: 'url', url } as const] : []));
const inChoices = (choices: z.infer<typeof Choices>): ProviderOutput[] =>
  toOutputs((choices ?? []).flatMap(({ message }) => (message?.content ?? []).map(({ image }) => image)));

/** Seconds or pictures; what one costs depends on its size. */
function costOf(usage: z.infer<typeof Usage>): { cost?: VendorCost } {
  const { image_count: images, duration, output_video_duration: shown } = usage ?? {};
  if (typeof images === 'number') return { cost: costOfUnits(images, 'images', undefined) };
  const seconds = duration ?? shown;
  return typeof seconds === 'number' ? { cost: costOfUnits(seconds, 'seconds', undefined) } : {};
}

export function toText({ choices: [first], usage }: z.infer<typeof Chat>): Ended {
  const { prompt_tokens: asked, completion_tokens: answered } = usage ?? {};
  const cost = usage == null ? {} : { cost: costOfUnits((asked ?? 0) + (answered ?? 0), 'tokens', undefined) };
  const text = first?.message.content ?? '';
  if (text !== '') return { state: 'succeeded', outputs: [{ kind: 'text', text }], ...cost };
  const isRefused = first?.finish_reason === 'content_filter';
  const { code } = FAULT_KINDS[isRefused ? 'moderation' : 'failed'];
  return { state: 'failed', code, message: 'DashScope answered no words', ...cost };
}
