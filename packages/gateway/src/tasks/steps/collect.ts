import type { Input, Json } from '@reelay/catalog';
import { toLogText } from '../../lib/log-text.ts';
import { mapLimited } from '../../lib/map-limited.ts';
import type { Provider, ProviderOutput, VendorCost } from '../../providers/provider.ts';
import { upsertNamedResult } from '../../store/named-results.ts';
import { insertOutput } from '../../store/outputs.ts';
import type { Schema } from '../../store/schema.ts';
import { getTask } from '../../store/tasks.ts';
import { chargeOf, end, endingsBeside } from '../ending.ts';
import { listResultNames, namesResults } from '../named-ids.ts';
import { fieldsOf, move, type Run } from '../run.ts';
import { keepOutput } from './keep-output.ts';

/** Of one task at a time. */
const MAX_AT_ONCE = 2;

type Result = {
  readonly provider: Provider;
  readonly handle: Json;
  readonly outputs: readonly ProviderOutput[];
  readonly cost: VendorCost | undefined;
  /** What the upstream calls what it made. */
  readonly upstreamId: string | undefined;
  readonly mayFetchAgain: boolean;
  /** When we learnt that the job is done, and for how long it had been at most. */
  readonly noticedAtMs: number;
  readonly lateMs: number;
  /** Tells another job of the task that it is wanted no more. */
  readonly dismissOthers: () => Promise<void>;
};

/** The job is done: its outputs become ours, and the task ends with them in one batch.
 *  @throws what kept an output from being stored. Nothing of the task has then changed but its status, and the same may
 *    be tried again. */
export async function collect(run: Run, result: Result): Promise<'ended'> {
  const { provider, handle, outputs, cost, upstreamId, mayFetchAgain, noticedAtMs, lateMs, dismissOthers } = result;
  const { deps } = run;
  if (run.task.status === 'running') await move(run, 'collect', { set: { progress: progressOf(run) } });
  deps.checkpoint?.('before outputs');
  const [rows] = await Promise.all([
    mapLimited(unique(outputs), MAX_AT_ONCE, (output, position) =>
      keepOutput(run, { provider, output, position, mayFetchAgain }),
    ),
    dismissOthers(),
  ]);
  deps.checkpoint?.('after outputs');
  const names = await readNames(run, upstreamId);
  const nowMs = deps.clock.nowMs();
  const { channel, endpoint } = run.task;
  const startedAtMs = run.attempt.acceptedAtMs;
  await end(run, 'succeeded', {
    set: {
      progress: 1,
      ...(upstreamId === undefined ? {} : { upstream_id: upstreamId }),
    },
    with: [
      ...rows.map((row) => insertOutput(deps.db, row)),
      ...names.map((row) => upsertNamedResult(deps.db, row)),
      ...(channel === null || startedAtMs === null
        ? []
        : [deps.timings.learn({ channel, endpoint }, { durationMs: noticedAtMs - lateMs / 2 - startedAtMs, nowMs })]),
    ],
    endings: [
      { attempt: run.attempt, outcome: 'succeeded', learnt: { is: 'succeeded' }, cost, lateMs },
      ...endingsBeside(run),
    ],
    chargeMicros: await chargeOf(run),
    nowMs,
  });
  deps.log.info(
    { ...fieldsOf(run), outputs: rows.length, lateMs, elapsedMs: nowMs - run.task.created_at_ms },
    'task succeeded',
  );
  await release(run, provider, handle);
  return 'ended';
}

/** What later requests may call the result: as the caller asked, and as the upstream does. */
async function readNames({ deps, task }: Run, upstreamId: string | undefined): Promise<Schema['named_results'][]> {
  const toRow = (name: string) => ({ account_id: task.account_id, name, task_id: task.id });
  const own = upstreamId === undefined ? [] : [toRow(upstreamId)];
  const endpoint = deps.catalog.get(task.endpoint);
  if (endpoint === undefined || !namesResults(endpoint)) return own;
  // The run let go of the input when it began to wait.
  const stored = await getTask(deps.db, task.id);
  // The store holds what was validated at submit.
  const names = stored === undefined ? [] : listResultNames(endpoint, JSON.parse(stored.input) as Input);
  return [...names.filter((name) => name !== upstreamId).map(toRow), ...own];
}

const progressOf = ({ deps, task }: Run): number => Math.max(task.progress, deps.live.get(task.id) ?? 0);

/** An answer that lists the same address twice means one output. */
function unique(outputs: readonly ProviderOutput[]): ProviderOutput[] {
  const urls = new Set<string>();
  return outputs.filter((output) => {
    if (output.kind !== 'url') return true;
    const isNew = !urls.has(output.url);
    urls.add(output.url);
    return isNew;
  });
}

async function release(run: Run, provider: Provider, handle: Json): Promise<void> {
  try {
    await provider.release?.(handle);
  } catch (error) {
    run.deps.log.warn({ ...fieldsOf(run), reason: toLogText(error) }, 'the provider could not release the job');
  }
}
