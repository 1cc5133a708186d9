import type { Log } from '../contract/log.ts';
import { FAULTS, type Fault } from '../providers/fault.ts';
import { recordFailure, recordPause, recordSuccess } from '../store/channel-health.ts';
import { switchOff } from '../store/channel-switches.ts';
import { bumpVersion } from '../store/channels.ts';
import type { Db, Statement } from '../store/db.ts';
import type { Report } from './channels.ts';

/** What the upstream said of a submit, and so of the channel, rather than of one kind of job. */
const OF_CHANNEL: ReadonlySet<Fault> = new Set<Fault>(['busy', 'unknown']);
const MAX_REASON_CHARS = 300;

/** What a channel's health learns from one attempt. */
export function reportStatements(
  db: Db,
  report: Report,
  { nowMs, log }: { nowMs: number; log: Log },
): readonly Statement[] {
  const { channel, route, is, message = '' } = report;
  if (is === 'accepted') return [recordSuccess(db, { channel, endpoint: '', nowMs })];
  if (is === 'succeeded') return [recordSuccess(db, { channel, endpoint: route.endpoint, nowMs })];
  const reason = (message === '' ? is : message).slice(0, MAX_REASON_CHARS);
  const off = { channel, by_whom: 'fault', reason, at_ms: nowMs, checked_at_ms: nowMs };
  switch (FAULTS[is].scope) {
    case 'none':
      return [];
    case 'channel-failure': {
      const endpoint = OF_CHANNEL.has(is) ? '' : route.endpoint;
      return [recordFailure(db, { channel, endpoint, nowMs, reason })];
    }
    case 'channel-pause':
      return [recordPause(db, { channel, nowMs, pauseMs: Math.ceil(report.retryAfterMs ?? 0), reason })];
    case 'channel-off':
      log.error({ channel, fault: is, reason }, 'a channel is out of use until its owner mends it');
      return [switchOff(db, { ...off, endpoint: '', model: '' }), bumpVersion(db, {})];
    case 'route-off':
      log.warn({ channel, ...route, reason }, 'a model is gone from its upstream: the route is switched off');
      return [switchOff(db, { ...off, endpoint: route.endpoint, model: route.model }), bumpVersion(db, {})];
  }
}
