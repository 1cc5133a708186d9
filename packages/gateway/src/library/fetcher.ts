import type { Blobs } from '../assets/blobs.ts';
import { fetchAsset, type LocateDeps } from '../assets/locate.ts';
import { releaseAsset } from '../assets/removal.ts';
import type { Asset } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import type { ManagedAsset } from '../contract/media-library.ts';
import { backoffMs } from '../lib/backoff.ts';
import { sleep } from '../lib/clock.ts';
import type { ClaimedJob, Queue } from '../queue/queue.ts';
import { useAsset } from '../store/assets.ts';
import { activateManaged, failManaged, getManaged, type ManagedRow } from '../store/managed-assets.ts';
import { MEDIA_QUEUE, wrongKind } from './media-queue.ts';

/** Of all accounts together, in one process. */
const MAX_AT_ONCE = 4;
/** Whatever ends a process, or keeps a file from being stored, so often is not tried again. */
const MAX_CLAIMS = 5;
/** The longest without a look: what another process wrote announces itself to nobody. */
const MAX_WAIT_MS = 5_000;

export type Fetcher = {
  start(): void;
  /** Resolves when nothing is fetched any more. What was not finished begins anew, here or elsewhere. */
  stop(): Promise<void>;
};

type Deps = LocateDeps & {
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly log: Log;
  readonly leases: { readonly leaseMs: number; readonly heartbeatMs: number };
};
type Holding = { readonly job: ClaimedJob; readonly abort: AbortController; readonly done: Promise<void> };

class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Fetches the files of managed media. A job is held for as long as its file is on its way, so a process that dies leaves
 *  it to the next. */
export function createFetcher(deps: Deps): Fetcher {
  const { queue, clock, log, leases } = deps;
  const holdings = new Map<string, Holding>();
  const ending = new AbortController();
  const { signal } = ending;

  const begin = (job: ClaimedJob) => {
    const abort = new AbortController();
    const done = fetchOne(deps, job, abort.signal)
      .catch((err) => log.error({ managedAssetId: job.id, err }, 'a managed file was left to its lease'))
      .finally(() => holdings.delete(job.id));
    holdings.set(job.id, { job, abort, done });
  };
  const claimMore = async () => {
    const limit = MAX_AT_ONCE - holdings.size;
    if (limit <= 0) return Promise.race([...holdings.values()].map(({ done }) => done));
    const nowMs = clock.nowMs();
    const jobs = await queue.claim({ queue: MEDIA_QUEUE, limit, leaseMs: leases.leaseMs, nowMs });
    for (const job of jobs) begin(job);
    if (jobs.length === 0) await queue.wait({ queue: MEDIA_QUEUE, maxWaitMs: MAX_WAIT_MS, nowMs, signal });
  };
  const beat = async () => {
    await sleep(clock, leases.heartbeatMs, signal);
    const held = [...holdings.values()];
    if (held.length === 0) return;
    const asked = held.map(({ job }) => job.lease);
    const kept = new Set(await queue.heartbeat(asked, { leaseMs: leases.leaseMs, nowMs: clock.nowMs() }));
    for (const { job, abort } of held) if (!kept.has(job.lease)) abort.abort(new Stopped('the lease is lost'));
  };
  const repeat = async (work: () => Promise<void>) => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await work();
        failures = 0;
      } catch (err) {
        if (signal.aborted) return;
        failures += 1;
        log.error({ err, failures }, 'managed files cannot be looked for');
        const ms = backoffMs({ failures, baseMs: 200, maxMs: 10_000, random: deps.random() });
        await sleep(clock, ms, signal).catch(() => undefined);
      }
    }
  };

  let loops: Promise<unknown> | undefined;
  return {
    start() {
      loops ??= Promise.all([repeat(claimMore), repeat(beat)]);
    },
    async stop() {
      const reason = new Stopped('the server stops');
      const abortAll = () => {
        for (const { abort } of holdings.values()) abort.abort(reason);
      };
      ending.abort(reason);
      // The claim may wait for one of them to end, or bring another.
      abortAll();
      await loops;
      abortAll();
      await Promise.all([...holdings.values()].map(({ done }) => done));
    },
  };
}

/** @throws only what the store throws: the lease is left to lapse then. */
async function fetchOne(deps: Deps, job: ClaimedJob, signal: AbortSignal): Promise<void> {
  const { db, queue } = deps;
  const row = await getManaged(db, { account_id: job.payload, id: job.id });
  if (row === undefined || row.status !== 'processing' || row.source === null) {
    await db.write([queue.complete(job.lease)]);
    return;
  }
  const file = await fetchFile(deps, row, signal).catch((error: unknown) => giveUp(deps, job, { error, signal }));
  if (file !== undefined) await finish(deps, job, file);
}

/** @throws {GatewayError} why the file cannot be had; the signal's reason. */
async function fetchFile(deps: Deps, row: ManagedRow, signal: AbortSignal): Promise<Asset> {
  const { account_id: accountId, source, kind } = row;
  const { maxFetchMegabytes: maxMegabytes } = deps.limits;
  const file = await fetchAsset(deps, { accountId, address: source ?? '', maxMegabytes, signal });
  // `create` wrote the kind.
  const fault = wrongKind(file, kind as ManagedAsset['kind']);
  if (fault === undefined) return file;
  await releaseAsset(deps, file.id);
  throw new GatewayError('media_unusable', fault);
}

async function finish(deps: Deps, job: ClaimedJob, file: Asset): Promise<void> {
  const { db, queue, clock } = deps;
  const outcome = await db.write([
    queue.complete(job.lease),
    activateManaged(db, { id: job.id, asset_id: file.id }),
    useAsset(db, { id: file.id, used_at_ms: clock.nowMs() }),
  ]);
  if (outcome.committed || outcome.failed === 0) return;
  // Either its owner deleted it, and nobody wants the file, or somebody deleted the file, and it must come again.
  if (outcome.failed === 1) {
    await db.write([queue.complete(job.lease)]);
    await releaseAsset(deps, file.id);
  } else {
    await db.write([queue.reschedule(job.lease, { runAtMs: clock.nowMs() })]);
    queue.notify(MEDIA_QUEUE);
  }
}

async function giveUp(
  { db, queue, clock, random, log }: Deps,
  job: ClaimedJob,
  { error, signal }: { error: unknown; signal: AbortSignal },
): Promise<undefined> {
  const nowMs = clock.nowMs();
  if (signal.aborted) {
    await db.write([queue.reschedule(job.lease, { runAtMs: nowMs })]);
    return;
  }
  const isFinal = error instanceof GatewayError && !error.retryable;
  if (!isFinal)
    log.error({ managedAssetId: job.id, err: error, claims: job.attempts }, 'a managed file broke its fetch');
  if (isFinal || job.attempts >= MAX_CLAIMS) {
    const message = error instanceof GatewayError ? error.message : 'the file could not be stored';
    await db.write([queue.complete(job.lease), failManaged(db, { id: job.id, error: message })]);
    return;
  }
  const delayMs = backoffMs({ failures: job.attempts, baseMs: 1_000, maxMs: 60_000, random: random() });
  await db.write([queue.reschedule(job.lease, { runAtMs: nowMs + delayMs })]);
}
