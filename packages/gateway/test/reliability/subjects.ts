import { catalog, type Endpoint, quote } from '@reelay/catalog';
import { type Definition, findDefinition } from '@reelay/standin';
import { listMediaPlaces } from '../../src/assets/media-places.ts';
import { UpstreamError } from '../../src/providers/fault.ts';
import type { ChannelField, ProviderType } from '../../src/providers/provider-type.ts';
import { PROVIDER_TYPES } from '../../src/providers/registry.ts';
import { isLive } from '../../src/providers/route.ts';
import { openScene, type Scene } from '../../src/providers/testing/scene.ts';
import { listNamedIds } from '../../src/tasks/named-ids.ts';
import type { Ability } from './table.ts';

/** A provider, the stand-in for its upstream, and the endpoint that is asked of it. */
export type Subject = {
  readonly type: ProviderType;
  readonly definition: Definition;
  readonly endpoint: Endpoint;
  readonly abilities: ReadonlySet<Ability>;
  /** Whether it can tell what became of a submit whose answer was lost. */
  readonly canSettle: boolean;
};

/** More endpoints of a provider are not tried. */
const MAX_TRIED = 12;
const CALLBACK_URL = 'http://127.0.0.1:9/callbacks';

/** One of each kind of upstream, each with an endpoint of its own, so that one gateway can have them all.
 *  @throws for a provider without a stand-in, or without an endpoint that the stand-in takes. */
export async function listSubjects(): Promise<readonly Subject[]> {
  const all: (readonly Subject[])[] = [];
  for (const type of PROVIDER_TYPES) all.push(await listOf(type));
  const taken = new Set<string>();
  // Who has the least choice chooses first.
  const chosen = all
    .toSorted((a, b) => a.length - b.length)
    .map((subjects) => {
      const subject = subjects.find(({ endpoint }) => !taken.has(endpoint.id));
      if (subject === undefined) throw new Error(`no endpoint is left for ${subjects[0]?.type.name}`);
      taken.add(subject.endpoint.id);
      return subject;
    });
  return chosen.toSorted((a, b) => a.type.name.localeCompare(b.type.name));
}

/** What may be asked of one provider, best first: what is polled shows more. */
async function listOf(type: ProviderType): Promise<readonly Subject[]> {
  const definition = findDefinition(type.name);
  if (definition === undefined) throw new Error(`there is no stand-in for ${type.name}`);
  const scene = await openScene({ type, standin: definition });
  try {
    const found: Subject[] = [];
    for (const endpoint of candidates(type)) {
      const abilities = await tryOut(scene, endpoint);
      if (abilities !== undefined) found.push({ type, definition, endpoint, ...abilities });
    }
    if (found.length === 0) throw new Error(`the stand-in for ${type.name} takes no example`);
    return found.toSorted((a, b) => b.abilities.size - a.abilities.size);
  } finally {
    await scene.close();
  }
}

function candidates({ routes }: ProviderType): readonly Endpoint[] {
  const live = routes.routes.filter((route) => isLive(route, routes.asOf));
  // LTX has none but these.
  const near = routes.routes.filter(({ status }) => status === 'approx');
  const endpoints = [...new Set((live.length > 0 ? live : near).map(({ endpoint }) => endpoint))].flatMap(
    (id) => catalog.get(id) ?? [],
  );
  const own = endpoints.filter((endpoint) => listNamedIds(endpoint, endpoint.example).length === 0);
  const files = (endpoint: Endpoint) => listMediaPlaces(endpoint, endpoint.example).length;
  // Of what costs nothing the ledger says nothing.
  const priced = own.filter((endpoint) => quote(endpoint, endpoint.example).micros > 0);
  return (priced.length > 0 ? priced : own).toSorted((a, b) => files(a) - files(b)).slice(0, MAX_TRIED);
}

/** Takes the example to its end. Undefined: the provider, or its upstream, does not take it. */
async function tryOut(scene: Scene, endpoint: Endpoint): Promise<Pick<Subject, 'abilities' | 'canSettle'> | undefined> {
  const { provider, standin } = scene;
  standin.control.reset();
  const job = scene.job(endpoint.id, { callbackUrl: CALLBACK_URL });
  if ((provider.refuses?.(job) ?? []).length > 0) return undefined;
  try {
    const { handle, isDone } = await scene.submit(job);
    const end = await scene.follow(handle);
    if (end.state !== 'succeeded' || end.outputs.length === 0) return undefined;
    const [made, ...others] = standin.control.jobs;
    // What is made in several steps is more than one job there.
    if (others.length > 0) return undefined;
    const abilities = new Set<Ability>();
    if (isDone !== true) abilities.add('polls');
    if (end.outputs.every(({ kind }) => kind === 'url')) abilities.add('links');
    if (made?.callbackUrl !== undefined) abilities.add('callbacks');
    if (isDone !== true || (await failsAtOnce(scene, endpoint))) abilities.add('failures');
    const found = await provider.find?.(job, AbortSignal.timeout(60_000)).catch(() => undefined);
    return { abilities, canSettle: provider.submitIsRepeatable || found !== undefined };
  } catch (error) {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}

/** Whether an upstream that answers at once says of a job that it took that it failed, rather than that it is in trouble. */
async function failsAtOnce({ standin, submit, job }: Scene, endpoint: Endpoint): Promise<boolean> {
  standin.control.fault('fail-upstream');
  const error: unknown = await submit(job(endpoint.id)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error === undefined || (error instanceof UpstreamError && error.code === 'generation_failed');
}

/** As its owner writes it into the file of channels. */
export function channelOf({ type, definition, endpoint }: Subject, url: string) {
  const env = definition.env(url);
  const given = (fields: readonly ChannelField[]) =>
    Object.fromEntries(fields.flatMap((field) => (env[field.env] === undefined ? [] : [[field.name, env[field.env]]])));
  return {
    provider: type.name,
    credentials: given(type.credentials),
    settings: given(type.settings),
    include: [endpoint.id],
    allow: ['approx'],
  };
}
