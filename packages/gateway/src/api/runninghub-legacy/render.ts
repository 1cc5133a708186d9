import type { Asset } from '../../contract/asset.ts';
import type { TaskView } from '../../contract/task.ts';
import { toUsage, WIRE_STATUS, type WireUsage } from '../runninghub-v2/render.ts';

/** `code` is a number, 0 for success; everything else is an error or, of `outputs`, the state of the task. */
export type LegacyAnswer<T = unknown> = {
  readonly code: number;
  readonly msg: string;
  readonly errorMessages: null;
  readonly data: T;
};

/** Clients compare the word, in lower case. */
export const succeeded = <T>(data: T): LegacyAnswer<T> => ({ code: 0, msg: 'success', errorMessages: null, data });
const state = <T>(code: number, msg: string, data: T): LegacyAnswer<T> => ({ code, msg, errorMessages: null, data });

/** The bare word. */
export const toStatusAnswer = ({ status }: TaskView): LegacyAnswer<string> => succeeded(WIRE_STATUS[status]);

type WireOutput = {
  readonly fileUrl: string;
  readonly fileType: string;
  readonly nodeId: string;
} & WireUsage;

/** The name by which loader nodes find the file. An archive goes by its bare name: a node unpacks it into that folder. */
export function toFileAnswer({ sha256, extension }: Pick<Asset, 'sha256' | 'extension'>): LegacyAnswer {
  const fileName = extension === 'zip' ? `api/${sha256}` : `api/${sha256}.${extension}`;
  return succeeded({ fileName, fileType: 'input' });
}

/** Here the code is the state, and clients look for its number, its words, or both. */
export function toOutputsAnswer(task: TaskView): LegacyAnswer {
  switch (WIRE_STATUS[task.status]) {
    case 'QUEUED':
      return state(813, 'APIKEY_TASK_IS_QUEUED', null);
    case 'RUNNING':
      // A model has no socket that tells its progress.
      return state(804, 'APIKEY_TASK_IS_RUNNING', { netWssUrl: null });
    case 'FAILED':
      return state(805, 'APIKEY_TASK_STATUS_ERROR', { failedReason: toFailedReason(task) });
    case 'SUCCESS':
      return succeeded(toOutputs(task));
  }
}

/** The shape in which a graph's node reports its exception. Clients show the message and nothing else. */
function toFailedReason({ status, error }: TaskView): Readonly<Record<string, string>> {
  if (status === 'canceled' || error === null) return {};
  return { exception_type: error.code, exception_message: error.message };
}

/** Every result has a file here: also a text. */
const toOutputs = (task: TaskView): WireOutput[] =>
  task.outputs.flatMap(({ url, extension }) =>
    url === null ? [] : [{ fileUrl: url, fileType: extension, nodeId: '1', ...toUsage(task) }],
  );
