import type { Quote } from '@reelay/catalog';
import type { Asset } from '../../contract/asset.ts';
import { ERRORS } from '../../contract/errors.ts';
import type { OutputView, Status, TaskGlance } from '../../contract/task.ts';
import { toWireMessage } from '../refusal-words.ts';

/** The four words of the wire. A cancelled task is reported as failed: every client knows that word. */
type WireStatus = 'QUEUED' | 'RUNNING' | 'SUCCESS' | 'FAILED';
export const WIRE_STATUS: Record<Status, WireStatus> = {
  queued: 'QUEUED',
  submitting: 'RUNNING',
  running: 'RUNNING',
  collecting: 'RUNNING',
  succeeded: 'SUCCESS',
  failed: 'FAILED',
  canceled: 'FAILED',
};

/** What a graph validator says of a graph with one output and no fault. A model task is that; clients parse the string
 *  and look for node errors in it. */
const PROMPT_TIPS = '{"result": true, "error": null, "outputs_to_execute": ["1"], "node_errors": {}}';

type WireResult = { url: string | null; nodeId: null; outputType: string; text: string | null };
export type WireUsage = {
  thirdPartyConsumeMoney: string;
  consumeMoney: null;
  consumeCoins: null;
  /** Seconds of machine time, which model calls have none of. */
  taskCostTime: '0';
};
export type SubmitAnswer = {
  taskId: string;
  status: WireStatus;
  errorCode: string;
  errorMessage: string;
  results: WireResult[] | null;
  clientId: string;
  promptTips: string;
};
/** What a query says of a canceled task: the word that every client knows, or the one of the developer kit. */
export type CanceledStatus = 'FAILED' | 'CANCEL';
export type QueryAnswer = Omit<SubmitAnswer, 'status'> & {
  status: WireStatus | CanceledStatus;
  failedReason: null;
  usage: WireUsage | null;
};

/** The answer to a submit: the flat shape without what only a query has. */
export function toSubmitAnswer(task: TaskGlance): SubmitAnswer {
  const error = toError(task);
  return {
    taskId: task.id,
    status: WIRE_STATUS[task.status],
    // Clients take any text here for a failure, whatever the status says.
    errorCode: error === undefined ? '' : ERRORS[error.code].v2,
    errorMessage: error === undefined ? '' : toWireMessage(error.code, error.message),
    results: task.status === 'succeeded' ? task.outputs.map(toWireResult) : null,
    clientId: task.clientId,
    promptTips: PROMPT_TIPS,
  };
}

export function toQueryAnswer(task: TaskGlance, canceledStatus: CanceledStatus = 'FAILED'): QueryAnswer {
  const answer = toSubmitAnswer(task);
  return {
    ...answer,
    status: task.status === 'canceled' ? canceledStatus : answer.status,
    failedReason: null,
    usage: task.status === 'succeeded' ? toUsage(task) : null,
  };
}

type TaskError = NonNullable<TaskGlance['error']>;
/** An end without a word is an error all the same. */
const UNEXPLAINED: Partial<Record<Status, TaskError>> = {
  failed: { code: 'generation_failed', message: '' },
  canceled: { code: 'canceled', message: '' },
};

/** What an attempt met on the way to a success is no error of the task. */
function toError({ status, error }: TaskGlance): TaskError | undefined {
  const unexplained = UNEXPLAINED[status];
  return unexplained === undefined ? undefined : (error ?? unexplained);
}

/** Words stand in the answer itself: clients take an address beside them for a file to download. */
const toWireResult = ({ url, text, extension }: OutputView): WireResult => ({
  url: text === null ? url : null,
  nodeId: null,
  outputType: extension,
  text,
});

export const toUsage = (task: Pick<TaskGlance, 'chargeMicros'>): WireUsage => ({
  // What was paid, not what was asked: a preview is free, and a channel may have a price of its own.
  thirdPartyConsumeMoney: toDecimal(task.chargeMicros ?? 0),
  consumeMoney: null,
  consumeCoins: null,
  taskCostTime: '0',
});

/** Micro-units as a decimal number of whole units: 1 250 000 is `1.25`. */
export function toDecimal(micros: number): string {
  const whole = Math.trunc(micros / 1_000_000);
  const fraction = String(Math.abs(micros % 1_000_000))
    .padStart(6, '0')
    .replace(/0+$/, '');
  const sign = micros < 0 && whole === 0 ? '-' : '';
  return fraction === '' ? String(whole) : `${sign}${whole}.${fraction}`;
}

export type PriceAnswer = {
  errorCode: '';
  errorMessage: '';
  estimatedPrice: number;
  currency: string;
  priceText: string;
  priceTextEn: string;
  freeLimit: false;
  freeLimitCount: 0;
  remainingFreeLimitCount: 0;
  isFreeThisCall: false;
};

/** @param paid what is paid, in the currency of the account: where that is another than that of the quote, the words say
 *    both. */
export const toPriceAnswer = ({ currency, text }: Quote, paid: { micros: number; currency: string }): PriceAnswer => ({
  errorCode: '',
  errorMessage: '',
  estimatedPrice: paid.micros / 1_000_000,
  currency: paid.currency,
  priceText: text.zh + inOther(currency, paid),
  priceTextEn: text.en + inOther(currency, paid),
  freeLimit: false,
  freeLimitCount: 0,
  remainingFreeLimitCount: 0,
  isFreeThisCall: false,
});

const inOther = (currency: string, paid: { micros: number; currency: string }): string =>
  currency === paid.currency || paid.micros === 0 ? '' : ` = ${toDecimal(paid.micros)} ${paid.currency}`;

export type UploadAnswer = {
  code: 0;
  message: 'success';
  msg: 'success';
  data: { type: string; download_url: string; fileName: string; filename: string; size: string };
};

/** Some clients read `message` and `fileName`, others `msg` and `filename`. */
export function toUploadAnswer(asset: Asset, link: string): UploadAnswer {
  const fileName = `openapi/${asset.sha256}.${asset.extension}`;
  return {
    code: 0,
    message: 'success',
    msg: 'success',
    data: {
      type: asset.kind,
      download_url: link,
      fileName,
      filename: fileName,
      size: String(asset.sizeBytes),
    },
  };
}
