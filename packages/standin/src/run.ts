import type { Definition } from './kit/definition.ts';
import { FAULTS, type FaultName } from './kit/faults.ts';
import { createStandin, type Standin, type StandinOptions } from './kit/standin.ts';
import { DEFINITIONS } from './providers/registry.ts';

export type RunOptions = Omit<StandinOptions, 'clock'> & {
  /** What goes wrong with every job. */
  readonly faults?: readonly FaultName[];
  readonly print: (line: string) => void;
};

export const findDefinition = (name: string): Definition | undefined => DEFINITIONS.find((one) => one.name === name);

/** Starts a stand-in and says how to use it. @throws {Error} naming the known services, for any other. */
export async function runStandin(name: string, { faults = [], print, ...options }: RunOptions): Promise<Standin> {
  const definition = findDefinition(name);
  if (definition === undefined) {
    const known = DEFINITIONS.map((one) => one.name).join(', ');
    throw new Error(`there is no stand-in for ${JSON.stringify(name)}; there are stand-ins for ${known}`);
  }
  const standin = await createStandin(definition, options);
  for (const fault of faults) standin.control.fault(fault, { jobs: 0 });
  for (const line of greet(definition, standin, faults)) print(line);
  return standin;
}

function greet({ title }: Definition, { url, env }: Standin, faults: readonly FaultName[]): string[] {
  return [
    `A stand-in for ${title} listens at ${url}`,
    '',
    'Use it with Reelay by starting the server with:',
    `  ${toAssignments(env)}`,
    '',
    ...(faults.length === 0 ? [] : [`Every job meets: ${faults.join(', ')}`, '']),
    `Put [fault:NAME] into a prompt, or POST {"fault": "NAME"} to ${url}/_standin/faults. NAME is one of:`,
    ...faultLines(),
  ];
}

/** Variables as a shell takes them before a command. */
export const toAssignments = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(' ');

const quoted = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;

/** The faults, one a line. */
export function faultLines(): string[] {
  const rows = Object.entries(FAULTS);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`);
}
