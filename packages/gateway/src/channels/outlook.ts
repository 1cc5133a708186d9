import type { Considered } from '../contract/routing.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import { type Known, listCandidates } from './candidates.ts';
import type { Ask } from './channels.ts';
import { type Decided, decide, shortNameOf } from './choice.ts';
import { type RoomDeps, rulesOf, sortsOf } from './room.ts';
import { isServed } from './routes.ts';

/** What a choice would be now, with everything that was considered for it. */
export type Foresight = {
  readonly is: Decided<unknown>['is'];
  readonly channel: string | null;
  readonly provider: string | null;
  /** The upstream's name of the model. */
  readonly model: string | null;
  readonly reason: string;
  /** What the account would pay, in its currency. */
  readonly chargeMicros: number | null;
  readonly considered: readonly Considered[];
};

/** What may be asked of the channels before there is a task, and after it. Nothing of it holds a place. */
export type Outlook = {
  foresee(ask: Ask): Promise<Foresight>;
  /** Of these names, those that no channel which the account may use has, and no kind of provider. */
  listUnknown(p: { accountId: string; names: readonly string[] }): Promise<readonly string[]>;
  /** The kinds of provider, by name. */
  readonly kinds: readonly string[];
  /** The share of its price that a task costs on channels that its account brought; undefined where none of them serves
   *  the endpoint. */
  ownShareOf(p: { accountId: string; endpoint: string }): Promise<number | undefined>;
  /** The kind of provider of a channel, and whose it is; undefined when it is known no more. */
  find(channel: string): Promise<{ readonly provider: string; readonly accountId: string | null } | undefined>;
};

type Deps = RoomDeps & { readonly types: readonly ProviderType[]; readonly ownPriceFactor: number };

export function createOutlook(deps: Deps): Outlook {
  const { roster, clock, types } = deps;
  const kinds = types.map(({ name }) => name);
  return {
    kinds,
    async foresee(ask) {
      await roster.refresh();
      const candidates = await listCandidates(deps, ask, { nowMs: clock.nowMs(), sorts: sortsOf(deps, ask) });
      return toForesight(decide(candidates, rulesOf(deps, ask)));
    },
    async listUnknown({ accountId, names }) {
      await roster.refresh();
      const known = new Set(kinds);
      for (const { definition } of roster.listFor(accountId)) {
        known.add(definition.provider).add(shortNameOf(definition.name));
      }
      return [...new Set(names)].filter((name) => !known.has(name));
    },
    async ownShareOf({ accountId, endpoint }) {
      await roster.refresh();
      const serves = roster
        .listFor(accountId)
        .some(
          ({ definition, routesOf }) =>
            definition.accountId !== null &&
            isServed(definition.rules, endpoint) &&
            routesOf(endpoint, { off: roster.switchesOf(definition.name), today: '' }).some(
              ({ reason }) => reason === null,
            ),
        );
      return serves ? deps.ownPriceFactor : undefined;
    },
    async find(channel) {
      await roster.refresh();
      return roster.get(channel)?.definition;
    },
  };
}

function toForesight(decided: Decided<Known>): Foresight {
  const { is, considered } = decided;
  const none = { channel: null, provider: null, model: null, chargeMicros: null };
  switch (decided.is) {
    case 'chosen': {
      const [{ candidate, route, reason }] = decided.picks;
      const { name, provider, chargeMicros } = candidate;
      return { is, channel: name, provider, model: route.model, reason, chargeMicros, considered };
    }
    case 'wait': {
      const said = decided.waitsFor.map(({ channel, said, reason }) => `${shortNameOf(channel)}: ${said ?? reason}`);
      return { ...none, is, reason: `it would wait (${said.join('; ')})`, considered };
    }
    case 'refused':
      return { ...none, is, reason: decided.message, considered };
  }
}
