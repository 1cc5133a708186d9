import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { createWebhookRenderer } from '../../api/webhook-bodies.ts';
import type { Status } from '../../contract/task.ts';
import type { EventFilter, WebhookAttempt, WebhookDelivery } from '../../contract/webhook.ts';
import { createBell } from '../../lib/bell.ts';
import type { AgentOptions } from '../../lib/guarded-agent.ts';
import { createIds } from '../../lib/ids.ts';
import { createSealedBox } from '../../lib/sealed-box.ts';
import { createBusyness, createVirtualClock, type VirtualClock } from '../../lib/testing/virtual-clock.ts';
import { createEmbeddedQueue } from '../../queue/embedded.ts';
import type { Db } from '../../store/db.ts';
import { getTask, insertTask } from '../../store/tasks.ts';
import type { TestDb } from '../../store/testing/databases.ts';
import { taskRow } from '../../store/testing/rows.ts';
import { announce } from '../../tasks/announce.ts';
import { toView } from '../../tasks/view.ts';
import type { DispatcherLimits } from '../dispatcher.ts';
import { openWebhooks, type Webhooks } from '../open-webhooks.ts';

export const ACCOUNT = 'acct_a';
export const SECRET_KEY = 'a'.repeat(64);
const HOUR_MS = 3_600_000;

type Branch = Webhooks & { readonly logged: { fields: Readonly<Record<string, unknown>>; message: string }[] };

/** Webhooks on a real store and real sockets, in virtual time. */
export type PostOffice = Branch & {
  readonly db: Db;
  readonly clock: VirtualClock;
  /** Another process on the same store. */
  openBranch(options?: Partial<Options>): Promise<Branch>;
  /** Ends a task that names this address, as its driver would. @returns its id */
  endTask(p?: { url?: string | null; status?: Status; surface?: string }): Promise<string>;
  addEndpoint(url: string, eventTypes?: readonly EventFilter[]): Promise<string>;
  deliveries(): Promise<readonly WebhookDelivery[]>;
  /** The one delivery that there is. */
  only(): Promise<WebhookDelivery>;
  attempts(id?: string): Promise<readonly WebhookAttempt[]>;
  /** Lets time pass in steps, also while somebody is waited for who says nothing; bounded by the time limit of the test. */
  passTime(stepMs: number, isDone: () => boolean | Promise<boolean>): Promise<void>;
  /** Starts sending, and moves time until nothing is on its way. */
  runOut(): Promise<void>;
  close(): Promise<void>;
};

export type Options = {
  readonly reach: AgentOptions;
  readonly limits: Partial<DispatcherLimits>;
  readonly secretKeys: readonly string[];
  readonly random: () => number;
  /** Once true, nothing that this process writes arrives any more, as if it had been killed. */
  readonly isDead: () => boolean;
};

/** Nothing here needs a heartbeat, and every beat would be a step of virtual time. */
const LIMITS = { leaseMs: 200 * HOUR_MS, heartbeatMs: 100 * HOUR_MS, pollMs: HOUR_MS, maxWaitMs: HOUR_MS };

export async function openPostOffice(
  create: () => Promise<TestDb>,
  options: Partial<Options> = {},
): Promise<PostOffice> {
  const store = await create();
  const busyness = createBusyness();
  const clock = createVirtualClock({ isBusy: busyness.isBusy });
  const db = busyness.watchAll(store.db);
  const bell = createBell();
  const branches: { stop(): Promise<void> }[] = [];
  const closing = Promise.withResolvers<never>();
  closing.promise.catch(() => undefined);
  let tasks = 0;

  const openBranch = async (own: Partial<Options> = {}): Promise<Branch> => {
    const p = { ...options, ...own };
    const { isDead = () => false } = p;
    const mortal: Db = { ...db, write: (batch) => (isDead() ? closing.promise : db.write(batch)) };
    const logged: Branch['logged'] = [];
    const line = (fields: Readonly<Record<string, unknown>>, message: string) => void logged.push({ fields, message });
    const queue = createEmbeddedQueue({ db: mortal, holder: randomUUID(), after: clock.after });
    const webhooks = await openWebhooks({
      db: mortal,
      queue,
      box: createSealedBox({ keys: p.secretKeys ?? [SECRET_KEY] }),
      ids: createIds({ nowMs: clock.nowMs, node: 1, randomBytes }),
      bell,
      clock,
      random: p.random ?? (() => 0.5),
      log: { debug: line, info: line, warn: line, error: line },
      render: createWebhookRenderer({ eventData: 'object', canceledStatus: 'FAILED' }),
      async readTask({ taskId }) {
        const row = await getTask(db, taskId);
        return row === undefined ? undefined : toView(row, [], undefined);
      },
      reach: p.reach ?? { allowPrivateNetwork: true },
      limits: { ...LIMITS, ...p.limits },
      wrapSend: (send) => busyness.watchAll({ send }).send,
    });
    branches.push({
      async stop() {
        await webhooks.dispatcher.stop({ graceMs: 0 });
        await webhooks.close();
        await queue.close();
      },
    });
    return { ...webhooks, logged };
  };

  const main = await openBranch();
  const { service, dispatcher } = main;
  const deliveries = async () => (await service.listDeliveries({ filter: { accountId: ACCOUNT }, limit: 100 })).items;
  const only = async () => {
    const all = await deliveries();
    expect(all).toHaveLength(1);
    return all[0] as WebhookDelivery;
  };
  return {
    ...main,
    db,
    clock,
    openBranch,
    deliveries,
    only,
    async endTask({ url = null, status = 'succeeded', surface = 'native' } = {}) {
      tasks += 1;
      const id = `20000000000000000${String(tasks).padStart(2, '0')}`;
      const nowMs = clock.nowMs();
      const row = taskRow(id, {
        account_id: ACCOUNT,
        webhook_url: url,
        status,
        surface,
        created_at_ms: nowMs,
        ended_at_ms: nowMs,
      });
      await db.write([insertTask(db, row), ...announce(db, row, { status, nowMs })]);
      bell.ring();
      return id;
    },
    addEndpoint: async (url, eventTypes = ['task.*']) =>
      (await service.createEndpoint({ accountId: ACCOUNT, url, description: '', eventTypes })).id,
    attempts: async (id) => service.listAttempts({ accountId: ACCOUNT, id: id ?? (await only()).id }),
    async passTime(stepMs, isDone) {
      while (!(await isDone())) await clock.advance(stepMs);
    },
    async runOut() {
      dispatcher.start();
      await clock.runUntil(async () => (await deliveries()).every(({ state }) => state !== 'pending'));
    },
    async close() {
      closing.reject(new Error('the dead are buried'));
      // What hangs is cut off, which takes a step of virtual time.
      const stopping = Promise.all(branches.map((one) => one.stop()));
      await clock.advance(0);
      await stopping;
      await store.drop();
    },
  };
}
