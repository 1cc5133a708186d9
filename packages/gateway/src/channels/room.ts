import type { Log } from '../contract/log.ts';
import type { ChannelOrder, PreviewMode, RouteSort } from '../contract/routing.ts';
import type { Clock } from '../lib/clock.ts';
import { claimProbe } from '../store/channel-health.ts';
import { settleBudget } from '../store/channel-places.ts';
import { endWaits, insertWait } from '../store/channel-waits.ts';
import type { Db, Statement } from '../store/db.ts';
import { type Known, listCandidates } from './candidates.ts';
import { type Ask, type Channels, type Choice, type Decision, PlaceTaken } from './channels.ts';
import { type Decided, decide, type Picked } from './choice.ts';
import { createIntents } from './intents.ts';
import type { Exchange, Measures } from './measures.ts';
import { claimGuards, hasBudget, hasPlaces, type Places } from './places.ts';
import { reportStatements } from './report.ts';
import type { Entry, Roster } from './roster.ts';
import type { Trouble } from './trouble.ts';
import { awaitedOf, type Waker } from './waker.ts';

/** How long a task waits at most until it is looked at again, should nobody wake it. */
const MAX_WAIT_MS = 300_000;
/** How long the first job after a rest is waited for: until the upstream takes it, or until it has ended. */
const PROBE_MS = 150_000;
const LONG_PROBE_MS = 900_000;

export type RoomDeps = {
  readonly db: Db;
  readonly roster: Roster;
  readonly measures: Measures;
  readonly places: Places;
  readonly waker: Pick<Waker, 'wake'>;
  readonly exchange: Exchange;
  /** What the owner of the gateway prefers. */
  readonly order: ChannelOrder;
  readonly previews: PreviewMode;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
};

/** What the engine sees of the channels. */
export function createRoom(deps: RoomDeps): Channels {
  const { db, roster, clock, log } = deps;
  const intents = createIntents(clock.nowMs);
  return {
    async choose(ask) {
      await roster.refresh();
      const nowMs = clock.nowMs();
      const found = await listCandidates(deps, ask, { nowMs, sorts: sortsOf(deps, ask) });
      // From here on nothing is waited for, so no two tasks count on the same place.
      const candidates = found.map((one) =>
        withIntents(withRest(one, ask.resting?.get(one.name)), intents.count(one.name, ask.taskId)),
      );
      const decision = toDecision(decide(candidates, rulesOf(deps, ask)), {
        nowMs,
        candidates,
        endpoint: ask.endpoint.id,
      });
      if (decision.is === 'chosen') intents.keep(ask.taskId, decision.choices[0].channel.name);
      else intents.drop(ask.taskId);
      return decision;
    },
    withdraw: (taskId) => intents.drop(taskId),
    async get(name) {
      await roster.refresh();
      return roster.get(name)?.channel;
    },
    claim(choice, { taskId, nowMs }) {
      const channel = choice.channel.name;
      const refusal = () => {
        roster.expectChange();
        return new PlaceTaken(channel);
      };
      return claimStatements(deps, choice, { taskId, nowMs }).map((statement) => ({ statement, refusal }));
    },
    report(report) {
      if (!hasHealth(roster.get(report.channel))) return [];
      if (report.is !== 'accepted' && report.is !== 'succeeded') roster.expectChange();
      return reportStatements(db, report, { nowMs: clock.nowMs(), log });
    },
    settle({ channel, taskId, number, cost }) {
      const entry = roster.get(channel);
      if (entry === undefined || entry.definition.source === 'built-in') return [];
      const { currency } = entry.definition.budgets;
      if (cost === 'nothing') return settleBudget(db, { channel, task_id: taskId, number, micros: 0 });
      // What is in a unit of the upstream's own stays as it was estimated.
      if (cost.currency !== 'CNY' && cost.currency !== 'USD') return [];
      return settleBudget(db, { channel, task_id: taskId, number, micros: deps.exchange(cost, currency) });
    },
    park: ({ taskId, waitsFor }) => [
      endWaits(db, taskId),
      ...waitsFor.map(({ awaited, reason }) => insertWait(db, { task_id: taskId, awaited, reason })),
    ],
    freed(channel) {
      const entry = roster.get(channel);
      if (entry !== undefined && hasPlaces(entry.definition)) deps.waker.wake(channel);
    },
  };
}

/** What it said to this task, where nothing is known that keeps it from all of them. */
const withRest = (candidate: Known, rest: Trouble | undefined): Known =>
  rest === undefined || candidate.trouble !== undefined ? candidate : { ...candidate, trouble: rest };

/** A place that other tasks are about to take is as good as taken. */
function withIntents(candidate: Known, intents: number): Known {
  if (candidate.trouble !== undefined || candidate.room > intents) return candidate;
  return { ...candidate, trouble: { kind: 'busy', reason: 'its last free places are being taken' } };
}

/** Channels that are made by code are watched where they say how they are to be used. */
const hasHealth = (entry: Entry | undefined): boolean =>
  entry !== undefined && (entry.definition.source !== 'built-in' || entry.channel.policy !== undefined);

export function sortsOf({ order }: RoomDeps, { routing: { sort } }: Ask): ReadonlySet<RouteSort> {
  return new Set([...(order === 'weight' ? [] : [order]), ...(sort === undefined ? [] : [sort])]);
}

export function rulesOf({ order, previews, random, exchange }: RoomDeps, ask: Ask) {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = numbers.get(name) ?? random();
    numbers.set(name, known);
    return known;
  };
  return {
    preferences: ask.routing,
    order,
    previews,
    isOwnOnly: ask.routing.ownShare !== undefined,
    exclude: ask.exclude ?? new Map<string, string>(),
    maxCostMicros: ask.maxCost === undefined ? undefined : exchange(ask.maxCost, 'CNY'),
    random: numberOf,
    endpoint: ask.endpoint.id,
  };
}

type Asked = { readonly nowMs: number; readonly candidates: readonly Known[]; readonly endpoint: string };

function toDecision(decided: Decided<Known>, { nowMs, candidates, endpoint }: Asked): Decision {
  switch (decided.is) {
    case 'chosen': {
      const [first, ...others] = decided.picks;
      return { is: 'chosen', choices: [toChoice(first), ...others.map(toChoice)], considered: decided.considered };
    }
    case 'wait': {
      const latestMs = nowMs + MAX_WAIT_MS;
      const waitsFor = decided.waitsFor.map(({ channel, reason }) => {
        const trouble = candidates.find(({ name }) => name === channel)?.trouble;
        return { awaited: awaitedOf(channel, trouble?.isOfEndpoint === true ? endpoint : undefined), reason };
      });
      return { is: 'wait', untilMs: Math.min(decided.untilMs ?? latestMs, latestMs), waitsFor };
    }
    case 'refused':
      return { is: 'refused', code: decided.code, message: decided.message };
  }
}

const toChoice = ({ candidate, route, reason }: Picked<Known>): Choice => ({
  channel: candidate.entry.channel,
  route,
  reason,
  chargeMicros: candidate.chargeMicros,
  probes: candidate.probes,
  row: {
    model: route.model,
    reason,
    charge_micros: candidate.chargeMicros,
    estimate_micros: candidate.estimateMicros,
    estimate_currency: candidate.entry.definition.budgets.currency,
    is_counted: hasBudget(candidate.entry.definition) ? 1 : 0,
  },
});

function claimStatements(
  { db, roster }: RoomDeps,
  { channel, row, probes }: Choice,
  { taskId, nowMs }: { taskId: string; nowMs: number },
): readonly Statement[] {
  const { name } = channel;
  const definition = roster.get(name)?.definition;
  if (definition === undefined) return [];
  const micros = row.estimate_micros ?? 0;
  return [
    ...claimGuards(db, { name, policy: definition }, { taskId, micros, nowMs }),
    ...probes.map((endpoint) => {
      const untilMs = nowMs + (endpoint === '' ? PROBE_MS : LONG_PROBE_MS);
      return claimProbe(db, { channel: name, endpoint, nowMs, untilMs });
    }),
  ];
}
