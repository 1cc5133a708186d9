import { afterEach, describe, expect, test } from 'vitest';
import type { Db } from './db.ts';
import { insertEvent } from './events.ts';
import { deleteIdleGroups, deleteOldDeliveries, deleteTasks } from './retention.ts';
import type { Schema } from './schema.ts';
import { insertTask } from './tasks.ts';
import type { TestDb } from './testing/databases.ts';
import { NOW_MS, taskRow } from './testing/rows.ts';
import {
  endTry,
  failOfEndpoint,
  getDelivery,
  getDeliveryOfTask,
  giveUp,
  insertAttemptOf,
  listAttemptsOf,
  listDeliveries,
  type Outcome,
  resend,
} from './webhook-deliveries.ts';
import {
  countEndpoints,
  deleteEndpoint,
  disableEndpoint,
  getEndpoint,
  insertEndpoint,
  listEndpoints,
  updateEndpoint,
} from './webhook-endpoints.ts';
import { insertDelivery, insertDeliveryReturning, listNew, markQueued } from './webhook-outbox.ts';
import {
  deleteReplacedSecrets,
  deleteSecrets,
  expireSecret,
  insertSecret,
  listValidSecrets,
  pageSecrets,
  resealSecret,
} from './webhook-secrets.ts';

const endpoint = (id: string, changes: Partial<Schema['webhook_endpoints']> = {}): Schema['webhook_endpoints'] => ({
  id,
  account_id: 'acct_a',
  url: `https://hooks.test/${id}`,
  description: '',
  event_types: ',task.*,',
  created_at_ms: NOW_MS,
  disabled_at_ms: null,
  disabled_reason: null,
  ...changes,
});
const told = (type: string, task_id = '1') => ({
  account_id: 'acct_a',
  task_id,
  type,
  at_ms: NOW_MS,
});
const delivery = (task_id: string | null, changes: object = {}) => ({
  account_id: 'acct_a',
  task_id,
  endpoint_id: null,
  url: 'https://hooks.test/own',
  type: 'task.succeeded',
  at_ms: NOW_MS,
  ...changes,
});
const outcome = (number: number, changes: Partial<Outcome> = {}): Outcome => ({
  number,
  round: 1,
  state: 'succeeded',
  next_at_ms: null,
  now_ms: NOW_MS + 5,
  last_status: 200,
  last_response: 'ok',
  last_error: null,
  ...changes,
});
const attempt = (number: number, status: number | null = 200) => ({
  delivery: number,
  url: 'https://hooks.test/own',
  started_at_ms: NOW_MS,
  duration_ms: 12,
  status,
  response: status === null ? null : 'ok',
  error: status === null ? 'no answer' : null,
});

/** What both dialects promise of the outbox of webhooks. */
export function describeWebhookStore(name: string, create: () => Promise<TestDb>): void {
  describe(name, () => {
    let current: TestDb | undefined;
    const open = async (): Promise<Db> => {
      current = await create();
      return current.db;
    };
    afterEach(async () => {
      await current?.drop();
      current = undefined;
    });
    const add = async (db: Db, row: ReturnType<typeof delivery>): Promise<number> => {
      await db.write([insertDelivery(db, row)]);
      return (await listDeliveries(db, { accountId: row.account_id }, { before: undefined, limit: 1 }))[0]?.number ?? 0;
    };

    test('an event is for the enabled endpoints of its account that want its type, as they are then', async () => {
      const db = await open();
      await db.write([
        insertEndpoint(db, endpoint('all')),
        insertEndpoint(db, endpoint('ends', { event_types: ',task.succeeded,task.failed,' })),
        insertEndpoint(db, endpoint('off', { disabled_at_ms: NOW_MS })),
        insertEndpoint(db, endpoint('foreign', { account_id: 'acct_b' })),
        insertEvent(db, told('task.running')),
        insertEvent(db, told('task.failed')),
      ]);
      const rows = await listDeliveries(db, { accountId: 'acct_a' }, { before: undefined, limit: 10 });
      expect(rows.map(({ type, endpoint_id }) => [type, endpoint_id]).sort()).toEqual([
        ['task.failed', 'all'],
        ['task.failed', 'ends'],
        ['task.running', 'all'],
      ]);
      expect(rows[0]).toMatchObject({
        task_id: '1',
        url: null,
        endpoint_url: expect.stringMatching(/^https:\/\/hooks.test\//),
        state: 'pending',
        round: 1,
        tries: 0,
        attempts: 0,
        is_queued: 0,
        created_at_ms: NOW_MS,
        next_at_ms: NOW_MS,
        last_status: null,
      });
      await db.write([deleteEndpoint(db, { id: 'all' }), updateEndpoint(db, 'ends', { url: 'https://new.test/' })]);
      const targets = (await listNew(db, 10)).map(({ target }) => target);
      expect(targets.sort()).toEqual(['https://new.test/', null, null]);
      expect(await countEndpoints(db, 'acct_a')).toBe(2);
      const listed = await listEndpoints(db, { accountId: 'acct_a', after: undefined, limit: 9 });
      expect(listed.map(({ id }) => id)).toEqual(['ends', 'off']);
    });

    test('what has no job yet is marked once, in the round in which it was seen', async () => {
      const db = await open();
      const [one, two] = [await add(db, delivery('1')), await add(db, delivery('2'))];
      const seen = await listNew(db, 10);
      expect(seen.map(({ number, round, target }) => [number, round, target])).toEqual([
        [one, 1, 'https://hooks.test/own'],
        [two, 1, 'https://hooks.test/own'],
      ]);
      await db.write([resend(db, { accountId: 'acct_a', number: two }, { url: undefined, now_ms: NOW_MS, limit: 1 })]);
      expect((await db.write([markQueued(db, seen)])).committed).toBe(false);
      expect((await db.write([markQueued(db, await listNew(db, 10))])).committed).toBe(true);
      expect(await listNew(db, 10)).toEqual([]);
      expect((await db.write([markQueued(db, seen.slice(0, 1))])).committed).toBe(false);
    });

    test('tries are counted and numbered; one of an earlier round decides nothing', async () => {
      const db = await open();
      const number = await add(db, delivery('1'));
      const retry = {
        state: 'pending',
        next_at_ms: NOW_MS + 9,
        last_status: null,
        last_response: null,
        last_error: 'x',
      };
      await db.write([endTry(db, outcome(number, retry)), insertAttemptOf(db, attempt(number, null))]);
      expect(await getDelivery(db, number)).toMatchObject({
        ...retry,
        tries: 1,
        attempts: 1,
        updated_at_ms: NOW_MS + 5,
      });
      const to = { url: 'https://other.test/', now_ms: NOW_MS + 20, limit: 1 };
      await db.write([resend(db, { accountId: 'acct_a', number }, to)]);
      await db.write([endTry(db, outcome(number)), insertAttemptOf(db, attempt(number))]);
      const late = { state: 'pending', round: 2, tries: 0, attempts: 2, next_at_ms: NOW_MS + 20, is_queued: 0 };
      expect(await getDelivery(db, number)).toMatchObject({ ...late, url: 'https://other.test/', last_status: 200 });
      await db.write([endTry(db, outcome(number, { round: 2 })), insertAttemptOf(db, attempt(number))]);
      expect(await getDelivery(db, number)).toMatchObject({
        state: 'succeeded',
        tries: 1,
        attempts: 3,
        next_at_ms: null,
      });
      expect((await listAttemptsOf(db, number)).map(({ number: n, status }) => [n, status])).toEqual([
        [1, null],
        [2, 200],
        [3, 200],
      ]);
      expect((await listAttemptsOf(db, number))[0]).toEqual({ ...attempt(number, null), number: 1 });
      await db.write([giveUp(db, outcome(number, { round: 2, state: 'failed', last_error: 'gone' }))]);
      expect(await getDelivery(db, number)).toMatchObject({ state: 'failed', attempts: 3, last_error: 'gone' });
    });

    test('deliveries are listed and sent anew by what they are', async () => {
      const db = await open();
      const numbers: number[] = [];
      for (const [task, type, at_ms] of [
        ['1', 'task.failed', NOW_MS],
        ['2', 'task.succeeded', NOW_MS + 1],
        ['3', 'task.succeeded', NOW_MS + 2],
      ] as const)
        numbers.push(await add(db, delivery(task, { type, at_ms })));
      await add(db, delivery('9', { account_id: 'acct_b' }));
      const [first = 0, second = 0, third = 0] = numbers;
      const list = async (filter: object, page: object = {}) =>
        (await listDeliveries(db, { accountId: 'acct_a', ...filter }, { before: undefined, limit: 9, ...page })).map(
          ({ number }) => number,
        );
      expect(await list({})).toEqual([third, second, first]);
      expect(await list({}, { before: third, limit: 1 })).toEqual([second]);
      expect(await list({ type: 'task.succeeded', toMs: NOW_MS + 2 })).toEqual([second]);
      expect(await list({ fromMs: NOW_MS + 2 })).toEqual([third]);
      expect(await list({ taskId: '1' })).toEqual([first]);
      expect(await list({ endpointId: 'none' })).toEqual([]);
      expect((await getDeliveryOfTask(db, '2'))?.number).toBe(second);
      await db.write([
        endTry(db, outcome(first, { state: 'failed' })),
        endTry(db, outcome(second, { state: 'failed' })),
      ]);
      const again = resend(
        db,
        { accountId: 'acct_a', state: 'failed' },
        { url: undefined, now_ms: NOW_MS + 9, limit: 1 },
      );
      const [result] = await (async () => {
        const written = await db.write([again]);
        return written.committed ? written.results : [];
      })();
      expect(result?.changes).toBe(1);
      expect(await list({ state: 'failed' })).toEqual([second]);
      expect(await getDelivery(db, first)).toMatchObject({ state: 'pending', url: 'https://hooks.test/own', round: 2 });
      // A number of another account is not touched.
      const foreign = resend(db, { accountId: 'acct_b', number: first }, { url: undefined, now_ms: 1, limit: 1 });
      await db.write([foreign]);
      expect(await getDelivery(db, first)).toMatchObject({ round: 2 });
    });

    test('a receiver that is gone disables the endpoint that has its address, once', async () => {
      const db = await open();
      await db.write([insertEndpoint(db, endpoint('e'))]);
      const gone = { id: 'e', at_ms: NOW_MS + 1, reason: '410' };
      await db.write([disableEndpoint(db, { ...gone, url: 'https://elsewhere.test/' })]);
      expect(await getEndpoint(db, 'e')).toMatchObject({ disabled_at_ms: null });
      await db.write([disableEndpoint(db, { ...gone, url: 'https://hooks.test/e' })]);
      await db.write([disableEndpoint(db, { ...gone, at_ms: NOW_MS + 9, url: 'https://hooks.test/e' })]);
      expect(await getEndpoint(db, 'e')).toMatchObject({ disabled_at_ms: NOW_MS + 1, disabled_reason: '410' });
      const made = await db.write([
        insertDeliveryReturning(db, delivery(null, { endpoint_id: 'e', url: null, type: 'webhook.test' })),
      ]);
      const number = Number(made.committed ? made.results[0]?.rows[0]?.number : 0);
      expect(await getDelivery(db, number)).toMatchObject({ endpoint_disabled_at_ms: NOW_MS + 1, task_id: null });
      await db.write([failOfEndpoint(db, { endpoint_id: 'e', now_ms: NOW_MS, error: 'deleted' })]);
      expect(await getDelivery(db, number)).toMatchObject({ state: 'failed', last_error: 'deleted', next_at_ms: null });
    });

    test('an owner has one current secret, and what was replaced signs until it expires', async () => {
      const db = await open();
      const secret = (id: string, at_ms: number) => ({
        id,
        account_id: 'acct_a',
        owner_id: 'we_1',
        sealed: `sealed ${id}`,
        created_at_ms: at_ms,
        expires_at_ms: null,
      });
      await db.write([insertSecret(db, secret('s1', NOW_MS)), insertSecret(db, secret('s2', NOW_MS))]);
      const valid = async (now_ms: number) =>
        (await listValidSecrets(db, { owner_id: 'we_1', now_ms })).map(({ id }) => id);
      expect(await valid(NOW_MS)).toEqual(['s1']);
      const rotate = (from: string, to: string, at_ms: number) =>
        db.write([
          deleteReplacedSecrets(db, { owner_id: 'we_1' }),
          expireSecret(db, { id: from, expires_at_ms: at_ms + 100 }),
          insertSecret(db, secret(to, at_ms)),
        ]);
      expect((await rotate('s1', 's3', NOW_MS + 1)).committed).toBe(true);
      expect(await valid(NOW_MS + 50)).toEqual(['s3', 's1']);
      expect(await valid(NOW_MS + 101)).toEqual(['s3']);
      // Of two at the same time one is told.
      expect((await rotate('s1', 's4', NOW_MS + 2)).committed).toBe(false);
      expect((await rotate('s3', 's5', NOW_MS + 2)).committed).toBe(true);
      expect(await valid(NOW_MS + 50)).toEqual(['s5', 's3']);
      await db.write([resealSecret(db, { id: 's5', before: 'sealed s5', sealed: 'anew' })]);
      await db.write([resealSecret(db, { id: 's3', before: 'another', sealed: 'anew' })]);
      expect((await pageSecrets(db, { after: '', limit: 9 })).map(({ id, sealed }) => [id, sealed])).toEqual([
        ['s3', 'sealed s3'],
        ['s5', 'anew'],
      ]);
      expect(await pageSecrets(db, { after: 's3', limit: 9 })).toHaveLength(1);
      await db.write([deleteSecrets(db, { owner_id: 'we_1' })]);
      expect(await valid(NOW_MS)).toEqual([]);
    });

    test('what is old goes with its attempts, unless it is on its way; with its task at once', async () => {
      const db = await open();
      await db.write([insertTask(db, taskRow('3', { ended_at_ms: NOW_MS }))]);
      const [ended, waiting, young] = [
        await add(db, delivery('1')),
        await add(db, delivery('2')),
        await add(db, delivery('3', { at_ms: NOW_MS + 50 })),
      ];
      for (const number of [ended, young])
        await db.write([endTry(db, outcome(number)), insertAttemptOf(db, attempt(number))]);
      await db.write([deleteOldDeliveries(db, { before_ms: NOW_MS + 50, limit: 10 })]);
      expect([await getDelivery(db, ended), await listAttemptsOf(db, ended)]).toEqual([undefined, []]);
      expect([await getDelivery(db, waiting), await getDelivery(db, young)]).toMatchObject([{}, {}]);
      await db.write(deleteTasks(db, ['3']));
      expect([await getDelivery(db, young), await listAttemptsOf(db, young)]).toEqual([undefined, []]);
      // Its number is not given out again.
      expect(await add(db, delivery('4'))).toBeGreaterThan(young);
    });

    test('groups without jobs and limits are forgotten', async () => {
      const db = await open();
      const group = (group_key: string, max_held: number | null) => ({
        sql: `insert into queue_groups (queue, group_key, max_held, served) values ('webhooks', '${group_key}', ${max_held}, 7)`,
        parameters: [],
      });
      const job = (id: string, group_key: string, holder: string) => ({
        sql: `insert into jobs (id, queue, group_key, priority, run_at_ms, attempts, payload, holder, fence, created_at_ms)
              values ('${id}', 'webhooks', '${group_key}', 0, 0, 0, '', ${holder}, 0, 0)`,
        parameters: [],
      });
      await db.write([
        ...['idle', 'waits', 'held'].map((key) => group(key, null)),
        group('limited', 3),
        job('1', 'waits', 'null'),
        job('2', 'held', `'h'`),
        deleteIdleGroups(db, { queue: 'webhooks', priority: 0, limit: 10 }),
      ]);
      const left = await db.read<{ group_key: string }>({
        sql: 'select group_key from queue_groups order by group_key',
        parameters: [],
      });
      expect(left.map(({ group_key }) => group_key)).toEqual(['held', 'limited', 'waits']);
    });
  });
}
