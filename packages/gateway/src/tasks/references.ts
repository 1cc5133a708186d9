import type { Endpoint, Input, Problem, Reference } from '@reelay/catalog';
import { assetIdOf, listMediaPlaces } from '../assets/media-places.ts';
import type { Asset, AssetService } from '../contract/asset.ts';
import type { Db } from '../store/db.ts';
import { findNamedTask } from '../store/named-results.ts';
import { listOutputs } from '../store/outputs.ts';
import { getTask, type TaskRow } from '../store/tasks.ts';
import { listNamedIds, type NamedId, OWN_ID } from './named-ids.ts';

const HOUR_MS = 3_600_000;
/** Durations are measured, and published limits are whole seconds. */
const SLACK_MS = 100;
/** A lip-sync names a session, which names a clip: two steps. A chain has no circle, as each id is older than its task. */
const MAX_STEPS = 4;

/** The files of the earlier tasks that a parameter names, or, where ids stand in objects, that one place of it names:
 *  `elementList[1].element_id`. */
export type NamedFiles = { readonly name: string; readonly files: readonly Asset[] };
/** What the ids of a request lead to. */
export type Found = {
  /** Ids that lead to results of this account, with the channel that made each and what the upstream calls it. */
  readonly made: readonly {
    readonly id: string;
    readonly channel: string | null;
    readonly upstreamId: string | null;
  }[];
  readonly files: readonly NamedFiles[];
  /** Ids that lead to nothing of this account. They may mean something to a provider. */
  readonly unknown: readonly NamedId[];
};

type Deps = {
  readonly db: Db;
  readonly catalog: { get(id: string): Endpoint | undefined };
  readonly assets: Pick<AssetService, 'get'>;
};
type Request = { readonly accountId: string; readonly endpoint: Endpoint; readonly input: Input };

export type References = {
  /** The files behind the ids of a request: what the earlier task made, or, where it made no file (a face that was found,
   *  an element), what it was given. */
  find(request: Request): Promise<Found>;
  /** What is wrong with the results behind the ids, by what the catalog says of the parameter. An id that leads to nothing
   *  here is no problem yet: the provider may know it. */
  check(request: Request, nowMs: number): Promise<Problem[]>;
};

export function createReferences(deps: Deps): References {
  return {
    async find(request) {
      const resolved = await resolve(deps, request);
      const files = await Promise.all(
        resolved.map(async ({ name, field, task }) => ({
          name,
          field,
          files: task?.status === 'succeeded' ? await filesOf(deps, task, MAX_STEPS - 1) : [],
        })),
      );
      const places = files.flatMap(({ name, field, files }) => (field === name ? [] : [{ name: field, files }]));
      const byName = Object.groupBy([...files, ...places], ({ name }) => name);
      return {
        files: Object.entries(byName).flatMap(([name, all = []]) => {
          const named = all.flatMap((one) => one.files);
          return named.length === 0 ? [] : [{ name, files: named }];
        }),
        made: resolved.flatMap(({ id, task }) =>
          task === undefined ? [] : [{ id, channel: task.channel, upstreamId: task.upstream_id }],
        ),
        unknown: resolved.filter(({ task }) => task === undefined),
      };
    },
    async check(request, nowMs) {
      const resolved = await resolve(deps, request);
      const problems = await Promise.all(
        resolved.map(async ({ task, ...named }) => {
          const message =
            task === undefined ? undefined : await faultOf(deps, { task, refersTo: named.refersTo, nowMs });
          return message === undefined ? [] : [{ field: named.field, message: `${named.field}: ${message}` }];
        }),
      );
      return problems.flat();
    },
  };
}

type Resolved = NamedId & { readonly task: TaskRow | undefined };

/** Each id with the task of the same account that it names. */
const resolve = (deps: Deps, { accountId, endpoint, input }: Request): Promise<Resolved[]> =>
  Promise.all(
    listNamedIds(endpoint, input).map(async (named) => {
      // Upstreams have ids of 19 digits, too.
      const byName = await findNamedTask(deps.db, { account_id: accountId, name: named.id });
      const taskId = byName ?? (OWN_ID.test(named.id) ? named.id : undefined);
      const task = taskId === undefined ? undefined : await getTask(deps.db, taskId);
      return { ...named, task: task?.account_id === accountId ? task : undefined };
    }),
  );

async function filesOf(deps: Deps, task: TaskRow, stepsLeft: number): Promise<Asset[]> {
  const made = (await listOutputs(deps.db, task.id)).flatMap(({ asset_id }) => asset_id ?? []);
  const files = await findMedia(deps.assets, made);
  const endpoint = deps.catalog.get(task.endpoint);
  if (files.length > 0 || endpoint === undefined) return files;
  // The store holds what was validated at submit.
  const input = JSON.parse(task.input) as Input;
  const given = listMediaPlaces(endpoint, input).flatMap(({ address }) => assetIdOf(address) ?? []);
  if (given.length > 0) return findMedia(deps.assets, given);
  // It may have been given an id itself: a face found in a clip that was made here.
  if (stepsLeft <= 0) return [];
  const named = await resolve(deps, { accountId: task.account_id, endpoint, input });
  const deeper = named.flatMap((one) => (one.task?.status === 'succeeded' ? [one.task] : []));
  return (await Promise.all(deeper.map((one) => filesOf(deps, one, stepsLeft - 1)))).flat();
}

async function findMedia(assets: Pick<AssetService, 'get'>, ids: readonly string[]): Promise<Asset[]> {
  const found = await Promise.all(ids.map((id) => assets.get(id)));
  return found.flatMap((asset) => (asset === undefined || asset.facts === null ? [] : [asset]));
}

async function faultOf(
  deps: Deps,
  { task, refersTo, nowMs }: { task: TaskRow; refersTo: Reference; nowMs: number },
): Promise<string | undefined> {
  const kind = deps.catalog.get(task.endpoint);
  const { tasks, output } = refersTo;
  if (kind !== undefined && tasks !== undefined && !tasks.includes(kind.task)) {
    return `names a ${kind.task} task; name a ${tasks.join(' or ')} task`;
  }
  if (kind !== undefined && output !== undefined && kind.output !== output) {
    return `names a task whose result is no ${output}`;
  }
  if (task.status === 'failed' || task.status === 'canceled')
    return 'the task it names has no result: it ended without one';
  if (task.status !== 'succeeded') return 'the task it names has not ended yet; wait for its result';
  const { maxAgeDays, maxAgeHours = maxAgeDays === undefined ? Number.POSITIVE_INFINITY : maxAgeDays * 24 } = refersTo;
  if (nowMs - (task.ended_at_ms ?? task.created_at_ms) > maxAgeHours * HOUR_MS) {
    return `the result it names has expired: it was usable for ${maxAgeDays === undefined ? `${maxAgeHours} hours` : `${maxAgeDays} days`}`;
  }
  return durationFault(await filesOf(deps, task, MAX_STEPS - 1), refersTo);
}

function durationFault(files: readonly Asset[], { minSeconds = 0, maxSeconds }: Reference): string | undefined {
  const durationMs = files.find(({ facts }) => facts?.durationMs !== undefined)?.facts?.durationMs;
  if (durationMs === undefined) return undefined;
  const seconds = Math.round(durationMs / 100) / 10;
  if (maxSeconds !== undefined && durationMs > maxSeconds * 1_000 + SLACK_MS) {
    return `names a file of ${seconds} s; at most ${maxSeconds} s`;
  }
  return durationMs < minSeconds * 1_000 - SLACK_MS
    ? `names a file of ${seconds} s; at least ${minSeconds} s`
    : undefined;
}
