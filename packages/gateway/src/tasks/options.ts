import type { Problem } from '@reelay/catalog';
import type { Caller, NewTask } from '../contract/task.ts';
import { refusalOf } from '../lib/target-address.ts';
import type { ServiceDeps } from './service.ts';

const MAX_PRIORITY = 100;

/** What is wrong with what was said beside the input. Priority is among the tasks of all keys, so who raises it holds
 *  others up. */
export async function checkOptions(
  deps: Pick<ServiceDeps, 'limits' | 'allowPrivateNetwork' | 'callersFailover' | 'outlook'>,
  caller: Caller,
  { options = {} }: NewTask,
): Promise<Problem[]> {
  const { limits, allowPrivateNetwork } = deps;
  const { webhookUrl, priority = 0, endWithinMs = 0, routing } = options;
  const problems: Problem[] = [];
  const refusal = webhookUrl === undefined ? undefined : refusalOf(webhookUrl, { allowPrivateNetwork });
  if (refusal !== undefined) problems.push({ field: 'webhookUrl', message: `webhookUrl ${refusal}` });
  const most = caller.isAdmin ? MAX_PRIORITY : 0;
  if (!Number.isInteger(priority) || priority < -MAX_PRIORITY || priority > most) {
    const why = caller.isAdmin ? '' : ': above 0 takes an administrator key';
    problems.push({ field: 'priority', message: `priority must be from ${-MAX_PRIORITY} to ${most}${why}` });
  }
  if (endWithinMs > limits.taskDeadlineMs) {
    const most = limits.taskDeadlineMs / 1_000;
    problems.push({ field: 'endWithinSeconds', message: `endWithinSeconds must be at most ${most}` });
  }
  if (routing?.failover !== undefined && !caller.isAdmin && !deps.callersFailover) {
    const message =
      'route.failover takes an administrator key here: second jobs are paid for by the owner of the channels';
    problems.push({ field: 'route.failover', message });
  }
  return [...problems, ...(await checkNames(deps, caller, options))];
}

/** A name that nobody has would be a wish that is dropped in silence. Which channels there are is their owner's affair, so
 *  only the kinds are told. */
async function checkNames(
  { outlook }: Pick<ServiceDeps, 'outlook'>,
  { accountId }: Caller,
  { routing = {} }: NonNullable<NewTask['options']>,
): Promise<Problem[]> {
  const { order = [], only = [], ignore = [] } = routing;
  const names = [...order, ...only, ...ignore];
  if (names.length === 0) return [];
  const unknown = new Set(await outlook.listUnknown({ accountId, names }));
  const lists = Object.entries({ order, only, ignore });
  return lists.flatMap(([list, asked]) =>
    asked.flatMap((name) => {
      if (!unknown.has(name)) return [];
      const field = `route.${list}`;
      const kinds = outlook.kinds.join(', ');
      return [{ field, message: `${field}: no channel and no kind of provider is called ${name}; kinds are ${kinds}` }];
    }),
  );
}
