import type { Problem } from '@reelay/catalog';
import type { ChannelChange, ChannelService } from '../contract/channel.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { fitsPattern } from '../lib/pattern.ts';
import { dayOf, EVER, hourOf, startOfDayMs, startOfHourMs } from '../lib/periods.ts';
import type { SealedBox } from '../lib/sealed-box.ts';
import { refusalOf } from '../lib/target-address.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import { forgetHealth } from '../store/channel-health.ts';
import { countChannelUse } from '../store/channel-places.ts';
import { endFault, switchOff, switchOn } from '../store/channel-switches.ts';
import {
  bumpVersion,
  deleteChannel,
  deleteIdleChannel,
  forgetChannel,
  getChannel,
  insertChannel,
  updateChannel,
} from '../store/channels.ts';
import type { Db, Statement } from '../store/db.ts';
import { DEFAULT_POLICY, DEFAULT_RULES, type Policy, toColumns } from './definition.ts';
import { applyChange, type Described, type FieldsDeps } from './fields.ts';
import type { Measures } from './measures.ts';
import { test } from './recheck.ts';
import { type Entry, placeOf, type Roster } from './roster.ts';
import { toProviderRouteViews, toProviderView, toRouteViews, toView } from './views.ts';

export type AdminDeps = FieldsDeps & {
  readonly db: Db;
  readonly box: SealedBox;
  readonly roster: Roster;
  readonly measures: Measures;
  readonly ids: Pick<Ids, 'channelId'>;
  /** Whether channels of accounts may be in private networks. */
  readonly allowPrivateNetwork: boolean;
  /** What a task costs an account on a channel that it brought, as a share of its price. */
  readonly ownPriceFactor: number;
  readonly clock: Clock;
  readonly log: Log;
};

const MAX_CHANNELS_OF_ACCOUNT = 100;

export function createChannelService(deps: AdminDeps): ChannelService {
  const { db, box, roster, clock, log } = deps;
  const { nowMs } = clock;
  const viewDeps = { ...deps, nowMs };
  const listOwn = async (accountId: string | null): Promise<readonly Entry[]> => {
    await roster.refresh();
    return roster
      .list()
      .filter(({ definition }) => definition.accountId === accountId)
      .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  };
  const find = async ({ accountId, id }: { accountId: string | null; id: string }): Promise<Entry> => {
    const own = await listOwn(accountId);
    const name = accountId === null ? id : `${accountId}/${id}`;
    const entry =
      own.find(({ definition }) => definition.id === id) ?? own.find(({ definition }) => definition.name === name);
    if (entry === undefined) throw new GatewayError('not_found', `no channel ${id}`);
    return entry;
  };
  /** Writes, and reads back what is there then. */
  const commit = async (statements: readonly Statement[], conflict: string): Promise<void> => {
    const outcome = await db.write([...statements, bumpVersion(db, {})]);
    roster.expectChange();
    if (!outcome.committed) throw new GatewayError('conflict', conflict);
  };
  return {
    listProviders: () => deps.types.map((type) => toProviderView(type, nowMs())),
    listProviderRoutes({ provider, endpoint }) {
      const type = deps.types.find(({ name }) => name === provider);
      if (type === undefined) return undefined;
      return toProviderRouteViews(type, { fits: (id) => fitsPattern(endpoint, id), nowMs: nowMs() });
    },
    list: async ({ accountId }) => Promise.all((await listOwn(accountId)).map((entry) => toView(viewDeps, entry))),
    get: async (one) => toView(viewDeps, await find(one)),
    async create({ accountId, channel }) {
      const type = requireType(deps.types, channel.provider);
      const short = channel.name ?? type.name;
      const name = accountId === null ? short : `${accountId}/${short}`;
      const own = await listOwn(accountId);
      if (roster.get(name) !== undefined && own.some(({ definition }) => definition.name === name)) {
        throw new GatewayError('conflict', `there is a channel ${short} already`);
      }
      if (accountId !== null && own.length >= MAX_CHANNELS_OF_ACCOUNT) {
        throw new GatewayError('conflict', `an account may bring ${MAX_CHANNELS_OF_ACCOUNT} channels`);
      }
      const priceFactor = accountId === null ? DEFAULT_POLICY.priceFactor : deps.ownPriceFactor;
      const before = { ...DEFAULT_POLICY, priceFactor, credentials: {}, settings: {}, rules: DEFAULT_RULES };
      const described = requireFit(toDescribed(deps, { type, before, change: channel, accountId }));
      const id = deps.ids.channelId();
      const atMs = nowMs();
      const row = {
        id,
        name,
        account_id: accountId,
        provider: type.name,
        ...toColumns(described),
        credentials: box.seal(JSON.stringify(described.credentials), placeOf(id)),
        revision: 1,
        created_at_ms: atMs,
        updated_at_ms: atMs,
      };
      // What is left of a former channel of this name says nothing about this one.
      const statements = [...forgetChannel(db, name), insertChannel(db, row), ...setEnabled(db, name, channel, atMs)];
      await commit([...statements, ...countUse(db, name, described, atMs)], `there is a channel ${short} already`);
      log.info({ channel: name, provider: type.name, accountId }, 'a channel was made');
      return toView(viewDeps, await find({ accountId, id }));
    },
    async update({ change, ...one }) {
      const { definition, type } = await find(one);
      const { id, name, source } = definition;
      const { isEnabled: _, ...rest } = change;
      const says = Object.values(rest).some((value) => value !== undefined);
      const atMs = nowMs();
      const mended = [endFault(db, { channel: name }), forgetHealth(db, { channel: name })];
      const statements = [...setEnabled(db, name, change, atMs), ...mended];
      if (source !== 'api') {
        if (says)
          throw new GatewayError('conflict', `the channel ${name} is described by the ${source}: change it there`);
        if (!definition.isEnabled && change.isEnabled === true) {
          throw new GatewayError('conflict', `the ${source} says that the channel ${name} is off`);
        }
      } else if (says) {
        statements.push(
          ...(await changeRow(deps, {
            id,
            type,
            change: rest,
            before: definition,
            accountId: definition.accountId,
            atMs,
          })),
        );
      }
      await commit(statements, `the channel ${name} was changed by somebody else meanwhile`);
      log.info({ channel: name, fields: Object.keys(change) }, 'a channel was changed');
      return toView(viewDeps, await find(one));
    },
    async remove({ force, ...one }) {
      const { definition } = await find(one);
      const { id, name, source } = definition;
      if (source !== 'api') {
        throw new GatewayError('conflict', `the channel ${name} is described by the ${source}: take it away there`);
      }
      const end = force ? deleteChannel(db, { id }) : deleteIdleChannel(db, { id, name });
      await commit(
        [end, ...forgetChannel(db, name)],
        `tasks are under way on ${name}: switch it off and delete it when they have ended, or give them up with force=true`,
      );
      log.info({ channel: name }, 'a channel was deleted');
    },
    async check({ signal, ...one }) {
      const tested = await test({ ...deps, roster }, await find(one), signal);
      if (tested.is === 'refused') return { isWorking: false, fault: tested.fault, message: tested.message };
      return tested.is === 'working'
        ? { isWorking: true, isProven: true, message: 'the upstream accepts the credentials' }
        : { isWorking: true, isProven: false, message: 'this upstream can be tested by a job only' };
    },
    async listRoutes({ endpoint, ...one }) {
      return toRouteViews(viewDeps, await find(one), (id) => fitsPattern(endpoint, id));
    },
    async switchRoute({ endpoint, isOn, ...one }) {
      const entry = await find(one);
      const channel = entry.definition.name;
      if (entry.routesOf(endpoint, { off: [], today: '' }).length === 0) {
        throw new GatewayError('not_found', `the channel ${channel} has no route for ${endpoint}`);
      }
      const off = {
        channel,
        endpoint,
        model: '',
        by_whom: 'owner',
        reason: '',
        at_ms: nowMs(),
        checked_at_ms: nowMs(),
      };
      await commit([isOn ? switchOn(db, { channel, endpoint }) : switchOff(db, off)], 'unreachable');
      return toRouteViews(viewDeps, await find(one), (id) => id === endpoint);
    },
  };
}

function requireType(types: readonly ProviderType[], provider: string): ProviderType {
  const type = types.find(({ name }) => name === provider);
  if (type !== undefined) return type;
  const known = types.map(({ name }) => name).join(', ');
  throw invalid([{ field: 'provider', message: `provider: there is no ${provider}; known are ${known}` }]);
}

const invalid = (problems: readonly Problem[]): GatewayError =>
  new GatewayError('invalid_input', problems.map(({ message }) => message).join('; '), { details: problems });

type ToDescribe = Pick<RowChange, 'change' | 'before' | 'accountId'> & { readonly type: ProviderType };

/** As `applyChange`. What belongs to an account is held to the addresses that it could call by itself. */
function toDescribed(deps: AdminDeps, { type, before, change, accountId }: ToDescribe): ReturnType<typeof applyChange> {
  const made = applyChange(deps, type, before, change);
  const baseUrl = change.settings?.baseUrl ?? undefined;
  const refusal = accountId === null || baseUrl === undefined ? undefined : refusalOf(baseUrl, deps);
  if (refusal === undefined) return made;
  const field = 'settings.baseUrl';
  const others = 'problems' in made ? made.problems.filter((problem) => problem.field !== field) : [];
  return { problems: [...others, { field, message: `${field} ${refusal}` }] };
}

function requireFit(made: ReturnType<typeof applyChange>): Described {
  if ('problems' in made) throw invalid(made.problems);
  return made.described;
}

type RowChange = {
  readonly id: string;
  readonly type: ProviderType | undefined;
  readonly change: ChannelChange;
  readonly before: Described;
  readonly accountId: string | null;
  readonly atMs: number;
};

async function changeRow(
  deps: AdminDeps,
  { id, type, change, before, accountId, atMs }: RowChange,
): Promise<Statement[]> {
  const { db, box } = deps;
  const row = await getChannel(db, id);
  if (row === undefined || type === undefined) throw new GatewayError('not_found', `no channel ${id}`);
  const described = requireFit(toDescribed(deps, { type, before, change, accountId }));
  const sealed =
    change.credentials === undefined
      ? {}
      : { credentials: box.seal(JSON.stringify(described.credentials), placeOf(id)) };
  const changes = { ...toColumns(described), ...sealed, updated_at_ms: atMs };
  return [
    updateChannel(db, { id, revision: row.revision, changes }),
    ...countUse(db, row.name, described, atMs, before),
  ];
}

/** Budgets that begin now count what was spent already. */
function countUse(db: Db, channel: string, { budgets }: Policy, atMs: number, before?: Policy): Statement[] {
  const old = before?.budgets;
  const isOther = old !== undefined && old.currency !== budgets.currency;
  const begins = (now: number | null, then: number | null | undefined) =>
    now !== null && (then === null || then === undefined || isOther);
  const periods = [
    ...(begins(budgets.hourMicros, old?.hourMicros) ? [{ period: hourOf(atMs), sinceMs: startOfHourMs(atMs) }] : []),
    ...(begins(budgets.dayMicros, old?.dayMicros) ? [{ period: dayOf(atMs), sinceMs: startOfDayMs(atMs) }] : []),
    ...(begins(budgets.totalMicros, old?.totalMicros) ? [{ period: EVER, sinceMs: 0 }] : []),
  ];
  return periods.length === 0 ? [] : countChannelUse(db, { channel, periods });
}

function setEnabled(db: Db, channel: string, { isEnabled }: ChannelChange, atMs: number): Statement[] {
  if (isEnabled === undefined) return [];
  const off = { channel, endpoint: '', model: '', by_whom: 'owner', reason: '', at_ms: atMs, checked_at_ms: atMs };
  return [isEnabled ? switchOn(db, { channel, endpoint: '' }) : switchOff(db, off)];
}
