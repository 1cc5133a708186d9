import { afterEach, describe, expect, test } from 'vitest';
import { getAccount, insertAccount } from './accounts.ts';
import { countKeys, getActiveKey, insertKey, listActiveAdminKeys, revokeKey } from './api-keys.ts';
import { findAsset, getAsset, insertAsset } from './assets.ts';
import { acceptAttempt, endAttempt, insertAttempt, listAttempts } from './attempts.ts';
import type { Db } from './db.ts';
import { findNamedTask, upsertNamedResult } from './named-results.ts';
import { insertOutput, listOutputs } from './outputs.ts';
import { getSetting, insertSetting } from './settings.ts';
import { getTask, insertTask, listOverdue, moveTask, setProgress } from './tasks.ts';
import type { TestDb } from './testing/databases.ts';
import { accountRow, keyRow, NOW_MS, taskRow } from './testing/rows.ts';
import { getTiming, upsertTiming } from './timings.ts';

/** What both dialects promise. */
export function describeStore(name: string, create: () => Promise<TestDb>): void {
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

    test('a task row comes back exactly as it was written', async () => {
      const db = await open();
      const row = taskRow('1000000000000000001');
      expect((await db.write([insertTask(db, row)])).committed).toBe(true);
      expect(await getTask(db, row.id)).toEqual(row);
      expect(await getTask(db, '1000000000000000002')).toBeUndefined();
    });

    test('a batch whose expectation fails changes nothing at all, and says which statement objected', async () => {
      const db = await open();
      await db.write([insertTask(db, taskRow('1'))]);
      const outcome = await db.write([
        insertTask(db, taskRow('2')),
        insertOutput(db, { task_id: '2', position: 0, asset_id: null, text: 'x', extension: 'txt' }),
        moveTask(db, { id: '1', from: 'running', to: 'succeeded' }),
      ]);
      expect(outcome).toEqual({ committed: false, failed: 2 });
      expect(await getTask(db, '2')).toBeUndefined();
      expect(await listOutputs(db, '2')).toEqual([]);
      expect((await getTask(db, '1'))?.status).toBe('queued');
    });

    test('tasks that waited too long are found, longest overdue first', async () => {
      const db = await open();
      const waiting = (id: string, endMs: number, startMs: number | null = null, startedMs: number | null = null) =>
        insertTask(db, {
          ...taskRow(id),
          deadline_at_ms: NOW_MS + endMs,
          start_deadline_at_ms: startMs === null ? null : NOW_MS + startMs,
          started_at_ms: startedMs,
        });
      await db.write([
        waiting('1', 500),
        waiting('2', 900, 100),
        waiting('3', 200, 400),
        waiting('4', 900, 100, NOW_MS),
        waiting('5', 50),
        moveTask(db, { id: '5', from: 'queued', to: 'canceled' }),
      ]);
      const find = async (ms: number) => (await listOverdue(db, { now_ms: NOW_MS + ms, limit: 3 })).map(({ id }) => id);
      expect(await find(99)).toEqual([]);
      expect(await find(300)).toEqual(['2', '3']);
      expect(await find(1_000)).toEqual(['2', '3', '1']);
    });

    test('a statement that its first batch did not reach works in the next', async () => {
      const db = await open();
      await db.write([insertTask(db, taskRow('1'))]);
      const timing = {
        channel: 'preview',
        endpoint: 'e',
        samples: 1.5,
        mean_log_ms: 7.25,
        variance_log_ms: 0.5,
        updated_at_ms: NOW_MS,
      };
      const [first, second] = [upsertTiming(db, timing), insertSetting(db, { name: 'n', value: 'v' })];
      const refused = await db.write([moveTask(db, { id: '1', from: 'running', to: 'failed' }), first]);
      expect(refused).toEqual({ committed: false, failed: 0 });
      await expect(db.write([insertTask(db, taskRow('1')), second])).rejects.toThrow();
      expect((await db.write([first, second])).committed).toBe(true);
      expect([await getTiming(db, timing), await getSetting(db, 'n')]).toEqual([timing, 'v']);
    });

    test('a batch that breaks a constraint is undone alone: the batches beside it are kept', async () => {
      const db = await open();
      await db.write([insertTask(db, taskRow('7'))]);
      const answers = await Promise.allSettled(
        Array.from({ length: 30 }, (_, i) =>
          db.write([insertTask(db, taskRow(`${100 + i}`)), ...(i % 3 === 0 ? [insertTask(db, taskRow('7'))] : [])]),
        ),
      );
      for (const [i, answer] of answers.entries()) {
        expect(answer.status).toBe(i % 3 === 0 ? 'rejected' : 'fulfilled');
        expect((await getTask(db, `${100 + i}`)) === undefined).toBe(i % 3 === 0);
      }
    });

    test('a task moves only from the status in which it was seen, and sets what it is told', async () => {
      const db = await open();
      await db.write([insertTask(db, taskRow('1'))]);
      const move = moveTask(db, {
        id: '1',
        from: 'queued',
        to: 'submitting',
        set: { channel: 'preview', started_at_ms: NOW_MS + 5 },
      });
      const outcomes = await Promise.all([db.write([move]), db.write([move]), db.write([move])]);
      expect(outcomes.filter(({ committed }) => committed)).toHaveLength(1);
      expect(await getTask(db, '1')).toMatchObject({
        status: 'submitting',
        channel: 'preview',
        started_at_ms: NOW_MS + 5,
        handle: null,
      });
      expect((await db.write([setProgress(db, { id: '1', progress: 0.5 })])).committed).toBe(true);
      expect((await getTask(db, '1'))?.progress).toBe(0);
      await db.write([
        moveTask(db, { id: '1', from: 'submitting', to: 'running', set: { handle: '{"a":1}' } }),
        setProgress(db, { id: '1', progress: 0.25 }),
      ]);
      expect(await getTask(db, '1')).toMatchObject({ progress: 0.25, handle: '{"a":1}' });
    });

    test('an attempt is accepted and ends once', async () => {
      const db = await open();
      const key = { task_id: '1', number: 1 };
      await db.write([
        insertAttempt(db, {
          ...key,
          channel: 'preview',
          started_at_ms: 1,
          accepted_at_ms: null,
          ended_at_ms: null,
          outcome: null,
          error_code: null,
          error_message: null,
          handle: null,
          vendor_micros: null,
          vendor_currency: null,
          vendor_is_estimate: 0,
          model: null,
          reason: null,
          considered: null,
          charge_micros: null,
          estimate_micros: null,
          estimate_currency: null,
          is_counted: 0,
          late_ms: null,
        }),
        acceptAttempt(db, { ...key, accepted_at_ms: 2 }),
      ]);
      const end = endAttempt(db, {
        ...key,
        ended_at_ms: 3,
        outcome: 'succeeded',
        error_code: null,
        error_message: null,
        vendor_micros: 5_000_000_000,
        vendor_currency: 'USD',
        vendor_is_estimate: 1,
        late_ms: 70,
      });
      expect((await db.write([end])).committed).toBe(true);
      expect((await db.write([end])).committed).toBe(false);
      expect(await listAttempts(db, '1')).toMatchObject([
        {
          accepted_at_ms: 2,
          ended_at_ms: 3,
          outcome: 'succeeded',
          vendor_micros: 5_000_000_000,
          vendor_is_estimate: 1,
          late_ms: 70,
        },
      ]);
    });

    test('the same bytes of one account keep their first asset', async () => {
      const db = await open();
      const asset = {
        id: 'asset_1',
        account_id: 'acct_a',
        sha256: 'f'.repeat(64),
        size_bytes: 5_000_000_000,
        media_type: 'image/png',
        extension: 'png',
        kind: 'image',
        width_px: 720,
        height_px: 1280,
        duration_ms: null,
        has_audio: null,
        created_at_ms: NOW_MS,
        origin: 'upload',
        used_at_ms: NOW_MS,
      };
      await db.write([
        insertAsset(db, asset),
        insertAsset(db, { ...asset, id: 'asset_2', origin: 'output', used_at_ms: NOW_MS - 1 }),
        insertAsset(db, { ...asset, id: 'asset_3', account_id: 'acct_b' }),
      ]);
      expect(await findAsset(db, asset)).toEqual({ ...asset, origin: 'both', used_at_ms: NOW_MS + 1 });
      expect(await getAsset(db, 'asset_2')).toBeUndefined();
      expect((await getAsset(db, 'asset_3'))?.size_bytes).toBe(5_000_000_000);
    });

    test('a revoked key is no key', async () => {
      const db = await open();
      const key = keyRow({ id: 'key_1', hash: 'abc', is_admin: 1 });
      await db.write([insertAccount(db, accountRow('acct_a')), insertKey(db, key)]);
      expect(await getActiveKey(db, 'abc')).toEqual({ ...key, currency: 'CNY', disabled_at_ms: null });
      await db.write([revokeKey(db, { id: 'key_1', revoked_at_ms: NOW_MS })]);
      expect(await getActiveKey(db, 'abc')).toBeUndefined();
    });

    test('the first writer of a setting wins, also among many at once', async () => {
      const db = await open();
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => db.write([insertSetting(db, { name: 'secret', value: `${i}` })])),
      );
      const first = await getSetting(db, 'secret');
      await db.write([insertSetting(db, { name: 'secret', value: 'late' })]);
      expect(await getSetting(db, 'secret')).toBe(first);
    });

    test('a timing is replaced by its newer self', async () => {
      const db = await open();
      const timing = {
        channel: 'preview',
        endpoint: 'e',
        samples: 1.5,
        mean_log_ms: 7.25,
        variance_log_ms: 0.5,
        updated_at_ms: NOW_MS,
      };
      await db.write([upsertTiming(db, timing)]);
      await db.write([upsertTiming(db, { ...timing, samples: 2, mean_log_ms: 7.5 })]);
      expect(await getTiming(db, timing)).toEqual({ ...timing, samples: 2, mean_log_ms: 7.5 });
    });

    test('a name means the newest result that an account gave it', async () => {
      const db = await open();
      const key = { account_id: 'acct_a', name: 'narrator' };
      expect(await findNamedTask(db, key)).toBeUndefined();
      await db.write([upsertNamedResult(db, { ...key, task_id: '1' })]);
      await db.write([upsertNamedResult(db, { ...key, task_id: '2' })]);
      expect(await findNamedTask(db, key)).toBe('2');
      expect(await findNamedTask(db, { ...key, account_id: 'acct_b' })).toBeUndefined();
      expect(await findNamedTask(db, { ...key, name: 'Narrator' })).toBeUndefined();
    });

    test('what was written is there after closing and opening again, and migrating twice changes nothing', async () => {
      const db = await open();
      await db.write([insertTask(db, taskRow('1'))]);
      const again = await current?.reopen();
      expect(again && (await getTask(again, '1'))).toEqual(taskRow('1'));
      await again?.close();
    });

    test('a value of the wrong type, or of none, is refused and leaves its neighbours alone', async () => {
      const db = await open();
      const insert = insertTask(db, taskRow('1'));
      const replace = (from: unknown, to: unknown) => ({
        ...insert,
        parameters: insert.parameters.map((value) => (value === from ? to : value)),
      });
      const answers = await Promise.allSettled([
        db.write([replace(NOW_MS, 'yesterday')]),
        db.write([replace(NOW_MS, Symbol('now'))]),
        db.write([replace('queued', null)]),
        db.write([insertTask(db, taskRow('2'))]),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
      expect(await getTask(db, '1')).toBeUndefined();
      expect(await getTask(db, '2')).toEqual(taskRow('2'));
    });

    test('a key needs its account', async () => {
      const db = await open();
      const key = keyRow({ id: 'k', account_id: 'nobody' });
      await expect(db.write([insertKey(db, key)])).rejects.toThrow(/foreign key/i);
    });

    test('rows are found by nobody before their batch is committed, and by everybody after', async () => {
      const db = await open();
      const writing = db.write([insertTask(db, taskRow('1')), insertTask(db, taskRow('2'))]);
      const during = await Promise.all([getTask(db, '1'), getTask(db, '2')]);
      expect(during[0] === undefined || during[1] !== undefined).toBe(true);
      await writing;
      expect(await Promise.all([getTask(db, '1'), getTask(db, '2')])).toEqual([taskRow('1'), taskRow('2')]);
    });

    test('who awaited a write sees it, whatever was read meanwhile', async () => {
      const db = await open();
      const write = async (writer: number) => {
        for (let round = 0; round < 100; round++) {
          const name = `${writer}.${round}`;
          await db.write([insertSetting(db, { name, value: name })]);
          expect(await getSetting(db, name)).toBe(name);
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
    });

    test('keys are counted and active admins listed', async () => {
      const db = await open();
      const key = keyRow();
      await db.write([
        insertAccount(db, accountRow('acct_a')),
        insertKey(db, { ...key, id: 'k1', hash: '1', is_admin: 1 }),
        insertKey(db, { ...key, id: 'k2', hash: '2', is_admin: 0 }),
        insertKey(db, { ...key, id: 'k3', hash: '3', is_admin: 1, revoked_at_ms: 5 }),
      ]);
      expect(await countKeys(db)).toBe(3);
      expect((await listActiveAdminKeys(db)).map(({ id }) => id)).toEqual(['k1']);
      expect(await getAccount(db, 'acct_a')).toEqual(accountRow('acct_a'));
    });

    test('outputs come in the order of the provider, whatever the order of writing', async () => {
      const db = await open();
      const output = (position: number) => ({
        task_id: '1',
        position,
        asset_id: null,
        text: `t${position}`,
        extension: 'txt',
      });
      await db.write([10, 2, 0].map((position) => insertOutput(db, output(position))));
      expect(await listOutputs(db, '1')).toEqual([0, 2, 10].map(output));
      await expect(db.write([insertOutput(db, output(2))])).rejects.toThrow();
    });

    test('values that SQL could misread stay values', async () => {
      const db = await open();
      const text = `'; drop table tasks; -- \u0001 \u{1F3AC} "quoted" $1 ? \\`;
      await db.write([insertTask(db, taskRow('1', { input: text, error_message: text }))]);
      expect(await getTask(db, '1')).toMatchObject({ input: text, error_message: text });
    });
  });
}
