import type { HealthRow } from '../store/channel-health.ts';
import type { SwitchRow } from '../store/channel-switches.ts';
import type { Trouble } from './trouble.ts';

/** How a channel is, for one endpoint: in trouble, or well but to be tried with one job first. */
export type Health = {
  readonly trouble: Trouble | undefined;
  /** Rows of `channel_health` after whose rest this job would be the first. */
  readonly probes: readonly string[];
};

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19).concat('Z');

/** What is known of a channel as a whole (`endpoint` empty) and of its jobs of an endpoint. */
export function healthOf(
  p: { switches: readonly SwitchRow[]; health: readonly HealthRow[]; broken: string | undefined; endpoint: string },
  nowMs: number,
): Health {
  if (p.broken !== undefined) return { trouble: { kind: 'off', reason: p.broken }, probes: [] };
  const fault = p.switches.find(({ endpoint, by_whom }) => endpoint === '' && by_whom === 'fault');
  if (fault !== undefined) {
    return { trouble: { kind: 'off', reason: `out of use since its upstream said: ${fault.reason}` }, probes: [] };
  }
  const rows = p.health.filter(({ endpoint }) => endpoint === '' || endpoint === p.endpoint);
  const troubles = rows.flatMap((row) => {
    const trouble = troubleOf(row, nowMs);
    return trouble === undefined ? [] : [{ ...trouble, isOfEndpoint: row.endpoint !== '' }];
  });
  const probes = rows.filter(({ open_until_ms: until }) => until !== null && until <= nowMs);
  // Of several, what lasts longest.
  const [worst] = troubles.sort((a, b) => (b.untilMs ?? 0) - (a.untilMs ?? 0));
  return { trouble: worst, probes: probes.map(({ endpoint }) => endpoint) };
}

function troubleOf(row: HealthRow, nowMs: number): Trouble | undefined {
  const { paused_until_ms: pausedMs, open_until_ms: openMs, probe_until_ms: probeMs, failures, reason } = row;
  if (pausedMs !== null && pausedMs > nowMs) {
    return { kind: 'busy', reason: `its upstream wants a pause until ${iso(pausedMs)}: ${reason}`, untilMs: pausedMs };
  }
  if (openMs === null) return undefined;
  if (openMs > nowMs) {
    const said = `it failed ${failures} times in a row and rests until ${iso(openMs)}: ${reason}`;
    return { kind: 'unwell', reason: said, untilMs: openMs };
  }
  if (probeMs === null || probeMs <= nowMs) return undefined;
  return { kind: 'unwell', reason: 'one job is out to see whether it works again', untilMs: probeMs };
}
