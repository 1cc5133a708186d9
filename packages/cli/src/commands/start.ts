import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import { Failure, UsageError } from '../errors.ts';
import { wholeNumber } from '../parsers.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const LAUNCHER = join(ROOT, 'scripts/launch.mjs');
const GATEWAY = 'packages/gateway/src/main.ts';

/** Whoever lists processes reads their command lines. */
const SECRETS: ReadonlySet<string> = new Set(['REELAY_ADMIN_KEY', 'DATABASE_URL']);

type Settings = Readonly<Record<string, string>>;

/** Collects `NAME=value`. Which names there are, the server knows, and says so. */
function setting(text: string, before: Settings = {}): Settings {
  const [, name = '', value = ''] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === '') throw new InvalidArgumentError('It must be NAME=value, such as REELAY_KEEP_OUTPUTS_DAYS=30.');
  if (SECRETS.has(name)) {
    throw new InvalidArgumentError(`${name} is a secret: set it in the environment or in reelay.env.`);
  }
  return { ...before, [name]: value };
}

const startCommand = (program: CommandUnknownOpts) =>
  program
    .command('start')
    .description('Start a server in this terminal, as npm start does. Ctrl-C stops it.')
    .option('--host <address>', 'where to listen (REELAY_HOST)')
    .addOption(
      new Option('--port <number>', 'where to listen; 0 takes a free one (REELAY_PORT)').argParser(
        wholeNumber(0, 65_535),
      ),
    )
    .option('--data-dir <folder>', 'where everything is kept (REELAY_DATA_DIR)')
    .option('--public-url <address>', 'how clients reach it (REELAY_PUBLIC_URL)')
    .option('--config-file <file>', 'a file with settings (REELAY_CONFIG_FILE)')
    .addOption(new Option('--set <NAME=value>', 'any other setting; again for each').argParser(setting))
    .addHelpText('after', '\nOptions win over the environment, which wins over the file.');
type StartOptions = ReturnType<ReturnType<typeof startCommand>['opts']>;

export function registerStart(program: CommandUnknownOpts, context: Context): void {
  startCommand(program).action((options) => start(context, options));
}

const toSettings = ({ host, port, dataDir, publicUrl, configFile, set = {} }: StartOptions): Settings => {
  const named = {
    REELAY_HOST: host,
    REELAY_PORT: port === undefined ? undefined : String(port),
    REELAY_DATA_DIR: dataDir,
    REELAY_PUBLIC_URL: publicUrl,
    REELAY_CONFIG_FILE: configFile,
  };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...set, ...Object.fromEntries(given) };
};

async function start({ io: { env, signal } }: Context, options: StartOptions): Promise<void> {
  if (!existsSync(LAUNCHER))
    throw new UsageError('"start" works in a checkout of Reelay', 'Get one, and run npm start.');
  const child = spawn(process.execPath, [LAUNCHER, GATEWAY], {
    // The open channel tells it when we are gone, so that killing us never leaves it behind.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...env, ...toSettings(options) },
  });
  const stop = (name: NodeJS.Signals) => () => void child.kill(name);
  // A terminal sends Ctrl-C to the server as well; sending it again would look like a second, impatient one.
  signal.addEventListener('abort', () => (process.stdin.isTTY ? undefined : child.kill('SIGINT')), { once: true });
  const stops = { SIGTERM: stop('SIGTERM'), SIGHUP: stop('SIGHUP'), disconnect: stop('SIGTERM') };
  for (const [event, listener] of Object.entries(stops)) process.on(event, listener);
  const [code] = await once(child, 'exit');
  for (const [event, listener] of Object.entries(stops)) process.off(event, listener);
  // The server has said what is wrong.
  if (code !== 0) throw new Failure('');
}
