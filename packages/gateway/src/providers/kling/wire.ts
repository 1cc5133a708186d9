import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault } from '../fault.ts';
import type { Ended } from '../kit/at-once.ts';
import { costOfUnits } from '../kit/cost.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress, ProviderOutput } from '../provider.ts';

// Kling's API of the older style (`/v1/…`), edition of November 2026. Only what is read here.

export const Created = z.object({ data: z.object({ task_id: Id }) });

const File = z.object({ id: Id.nullish(), url: z.string().nullish() });
const Element = z.object({ element_id: Id.nullish() });

export const Task = z.object({
  data: z.object({
    task_id: Id.nullish(),
    task_status: z.string(),
    task_status_msg: z.string().nullish(),
    task_result: z
      .object({
        videos: z.array(File).nullish(),
        audios: z.array(File).nullish(),
        elements: z.array(Element).nullish(),
      })
      .nullish(),
    /** In units, as text. */
    final_unit_deduction: z.union([z.string(), z.number()]).nullish(),
  }),
});
export type Task = z.infer<typeof Task>;

/** What identify-face answers. All of it is the result: the caller chooses a face by it. */
export const Faces = z.object({ data: z.looseObject({ session_id: Id, face_data: z.array(z.json()) }) });

/** The session with its faces: the caller reads the face ids, and a lip-sync names the session. */
export const toFaces = ({ data }: z.infer<typeof Faces>): Ended => ({
  state: 'succeeded',
  outputs: [{ kind: 'text', text: JSON.stringify(data) }],
  upstreamId: data.session_id,
});

const Refusal = z.object({ code: z.number(), message: z.string().nullish() });

/** Three of the codes that come with 429 are for ever: 1100 to 1102, and 1304. */
const FAULTS: Readonly<Record<number, Fault>> = {
  1000: 'auth',
  1001: 'auth',
  1002: 'auth',
  1003: 'auth',
  1004: 'auth',
  1100: 'auth',
  1101: 'quota',
  1102: 'quota',
  1103: 'auth',
  1200: 'invalid',
  1201: 'invalid',
  1202: 'model_gone',
  1203: 'model_gone',
  1300: 'moderation',
  1301: 'moderation',
  1302: 'rate',
  1303: 'rate',
  1304: 'auth',
  5000: 'busy',
  5001: 'busy',
  5002: 'busy',
};

export function faultOf({ body }: Answer): Said | undefined {
  const { data } = Refusal.safeParse(body);
  const fault = data === undefined ? undefined : FAULTS[data.code];
  if (data === undefined || fault === undefined) return undefined;
  return { fault, message: `${data.message?.trim() || 'Kling gave no reason'} (code ${data.code})` };
}

/** What is said of content that is not allowed, once a job runs: there is no code for it then. */
const REFUSED_CONTENT = /risk control|content security|sensitive|violat|policy|审核|风控|敏感/i;

/** States that are not known mean that the job goes on: its deadline bounds the wait. */
export function toProgress({ data }: Task, unitPrice: string | undefined): Progress {
  const { task_status: state, task_status_msg: words, final_unit_deduction: deducted } = data;
  const units = Number(deducted ?? Number.NaN);
  const cost = Number.isFinite(units) ? { cost: costOfUnits(units, 'units', unitPrice) } : {};
  if (state === 'failed') {
    const message = words?.trim() || 'Kling gave no reason';
    const fault = REFUSED_CONTENT.test(message) ? 'moderation' : 'failed';
    return { state: 'failed', code: FAULT_KINDS[fault].code, message, ...cost };
  }
  if (state !== 'succeed') return { state: 'pending' };
  const made = resultOf(data.task_result);
  if (made.outputs.length > 0) return { state: 'succeeded', ...made, ...cost };
  return { state: 'failed', code: FAULT_KINDS.failed.code, message: 'Kling says done, and names no result', ...cost };
}

type Made = { readonly outputs: readonly ProviderOutput[]; readonly upstreamId?: string };

/** The files in order, or the id of an element, which is what its caller needs. Later jobs name the first by its id. */
function resultOf(result: Task['data']['task_result']): Made {
  const files = [...(result?.videos ?? []), ...(result?.audios ?? [])];
  const elements = (result?.elements ?? []).flatMap(({ element_id: id }) => id ?? []);
  const upstreamId = files[0]?.id ?? elements[0];
  return {
    outputs: [
      ...files.flatMap(({ url }) => (url ? [{ kind: 'url', url } as const] : [])),
      ...elements.map((text) => ({ kind: 'text', text }) as const),
    ],
    ...(upstreamId == null ? {} : { upstreamId }),
  };
}
