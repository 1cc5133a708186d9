/** What is wrong with one field of a request. */
export type FieldProblem = { readonly field: string; readonly message: string };

/** What the server says about a refusal (RFC 9457, `application/problem+json`). */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Of the table in docs/errors.md. */
  readonly code: string;
  /** The same request may work later. */
  readonly retryable: boolean;
  /** Whether it cost anything. */
  readonly charged: boolean;
  /** Everything that is wrong with the input. */
  readonly problems?: readonly FieldProblem[];
};

/** What goes wrong without the server saying so. The other codes are its own. */
const LOCAL = {
  /** No answer: the request may have arrived or not. */
  connection_failed: { retryable: true },
  /** None in time: the same. */
  no_answer: { retryable: true },
  /** An answer that no Reelay server gives: another service is at this address, or a proxy answered. */
  bad_answer: { retryable: false },
  /** The wait is over, the task is not. */
  still_running: { retryable: true },
  /** An argument that cannot be sent. */
  invalid_input: { retryable: false },
} as const;

type Facts = {
  readonly status?: number | undefined;
  readonly problem?: Problem | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
};

/** The one error of this package: a refusal, or no answer. A caller's own signal throws its own reason instead. */
export class ReelayError extends Error {
  override readonly name = 'ReelayError';
  /** The server's, or `connection_failed`, `no_answer`, `bad_answer`, `still_running`. */
  readonly code: string;
  /** Of the HTTP answer, where there was one. */
  readonly status: number | undefined;
  readonly problem: Problem | undefined;
  /** What the server's log calls this request. */
  readonly requestId: string | undefined;
  /** How long the server asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(code: keyof typeof LOCAL | (string & {}), message: string, facts: Facts = {}) {
    super(message, { cause: facts.cause });
    this.code = code;
    this.status = facts.status;
    this.problem = facts.problem;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** Everything that is wrong with the input, where that is the error. */
  get problems(): readonly FieldProblem[] {
    return this.problem?.problems ?? [];
  }

  /** The same request may work later. That it is safe to repeat is another matter. */
  get retryable(): boolean {
    if (this.problem !== undefined) return this.problem.retryable;
    if (this.status !== undefined) return PASSING_STATUSES.has(this.status);
    return Object.entries(LOCAL).some(([code, { retryable }]) => code === this.code && retryable);
  }
}

/** What proxies say while what is behind them is busy or restarting. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** The refusal that an answer is. */
export async function toError(response: Response, nowMs: number): Promise<ReelayError> {
  const { status, headers } = response;
  const problem = toProblem(await response.text());
  const facts = {
    status,
    problem,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterMs: toWaitMs(headers.get('retry-after'), nowMs),
  };
  if (problem !== undefined) return new ReelayError(problem.code, problem.detail, facts);
  return new ReelayError('bad_answer', `the answer was ${status}, and not from a Reelay server`, facts);
}

function toProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('code' in value) || !('detail' in value)) return undefined;
    if (typeof value.code !== 'string' || typeof value.detail !== 'string') return undefined;
    return value as Problem; // The server writes all of them at one place, with all their fields.
  } catch {
    return undefined;
  }
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function toWaitMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
