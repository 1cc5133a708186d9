import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { Currency, KeyChange, Scope } from '@reelay/client';
import type { Context } from '../context.ts';
import { naming, UsageError } from '../errors.ts';
import type { Amount } from '../money.ts';
import { amount, instant, listOrNone, NONE, orNone, orNull, wholeNumber } from '../parsers.ts';
import { keyColumns, keyFields } from '../views/key.ts';
import { cursorOption, limitOption } from './page-options.ts';

/** Options by the fields of the API that they fill. */
const NAMES: Readonly<Record<string, string>> = {
  name: '--name',
  isAdmin: '--admin',
  scopes: '--scope',
  models: '--model',
  addresses: '--address',
  expiresAt: '--expires',
  'limits.maxRunning': '--max-running',
  'limits.maxWaiting': '--max-waiting',
  'limits.tasksPerMinute': '--tasks-per-minute',
  'limits.hourBudgetMicros': '--hour-budget',
  'limits.dayBudgetMicros': '--day-budget',
  'limits.totalBudgetMicros': '--total-budget',
  cursor: '--cursor',
};

const count = orNone(wholeNumber(1, 1_000_000));
const budget = orNone(amount);

/** A command that takes all that may be said of a key. */
const keyCommand = (keys: CommandUnknownOpts, name: string, p: { description: string; of: string; its: string }) =>
  keys
    .command(name)
    .description(p.description)
    .argument(p.of, p.its)
    .option('--name <name>', 'what to call it')
    .option('--admin', 'it may administer')
    .option('--no-admin', 'it may not')
    .addOption(new Option('--scope <scopes>', 'what it may do, such as tasks:read,tasks:write').argParser(listOrNone))
    .addOption(new Option('--model <ids>', 'endpoints that it may use; * stands for any text').argParser(listOrNone))
    .addOption(new Option('--address <ranges>', 'from where it works, such as 203.0.113.0/24').argParser(listOrNone))
    .addOption(new Option('--expires <when>', 'until when it works').argParser(orNone(instant)))
    .addOption(new Option('--max-running <number>', 'over it, tasks wait').argParser(count))
    .addOption(new Option('--max-waiting <number>', 'over it, submits are refused').argParser(count))
    .addOption(new Option('--tasks-per-minute <number>', 'over it, submits are refused').argParser(count))
    .addOption(new Option('--hour-budget <amount>', 'what it may spend in an hour, such as "5 CNY"').argParser(budget))
    .addOption(new Option('--day-budget <amount>', 'what it may spend in a day').argParser(budget))
    .addOption(new Option('--total-budget <amount>', 'what it may spend ever').argParser(budget))
    .addHelpText('after', `\n"${NONE}" as a value takes a restriction away: --expires ${NONE}`);
type KeyOptions = ReturnType<ReturnType<typeof keyCommand>['opts']>;

export function registerKeys(admin: CommandUnknownOpts, context: Context): void {
  const { signal } = context.io;
  const keys = admin.command('keys').description('What acts for an account.');
  keys
    .command('list')
    .description('Keys of an account, oldest first, revoked ones included.')
    .argument('<account>', 'its id')
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (accountId, options) => {
      const page = await naming(NAMES, context.client.keys.list(accountId, { ...options, signal }));
      context.out.page(page, keyColumns);
    });
  keyCommand(keys, 'create', {
    description: 'Make a key. It is shown this once.',
    of: '<account>',
    its: 'its id',
  }).action((accountId, options) => create(context, accountId, options));
  keys
    .command('show')
    .description('A key, with its middle hidden, and what it may do.')
    .argument('<key>', 'its id, which is not the key itself')
    .action(async (id) => {
      const key = await context.client.keys.get(id, { signal });
      context.out.one(key, keyFields(await currencyOf(context, key.accountId)), key.id);
    });
  const its = 'its id, which is not the key itself';
  keyCommand(keys, 'update', { description: 'Change what a key may do.', of: '<key>', its }).action((id, options) =>
    update(context, id, options),
  );
  keys
    .command('revoke')
    .description('Refuse a key from now on. Its tasks go on.')
    .argument('<key>', its)
    .action(async (id) => {
      const { client, out } = context;
      await client.keys.revoke(id, { signal });
      const key = await client.keys.get(id, { signal });
      out.one(key, keyColumns, key.id);
    });
}

async function create(context: Context, accountId: string, options: KeyOptions): Promise<void> {
  const { client, out, io } = context;
  const currency = await currencyOf(context, accountId);
  const change = toChange(options, currency);
  const made = await naming(NAMES, client.keys.create(accountId, change, { signal: io.signal }));
  out.one(made, { ...keyFields(currency), key: () => made.key }, made.key);
  out.note('Keep the key: it is shown this once.');
}

async function update(context: Context, id: string, options: KeyOptions): Promise<void> {
  const { client, out, io } = context;
  if (Object.keys(options).length === 0) throw new UsageError('nothing to change', 'Say what: see --help.');
  const { accountId } = await client.keys.get(id, { signal: io.signal });
  const currency = await currencyOf(context, accountId);
  const key = await naming(NAMES, client.keys.update(id, toChange(options, currency), { signal: io.signal }));
  out.one(key, keyFields(currency), key.id);
}

const currencyOf = async ({ client, io }: Context, accountId: string): Promise<Currency> =>
  (await client.accounts.get(accountId, { signal: io.signal })).currency;

function toChange(options: KeyOptions, currency: Currency): KeyChange {
  const micros = (name: string, value: Amount | null | undefined) => {
    if (value === undefined || value === null) return value;
    if (value.currency !== currency) throw new UsageError(`${name}: the account is in ${currency}`);
    return value.micros;
  };
  return {
    name: options.name,
    isAdmin: options.admin,
    // Which scopes there are, the server knows, and says so.
    scopes: orNull(options.scope) as readonly Scope[] | null | undefined,
    models: orNull(options.model),
    addresses: orNull(options.address),
    expiresAt: orNull(options.expires),
    limits: {
      maxRunning: orNull(options.maxRunning),
      maxWaiting: orNull(options.maxWaiting),
      tasksPerMinute: orNull(options.tasksPerMinute),
      hourBudgetMicros: micros('--hour-budget', orNull(options.hourBudget)),
      dayBudgetMicros: micros('--day-budget', orNull(options.dayBudget)),
      totalBudgetMicros: micros('--total-budget', orNull(options.totalBudget)),
    },
  };
}
