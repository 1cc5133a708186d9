import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { Answer, Said } from '../kit/upstream.ts';
import type { ProviderOutput, VendorCost } from '../provider.ts';

// The RunningHub OpenAPI as a client sees it. Only what is read here.

const text = z.string().nullish();
/** Words on the newer calls and numbers on the older ones; empty where there is none. */
const Word = z.union([z.string(), z.number()]).transform(String).nullish();

export const Submitted = z.object({ taskId: Word, task_id: Word, status: text });

const Result = z.object({ url: text, text, content: text, output: text });
const Money = z.union([z.string(), z.number()]).nullish();
export const Queried = z.object({
  status: z.string(),
  errorCode: Word,
  errorMessage: text,
  results: z.array(Result).nullish(),
  usage: z.object({ consumeMoney: Money, thirdPartyConsumeMoney: Money }).nullish(),
});
export type Queried = z.infer<typeof Queried>;

export const Uploaded = z.object({ data: z.object({ download_url: z.string().min(1) }) });

const Refusal = z.object({
  taskId: Word,
  status: text,
  errorCode: Word,
  errorMessage: text,
  code: Word,
  msg: text,
  message: text,
});

/** Codes that a call is refused with. Those of the older calls are numbers below 1000. */
const FAULT_OF: Readonly<Record<string, Fault>> = {
  '401': 'auth',
  '412': 'auth',
  '801': 'auth',
  '802': 'auth',
  '806': 'auth',
  '811': 'auth',
  '1002': 'auth',
  '1014': 'auth',
  '1601': 'auth',
  '414': 'quota',
  '416': 'quota',
  '605': 'quota',
  '812': 'quota',
  '1620': 'quota',
  '415': 'rate',
  '421': 'rate',
  '429': 'rate',
  '814': 'rate',
  '1003': 'rate',
  '1016': 'rate',
  '1520': 'rate',
  '500': 'busy',
  '808': 'busy',
  '1000': 'busy',
  '1005': 'busy',
  '1010': 'busy',
  '1011': 'busy',
  '1012': 'busy',
  '1015': 'busy',
  '380': 'model_gone',
  '901': 'model_gone',
  '1001': 'model_gone',
  '1404': 'model_gone',
  '1500': 'model_gone',
  '301': 'invalid',
  '433': 'invalid',
  '803': 'invalid',
  '1007': 'invalid',
  '1009': 'invalid',
  '1101': 'invalid',
  '809': 'media',
  '1008': 'media',
  '1013': 'media',
  '1501': 'moderation',
  '1505': 'real_person',
  // Of an id that it does not know, or no more.
  '423': 'failed',
  '807': 'failed',
  '1004': 'failed',
  // What these leave behind is not said: a task may have been made.
  '1006': 'unknown',
  '1504': 'unknown',
  '1516': 'unknown',
  '1517': 'unknown',
  '1519': 'unknown',
};

/** A number that no error has: nothing is wrong, on the newer and on the older calls, and an older one that speaks of a
 *  task which runs (804), waits (813) or ended (805). */
const NO_ERROR = new Set(['', '0', '200', '804', '805', '813']);

export function faultOf({ status, body }: Answer): Said | undefined {
  const { data } = Refusal.safeParse(body);
  // A proxy's words, or those of a server that broke: what it was doing is not known.
  if (data === undefined || status >= 500) return undefined;
  // An answer about a task that exists is no refusal, whatever it says of the task.
  const isTask = (data.status ?? '') !== '' && (data.taskId ?? '') !== '';
  const code = (data.errorCode ?? '') !== '' ? data.errorCode : data.code;
  if (isTask || code === undefined || code === null || NO_ERROR.has(code)) return undefined;
  const words = [data.errorMessage, data.message, data.msg].find((one) => (one ?? '') !== '') ?? 'no reason given';
  return { fault: FAULT_OF[code] ?? 'unknown', message: `${code}: ${words}` };
}

const CANCELED = new Set(['CANCEL', 'CANCELED', 'CANCELLED']);

export type Ended = 'success' | 'failed' | 'canceled' | undefined;
/** Undefined: it goes on. Words that are not known mean that too, for the deadline bounds the wait. */
export function endOf({ status }: Pick<Queried, 'status'>): Ended {
  const word = status.toUpperCase();
  if (word === 'SUCCESS') return 'success';
  if (word === 'FAILED') return 'failed';
  return CANCELED.has(word) ? 'canceled' : undefined;
}

/** What is said of a task as it is said of a call; everything else speaks of the moment of submitting. What the
 *  upstream's own account lacked is not the caller's to mend, and its code says so. */
const SAID_OF_TASKS: ReadonlySet<Fault> = new Set(['auth', 'quota', 'invalid', 'media', 'moderation', 'real_person']);

/** Why a task ended badly that was accepted. */
export function faultOfTask({ errorCode, errorMessage }: Queried): Fault {
  // The one code of failed and of canceled tasks.
  if (errorCode === '805') return /cancel|取消/i.test(errorMessage ?? '') ? 'canceled' : 'failed';
  if (errorCode === '1006' || errorCode === '1504') return 'timeout';
  const fault = FAULT_OF[errorCode ?? ''] ?? 'failed';
  return SAID_OF_TASKS.has(fault) ? fault : 'failed';
}

export function outputsOf({ results }: Queried): ProviderOutput[] {
  return (results ?? []).flatMap(({ url, ...words }): ProviderOutput[] => {
    const said = [words.text, words.content, words.output].find((one) => (one ?? '') !== '');
    if (typeof said === 'string') return [{ kind: 'text', text: said }];
    return url ? [{ kind: 'url', url }] : [];
  });
}

export function costOf({ usage }: Queried, currency: string): { cost?: VendorCost } {
  const sums = [usage?.consumeMoney, usage?.thirdPartyConsumeMoney].flatMap((sum) =>
    sum === null || sum === undefined || sum === '' ? [] : [Number(sum)],
  );
  if (sums.length === 0 || !sums.every(Number.isFinite)) return {};
  return { cost: { micros: Math.round(sums.reduce((all, sum) => all + sum, 0) * 1_000_000), currency } };
}
