import type { ErrorCode } from '../contract/errors.ts';
import type { ChannelOrder, Considered, PreviewMode, RoutePreferences, RouteSort } from '../contract/routing.ts';
import type { Route } from '../providers/route.ts';
import { rankOf } from './routes.ts';
import { type Said, saidOf, type Trouble } from './trouble.ts';

// Which channel runs a task, as a function of what is known of each. It asks nobody and remembers nothing.

/** What is known of a channel that has something to do with the endpoint. */
export type Candidate = {
  readonly name: string;
  /** The kind of provider. */
  readonly provider: string;
  /** The account that asks brought it. */
  readonly isOwn: boolean;
  readonly isPreview: boolean;
  readonly priority: number;
  readonly weight: number;
  /** How it would serve the endpoint; where it does not, why. `isOff`: it was switched off, and could. */
  readonly route: Route | NoRoute;
  readonly trouble: Trouble | undefined;
  /** Why it cannot do this job exactly as asked. */
  readonly refusals: readonly string[];
  /** What the task costs its account there, in the account's currency. */
  readonly chargeMicros: number;
  /** What it costs the owner of the channel, about; compared with others only. */
  readonly costMicros: number;
  /** How long it usually takes; undefined while that is not known. */
  readonly usualMs: number | undefined;
  /** The share of tasks that ended well; undefined while that is not known. */
  readonly success: number | undefined;
};

export type NoRoute = { readonly reason: string; readonly isOff: boolean };

export type ChoiceRules = {
  readonly preferences: RoutePreferences;
  readonly order: ChannelOrder;
  readonly previews: PreviewMode;
  /** Set where the task may run on channels of its account only. */
  readonly isOwnOnly: boolean;
  /** By name: why it is not taken again. */
  readonly exclude: ReadonlyMap<string, string>;
  /** In the currency of `costMicros`: what the attempt may cost the owner of its channel. */
  readonly maxCostMicros?: number | undefined;
  /** 0 to 1, for each channel one that stays the same during the choice. */
  readonly random: (name: string) => number;
  readonly endpoint: string;
};

export type Picked<C> = { readonly candidate: C; readonly route: Route; readonly reason: string };
export type Decided<C> =
  /** The first is the one; the others would come after it. */
  | { readonly is: 'chosen'; readonly picks: readonly [Picked<C>, ...Picked<C>[]]; readonly considered: Considered[] }
  /** Nothing can take it now, and something will. */
  | {
      readonly is: 'wait';
      readonly untilMs: number | undefined;
      readonly waitsFor: readonly Considered[];
      readonly considered: Considered[];
    }
  | {
      readonly is: 'refused';
      readonly code: Extract<ErrorCode, 'no_channel' | 'invalid_input'>;
      readonly message: string;
      readonly considered: Considered[];
    };

type Judged<C extends Candidate> =
  | { readonly candidate: C; readonly is: 'able'; readonly route: Route; readonly trouble: Trouble | undefined }
  /** `asked`: the caller does not want it. `cannot`: it cannot do what was asked for. `gone`: it does not serve the
   *  endpoint. `spent`: it was tried, or needs its owner. */
  | {
      readonly candidate: C;
      readonly is: 'asked' | 'cannot' | 'gone' | 'spent';
      readonly reason: string;
      readonly said?: string;
    };

/** Puts the channels that can take a task in order, and says of every one why. Channels of the account come first, then
 *  those that have exactly the model, then what their owners allow in its place, then the preview. Within each of these,
 *  the caller's wishes go before the owner's. A better group that is only busy is waited for: the next one costs money, or
 *  makes something else. One that is in trouble is not. */
export function decide<C extends Candidate>(candidates: readonly C[], rules: ChoiceRules): Decided<C> {
  const all = [...candidates].sort((a, b) => (a.name < b.name ? -1 : 1));
  const hasReal = all.some((one) => !one.isPreview && (!('reason' in one.route) || one.route.isOff));
  const judged = all.filter((one) => isInQuestion(one, rules, hasReal)).map((one) => judge(one, rules));
  const able = judged.filter((one) => one.is === 'able');
  const { ready, waiting } = sortOut(able, rules);
  const picks = ready.map((one, index) => toPick(one, ready, index, rules));
  const considered = judged.map((one) => toConsidered(one, { picks, waiting }));
  const [first, ...others] = picks;
  if (first !== undefined) return { is: 'chosen', picks: [first, ...others], considered };
  if (waiting.length === 0) return refuse(judged, rules, considered);
  const untils = waiting.flatMap(({ trouble }) => trouble?.untilMs ?? []);
  return {
    is: 'wait',
    untilMs: untils.length === 0 ? undefined : Math.min(...untils),
    waitsFor: considered.filter(({ channel }) => waiting.some(({ candidate }) => candidate.name === channel)),
    considered,
  };
}

/** Those that can take it now, in order; and those of them that were reached and cannot. */
function sortOut<C extends Candidate>(able: readonly Able<C>[], rules: ChoiceRules) {
  const byGroup = Map.groupBy(able, ({ candidate, route }) => groupOf(candidate, route, rules));
  const ready: Able<C>[] = [];
  const waiting: Able<C>[] = [];
  for (const [group, members] of [...byGroup].sort(([a], [b]) => a - b)) {
    ready.push(...members.filter(({ trouble }) => trouble === undefined).sort(compare(rules)));
    waiting.push(...members.filter(({ trouble }) => trouble !== undefined));
    const isBusy = members.some(({ trouble }) => trouble?.kind === 'busy');
    if (ready.length === 0 && isBusy && group !== ASKED_FIRST) break;
  }
  return { ready, waiting };
}

/** The preview is no choice where something real serves the endpoint, unless it is asked for. */
function isInQuestion(one: Candidate, { previews, preferences }: ChoiceRules, hasReal: boolean): boolean {
  if (!one.isPreview) return true;
  if (previews === 'off') return false;
  const isAsked = [...(preferences.only ?? []), ...(preferences.order ?? [])].some((name) => isCalled(one, name));
  return previews === 'always' || isAsked || !hasReal;
}

const isCalled = ({ name, provider }: Candidate, asked: string): boolean =>
  asked === provider || asked === shortNameOf(name);

/** What the people who may use a channel call it: those of an account wear its id inside. */
export const shortNameOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

function judge<C extends Candidate>(candidate: C, rules: ChoiceRules): Judged<C> {
  const { only, ignore = [], maxPriceMicros } = rules.preferences;
  const says = (is: Exclude<Judged<C>['is'], 'able'>, reason: string, said?: Said): Judged<C> => ({
    candidate,
    is,
    reason,
    ...said,
  });
  const { route, trouble, refusals, chargeMicros } = candidate;
  if ('reason' in route) {
    return says(route.isOff ? 'spent' : 'gone', route.reason, route.isOff ? saidOf(candidate, 'off') : {});
  }
  if (rules.isOwnOnly && !candidate.isOwn) return says('asked', 'the account has not the money for it');
  if (only !== undefined && !only.some((name) => isCalled(candidate, name))) return says('asked', 'not asked for');
  if (ignore.some((name) => isCalled(candidate, name))) return says('asked', 'not wanted');
  if (maxPriceMicros !== undefined && chargeMicros > maxPriceMicros) {
    return says('asked', `costs ${chargeMicros / 1e6}, more than maxPrice`);
  }
  const tried = rules.exclude.get(candidate.name);
  if (tried !== undefined) return says('spent', tried);
  if (candidate.costMicros > (rules.maxCostMicros ?? Number.POSITIVE_INFINITY)) {
    return says('spent', 'with it the task would cost more than its caller agreed to');
  }
  if (refusals.length > 0) return says('cannot', refusals.join('; '));
  return trouble?.kind === 'off'
    ? says('spent', trouble.reason, saidOf(candidate, 'off'))
    : { candidate, is: 'able', route, trouble };
}

const ASKED_FIRST = 0;
const PREVIEW = 9;

/** Smaller is better; see `decide`. */
function groupOf(candidate: Candidate, route: Route, { preferences: { order = [] } }: ChoiceRules): number {
  if (order.some((name) => isCalled(candidate, name))) return ASKED_FIRST;
  if (candidate.isPreview) return PREVIEW;
  // Exactly and probably exactly are of one group: neither is worth waiting for.
  const distance = Math.max(0, rankOf(route) - 1);
  return 1 + 2 * distance + (candidate.isOwn ? 0 : 1);
}

type Able<C extends Candidate> = Extract<Judged<C>, { is: 'able' }>;
type Criterion = {
  /** Smaller comes first. */
  readonly value: (one: Able<Candidate>) => number;
  /** Why somebody comes before another by it. */
  readonly say: (one: Able<Candidate>) => string;
};

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
// What was never measured comes first: it would stay unknown otherwise.
const SORTS: Readonly<Record<RouteSort, readonly Criterion[]>> = {
  price: [
    { value: ({ candidate }) => candidate.chargeMicros, say: () => 'the cheapest' },
    { value: ({ candidate }) => candidate.costMicros, say: () => 'the cheapest' },
  ],
  speed: [
    {
      value: ({ candidate }) => candidate.usualMs ?? 0,
      say: ({ candidate: { usualMs } }) =>
        usualMs === undefined ? 'its speed is not known yet' : `the fastest: usually ${seconds(usualMs)}`,
    },
  ],
  success: [
    {
      value: ({ candidate }) => -(candidate.success ?? 1),
      say: ({ candidate: { success } }) =>
        success === undefined ? 'its success is not known yet' : `the most reliable: ${Math.round(success * 100)} %`,
    },
  ],
};

/** In the order in which they count, within a group. */
function criteriaOf({ preferences, order, random }: ChoiceRules): readonly Criterion[] {
  const { order: asked = [], sort } = preferences;
  const placeOf = (one: Candidate) => {
    const place = asked.findIndex((name) => isCalled(one, name));
    return place < 0 ? asked.length : place;
  };
  // Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006): in this order each comes first as often
  // as its share of all weights says.
  const turn = ({ name, weight }: Candidate) => (weight === 0 ? 1 : -(random(name) ** (1 / weight)));
  return [
    { value: ({ candidate }) => placeOf(candidate), say: () => 'asked for' },
    ...(sort === undefined ? [] : SORTS[sort]),
    { value: ({ route }) => rankOf(route), say: () => 'the others are only probably the same model' },
    { value: ({ candidate }) => -candidate.priority, say: ({ candidate }) => `priority ${candidate.priority}` },
    ...(order === 'weight' ? [] : SORTS[order]),
    { value: ({ candidate }) => turn(candidate), say: ({ candidate }) => `its turn by weight ${candidate.weight}` },
  ];
}

const compare =
  (rules: ChoiceRules) =>
  (a: Able<Candidate>, b: Able<Candidate>): number => {
    for (const { value } of criteriaOf(rules)) {
      const difference = value(a) - value(b);
      if (difference !== 0) return difference;
    }
    return 0;
  };

function toPick<C extends Candidate>(
  one: Able<C>,
  ready: readonly Able<C>[],
  index: number,
  rules: ChoiceRules,
): Picked<C> {
  const { candidate, route } = one;
  const rival = index === 0 ? ready[1] : ready[index - 1];
  return { candidate, route, reason: rival === undefined ? alone(one) : whyBefore(index === 0, one, rival, rules) };
}

function alone({ candidate }: Able<Candidate>): string {
  if (candidate.isPreview) return 'a preview: nothing else can take it';
  return candidate.isOwn ? "the account's own" : 'the only one that can take it';
}

/** The first thing in which it and its rival differ, said of whichever of them is before the other. */
function whyBefore(isFirst: boolean, one: Able<Candidate>, rival: Able<Candidate>, rules: ChoiceRules): string {
  const [better, worse] = isFirst ? [one, rival] : [rival, one];
  const say = (why: string) => (isFirst ? why : `after ${shortNameOf(rival.candidate.name)}: ${why}`);
  const group = (able: Able<Candidate>) => groupOf(able.candidate, able.route, rules);
  if (group(better) !== group(worse)) {
    if (group(better) === ASKED_FIRST) return say('asked for');
    if (better.candidate.isOwn && !worse.candidate.isOwn) return say("the account's own");
    return say('nearer to what was asked for');
  }
  const criterion = criteriaOf(rules).find(({ value }) => value(better) !== value(worse));
  return say(criterion?.say(better) ?? 'first by name');
}

type Sorted<C extends Candidate> = { readonly picks: readonly Picked<C>[]; readonly waiting: readonly Able<C>[] };

function toConsidered<C extends Candidate>(judged: Judged<C>, { picks, waiting }: Sorted<C>): Considered {
  const channel = judged.candidate.name;
  if (judged.is !== 'able') {
    const { reason, said } = judged;
    return { channel, verdict: 'out', reason, ...(said === undefined ? {} : { said }) };
  }
  const index = picks.findIndex(({ candidate }) => candidate === judged.candidate);
  const pick = picks[index];
  if (pick !== undefined) return { channel, verdict: index === 0 ? 'chosen' : 'next', reason: pick.reason };
  const { trouble } = judged;
  if (trouble === undefined || !waiting.includes(judged)) {
    return { channel, verdict: 'out', reason: 'a better one is only busy' };
  }
  const said = saidOf(judged.candidate, trouble.kind);
  return { channel, verdict: trouble.kind === 'busy' ? 'busy' : 'unwell', reason: trouble.reason, ...said };
}

/** Where everything that could serve the endpoint cannot do this, or is not wanted, asking again is of no use. */
function refuse<C extends Candidate>(
  judged: readonly Judged<C>[],
  { endpoint }: ChoiceRules,
  considered: Considered[],
): Decided<C> {
  const said = considered.map(({ channel, said, reason }) => `${shortNameOf(channel)}: ${said ?? reason}`).join('; ');
  const isFinal = judged.some(({ is }) => is !== 'gone') && judged.every(({ is }) => is !== 'spent');
  return {
    is: 'refused',
    code: isFinal ? 'invalid_input' : 'no_channel',
    message: `no channel can run ${isFinal ? 'this with ' : ''}${endpoint}${said === '' ? '' : ` (${said})`}`,
    considered,
  };
}
