import type { openFiles } from '../assets/open-files.ts';
import type { Log } from '../contract/log.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Queue } from '../queue/queue.ts';
import type { Db } from '../store/db.ts';
import { createFetcher } from './fetcher.ts';
import { createLoraUploads } from './lora-uploads.ts';
import { createMediaLibrary } from './media.ts';
import { createModelLibrary } from './models.ts';

type Deps = {
  readonly config: {
    readonly limits: {
      readonly maxFetchMegabytes: number;
      readonly fetchTimeoutMs: number;
      readonly maxLoraMegabytes: number;
      readonly loraLinkLifetimeMs: number;
      readonly leaseMs: number;
      readonly heartbeatMs: number;
    };
  };
  readonly db: Db;
  readonly files: Pick<Awaited<ReturnType<typeof openFiles>>, 'assets' | 'blobs' | 'links' | 'guard' | 'linkSecret'>;
  readonly queue: Queue;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly origin: () => string;
};

/** Everything that keeps media and models by name. */
export function openLibrary({ config: { limits }, files, origin, ...rest }: Deps) {
  const deps = { ...rest, ...files, limits };
  return {
    media: createMediaLibrary(deps),
    mediaFetcher: createFetcher({ ...deps, leases: limits }),
    models: createModelLibrary(deps),
    loras: createLoraUploads({ ...deps, secret: files.linkSecret, origin }),
  };
}
