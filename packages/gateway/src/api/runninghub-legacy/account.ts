import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import type { TaskService } from '../../contract/task.ts';
import { toObject } from '../json-body.ts';
import { keyOf } from '../request-key.ts';
import { type LegacyAnswer, succeeded } from './render.ts';

/** Nothing is charged here yet, and clients that find no balance send no task. */
const UNLIMITED = { remainCoins: '999999', remainMoney: '999999.000', currency: 'CNY' } as const;

/** `POST /uc/openapi/accountStatus`: what there is to spend, and how many tasks run. Clients wait until that number is
 *  below their own limit. */
export function accountRoutes(app: FastifyInstance, p: { tasks: TaskService; callers: Callers }): void {
  const handler = async (request: FastifyRequest): Promise<LegacyAnswer> => {
    const fields = toObject(request.method === 'GET' ? request.query : request.body);
    const caller = await p.callers(keyOf(request, fields));
    const { running } = await p.tasks.count({ caller });
    const { remainCoins, remainMoney, currency } = UNLIMITED;
    return succeeded({ remainCoins, currentTaskCounts: String(running), remainMoney, currency, apiType: 'SHARED' });
  };
  app.route({ method: ['GET', 'POST'], url: '/uc/openapi/accountStatus', handler });
}
