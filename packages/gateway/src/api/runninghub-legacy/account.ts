import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import type { AccountService, AccountView } from '../../contract/account.ts';
import type { TaskService } from '../../contract/task.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { type LegacyAnswer, succeeded } from './render.ts';

/** What an account has that may spend without end. Clients that find no balance send no task. */
const WITHOUT_END = { remainCoins: '999999', remainMoney: '999999.000' } as const;

/** `POST /uc/openapi/accountStatus`: what there is to spend, and how many tasks run. Clients wait until that number is
 *  below their own limit. */
export function accountRoutes(
  app: FastifyInstance,
  p: { tasks: TaskService; accounts: Pick<AccountService, 'get'>; callers: Callers },
): void {
  const handler = async (request: FastifyRequest): Promise<LegacyAnswer> => {
    const fields = toObject(request.method === 'GET' ? request.query : request.body);
    const caller = await p.callers(credentialsOf(request, fields), 'usage');
    const { running } = await p.tasks.count({ caller });
    const account = await p.accounts.get(caller.accountId);
    const { remainCoins, remainMoney } = account.isUnlimited ? WITHOUT_END : toRemains(account);
    const { currency } = account;
    return succeeded({ remainCoins, currentTaskCounts: String(running), remainMoney, currency, apiType: 'SHARED' });
  };
  app.route({ method: ['GET', 'POST'], url: '/uc/openapi/accountStatus', handler });
}

/** What may still be spent. There are no coins here, so whole units of money stand for them. */
function toRemains({ balanceMicros, heldMicros }: AccountView): { remainCoins: string; remainMoney: string } {
  const units = Math.max(0, balanceMicros - heldMicros) / 1_000_000;
  return { remainCoins: String(Math.floor(units)), remainMoney: units.toFixed(3) };
}
