import type { Log } from '../contract/log.ts';
import { type Clock, sleep, withTimeout } from '../lib/clock.ts';
import { UpstreamError } from '../providers/fault.ts';
import { beginProbation, forgetHealth } from '../store/channel-health.ts';
import { claimCheck, endFault } from '../store/channel-switches.ts';
import { bumpVersion } from '../store/channels.ts';
import type { Db } from '../store/db.ts';
import type { Entry, Roster } from './roster.ts';

/** How long a channel that its upstream refused is left alone before it is asked again. */
const RECHECK_MS = 600_000;
const INTERVAL_MS = 30_000;
const CHECK_TIMEOUT_MS = 30_000;

type Deps = {
  readonly db: Db;
  readonly roster: Roster;
  readonly clock: Clock;
  readonly log: Log;
};

/** What a test of a channel said. `unknown`: its upstream has nothing to ask for that. */
export type Tested =
  | { readonly is: 'working' | 'unknown' }
  | { readonly is: 'refused'; readonly fault: string; readonly message: string };

/** Asks the upstream of a channel whether its credentials work. What it says counts at once. */
export async function test({ db, roster, clock, log }: Deps, entry: Entry, signal: AbortSignal): Promise<Tested> {
  const { channel, broken } = entry;
  if (broken !== undefined) return { is: 'refused', fault: 'auth', message: broken };
  const { check } = channel.provider;
  if (check === undefined) return { is: 'unknown' };
  try {
    await withTimeout(clock, { ms: CHECK_TIMEOUT_MS, signal }, (either) => check(either));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UpstreamError) return { is: 'refused', fault: error.fault, message: error.message };
    log.warn({ channel: channel.name, err: error }, 'a channel could not be tested');
    return { is: 'refused', fault: 'busy', message: 'the upstream gave no answer that can be read' };
  }
  await db.write([
    endFault(db, { channel: channel.name }),
    forgetHealth(db, { channel: channel.name }),
    bumpVersion(db, {}),
  ]);
  roster.expectChange();
  return { is: 'working' };
}

/** Tests channels that their upstreams refused, again and again, each by one process at a time.
 *  @returns what ends it. */
export function watchRefused(deps: Deps): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const watch = async (): Promise<void> => {
    for (;;) {
      await sleep(deps.clock, INTERVAL_MS, signal);
      try {
        await recheckAll(deps, signal);
      } catch (err) {
        signal.throwIfAborted();
        deps.log.error({ err }, 'could not look after channels that are out of use');
      }
    }
  };
  // It ends with the signal and with nothing else.
  const watching = watch().catch(() => undefined);
  return async () => {
    ending.abort();
    await watching;
  };
}

async function recheckAll(deps: Deps, signal: AbortSignal): Promise<void> {
  const { db, roster, clock, log } = deps;
  await roster.refresh();
  for (const entry of roster.list()) {
    const channel = entry.channel.name;
    const fault = roster.switchesOf(channel).find((one) => one.endpoint === '' && one.by_whom === 'fault');
    const nowMs = clock.nowMs();
    if (fault === undefined || fault.checked_at_ms > nowMs - RECHECK_MS) continue;
    const claim = claimCheck(db, { channel, before_ms: nowMs - RECHECK_MS, now_ms: nowMs });
    if (!(await db.write([claim, bumpVersion(db, {})])).committed) continue;
    const tested = await test(deps, entry, signal);
    if (tested.is === 'refused') {
      log.warn({ channel, fault: tested.fault, reason: tested.message }, 'a channel is still out of use');
      continue;
    }
    if (tested.is === 'unknown') {
      // Nothing but a job can show it.
      const { reason } = fault;
      await db.write([endFault(db, { channel }), beginProbation(db, { channel, nowMs, reason }), bumpVersion(db, {})]);
      roster.expectChange();
    }
    log.info({ channel }, 'a channel is in use again');
  }
}
