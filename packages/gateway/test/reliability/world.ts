import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createStandin, LATE_MS, type Standin, stillClock } from '@reelay/standin';
import { loadConfig } from '../../src/config.ts';
import { createBusyness, createVirtualClock } from '../../src/lib/testing/virtual-clock.ts';
import { startServer } from '../../src/server.ts';
import { DEPOSIT_MICROS, openAccount } from './account.ts';
import { channelOf, type Subject } from './subjects.ts';
import type { Health, Row } from './table.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
/** Of each task. Longer than whatever an upstream is given to answer, and than callbacks that come late. */
const DEADLINE_MS = LATE_MS + 60_000;
/** Nobody listens there. */
const NOBODY = 'http://127.0.0.1:1';
const PACE = { queuedMs: 1_000, runningMs: 20_000 };

/** What became of one task. */
export type Cell = {
  /** `succeeded`, or the code of its error. */
  readonly end: string;
  readonly message: string;
  /** What the account paid, as a share of what was quoted. */
  readonly paid: number;
  /** Moves of money, by their names. */
  readonly moves: readonly string[];
  readonly jobs: number;
  readonly health: Health;
  /** How genuine and forged callbacks were answered. */
  readonly answered: { readonly genuine: readonly unknown[]; readonly forged: readonly unknown[] };
};

/** One gateway with a channel for each subject, and one task for each channel, which meets the fault. Time stands still
 *  while anything is under way.
 *  @returns by the names of the providers. */
export async function runRow(row: Row, subjects: readonly Subject[]): Promise<ReadonlyMap<string, Cell>> {
  const world = await openWorld(row, subjects);
  try {
    const { api, standinOf, store } = world;
    const ids = new Map<string, string>();
    for (const { type, endpoint } of subjects) ids.set(type.name, await api.submit(endpoint));
    await world.runToEnd();
    const cells = new Map<string, Cell>();
    let paidMicros = 0;
    for (const subject of subjects) {
      const { task, moves } = await api.read(ids.get(subject.type.name) ?? '');
      paidMicros += task.charge.micros;
      const { jobs, deliveries } = standinOf(subject).control;
      const statuses = (kind: string) => deliveries.flatMap((one) => (one.kind === kind ? [one.status] : []));
      cells.set(subject.type.name, {
        end: task.status === 'succeeded' && task.outputs.length > 0 ? 'succeeded' : (task.error?.code ?? task.status),
        message: task.error?.message ?? '',
        paid: task.charge.micros / task.price.micros,
        moves: moves.toSorted(),
        jobs: jobs.length,
        health: readHealth(store, { channel: subject.type.name, nowMs: world.nowMs() }),
        answered: { genuine: statuses('genuine'), forged: statuses('forged') },
      });
    }
    const { balance, held } = await api.readAccount();
    if (held.micros !== 0 || balance.micros !== DEPOSIT_MICROS - paidMicros) {
      throw new Error(`the account has ${balance.micros} and holds ${held.micros} after paying ${paidMicros}`);
    }
    return cells;
  } finally {
    await world.close();
  }
}

async function openWorld(row: Row, subjects: readonly Subject[]) {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-reliability-'));
  const standins = new Map<string, Standin>();
  const controls = () => [...standins.values()].map(({ control }) => control);
  const busyness = createBusyness();
  const clock = createVirtualClock({
    startMs: stillClock().nowMs(),
    isBusy() {
      const underWay = controls().map((control) => control.underWay);
      const held = underWay.reduce((sum, one) => sum + one.held, 0);
      return busyness.underWay() > held || underWay.some(({ callbacks }) => callbacks > 0);
    },
  });
  const standinOf = ({ type }: Subject): Standin => {
    const standin = standins.get(type.name);
    if (standin === undefined) throw new Error(`there is no stand-in for ${type.name}`);
    return standin;
  };
  for (const { type, definition } of subjects) {
    const standin = await createStandin(definition, { clock, pace: PACE });
    standins.set(type.name, standin);
    if (row.fault !== 'refuse-connection') standin.control.fault(row.fault, { polls: row.times ?? 1 });
  }
  const file = join(dataDir, 'channels.json');
  const urlOf = (subject: Subject) => (row.fault === 'refuse-connection' ? NOBODY : standinOf(subject).url);
  const channels = subjects.map((subject) => channelOf(subject, urlOf(subject)));
  await writeFile(file, JSON.stringify({ channels }));
  const env = {
    REELAY_PORT: '0',
    REELAY_DATA_DIR: dataDir,
    REELAY_ADMIN_KEY: ADMIN,
    REELAY_ALLOW_PRIVATE_NETWORK: 'true',
    REELAY_CHANNELS_FILE: file,
    REELAY_PREVIEW: 'off',
  };
  const config = loadConfig(env, dataDir);
  const server = await startServer(
    { ...config, limits: { ...config.limits, taskDeadlineMs: DEADLINE_MS } },
    { logLevel: 'silent', clock, wrap: busyness.watchAll },
  );
  const store = new DatabaseSync(join(dataDir, 'reelay.db'), { readOnly: true });
  const api = await openAccount(server.url, ADMIN);
  const running = store.prepare('select count(*) as n from tasks where ended_at_ms is null');
  const isTold = (subject: Subject) => {
    const { jobs, deliveries } = standinOf(subject).control;
    return (deliveries.at(-1)?.atMs ?? 0) >= (jobs.at(-1)?.endedAtMs ?? Number.POSITIVE_INFINITY) + LATE_MS;
  };
  return {
    api,
    standinOf,
    store,
    nowMs: clock.nowMs,
    runToEnd: () =>
      clock.runUntil(() => running.get()?.n === 0 && (row.fault !== 'late-callback' || subjects.every(isTold))),
    async close() {
      store.close();
      api.close();
      await server.close();
      await Promise.all([...standins.values()].map((standin) => standin.close()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function readHealth(store: DatabaseSync, { channel, nowMs }: { channel: string; nowMs: number }): Health {
  const switched = store.prepare("select endpoint from channel_switches where channel = ? and by_whom = 'fault'");
  const off = switched.all(channel);
  if (off.some(({ endpoint }) => endpoint === '')) return 'off';
  if (off.length > 0) return 'route off';
  const resting = store.prepare(
    'select 1 from channel_health where channel = ? and (open_until_ms > ? or paused_until_ms > ?)',
  );
  return resting.get(channel, nowMs, nowMs) === undefined ? 'well' : 'rests';
}
