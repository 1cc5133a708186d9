import type { FastifyBaseLogger } from 'fastify';
import type { TaskService } from '../contract/task.ts';

/** Some clients give up after five seconds; a call that takes this long is worth a line. */
const SLOW_CALL_MS = 1_000;

/** The same service, which logs its slow calls. What a slow client adds is not counted, and fast calls, which are nearly
 *  all of them, pay for two looks at the clock and no hook. */
export function watchTasks(tasks: TaskService, p: { log: FastifyBaseLogger; nowMs: () => number }): TaskService {
  const watch = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    const startedAtMs = p.nowMs();
    try {
      return await work();
    } finally {
      const elapsedMs = p.nowMs() - startedAtMs;
      if (elapsedMs >= SLOW_CALL_MS) p.log.warn({ call, elapsedMs }, 'slow call');
    }
  };
  return {
    submit: (request) => watch('submit', () => tasks.submit(request)),
    submitMany: (request) => watch('submitMany', () => tasks.submitMany(request)),
    estimate: (request) => watch('estimate', () => tasks.estimate(request)),
    get: (request) => watch('get', () => tasks.get(request)),
    glance: (request) => watch('glance', () => tasks.glance(request)),
    list: (request) => watch('list', () => tasks.list(request)),
    // Taking long is what it is for.
    wait: (request) => tasks.wait(request),
    getInput: (request) => watch('getInput', () => tasks.getInput(request)),
    setTags: (request) => watch('setTags', () => tasks.setTags(request)),
    cancel: (request) => watch('cancel', () => tasks.cancel(request)),
    count: (request) => watch('count', () => tasks.count(request)),
    listAttempts: (request) => watch('listAttempts', () => tasks.listAttempts(request)),
  };
}
