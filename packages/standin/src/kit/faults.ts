type When = 'at submit' | 'while polling' | 'at the end' | 'throughout';
type Row = {
  readonly when: When /** What happens, as `--help` and the documentation say it. */;
  readonly about: string;
};

/** Everything that a stand-in can be told to do wrong, whichever service it stands in for. */
export const FAULTS = {
  'refuse-auth': { when: 'at submit', about: 'The credentials are refused, and quoted in the refusal.' },
  'refuse-quota': { when: 'at submit', about: 'The account has no money left.' },
  'refuse-rate': { when: 'at submit', about: 'Too many requests, with a hint when to come back.' },
  'refuse-rate-no-hint': { when: 'at submit', about: 'Too many requests, without a hint.' },
  'refuse-busy': { when: 'at submit', about: 'The service says that it is overloaded and took nothing.' },
  'refuse-invalid': { when: 'at submit', about: 'A parameter is refused.' },
  'refuse-media': { when: 'at submit', about: 'A file that was sent along cannot be used.' },
  'refuse-moderation': { when: 'at submit', about: 'The prompt breaks the rules.' },
  'model-gone': { when: 'at submit', about: 'The model does not exist any more.' },
  'lost-before': { when: 'at submit', about: 'The connection is reset, and no job was made.' },
  'lost-answer': { when: 'at submit', about: 'The job is made, and the connection is reset before the answer.' },
  'slow-answer': {
    when: 'at submit',
    about: 'The job is made, and the answer comes when the caller has long given up.',
  },
  'html-answer': { when: 'at submit', about: 'The job is made, and the answer is a page of HTML with status 200.' },
  'truncated-json': { when: 'at submit', about: 'The job is made, and the answer ends in the middle.' },
  'oversized-answer': { when: 'at submit', about: 'The job is made, and the answer does not end.' },
  'server-error-after-accept': { when: 'at submit', about: 'The job is made, and a proxy answers with status 502.' },
  'poll-5xx': { when: 'while polling', about: 'A poll is answered with status 503.' },
  'poll-429': { when: 'while polling', about: 'A poll is one request too many, with a hint when to come back.' },
  'poll-reset': { when: 'while polling', about: 'The connection of a poll is reset.' },
  'poll-html': { when: 'while polling', about: 'A poll is answered with a page of HTML and status 200.' },
  'unknown-word': { when: 'while polling', about: 'While the job runs, its state is a word that nobody knows.' },
  'never-ends': { when: 'while polling', about: 'The job runs for ever.' },
  'job-vanishes': { when: 'while polling', about: 'Once it has started, the job is unknown to the service.' },
  'fail-moderation': { when: 'at the end', about: 'The job fails, because the result breaks the rules.' },
  'fail-upstream': { when: 'at the end', about: 'The job fails, through no fault of the caller.' },
  'done-without-file': { when: 'at the end', about: 'The job is done, and there is no file.' },
  'link-403': { when: 'at the end', about: 'The address of the result answers with status 403.' },
  'link-404': { when: 'at the end', about: 'The address of the result answers with status 404.' },
  'link-page': { when: 'at the end', about: 'The address of the result answers with a page of HTML and status 200.' },
  'link-truncated': {
    when: 'at the end',
    about: 'The result breaks off: at the first try before its announced length, at the next between two chunks.',
  },
  'link-slow': { when: 'at the end', about: 'The result comes a few bytes a second.' },
  'duplicate-callback': { when: 'at the end', about: 'Every callback comes twice.' },
  'late-callback': { when: 'at the end', about: 'The callback comes ten minutes after the end.' },
  'forged-callback': {
    when: 'at the end',
    about: 'While the job runs, somebody without the key sends a callback that says it is done.',
  },
  'no-callback': { when: 'at the end', about: 'No callback comes.' },
  'cancel-too-late': {
    when: 'at the end',
    about: 'A cancel is answered as if the job were over, and the job goes on.',
  },
  'big-ids': { when: 'throughout', about: 'The id of the job is a number of 63 bits, larger than a double can hold.' },
  'extra-members': { when: 'throughout', about: 'Every object of every answer has members that nobody knows.' },
} as const satisfies Record<string, Row>;
export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[]; // The keys of a constant.
export const isFaultName = (word: string): word is FaultName => Object.hasOwn(FAULTS, word);
