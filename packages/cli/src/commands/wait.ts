import { Option } from '@commander-js/extra-typings';
import type { TaskDetails } from '@reelay/client';
import type { Context } from '../context.ts';
import { Failure } from '../errors.ts';
import { wholeNumber } from '../parsers.ts';
import { createProgress } from '../progress.ts';
import { saveOutputs } from '../save.ts';
import { taskFields } from '../views/task.ts';

const WAIT_S = 600;
const MAX_WAIT_S = 7 * 24 * 3_600;

export const timeoutOption = () =>
  new Option('--timeout <seconds>', 'how long to wait at most; the task goes on')
    .argParser(wholeNumber(1, MAX_WAIT_S))
    .default(WAIT_S);
export const saveOption = () => new Option('--save <folder>', 'download what it made into this folder');

/** Waits, with the progress on the side, and shows the end.
 *  @throws {Failure} when the task did not succeed */
export async function wait(
  context: Context,
  id: string,
  { timeoutS, save }: { timeoutS: number; save: string | undefined },
): Promise<void> {
  const { client, io, out } = context;
  const progress = createProgress(io, out.mode.isQuiet);
  const options = { timeoutMs: timeoutS * 1_000, onEvent: progress.onEvent, signal: io.signal };
  const task = await client.tasks.wait(id, options).finally(progress.end);
  await show(context, task, save);
  if (task.status === 'succeeded') return;
  throw new Failure(`task ${id} ${task.status}${task.error === null ? '' : `: ${task.error.message}`}`);
}

/** Shows a task, and saves what it has made where that is asked for. */
export async function show(
  { out, io: { signal } }: Context,
  task: TaskDetails,
  folder: string | undefined,
): Promise<void> {
  const files = folder === undefined ? undefined : await saveOutputs(task, { folder, signal });
  const fields = files === undefined ? taskFields : { ...taskFields, output: () => files.join('\n') };
  const what = files ?? task.outputs.map(({ url, text }) => url ?? text ?? '');
  out.one(files === undefined ? task : { ...task, files }, fields, what.join('\n'));
}
