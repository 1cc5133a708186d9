import { createWorker, type Worker, type WorkerDeps } from '../queue/worker.ts';
import { TASK_QUEUE } from './queue-name.ts';
import type { Alarms } from './waiting.ts';

type Deps = Omit<WorkerDeps, 'wake' | 'limits'> & {
  readonly alarms: Pick<Alarms, 'wake'>;
  readonly limits: { readonly leaseMs: number; readonly heartbeatMs: number; readonly maxTasksInFlight: number };
};

/** Claims tasks and drives them. */
export function createTaskWorker({ alarms, limits, ...deps }: Deps): Worker {
  return createWorker({
    ...deps,
    queueName: TASK_QUEUE,
    noun: 'task',
    idField: 'taskId',
    wake: (taskId) => alarms.wake(taskId),
    limits: { ...limits, maxInFlight: limits.maxTasksInFlight },
  });
}
