import { type Endpoint, type Input, quote, validate, withDefaults } from '@reelay/catalog';
import { listMediaPlaces } from '../assets/media-places.ts';
import type { Ask } from '../channels/channels.ts';
import { shortNameOf } from '../channels/choice.ts';
import type { Caller, Estimate, NewTask } from '../contract/task.ts';
import { requireEndpoint } from './admit.ts';
import { listNamedIds } from './named-ids.ts';
import { checkOptions } from './options.ts';
import type { ServiceDeps } from './service.ts';
import { toJob } from './steps/prepare.ts';
import { toConsidered } from './view.ts';

/** What `draft` would say, without reading any file, and which channel would take the task now. */
export async function estimate(deps: ServiceDeps, caller: Caller, task: NewTask): Promise<Estimate> {
  const endpoint = requireEndpoint(deps, caller, task.endpoint);
  const validation = validate(endpoint, task.body);
  const problems = [...(validation.ok ? [] : validation.problems), ...(await checkOptions(deps, caller, task))];
  if (!validation.ok || problems.length > 0) return { problems, price: null, route: null };
  const list = quote(endpoint, validation.input);
  const currency = caller.currency ?? 'CNY';
  const price = { micros: deps.exchange(list, currency), currency, isExact: list.exact };
  const { channel, considered, ...foresight } = await deps.outlook.foresee({
    // Nothing is kept under it.
    taskId: '',
    endpoint,
    accountId: caller.accountId,
    list,
    held: price,
    routing: task.options?.routing ?? {},
    ...jobOf(endpoint, validation.input, task.options?.hops ?? 0),
  });
  const route = {
    ...foresight,
    channel: channel === null ? null : shortNameOf(channel),
    considered: considered.map((one) => toConsidered(one, caller.isAdmin)),
  };
  return { problems: [], price, route };
}

/** The job as a channel would get it, where it needs no files and names no earlier results: then providers are asked, too,
 *  whether they can do it exactly. */
function jobOf(endpoint: Endpoint, input: Input, hops: number): Pick<Ask, 'toJob'> {
  if (listMediaPlaces(endpoint, input).length > 0 || listNamedIds(endpoint, input).length > 0) return {};
  const filled = withDefaults(endpoint, input);
  const draft = { taskId: '', hops, endpoint, input: filled, media: {}, made: [], foreignIds: [] };
  return { toJob: (at) => toJob(draft, at) };
}
