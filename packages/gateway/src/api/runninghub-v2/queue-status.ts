import type { FastifyInstance } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import type { TaskService } from '../../contract/task.ts';
import { credentialsOf } from '../request-key.ts';
import { type LegacyAnswer, succeeded } from '../runninghub-legacy/render.ts';

type Deps = {
  readonly tasks: Pick<TaskService, 'count'>;
  readonly callers: Callers;
  readonly maxTasksInFlight: number;
};

/** `GET /openapi/v2/queue/status`: how many tasks of the account run and wait, and how many of the key may run. Clients
 *  take it as a test of the key. */
export function queueStatusRoutes(app: FastifyInstance, { tasks, callers, maxTasksInFlight }: Deps): void {
  app.get('/openapi/v2/queue/status', async (request): Promise<LegacyAnswer> => {
    const caller = await callers(credentialsOf(request), 'tasks:read');
    const { running, waiting } = await tasks.count({ caller });
    return succeeded({
      apiKeyType: 'SHARED',
      concurrentLimit: caller.limits?.maxRunning ?? maxTasksInFlight,
      runningCount: String(running),
      queuedCount: String(waiting),
      totalCurrentTasks: String(running + waiting),
      instanceCount: 0,
    });
  });
}
