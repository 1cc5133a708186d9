import { dayOf, EVER, hourOf, nextDayMs, nextHourMs } from '../lib/periods.ts';
import { getPlaces, listUsage, lockChannel, requirePlace, requireRate, useBudget } from '../store/channel-places.ts';
import type { Db, Statement } from '../store/db.ts';
import type { Policy } from './definition.ts';
import type { Trouble } from './trouble.ts';

const MINUTE_MS = 60_000;

type Limited = { readonly name: string; readonly policy: Policy };

export const hasPlaces = ({ maxConcurrent, perMinute }: Policy): boolean =>
  maxConcurrent !== null || perMinute !== null;
export const hasBudget = ({ budgets }: Policy): boolean =>
  budgets.hourMicros !== null || budgets.dayMicros !== null || budgets.totalMicros !== null;

export type Room = { readonly room: number; readonly trouble: Trouble | undefined };
export type Places = {
  /** How many more jobs a channel may have now; where there is none, why, and until when where that is known. */
  roomOf(limited: Limited, nowMs: number): Promise<Room>;
};

/** Who asks for the same channel while it is being read gets the same answer. */
export function createPlaces(db: Db): Places {
  const reading = new Map<string, Promise<Room>>();
  return {
    async roomOf(limited, nowMs) {
      if (!hasPlaces(limited.policy)) return { room: Number.POSITIVE_INFINITY, trouble: undefined };
      let room = reading.get(limited.name);
      if (room === undefined) {
        room = readRoom(db, limited, nowMs).finally(() => reading.delete(limited.name));
        reading.set(limited.name, room);
      }
      return room;
    },
  };
}

async function readRoom(db: Db, { name, policy }: Limited, nowMs: number): Promise<Room> {
  const { maxConcurrent, perMinute } = policy;
  const limits = { channel: name, max: maxConcurrent ?? 0, perMinute: perMinute ?? 0, sinceMs: nowMs - MINUTE_MS };
  const { open, recent, first_at_ms: firstMs } = await getPlaces(db, limits);
  const places = maxConcurrent === null ? Number.POSITIVE_INFINITY : maxConcurrent - open;
  const starts = perMinute === null ? Number.POSITIVE_INFINITY : perMinute - recent;
  if (places <= 0)
    return { room: 0, trouble: { kind: 'busy', reason: `all of its ${maxConcurrent} places are taken` } };
  if (starts > 0) return { room: Math.min(places, starts), trouble: undefined };
  const reason = `it began ${perMinute} jobs in the last minute`;
  return { room: 0, trouble: { kind: 'busy', reason, untilMs: (firstMs ?? nowMs) + MINUTE_MS } };
}

/** Whether the budgets of a channel have room for what an attempt may cost. */
export async function budgetTrouble(
  db: Db,
  { name, policy }: Limited,
  p: { micros: number; nowMs: number },
): Promise<Trouble | undefined> {
  if (!hasBudget(policy)) return undefined;
  const { budgets } = policy;
  const periods = periodsOf(policy, p.nowMs);
  const used = await listUsage(db, { channel: name, hour: hourOf(p.nowMs), day: dayOf(p.nowMs) });
  for (const { period, words, max, untilMs } of periods) {
    const micros = used.find((one) => one.period === period)?.micros ?? 0;
    if (micros + p.micros <= max) continue;
    const amount = `${max / 1e6} ${budgets.currency} ${words}`;
    // What would not fit an empty period either is not waited for.
    if (untilMs === undefined || p.micros > max) return { kind: 'off', reason: `its budget of ${amount} is used up` };
    return { kind: 'busy', reason: `its budget of ${amount} is used up`, untilMs };
  }
  return undefined;
}

type Period = { readonly period: string; readonly words: string; readonly max: number; readonly untilMs?: number };

function periodsOf({ budgets }: Policy, nowMs: number): readonly Period[] {
  const { hourMicros, dayMicros, totalMicros } = budgets;
  return [
    ...(totalMicros === null ? [] : [{ period: EVER, words: 'altogether', max: totalMicros }]),
    ...(dayMicros === null
      ? []
      : [{ period: dayOf(nowMs), words: 'a day', max: dayMicros, untilMs: nextDayMs(nowMs) }]),
    ...(hourMicros === null
      ? []
      : [{ period: hourOf(nowMs), words: 'an hour', max: hourMicros, untilMs: nextHourMs(nowMs) }]),
  ];
}

/** What must hold for an attempt to begin: the database decides, so that of claims at the same time none gets past a
 *  limit. The first may be a lock, which always holds. */
export function claimGuards(
  db: Db,
  { name, policy }: Limited,
  p: { taskId: string; micros: number; nowMs: number },
): readonly Statement[] {
  const { maxConcurrent, perMinute } = policy;
  const { taskId, nowMs, micros } = p;
  const sinceMs = nowMs - MINUTE_MS;
  return [
    ...(hasPlaces(policy) ? lockChannel(db, name) : []),
    ...(maxConcurrent === null ? [] : [requirePlace(db, { taskId, channel: name, max: maxConcurrent })]),
    ...(perMinute === null ? [] : [requireRate(db, { taskId, channel: name, perMinute, sinceMs })]),
    ...periodsOf(policy, nowMs).map(({ period, max }) => useBudget(db, { channel: name, period, micros, max })),
  ];
}
