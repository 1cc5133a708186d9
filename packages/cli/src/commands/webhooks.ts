import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { WebhookDelivery, WebhookEndpoint } from '@reelay/client';
import type { Context } from '../context.ts';
import { naming } from '../errors.ts';
import type { Fields } from '../output.ts';
import { list } from '../parsers.ts';
import { cursorOption, limitOption } from './page-options.ts';

/** Options by the fields of the API that they fill. */
const NAMES: Readonly<Record<string, string>> = { eventTypes: '--event', url: '<url>', cursor: '--cursor' };

const endpointColumns: Fields<WebhookEndpoint> = {
  id: ({ id }) => id,
  url: ({ url }) => url,
  events: ({ eventTypes }) => eventTypes.join(', '),
  state: ({ isEnabled, disabledReason }) => (isEnabled ? 'enabled' : `disabled: ${disabledReason ?? ''}`),
};
const deliveryColumns: Fields<WebhookDelivery> = {
  id: ({ id }) => id,
  event: ({ type }) => type,
  task: ({ taskId }) => taskId ?? '',
  status: ({ status }) => status,
  attempts: ({ attempts }) => `${attempts}`,
  answer: ({ lastStatus, lastError }) => lastError ?? (lastStatus === null ? '' : `${lastStatus}`),
};

/** Who hears of the events of the account, and what was told. */
export function registerWebhooks(program: CommandUnknownOpts, context: Context): void {
  const { signal } = context.io;
  const webhooks = program.command('webhooks').description('Who is told of the events of your tasks.');
  webhooks
    .command('list')
    .description('Endpoints, oldest first.')
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (options) => {
      const page = await naming(NAMES, context.client.webhooks.list({ ...options, signal }));
      context.out.page(page, endpointColumns);
    });
  webhooks
    .command('add')
    .description('Add an endpoint. Its secret is what it verifies with.')
    .argument('<url>', 'an http or https address')
    .addOption(new Option('--event <types>', 'such as task.succeeded,task.failed; default: all').argParser(list))
    .action(async (url, { event }) => {
      // Which events there are, the server knows, and says so.
      const eventTypes = event as WebhookEndpoint['eventTypes'] | undefined;
      const made = await naming(NAMES, context.client.webhooks.create({ url, eventTypes }, { signal }));
      const secret = made.items[0]?.secret ?? '';
      context.out.one(made, { ...endpointColumns, secret: () => secret }, secret);
    });
  webhooks
    .command('remove')
    .description('Delete an endpoint. What is on its way to it is given up.')
    .argument('<endpoint>', 'its id')
    .action(async (id) => {
      await context.client.webhooks.remove(id, { signal });
      context.out.note(`${id} is deleted`);
    });
  webhooks
    .command('deliveries')
    .description('What was told, newest first.')
    .addOption(new Option('--status <status>').choices(['pending', 'succeeded', 'failed'] as const))
    .option('--task <task>', 'its id')
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (options) => {
      const page = await naming(NAMES, context.client.webhooks.listDeliveries({ ...options, signal }));
      context.out.page(page, deliveryColumns);
    });
  webhooks
    .command('resend')
    .description('Tell it again.')
    .argument('<delivery>', 'its id')
    .action(async (id) => {
      const delivery = await context.client.webhooks.resend(id, { signal });
      context.out.one(delivery, deliveryColumns, delivery.id);
    });
}
