import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { AccountChange } from '@reelay/client';
import type { Context } from '../context.ts';
import { naming, UsageError } from '../errors.ts';
import { accountFields } from '../views/account.ts';
import { cursorOption, limitOption } from './page-options.ts';

const NAMES = { name: '--name', currency: '--currency', isUnlimited: '--unlimited', cursor: '--cursor' };

export function registerAccounts(admin: CommandUnknownOpts, context: Context): void {
  const { signal } = context.io;
  const accounts = admin.command('accounts').description('Who owns tasks, files and money.');
  accounts
    .command('list')
    .description('All accounts, oldest first.')
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (options) => {
      const page = await naming(NAMES, context.client.accounts.list({ ...options, signal }));
      context.out.page(page, accountFields);
    });
  accounts
    .command('create')
    .description('Open an account.')
    .argument('<name>', 'what to call it')
    .addOption(
      new Option('--currency <currency>', 'in which it pays; it stays so')
        .choices(['CNY', 'USD'])
        .default('CNY' as const),
    )
    .option('--unlimited', 'it may spend what it does not have')
    .action(async (name, { currency, unlimited = false }) => {
      const account = { name, currency, isUnlimited: unlimited };
      const made = await naming({ ...NAMES, name: '<name>' }, context.client.accounts.create(account, { signal }));
      context.out.one(made, accountFields, made.id);
      if (!unlimited) context.out.note(`Pay in with "reelay admin deposits create ${made.id} <amount>".`);
    });
  accounts
    .command('show')
    .description('An account and what it has.')
    .argument('<account>', 'its id')
    .action(async (id) => {
      const account = await context.client.accounts.get(id, { signal });
      context.out.one(account, accountFields, account.id);
    });
  accounts
    .command('update')
    .description('Rename an account, or let it spend without end.')
    .argument('<account>', 'its id')
    .option('--name <name>', 'what to call it')
    .option('--unlimited', 'it may spend what it does not have')
    .option('--no-unlimited', 'it may not')
    .action(async (id, { name, unlimited }) => {
      // The parser takes an option with a "no" for set unless it is told otherwise.
      await change(context, id, { name, isUnlimited: unlimited });
    });
  accounts
    .command('disable')
    .description('Refuse the keys of an account. Its tasks go on.')
    .argument('<account>', 'its id')
    .action((id) => change(context, id, { isDisabled: true }));
  accounts
    .command('enable')
    .description('Take the keys of a disabled account again.')
    .argument('<account>', 'its id')
    .action((id) => change(context, id, { isDisabled: false }));
}

async function change({ client, out, io: { signal } }: Context, id: string, wanted: AccountChange): Promise<void> {
  if (Object.values(wanted).every((value) => value === undefined)) {
    throw new UsageError('nothing to change', 'Say what with --name, --unlimited or --no-unlimited.');
  }
  const account = await naming(NAMES, client.accounts.update(id, wanted, { signal }));
  out.one(account, accountFields, account.id);
}
