import { once } from 'node:events';
import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { FAULT_NAMES, FAULTS, type FaultName, isFaultName } from '@reelay/standin/faults';
import { InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import { UsageError } from '../errors.ts';
import { list, wholeNumber } from '../parsers.ts';

const MAX_SECONDS = 86_400;

function faults(text: string, before: readonly FaultName[] = []): readonly FaultName[] {
  const named = list(text).map((name) => {
    if (isFaultName(name)) return name;
    throw new InvalidArgumentError(`There is no fault ${JSON.stringify(name)}: see --help.`);
  });
  return [...before, ...named];
}

const seconds = wholeNumber(0, MAX_SECONDS);

const standinCommand = (program: CommandUnknownOpts) =>
  program
    .command('standin')
    .description('Stand in for a service that Reelay calls: a local fake that costs nothing. Ctrl-C stops it.')
    .argument('[service]', 'such as fal; without it, all are listed')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .addOption(
      new Option('--port <number>', 'where to listen; 0 takes a free one').argParser(wholeNumber(0, 65_535)).default(0),
    )
    .addOption(new Option('--fault <names>', 'what goes wrong with every job').argParser(faults))
    .addOption(new Option('--seed <number>', 'decides ids and addresses').argParser(wholeNumber(0, 4_294_967_295)))
    .addOption(new Option('--queued <seconds>', 'how long jobs wait (default: 1)').argParser(seconds))
    .addOption(new Option('--running <seconds>', 'how long they run (default: 4)').argParser(seconds))
    .addHelpText('after', () => `\nFaults:\n${faultLines()}`);
type StandinOptions = ReturnType<ReturnType<typeof standinCommand>['opts']>;

export function registerStandin(program: CommandUnknownOpts, context: Context): void {
  standinCommand(program).action((service, options) =>
    service === undefined ? showServices(context) : standIn(context, service, options),
  );
}

function faultLines(): string {
  const width = Math.max(...FAULT_NAMES.map((name) => name.length));
  return FAULT_NAMES.map((name) => `  ${name.padEnd(width)}  ${FAULTS[name].about}`).join('\n');
}

// What serves HTTP is loaded only where it is needed: other commands should start at once.

async function showServices({ out }: Context): Promise<void> {
  const { DEFINITIONS } = await import('@reelay/standin');
  const items = DEFINITIONS.map(({ name, title, env }) => ({ id: name, title, variables: Object.keys(env('')) }));
  out.page(
    { items, nextCursor: null },
    { service: ({ id }) => id, name: ({ title }) => title, variables: ({ variables }) => variables.join(', ') },
  );
}

async function standIn({ out, io: { signal } }: Context, service: string, options: StandinOptions): Promise<void> {
  const { DEFAULT_PACE, findDefinition, runStandin, toAssignments } = await import('@reelay/standin');
  if (findDefinition(service) === undefined) {
    throw new UsageError(`no stand-in for ${JSON.stringify(service)}`, 'See which there are with "reelay standin".');
  }
  const { host, port, seed, fault = [], queued, running } = options;
  const { isJson, isQuiet } = out.mode;
  const standin = await runStandin(service, {
    host,
    port,
    faults: fault,
    pace: {
      queuedMs: queued === undefined ? DEFAULT_PACE.queuedMs : queued * 1_000,
      runningMs: running === undefined ? DEFAULT_PACE.runningMs : running * 1_000,
    },
    ...(seed === undefined ? {} : { seed }),
    print: (line) => (isJson || isQuiet ? undefined : out.line(line)),
  });
  const { url, env } = standin;
  if (isJson) out.json({ service, url, env });
  // For shells, before the command that starts a server.
  else if (isQuiet) out.line(toAssignments(env));
  if (!signal.aborted) await once(signal, 'abort');
  await standin.close();
}
