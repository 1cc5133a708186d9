import type { Endpoint, Input, Json, Param, Problem, TextParam } from '@reelay/catalog';
import { assetIdOf, listMediaPlaces } from '../assets/media-places.ts';
import type { Asset, AssetService } from '../contract/asset.ts';
import type { Db } from '../store/db.ts';
import { listOutputs } from '../store/outputs.ts';
import { getTask, type TaskRow } from '../store/tasks.ts';

const TASK_ID = /^\d{19}$/;
const DAY_MS = 86_400_000;
/** Durations are measured, and published limits are whole seconds. */
const SLACK_MS = 100;
/** A lip-sync names a session, which names a clip: two steps. A chain has no circle, as each id is older than its task. */
const MAX_STEPS = 4;

/** The files of an earlier task that a parameter names by the task's id. */
export type Reference = { readonly name: string; readonly files: readonly Asset[] };

type Deps = {
  readonly db: Db;
  readonly catalog: { get(id: string): Endpoint | undefined };
  readonly assets: Pick<AssetService, 'get'>;
};
type Request = { readonly accountId: string; readonly endpoint: Endpoint; readonly input: Input };

export type References = {
  /** The files behind the ids of a request: what the earlier task made, or, where it made no file (a face that was found,
   *  an element), what it was given. Ids that name no succeeded task of the same account are left alone: they may mean
   *  something to a provider. */
  find(request: Request): Promise<Reference[]>;
  /** What is wrong with the files behind the ids, by what the catalog says of the parameter. */
  check(request: Request, nowMs: number): Promise<Problem[]>;
};

export function createReferences(deps: Deps): References {
  return {
    async find(request) {
      const found = Object.groupBy(await resolve(deps, request, MAX_STEPS), ({ name }) => name);
      return Object.entries(found).flatMap(([name, all = []]) => {
        const files = all.flatMap((one) => one.files);
        return files.length === 0 ? [] : [{ name, files }];
      });
    },
    async check(request, nowMs) {
      const found = await resolve(deps, request, MAX_STEPS);
      return found.flatMap(({ name, param, task, files }) =>
        param.type === 'text' ? checkReference(name, param, { ageMs: nowMs - task.created_at_ms, files }) : [],
      );
    },
  };
}

type Resolved = NamedId & { readonly task: TaskRow; readonly files: Asset[] };

async function resolve(deps: Deps, { accountId, endpoint, input }: Request, stepsLeft: number): Promise<Resolved[]> {
  const found: Resolved[] = [];
  for (const named of listNamedIds(endpoint, input)) {
    const task = await getTask(deps.db, named.id);
    if (task?.account_id !== accountId || task.status !== 'succeeded') continue;
    found.push({ ...named, task, files: await filesOf(deps, task, stepsLeft - 1) });
  }
  return found;
}

type NamedId = { readonly name: string; readonly param: Param; readonly id: string };

/** Parameters that hold ids are called so: `sessionId`, `audioId`, and inside objects `element_id`. */
function listNamedIds(endpoint: Endpoint, input: Input): NamedId[] {
  return Object.entries(endpoint.params).flatMap(([name, param]): NamedId[] => {
    const value = input[name];
    if (value === undefined) return [];
    if (param.type === 'text') return /Id$/.test(name) ? toIds(value).map((id) => ({ name, param, id })) : [];
    if (param.type !== 'object' && param.type !== 'objects') return [];
    const items = Array.isArray(value) ? value : [value];
    const ids = items.flatMap((item) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.entries(item).flatMap(([field, inner]) => (/(_id|Id)$/.test(field) ? toIds(inner) : []))
        : [],
    );
    return ids.map((id) => ({ name, param, id }));
  });
}
const toIds = (value: Json): string[] => (typeof value === 'string' && TASK_ID.test(value) ? [value] : []);

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
  const named = await resolve(deps, { accountId: task.account_id, endpoint, input }, stepsLeft);
  return named.flatMap((one) => one.files);
}

async function findMedia(assets: Pick<AssetService, 'get'>, ids: readonly string[]): Promise<Asset[]> {
  const found = await Promise.all(ids.map((id) => assets.get(id)));
  return found.flatMap((asset) => (asset === undefined || asset.facts === null ? [] : [asset]));
}

function checkReference(name: string, param: TextParam, p: { ageMs: number; files: readonly Asset[] }): Problem[] {
  const {
    maxAgeDays = Number.POSITIVE_INFINITY,
    minSeconds = 0,
    maxSeconds = Number.POSITIVE_INFINITY,
  } = param.refersTo ?? {};
  const say = (message: string): Problem[] => [{ field: name, message: `${name}: ${message}` }];
  if (p.ageMs > maxAgeDays * DAY_MS) return say(`the task it names is older than ${maxAgeDays} days`);
  const durationMs = p.files.find(({ facts }) => facts?.durationMs !== undefined)?.facts?.durationMs;
  if (durationMs === undefined) return [];
  const seconds = Math.round(durationMs / 100) / 10;
  if (durationMs > maxSeconds * 1_000 + SLACK_MS) return say(`names a file of ${seconds} s; at most ${maxSeconds} s`);
  return durationMs < minSeconds * 1_000 - SLACK_MS
    ? say(`names a file of ${seconds} s; at least ${minSeconds} s`)
    : [];
}
