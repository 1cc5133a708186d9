import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Request } from './cases.ts';
import { KEY } from './names.ts';
import { TABLE } from './table.ts';
import { createWorld, type World } from './world.ts';

// Every endpoint of the compatible surfaces, with every error that is documented for it, over real HTTP.

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function send({ method, path, body, text, form, key = KEY, headers }: Request): Promise<Response> {
  let payload: string | FormData | null = text ?? (body === undefined ? null : JSON.stringify(body));
  if (form !== undefined) {
    payload = new FormData();
    for (const [name, part] of Object.entries(form)) payload.set(name, part);
  }
  return fetch(world.url + path, {
    method,
    body: payload,
    headers: {
      ...(form === undefined ? { 'content-type': 'application/json' } : {}),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
  });
}

test.each(TABLE)('$name', async ({ request, shape, status = 200, learn }) => {
  const response = await send(request(world));
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const body = await response.json();
  const parsed = shape.safeParse(body);
  expect({ status: response.status, body, issues: parsed.error?.issues }).toEqual({ status, body, issues: undefined });
  if (learn === undefined) return;
  const found = learn.from.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], body);
  world.learnt.set(learn.as, String(found));
});

test('each end of a task was told once to its webhook, in the words of the surface that made it', async () => {
  const { tasks, received } = world;
  const ended = [tasks.picture, tasks.words, tasks.silence, tasks.failed, tasks.refused, tasks.canceled];
  await expect.poll(() => new Set(received.map(({ taskId }) => taskId))).toEqual(new Set(ended));
  for (const { event } of received) expect(event).toBe('TASK_END');
  const told = received.find(({ taskId }) => taskId === tasks.refused)?.eventData;
  expect(told).toMatchObject({ taskId: tasks.refused, status: 'FAILED', errorCode: '1501' });
});
