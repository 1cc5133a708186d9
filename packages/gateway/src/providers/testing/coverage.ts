import { catalog, type Input } from '@reelay/catalog';
import fc from 'fast-check';
import { isLive, type Route } from '../route.ts';
import { arbitraryInput } from './arbitrary-input.ts';
import { toJob } from './jobs.ts';
import { openScene, requireEndpoint, type Scene, type SceneOptions } from './scene.ts';

/** What became of one route. */
export type RouteCoverage = {
  readonly route: Route;
  /** Whether the example went through to its files. */
  readonly isCovered: boolean;
  /** Why inputs were refused, the example's reasons first. Each once. */
  readonly refused: readonly string[];
  /** Those of the example. */
  readonly exampleRefused: readonly string[];
  /** Inputs that the provider took and the upstream did not, or whose files did not come back: mistakes. */
  readonly mistakes: readonly { readonly input: Input; readonly said: string }[];
};
export type CoverageRow = {
  readonly provider: string;
  readonly family: string;
  readonly rows: number;
  readonly covered: number;
};

type Options = SceneOptions & {
  /** Random inputs of each route besides its example. Default 20. */
  readonly samples?: number;
  readonly seed?: number;
  /** Default: those that may be used without asking. */
  readonly isWanted?: (route: Route) => boolean;
};

/** Sends the example and random inputs of every live route to the stand-in, which checks them as strictly as the service
 *  itself. */
export async function coverRoutes({ samples = 20, seed = 7, isWanted, ...options }: Options): Promise<RouteCoverage[]> {
  const scene = await openScene({ ...options, isInProcess: true });
  const { routes, asOf } = options.type.routes;
  const wanted = isWanted ?? ((route: Route) => isLive(route, asOf));
  try {
    const covered: RouteCoverage[] = [];
    for (const route of routes.filter(wanted)) covered.push(await coverRoute(scene, route, { samples, seed }));
    return covered;
  } finally {
    await scene.close();
  }
}

async function coverRoute(scene: Scene, route: Route, p: { samples: number; seed: number }): Promise<RouteCoverage> {
  const endpoint = requireEndpoint(route.endpoint);
  const refused = new Set<string>();
  const mistakes: { input: Input; said: string }[] = [];
  let isCovered = false;
  let exampleRefused: readonly string[] = [];
  const samples = fc.sample(arbitraryInput(endpoint), { numRuns: p.samples, seed: p.seed });
  for (const [index, input] of [endpoint.example, ...samples].entries()) {
    const job = toJob(endpoint, route, input);
    const reasons = scene.provider.refuses?.(job) ?? [];
    for (const reason of reasons) refused.add(reason);
    if (index === 0) exampleRefused = reasons;
    if (reasons.length > 0) continue;
    try {
      const { handle } = await scene.submit(job);
      if (index > 0) continue;
      const end = await scene.follow(handle);
      if (end.state === 'succeeded' && end.outputs.length === scene.standin.control.jobs.at(-1)?.outputs.length) {
        isCovered = true;
      } else mistakes.push({ input, said: JSON.stringify(end) });
    } catch (error) {
      mistakes.push({ input, said: String(error) });
    }
  }
  scene.standin.control.reset();
  scene.said.splice(0);
  return { route, isCovered, refused: [...refused], exampleRefused, mistakes };
}

/** How many rows of each family a provider makes. */
export function toRows(provider: string, routes: readonly RouteCoverage[]): CoverageRow[] {
  const families = Map.groupBy(routes, ({ route }) => catalog.get(route.endpoint)?.family ?? '');
  return [...families]
    .map(([family, all]) => {
      const names = new Set(all.map(({ route }) => route.endpoint));
      const covered = new Set(all.flatMap(({ route, isCovered }) => (isCovered ? [route.endpoint] : [])));
      return { provider, family, rows: names.size, covered: covered.size };
    })
    .toSorted((one, other) => one.family.localeCompare(other.family));
}
