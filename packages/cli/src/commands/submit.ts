import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { Estimate, FieldProblem, NewTask } from '@reelay/client';
import type { Context } from '../context.ts';
import { naming, usageError } from '../errors.ts';
import { showMoney } from '../money.ts';
import { list, wholeNumber } from '../parsers.ts';
import { PARAM_HELP, readInput } from '../task-input.ts';
import { taskFields } from '../views/task.ts';
import { saveOption, timeoutOption, wait } from './wait.ts';

/** Options by the fields of the API that they fill. Parameters keep their names. */
const NAMES: Readonly<Record<string, string>> = {
  endpoint: '<endpoint>',
  tags: '--tag',
  priority: '--priority',
  webhookUrl: '--webhook',
  startWithinSeconds: '--start-within',
  endWithinSeconds: '--end-within',
  'Idempotency-Key': '--idempotency-key',
};
const TEXT_HINT = 'What is written name=… is sent as text; a number, true, false or a list is written name:=….';
const seconds = wholeNumber(1, 7 * 24 * 3_600);

const submitCommand = (tasks: CommandUnknownOpts) =>
  tasks
    .command('submit')
    .description('Submit a task.')
    .argument('<endpoint>', 'the id of a model endpoint')
    .argument('[params...]', 'name=text, name:=JSON or name@file')
    .option('--input <json>', 'parameters as JSON: text, @file, or - for standard input')
    .option('--wait', 'wait until it has ended')
    .addOption(timeoutOption())
    .addOption(saveOption())
    .option('--dry-run', 'only say what it would cost, or what is wrong')
    .addOption(new Option('--tag <tags>', 'words to find it by').argParser(list))
    .addOption(new Option('--priority <number>', 'higher runs first').argParser(wholeNumber(-100, 100)))
    .option('--webhook <address>', 'told when the task has ended')
    .addOption(
      new Option('--start-within <seconds>', 'fail, unpaid, when it has not started by then').argParser(seconds),
    )
    .addOption(new Option('--end-within <seconds>', 'fail when it has not ended by then').argParser(seconds))
    .option('--idempotency-key <key>', 'the same key and the same task make one task')
    .addHelpText('after', PARAM_HELP);
type SubmitOptions = ReturnType<ReturnType<typeof submitCommand>['opts']>;

export function registerSubmit(tasks: CommandUnknownOpts, context: Context): void {
  submitCommand(tasks).action((endpoint, params, options) => submit(context, endpoint, params, options));
}

async function submit(
  context: Context,
  endpoint: string,
  params: readonly string[],
  options: SubmitOptions,
): Promise<void> {
  const { client, io, out } = context;
  const { signal } = io;
  const input = await readInput({ params, json: options.input }, { client, io });
  const task: NewTask = {
    endpoint,
    input,
    tags: options.tag,
    priority: options.priority,
    webhookUrl: options.webhook,
    startWithinSeconds: options.startWithin,
    endWithinSeconds: options.endWithin,
  };
  const hint = (problems: readonly FieldProblem[]) =>
    problems.some(({ field }) => typeof input[field] === 'string') ? TEXT_HINT : undefined;
  if (options.dryRun === true) {
    const estimate = await naming(NAMES, client.tasks.estimate(task, { signal }), hint);
    showEstimate(context, estimate);
    if (!estimate.isValid) throw usageError(estimate.problems, NAMES, hint);
    return;
  }
  const { idempotencyKey, timeout: timeoutS, save } = options;
  const made = await naming(NAMES, client.tasks.create(task, { idempotencyKey, signal }), hint);
  if (options.wait !== true && save === undefined) return out.one(made, taskFields, made.id);
  out.note(`task ${made.id}`);
  await wait(context, made.id, { timeoutS, save });
}

function showEstimate({ out }: Context, estimate: Estimate): void {
  const { price } = estimate;
  if (out.mode.isJson) out.json(estimate);
  else if (price !== null) out.line(`${showMoney(price)}${price.isExact ? '' : ' (or so: the file decides)'}`);
}
