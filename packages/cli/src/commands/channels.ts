import { type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { ChannelChange } from '@reelay/client';
import type { Context } from '../context.ts';
import { Failure, naming, UsageError } from '../errors.ts';
import { listOrNone, NONE, orNone, orNull, wholeNumber } from '../parsers.ts';
import { channelColumns, channelFields, routeColumns } from '../views/channel.ts';

/** Options by the fields of the API that they fill. */
const NAMES: Readonly<Record<string, string>> = {
  name: '--name',
  credentials: '--credential',
  settings: '--setting',
  priority: '--priority',
  weight: '--weight',
  maxConcurrent: '--max-concurrent',
  perMinute: '--per-minute',
  include: '--include',
  exclude: '--exclude',
};

type Values = Readonly<Record<string, string | null>>;
/** `name=value`, as often as there are; without a value it is taken away. */
function pair(text: string, before: Values = {}): Values {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === '') throw new InvalidArgumentError('must be name=value, such as apiKey=…');
  return { ...before, [name]: value === '' ? null : value };
}
const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number');
  return value;
};
const count = orNone(wholeNumber(1, 1_000_000));

/** A command that takes what may be said of a channel. */
const channelCommand = (channels: CommandUnknownOpts, name: string, p: { about: string; of: string; its: string }) =>
  channels
    .command(name)
    .description(p.about)
    .argument(p.of, p.its)
    .addOption(new Option('--credential <name=value>', 'a secret; may be given several times').argParser(pair))
    .addOption(new Option('--setting <name=value>', 'such as baseUrl=https://…; several times').argParser(pair))
    .addOption(new Option('--priority <number>', 'higher is tried first').argParser(number))
    .addOption(new Option('--weight <number>', 'its share among channels of one priority').argParser(number))
    .addOption(new Option('--max-concurrent <number>', 'jobs at a time').argParser(count))
    .addOption(new Option('--per-minute <number>', 'jobs begun in a minute').argParser(count))
    .addOption(new Option('--include <ids>', 'endpoints that it is for; * stands for any text').argParser(listOrNone))
    .addOption(new Option('--exclude <ids>', 'endpoints that it is not for').argParser(listOrNone))
    .addHelpText('after', `\n"${NONE}" as a value takes a limit or a list away, and name= a credential or a setting.`);
type ChannelOptions = ReturnType<ReturnType<typeof channelCommand>['opts']>;

type Env = Context['io']['env'];

/** `env:NAME` is what the variable holds: the arguments of a command are for everybody to read. */
const fromEnv = (values: Values | undefined, env: Env): Values | undefined =>
  values === undefined
    ? undefined
    : Object.fromEntries(
        Object.entries(values).map(([name, value]) => {
          const variable = value?.startsWith('env:') === true ? value.slice(4) : undefined;
          if (variable === undefined) return [name, value];
          const found = env[variable];
          if (found === undefined || found === '')
            throw new UsageError(`--credential ${name}: there is no ${variable}`);
          return [name, found];
        }),
      );

const toChange = (options: ChannelOptions, env: Env): ChannelChange => ({
  credentials: fromEnv(options.credential, env),
  settings: options.setting,
  priority: options.priority,
  weight: options.weight,
  maxConcurrent: orNull(options.maxConcurrent),
  perMinute: orNull(options.perMinute),
  include: orNull(options.include) ?? (options.include === undefined ? undefined : []),
  exclude: orNull(options.exclude) ?? (options.exclude === undefined ? undefined : []),
});

/** Where tasks run. With `--own`, what the account of the key brought. */
export function registerChannels(program: CommandUnknownOpts, context: Context): void {
  const { signal } = context.io;
  const channels = program
    .command('channels')
    .description('Where tasks run, for administrators; with --own, what your account brought.')
    .option('--own', 'of the account of the key');
  const door = () => {
    const { channels: all } = context.client;
    // Declared above; the type of a group is not known to its commands.
    return (channels.opts() as { own?: boolean }).own === true ? all.own : all;
  };
  channels
    .command('list')
    .description('All of them, with how they are.')
    .action(async () => {
      context.out.page({ items: await door().list({ signal }), nextCursor: null }, channelColumns);
    });
  channels
    .command('show')
    .description('A channel. Credentials are hidden.')
    .argument('<channel>', 'its name or id')
    .action(async (id) => {
      const channel = await door().get(id, { signal });
      context.out.one(channel, channelFields, channel.id);
    });
  channelCommand(channels, 'add', { about: 'Make a channel.', of: '<provider>', its: 'its kind, such as vidu' })
    .option('--name <name>', 'what tasks remember it by; default: the kind')
    .action(async (provider, options) => {
      const asked = { provider, name: options.name, ...toChange(options, context.io.env) };
      const channel = await naming(NAMES, door().create(asked, { signal }));
      context.out.one(channel, channelFields, channel.id);
    });
  channelCommand(channels, 'set', { about: 'Change a channel.', of: '<channel>', its: 'its name or id' }).action(
    async (id, options) => {
      if (Object.keys(options).length === 0) throw new UsageError('nothing to change', 'Say what: see --help.');
      const channel = await naming(NAMES, door().update(id, toChange(options, context.io.env), { signal }));
      context.out.one(channel, channelFields, channel.id);
    },
  );
  registerActions(channels, context, door);
}

type Door = () => Context['client']['channels']['own'];

function registerActions(channels: CommandUnknownOpts, context: Context, door: Door): void {
  const { signal } = context.io;
  for (const [name, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    channels
      .command(name)
      .description(isEnabled ? 'Use it again.' : 'Use it for no new tasks.')
      .argument('<channel>', 'its name or id')
      .action(async (id) => {
        const channel = await door().update(id, { isEnabled }, { signal });
        context.out.one(channel, channelColumns, channel.id);
      });
  }
  channels
    .command('test')
    .description('Ask its upstream whether the credentials work. Ends with 1 when they do not.')
    .argument('<channel>', 'its name or id')
    .action(async (id) => {
      const check = await door().test(id, { signal });
      const fields = { fault: () => check.fault ?? '', message: () => check.message };
      context.out.one(check, { working: () => (check.isWorking ? 'yes' : 'no'), ...fields }, String(check.isWorking));
      if (!check.isWorking)
        throw new Failure(`${id} does not work`, 'Set its credentials: reelay channels set --help.');
    });
  channels
    .command('remove')
    .description('Delete a channel that was made here.')
    .argument('<channel>', 'its name or id')
    .option('--force', 'also while tasks are under way there: they end as outcome_unknown')
    .action(async (id, { force = false }) => {
      await door().remove(id, { force, signal });
      context.out.note(`${id} is deleted`);
    });
  channels
    .command('routes')
    .description('What it serves, and what not.')
    .argument('<channel>', 'its name or id')
    .option('--endpoint <id>', '* stands for any text', '*')
    .addOption(new Option('--on', 'switch this endpoint on').conflicts('off'))
    .option('--off', 'switch this endpoint off')
    .action(async (id, { endpoint, on, off }) => {
      const isSwitch = on === true || off === true;
      const items = isSwitch
        ? await door().switchRoute(id, endpoint, on === true, { signal })
        : await door().listRoutes(id, { endpoint, signal });
      if (context.out.mode.isJson) context.out.json({ items });
      else if (context.out.mode.isQuiet) for (const one of items) context.out.line(one.endpoint);
      else context.out.table(items, routeColumns);
    });
}
