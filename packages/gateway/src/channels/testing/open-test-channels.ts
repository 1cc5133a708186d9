import { join } from 'node:path';
import type { Catalog } from '@reelay/catalog';
import type { Log } from '../../contract/log.ts';
import type { Clock } from '../../lib/clock.ts';
import { createSealedBox } from '../../lib/sealed-box.ts';
import { createSpool } from '../../providers/kit/spool.ts';
import type { ProviderType } from '../../providers/provider-type.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Db } from '../../store/db.ts';
import type { Channel } from '../channels.ts';
import type { Definition } from '../definition.ts';
import type { Exchange } from '../measures.ts';
import { type OpenChannels, openChannels } from '../open-channels.ts';
import type { RoomDeps } from '../room.ts';

/** What a test wants different. */
export type TestChannels = Partial<Pick<RoomDeps, 'order' | 'previews'>> & {
  readonly types?: readonly ProviderType[];
  readonly defined?: readonly Definition[];
  /** Hexadecimal, the newest first. */
  readonly keys?: readonly string[];
};

/** The queue in which tasks wait. */
export const TEST_QUEUE = 'tasks';

/** The room of channels over a store. */
export function openTestChannels(
  p: TestChannels & {
    db: Db;
    catalog: Catalog;
    queue: Pick<Queue, 'notify'>;
    dataDir: string;
    clock: Clock;
    random: () => number;
    exchange: Exchange;
    log: Log;
    fixed: readonly Channel[];
  },
): OpenChannels {
  let ids = 0;
  return openChannels({
    types: [],
    defined: [],
    order: 'weight',
    previews: 'auto',
    ownPriceFactor: 0,
    allowsOwn: true,
    allowPrivateNetwork: true,
    guardedDispatcher: undefined,
    ...p,
    box: createSealedBox({ keys: p.keys ?? ['a'.repeat(64)] }),
    ids: {
      channelId: () => {
        ids += 1;
        return `chan_${ids}`;
      },
    },
    providerDeps: {
      canBeReached: true,
      clock: p.clock,
      random: p.random,
      spool: createSpool(join(p.dataDir, 'spool')),
    },
    queue: TEST_QUEUE,
    notify: p.queue.notify,
  });
}
