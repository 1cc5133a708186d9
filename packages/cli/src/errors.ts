import { type FieldProblem, ReelayError } from '@reelay/client';
import { CommanderError } from 'commander';

/** What a command ends with. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** What a command ends with when it did its work, and what it found is not well. `next` says what to do about it. No
 *  message: somebody else has told it. */
export class Failure extends Error {
  readonly exitCode: number = EXIT.failed;
  readonly next: string | undefined;
  constructor(message: string, next?: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.next = next;
  }
}

/** The command was not called right. */
export class UsageError extends Failure {
  override readonly exitCode = EXIT.usage;
}

/** The user pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

type Explained = {
  readonly exitCode: number;
  readonly message?: string | undefined;
  readonly next?: string | undefined;
};

/** What to tell of an error, and what to end with. */
export function explain(error: unknown): Explained {
  // The parser has said it already; asking for help is none.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage };
  if (error instanceof Failure) {
    return { exitCode: error.exitCode, message: error.message || undefined, next: error.next };
  }
  if (error instanceof Interrupted) return { exitCode: EXIT.interrupted };
  if (error instanceof ReelayError) {
    return {
      exitCode: error.code === 'invalid_input' ? EXIT.usage : EXIT.failed,
      message: error.message,
      next: nextStep(error),
    };
  }
  if (!(error instanceof Error)) return { exitCode: EXIT.failed, message: String(error) };
  // The system's errors say what and where; whatever else comes here is a bug, of which the stack tells.
  return { exitCode: EXIT.failed, message: 'code' in error ? error.message : (error.stack ?? error.message) };
}

const NEXT: Readonly<Record<string, string>> = {
  connection_failed: 'Start a server with "reelay start", or name another one with --url or REELAY_URL.',
  no_answer: 'Look whether the server is well; the request may have arrived.',
  bad_answer: 'Check --url or REELAY_URL: it must be the address of a Reelay server.',
  unauthorized: 'Check --key or REELAY_KEY. A server prints its first key when it first starts.',
  forbidden: 'Use a key that may do this; commands below "admin", and "audit", take an administrator\'s.',
  insufficient_funds: 'Pay in with "reelay admin deposits create <account> <amount>".',
  budget_exceeded:
    'Raise the budget with "reelay admin keys update <key> --day-budget <amount>" or wait for the next day.',
  idempotency_conflict: 'Take another --idempotency-key: this one belongs to another task.',
  task_not_found: 'See your tasks with "reelay tasks list".',
  not_found: 'See what there is with "reelay admin accounts list" and "reelay admin keys list <account>".',
  unknown_route: 'Look the endpoint up at /docs on your server.',
  still_running: 'Wait on with "reelay tasks wait <id>", or stop it with "reelay tasks cancel <id>".',
  internal: 'The log of the server has the cause.',
};

function nextStep({ code, retryAfterMs, requestId }: ReelayError): string | undefined {
  if (retryAfterMs !== undefined) return `Try again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
  if (code === 'internal' && requestId !== undefined) return `${NEXT.internal} Look for ${requestId}.`;
  return NEXT[code];
}

type Names = Readonly<Record<string, string>>;
type Hint = (problems: readonly FieldProblem[]) => string | undefined;

/** Does the work, and tells what the server finds wrong in the words of the command line: what the API calls
 *  `limits.maxRunning` is the option that says it.
 *  @param names options by the fields that they fill; a field that has none keeps its name.
 *  @param hint what to do about the problems. */
export async function naming<T>(names: Names, work: Promise<T>, hint?: Hint): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ReelayError) || error.code !== 'invalid_input' || error.problems.length === 0) throw error;
    throw usageError(error.problems, names, hint);
  }
}

/** All problems at once, a line each. */
export function usageError(problems: readonly FieldProblem[], names: Names, hint?: Hint): UsageError {
  return new UsageError(problems.map((problem) => toSentence(problem, names)).join('\n'), hint?.(problems));
}

function toSentence({ field, message }: FieldProblem, names: Names): string {
  const name = names[field] ?? names[field.replace(/\[\d+\]$/, '')] ?? field;
  const rest = message.startsWith(field) ? message.slice(field.length).replace(/^[:\s]+/, '') : message;
  return `${name}: ${rest}`;
}
