import type { Choice, Chosen } from '../../channels/channels.ts';
import { GatewayError } from '../../contract/errors.ts';
import { toLogText } from '../../lib/log-text.ts';
import type { Accepted, Job, Provider } from '../../providers/provider.ts';
import { insertTaskInput } from '../../store/assets.ts';
import { insertAttempt } from '../../store/attempts.ts';
import { isPastStart, NOT_STARTED } from '../deadlines.ts';
import { cancel, fail } from '../ending.ts';
import { call, fieldsOf, isCancelAsked, move, type Run, type StepEnd, throwIfOver } from '../run.ts';
import { readTried, toAttempt } from '../tried.ts';
import { lessonOf, toVerdict } from '../verdict.ts';
import { choose, take, toAttemptRow, turnAway } from './choose-channel.ts';
import { failOver } from './fail-over.ts';
import { accept, giveBack } from './hand-over.ts';
import { type Draft, type Prepared, prepare, toJob, withCallback } from './prepare.ts';
import { requote } from './requote.ts';
import { settleFate } from './settle-fate.ts';

/** `queued`: chooses a channel, writes down that it is about to be called, and calls it. */
export async function begin(run: Run): Promise<StepEnd> {
  try {
    return await start(run);
  } finally {
    run.deps.channels.withdraw(run.task.id);
  }
}

async function start(run: Run): Promise<StepEnd> {
  const { deps, task } = run;
  if (isCancelAsked(run)) return cancel(run);
  if (isPastStart(run)) return fail(run, NOT_STARTED);
  const endpoint = deps.catalog.get(task.endpoint);
  if (endpoint === undefined) {
    return fail(run, { code: 'no_channel', message: `no channel can run ${task.endpoint}` });
  }
  // Before its files are fetched: where nothing can take it now, they are not needed yet.
  const tried = await readTried(run);
  const outlook = await choose(run, endpoint, { tried });
  if (outlook.is !== 'chosen') return turnAway(run, outlook, tried);
  const prepared = await prepare(run, endpoint);
  if (prepared instanceof GatewayError) return fail(run, { code: prepared.code, message: prepared.message });
  const refused = await requote(run, endpoint, prepared);
  if (refused !== undefined) return fail(run, { code: refused.code, message: refused.message });
  throwIfOver(run);
  const chosen = await take(run, {
    choose: () => choose(run, endpoint, { prepared, tried }),
    tried,
    begin: (decision) => claim(run, prepared, decision),
  });
  if (chosen === 'ended') return 'ended';
  const { route, channel } = chosen;
  const job = withCallback(run, channel.name, toJob(prepared.job, { channel: channel.name, route }));
  return submit(run, channel.provider, job);
}

/** Writes down what is about to be done, if the channel has a place for it.
 *  @throws {PlaceTaken} */
async function claim(run: Run, prepared: Prepared, decision: Chosen): Promise<Choice> {
  const { deps, task } = run;
  const [choice, ...others] = decision.choices;
  const { name: channel } = choice.channel;
  const nowMs = deps.clock.nowMs();
  const number = run.attempts + 1;
  const row = toAttemptRow({ taskId: task.id, number, nowMs }, decision);
  await move(run, 'claim', {
    guards: deps.channels.claim(choice, { taskId: task.id, nowMs }),
    set: { channel, input: JSON.stringify(prepared.input), started_at_ms: task.started_at_ms ?? nowMs },
    with: [
      insertAttempt(deps.db, row),
      // Files that were fetched for it, or that an earlier task made, are kept until it has ended too.
      ...listFiles(prepared.job).map((asset_id) => insertTaskInput(deps.db, { task_id: task.id, asset_id })),
    ],
  });
  deps.channels.withdraw(task.id);
  run.attempts = number;
  run.attempt = { ...toAttempt(row), hasOthers: others.length > 0 };
  deps.log.debug({ ...fieldsOf(run), reason: choice.reason }, 'channel chosen');
  return choice;
}

const listFiles = ({ media }: Draft): readonly string[] => [
  ...new Set(
    Object.values(media)
      .flat()
      .map(({ assetId }) => assetId),
  ),
];

/** Calls the provider once, and acts on whatever comes of it. The status is `submitting`. */
async function submit(run: Run, provider: Provider, job: Job): Promise<StepEnd> {
  const ms = provider.submitTimeoutMs ?? run.deps.limits.submitTimeoutMs;
  let accepted: Accepted;
  try {
    accepted = await call(run, { name: 'submit', ms }, (signal) => provider.submit(job, signal));
  } catch (error) {
    // Aborted here: the fate is unknown, and settled by whoever holds the task next.
    run.abort.throwIfAborted();
    const verdict = toVerdict(error);
    if (verdict.is === 'not_accepted') return giveBack(run, { ...verdict, learnt: lessonOf(error) });
    if (verdict.is === 'refused') return failOver(run, { ...verdict, learnt: lessonOf(error) });
    run.deps.log.warn({ ...fieldsOf(run), reason: toLogText(error) }, 'the fate of a submit is unknown');
    return settleFate(run);
  }
  return accept(run, accepted);
}
