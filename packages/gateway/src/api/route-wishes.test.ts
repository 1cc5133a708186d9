import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEYS } from './testing/services.ts';
import { createTestApp, type TestApp } from './testing/test-app.ts';

const ENDPOINT = 'test-vendor/film-1/text-to-video';
const INPUT = { prompt: 'a paper boat', duration: '4' };
const SAID = ' order = vidu, my-fal ;ignore=kling; Sort=price; max-price=0.5; ';
const WISHES = { order: ['vidu', 'my-fal'], ignore: ['kling'], sort: 'price', maxPrice: 0.5 };

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

async function routeOf(id: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${KEYS.owner}` };
  const answer = await app.send({ method: 'GET', url: `/api/v1/tasks/${id}`, headers });
  return (answer.json() as { route: unknown }).route;
}
const post = async (url: string, body: unknown, headers: Record<string, string> = {}) =>
  (await app.post(url, body, headers)).json() as Record<string, unknown>;

describe('the header Reelay-Route', () => {
  test.each([
    ['/openapi/v2', `/openapi/v2/${ENDPOINT}`, INPUT, 'taskId'],
    ['/v1', '/v1/videos', { model: ENDPOINT, prompt: 'a paper boat', seconds: '4' }, 'id'],
    ['/api/v1', '/api/v1/tasks', { endpoint: ENDPOINT, input: INPUT }, 'id'],
  ])('is understood on %s', async (_surface, url, body, name) => {
    const answer = await post(url, body, { 'reelay-route': SAID });
    expect(await routeOf(String(answer[name]).replace('video_', ''))).toEqual(WISHES);
  });

  test('is laid under what the body of /api/v1 says, for each task of a batch, and a rerun keeps it', async () => {
    const route = { only: ['fal'], maxPrice: 2 };
    const tasks = [
      { endpoint: ENDPOINT, input: INPUT, route },
      { endpoint: ENDPOINT, input: INPUT },
    ];
    const { items } = await post('/api/v1/batches', { tasks }, { 'reelay-route': 'sort=speed; max-price=1' });
    const [first, second] = items as { id: string }[];
    expect(await routeOf(first?.id)).toEqual({ only: ['fal'], sort: 'speed', maxPrice: 2 });
    expect(await routeOf(second?.id)).toEqual({ sort: 'speed', maxPrice: 1 });
    const kept = await post(`/api/v1/tasks/${first?.id}/rerun`, { input: INPUT });
    expect(kept.route).toEqual({ only: ['fal'], sort: 'speed', maxPrice: 2 });
    const other = await post(`/api/v1/tasks/${first?.id}/rerun`, { input: INPUT, route: { ignore: ['fal'] } });
    expect(other.route).toEqual({ ignore: ['fal'] });
  });

  test('is refused with everything that is wrong, and what is allowed', async () => {
    const header = 'fastest; order=Vidu,,fal; sort=beauty; max-price=cheap; only=a; only=b';
    const answer = await post('/api/v1/tasks', { endpoint: ENDPOINT, input: INPUT }, { 'reelay-route': header });
    expect(answer).toMatchObject({ status: 400, code: 'invalid_input' });
    const problems = answer.problems as { field: string; message: string }[];
    expect(problems.map(({ field }) => field).sort()).toEqual([
      'Reelay-Route.fastest',
      'Reelay-Route.max-price',
      'Reelay-Route.only',
      'Reelay-Route.order[0]',
      'Reelay-Route.order[1]',
      'Reelay-Route.sort',
    ]);
    expect(problems.find(({ field }) => field.endsWith('fastest'))?.message).toContain('order, only, ignore, sort');
    expect(problems.find(({ field }) => field.endsWith('sort'))?.message).toContain('price, speed, success');
    const wire = await post(`/openapi/v2/${ENDPOINT}`, INPUT, { 'reelay-route': 'sort=beauty' });
    expect(wire).toMatchObject({ taskId: '', errorMessage: expect.stringContaining('Reelay-Route.sort') });
  });

  test('says nothing when it is empty', async () => {
    const answer = await post('/api/v1/tasks', { endpoint: ENDPOINT, input: INPUT }, { 'reelay-route': ' ; ' });
    expect(answer.route).toBeNull();
  });
});

test('a wish of the body that is not known, or has more decimals than money has, is refused', async () => {
  const route = { fastest: true, maxPrice: 0.000_000_1 };
  const answer = await post('/api/v1/tasks', { endpoint: ENDPOINT, input: INPUT, route });
  const fields = (answer.problems as { field: string }[]).map(({ field }) => field);
  expect(fields.sort()).toEqual(['route.fastest', 'route.maxPrice']);
});
