import type { FaultName } from '@reelay/standin';
import type { ErrorCode } from '../../src/contract/errors.ts';

/** What an upstream, or the endpoint that is asked of it, must have for a fault to happen there.
 *  - `polls`: it takes a job and is asked how it goes. Else its answer to the submit is the result.
 *  - `links`: it gives out addresses of results. Else they stand in its answers.
 *  - `callbacks`: it reports ends by itself.
 *  - `failures`: it says of a job that it took that it failed. */
export type Ability = 'polls' | 'links' | 'callbacks' | 'failures';

/** How a task ends. */
export type End = 'succeeded' | ErrorCode;

/** How a channel is after its only task.
 *  - `well`: it takes the next task. `rests`: not for a while. `off`: not until its owner changes something, or the upstream
 *    says that it works again. `route off`: the same for one model. */
export type Health = 'well' | 'rests' | 'off' | 'route off';

export type Row = {
  readonly fault: FaultName | 'refuse-connection';
  /** How often it happens, where that is not once. */
  readonly times?: number;
  /** What happens, for the page. */
  readonly about: string;
  readonly needs?: Ability;
  readonly ends: readonly End[];
  /** The jobs that the upstream made of the task. */
  readonly jobs: 0 | 1;
  readonly channel: Health;
  /** The same where the upstream can settle what became of a submit: it finds jobs by our id, or makes one job of a submit
   *  that comes twice. */
  readonly settled?: { readonly ends: readonly End[]; readonly jobs: 1 };
  /** Some upstreams have no word for it: they say only that they do not take it, as for any wrong value, that the job
   *  failed, or something that nobody knows. */
  readonly isVague?: true;
};

/** What becomes of the task then. */
export const vagueOf = ({ fault }: Pick<Row, 'fault'>): Pick<Row, 'ends' | 'jobs' | 'channel'> =>
  VAGUE[fault] ?? { ends: ['invalid_input'], jobs: 0, channel: 'well' };
const VAGUE: Partial<Record<Row['fault'], Pick<Row, 'ends' | 'jobs' | 'channel'>>> = {
  'fail-moderation': { ends: ['generation_failed'], jobs: 1, channel: 'well' },
  'refuse-busy': { ends: ['outcome_unknown'], jobs: 0, channel: 'well' },
};

const SETTLED: Row['settled'] = { ends: ['succeeded'], jobs: 1 };
/** An answer to a submit from which nobody can tell whether there is a job. */
const unclear = { ends: ['outcome_unknown'], jobs: 1, channel: 'well', settled: SETTLED } as const;
const refused = { jobs: 0, channel: 'well' } as const;
const overcome = { ends: ['succeeded'], jobs: 1, channel: 'well' } as const;
const polled = { ...overcome, needs: 'polls' } as const;
const called = { ...overcome, needs: 'callbacks' } as const;
const failed = { jobs: 1, channel: 'well' } as const;

/** What becomes of a task whose only channel meets a fault: docs/reliability.md shows this table, and the test runs every
 *  cell of it. */
// biome-ignore format: a table
export const ROWS: readonly Row[] = [
  { fault: 'refuse-connection', about: 'Nobody listens there, for as long as the task may take.', ends: ['timed_out'], jobs: 0, channel: 'rests' },
  { fault: 'lost-before', about: 'The connection is reset before an answer, and no job was made.', ...unclear, jobs: 0 },
  { fault: 'lost-answer', about: 'A job is made, and the answer is lost.', ...unclear },
  { fault: 'slow-answer', about: 'A job is made, and no answer comes.', ...unclear },
  { fault: 'html-answer', about: 'A job is made, and the answer is a page of HTML.', ...unclear },
  { fault: 'truncated-json', about: 'A job is made, and the answer breaks off.', ...unclear },
  { fault: 'oversized-answer', about: 'A job is made, and the answer does not end.', ...unclear },
  { fault: 'server-error-after-accept', about: 'A job is made, and a proxy answers 502.', ...unclear },
  { fault: 'refuse-busy', about: 'The upstream says that it is overloaded.', ...overcome, isVague: true },
  { fault: 'refuse-rate', about: '429, with a time to come back.', ...overcome },
  { fault: 'refuse-rate-no-hint', about: '429, without one.', ...overcome },
  { fault: 'refuse-auth', about: 'The credentials are refused.', ends: ['no_channel'], jobs: 0, channel: 'off' },
  { fault: 'refuse-quota', about: 'The balance at the upstream is used up.', ends: ['no_channel'], jobs: 0, channel: 'off' },
  { fault: 'model-gone', about: 'The model is gone.', ends: ['no_channel'], jobs: 0, channel: 'route off', isVague: true },
  { fault: 'refuse-invalid', about: 'A value is refused.', ends: ['invalid_input'], ...refused },
  { fault: 'refuse-media', about: 'A file is refused.', ends: ['media_unusable'], ...refused, isVague: true },
  { fault: 'refuse-moderation', about: 'The prompt is refused.', ends: ['content_refused'], ...refused, isVague: true },
  { fault: 'poll-5xx', times: 5, about: 'Five polls in a row are answered 503.', ...polled },
  { fault: 'poll-429', times: 3, about: 'Three polls in a row are one too many.', ...polled },
  { fault: 'poll-reset', times: 3, about: 'The connections of three polls are reset.', ...polled },
  { fault: 'poll-html', times: 3, about: 'Three polls are answered with a page of HTML.', ...polled },
  { fault: 'unknown-word', about: 'The job is in a state that nobody knows.', ...polled },
  { fault: 'job-vanishes', about: 'The upstream knows nothing of the job any more.', needs: 'polls', ends: ['generation_failed'], ...failed },
  { fault: 'never-ends', about: 'The job goes on for ever.', needs: 'polls', ends: ['timed_out'], ...failed },
  { fault: 'fail-upstream', about: 'The job fails.', needs: 'failures', ends: ['generation_failed'], ...failed },
  { fault: 'fail-moderation', about: 'The result is refused.', ends: ['content_refused'], ...failed, isVague: true },
  { fault: 'done-without-file', about: 'The job is done, and there is no result.', ends: ['generation_failed', 'content_refused'], ...failed },
  { fault: 'link-403', about: 'The address of the result has expired.', needs: 'links', ends: ['timed_out'], ...failed },
  { fault: 'link-404', about: 'The result is not there.', needs: 'links', ends: ['timed_out'], ...failed },
  { fault: 'link-page', about: 'The address of the result answers with a page of HTML.', needs: 'links', ends: ['generation_failed'], ...failed },
  { fault: 'link-truncated', about: 'The result breaks off, again and again.', needs: 'links', ends: ['timed_out'], ...failed },
  { fault: 'big-ids', about: 'Ids of jobs are numbers of 63 bits.', ...overcome },
  { fault: 'extra-members', about: 'Every answer has members that nobody knows.', ...overcome },
  { fault: 'duplicate-callback', about: 'Callbacks come twice.', ...called },
  { fault: 'late-callback', about: 'The callback comes after the end.', ...called },
  { fault: 'forged-callback', about: 'Somebody else says that the job is done.', ...called },
  { fault: 'no-callback', about: 'No callback comes.', ...called },
];

const WHERE: Readonly<Record<Ability, string>> = {
  polls: 'it is polled',
  links: 'it gives out links',
  callbacks: 'it calls back',
  failures: 'it says so of a job',
};
const quoted = (ends: readonly End[]): string => ends.map((end) => `\`${end}\``).join(' or ');

/** The table as the page shows it. */
export function toMarkdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { ends, settled, jobs, needs, isVague } = row;
    const told =
      isVague === true ? `${quoted(ends)}, or ${quoted(vagueOf(row).ends)} where it is not told` : quoted(ends);
    const end = settled === undefined ? told : `${quoted(settled.ends)} where it can be settled, else ${told}`;
    const count = settled === undefined || settled.jobs === jobs ? jobs : `${settled.jobs}, else ${jobs}`;
    const where = needs === undefined ? 'everywhere' : `where ${WHERE[needs]}`;
    return `| ${row.about} | ${where} | ${end} | ${count} | ${row.channel} |`;
  });
  return [
    '| At the upstream | Can happen | The task ends as | Jobs there | The channel is then |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
