import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { TaskStatus } from '@reelay/client';
import type { Context } from '../context.ts';
import { naming } from '../errors.ts';
import { instant, list } from '../parsers.ts';
import { taskColumns, taskFields } from '../views/task.ts';
import { cursorOption, limitOption } from './page-options.ts';
import { registerSubmit } from './submit.ts';
import { saveOption, show, timeoutOption, wait } from './wait.ts';

/** Options by the fields of the API that they fill. */
const NAMES: Readonly<Record<string, string>> = {
  status: '--status',
  endpoint: '--endpoint',
  tag: '--tag',
  from: '--from',
  to: '--to',
  cursor: '--cursor',
};

export function registerTasks(program: CommandUnknownOpts, context: Context): void {
  const { signal } = context.io;
  const tasks = program.command('tasks').description('Ask for media, and get it.');
  registerSubmit(tasks, context);
  tasks
    .command('get')
    .description('A task. With --json everything of it, and every attempt.')
    .argument('<task>', 'its id')
    .addOption(saveOption())
    .action(async (id, { save }) => show(context, await context.client.tasks.get(id, { signal }), save));
  tasks
    .command('list')
    .description('Your tasks, newest first.')
    .addOption(new Option('--status <statuses>', 'such as queued,running').argParser(list))
    .option('--endpoint <id>', 'of this endpoint; * stands for any text')
    .option('--tag <tag>', 'with this tag')
    .addOption(new Option('--from <when>', 'submitted then or later').argParser(instant))
    .addOption(new Option('--to <when>', 'submitted before').argParser(instant))
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async ({ status, ...options }) => {
      // Which there are, the server knows, and says so.
      const filter = { ...options, status: status as readonly TaskStatus[] | undefined, signal };
      context.out.page(await naming(NAMES, context.client.tasks.list(filter)), taskColumns);
    });
  tasks
    .command('wait')
    .description('Wait until a task has ended. Ends with 0 when it succeeded, 1 when it did not.')
    .argument('<task>', 'its id')
    .addOption(timeoutOption())
    .addOption(saveOption())
    .action((id, { timeout, save }) => wait(context, id, { timeoutS: timeout, save }));
  tasks
    .command('cancel')
    .description('Stop a task. One that runs is stopped once its upstream was told.')
    .argument('<task>', 'its id')
    .action(async (id) => {
      const task = await context.client.tasks.cancel(id, { signal });
      context.out.one(task, taskFields, task.id);
    });
}
