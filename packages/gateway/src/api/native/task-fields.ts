import type { Json } from '@reelay/catalog';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TaskOptions } from '../../contract/task.ts';
import { routeWishes, routingOf } from '../route-wishes.ts';

export const tags = z.array(z.string().trim().min(1).max(100)).max(20);

const seconds = z
  .int()
  .min(1)
  .max(7 * 24 * 3_600);

/** What may be said of a task beside its input. Which priority is allowed, and whether the address is one, is decided
 *  with the input, so that everything wrong is said at once. */
export const taskOptions = {
  webhookUrl: z.string().optional().describe('Told when the task has ended.'),
  priority: z
    .int()
    .optional()
    .describe('Higher runs first, -100 to 100; among the tasks of all keys, so above 0 takes an administrator key.'),
  tags: tags.optional().describe('Up to 20 words to find it by.'),
  startWithinSeconds: seconds.optional().describe('Fails as `timed_out`, unpaid, when it has not started by then.'),
  endWithinSeconds: seconds.optional().describe('Fails as `timed_out` when it has not ended by then.'),
  route: routeWishes.optional().describe('Where it should run; goes before the header `Reelay-Route`, wish by wish.'),
};

/** A body came out of `parseJson`, and what leaves is stored as JSON, so the values are nothing else. */
export const taskInput = z.record(z.string(), z.unknown()) as z.ZodType<Record<string, Json>, Record<string, Json>>;

export const newTask = z.strictObject({
  endpoint: z.string().min(1).max(200).describe('The id of a model endpoint.'),
  input: taskInput.default({}).describe('Its parameters, as its page describes them.'),
  ...taskOptions,
});

type Options = {
  readonly [N in keyof typeof taskOptions]?: z.output<(typeof taskOptions)[N]>;
};

/** What was said of a task, in its body and in the headers of its request. */
export const toOptions = (p: Options, request: FastifyRequest): TaskOptions => ({
  surface: 'native',
  ...routingOf(request, p.route),
  ...(p.webhookUrl === undefined ? {} : { webhookUrl: p.webhookUrl }),
  ...(p.priority === undefined ? {} : { priority: p.priority }),
  ...(p.tags === undefined ? {} : { tags: p.tags }),
  ...(p.startWithinSeconds === undefined ? {} : { startWithinMs: p.startWithinSeconds * 1_000 }),
  ...(p.endWithinSeconds === undefined ? {} : { endWithinMs: p.endWithinSeconds * 1_000 }),
});
