import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tab from '@bomb.sh/tab/commander';
import { Command } from '@commander-js/extra-typings';
import type { Command as PlainCommand } from 'commander';
import { COMMANDS } from './commands/index.ts';
import { createContext, DEFAULT_URL } from './context.ts';
import { EXIT, explain } from './errors.ts';
import type { Io } from './io.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string;
};

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 not called right.
Data goes to standard output, everything else to standard error.
A server's address and your key come from REELAY_URL and REELAY_KEY, or --url and --key.`;

/** Runs a command. @param args what follows its name. @returns what the process ends with. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const program = new Command('reelay')
    .description('A self-hosted platform for generative media.')
    .version(version)
    .option('--url <address>', `where the server is (default: REELAY_URL, or ${DEFAULT_URL})`)
    .option('--key <key>', 'your key (default: REELAY_KEY, which other users of this machine do not see)')
    .option('--json', 'print JSON')
    .option('-q, --quiet', 'print only what a shell needs: ids, a new key, addresses')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('See what there is with --help.')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
  const context = createContext(io, () => program.opts());
  for (const register of COMMANDS) register(program, context);
  // `extra-typings` types the same class.
  tab(program as unknown as PlainCommand);
  let exitCode: number = EXIT.done;
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    const explained = explain(error);
    exitCode = explained.exitCode;
    if (explained.message !== undefined) io.stderr.write(`error: ${explained.message}\n`);
    if (explained.next !== undefined) io.stderr.write(`${explained.next}\n`);
  }
  return exitCode;
}
