import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBusyness, createVirtualClock, type VirtualClock } from '../../lib/testing/virtual-clock.ts';
import type { Provider } from '../../providers/provider.ts';
import { createStandIn, type StandInOptions } from '../../providers/testing/stand-in.ts';
import { type StandInServer, startStandIn } from '../../providers/testing/stand-in-server.ts';
import { isTerminal } from '../state.ts';
import { type House, openHouse } from './house.ts';

export type Scene = {
  readonly dataDir: string;
  readonly clock: VirtualClock;
  readonly upstream: StandInServer;
  readonly house: House;
  /** Ends the gateway in good order, and opens it again on the same data. */
  restart(providers?: readonly Provider[]): Promise<House>;
  /** Starts the worker and moves time until all these tasks have ended. */
  runToEnd(...taskIds: string[]): Promise<void>;
  close(): Promise<void>;
};

type SceneOptions = StandInOptions & Partial<Omit<Parameters<typeof openHouse>[0], 'dataDir' | 'clock'>>;

/** A gateway and an upstream on virtual time. Time stands still while files, threads and sockets are at work. */
export async function setScene(options: SceneOptions = {}): Promise<Scene> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-tasks-'));
  const upstream = await startStandIn();
  const busyness = createBusyness();
  const clock = createVirtualClock({ isBusy: busyness.isBusy });
  const open = (providers: readonly Provider[]) =>
    openHouse({ ...options, dataDir, clock, providers, wrap: busyness.watchAll });
  const standIn = createStandIn(upstream.url, options);
  let house = await open(options.providers ?? [standIn]);
  return {
    dataDir,
    clock,
    upstream,
    get house() {
      return house;
    },
    async restart(providers = options.providers ?? [standIn]) {
      await house.close();
      house = await open(providers);
      return house;
    },
    async runToEnd(...taskIds) {
      house.worker.start();
      await clock.runUntil(async () => {
        const views = await Promise.all(taskIds.map((id) => house.view(id)));
        return views.every(({ status }) => isTerminal(status));
      });
    },
    async close() {
      await house.close();
      await upstream.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
