import type { Log } from '../contract/log.ts';
import { CannotOpen, type SealedBox } from '../lib/sealed-box.ts';
import { UpstreamError } from '../providers/fault.ts';
import { throughDispatcher } from '../providers/kit/dispatch.ts';
import type { Provider } from '../providers/provider.ts';
import type { ProviderDeps, ProviderType } from '../providers/provider-type.ts';
import { type HealthRow, listHealth } from '../store/channel-health.ts';
import { listSwitches, type SwitchRow } from '../store/channel-switches.ts';
import { bumpVersion, type ChannelRow, getVersion, listAllChannels, updateChannel } from '../store/channels.ts';
import type { Db } from '../store/db.ts';
import type { Channel } from './channels.ts';
import { DEFAULT_POLICY, DEFAULT_RULES, type Definition, toDefinition, withDefaultSettings } from './definition.ts';
import { listRoutes, type RouteView } from './routes.ts';

/** How long a change that another process made may go unnoticed. */
const TRUST_MS = 1_000;

/** A channel with all that is known of it here. */
export type Entry = {
  readonly channel: Channel;
  readonly definition: Definition;
  readonly type: ProviderType | undefined;
  /** Why it cannot be used at all. */
  readonly broken: string | undefined;
  /** Every way in which it knows to serve an endpoint, best first. */
  readonly routesOf: (endpoint: string, p: { off: readonly SwitchRow[]; today: string }) => readonly RouteView[];
};

export type RosterDeps = {
  readonly db: Db;
  readonly box: SealedBox;
  readonly types: readonly ProviderType[];
  /** Of the file and the environment. */
  readonly defined: readonly Definition[];
  /** Made by code. The first stands before the second, and so on. */
  readonly fixed: readonly Channel[];
  readonly providerDeps: Omit<ProviderDeps, 'credentials' | 'settings' | 'dispatcher' | 'log'>;
  /** Whether channels that accounts brought are used. */
  readonly allowsOwn: boolean;
  /** Carries the requests of channels that accounts brought. */
  readonly guardedDispatcher: NonNullable<ProviderDeps['dispatcher']> | undefined;
  readonly nowMs: () => number;
  readonly log: Log;
};

export type Roster = {
  /** Brings everything up to date, if it is older than a second or known to have changed. */
  refresh(): Promise<void>;
  /** Something of it is being changed by this process: for a moment every look reads again. */
  expectChange(): void;
  list(): readonly Entry[];
  /** Those on which tasks of an account may run. */
  listFor(accountId: string): readonly Entry[];
  get(name: string): Entry | undefined;
  switchesOf(channel: string): readonly SwitchRow[];
  healthOf(channel: string): readonly HealthRow[];
};

/** All channels: those of the code, the environment, the file and the API. Of several with one name, the API's counts,
 *  then the file's. */
export function createRoster(deps: RosterDeps): Roster {
  const { db, nowMs } = deps;
  const own = new Map([
    ...deps.defined.map((definition) => [definition.name, build(deps, definition)] as const),
    ...deps.fixed.map((channel, place) => [channel.name, fix(channel, -place)] as const),
  ]);
  const stored = new Map<string, Entry>();
  /** Deleted by its owner; a task that is under way there still finds it, as long as this process lives. */
  const gone = new Map<string, Entry>();
  let switches = new Map<string, SwitchRow[]>();
  let health = new Map<string, HealthRow[]>();
  let version: string | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let changingUntilMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const list = () => [...new Map([...own, ...stored]).values()];
  const isFresh = () => nowMs() - readAtMs < TRUST_MS && nowMs() >= changingUntilMs;

  async function read(): Promise<void> {
    const atMs = nowMs();
    const newest = await getVersion(db);
    if (newest !== version) {
      const [rows, off] = await Promise.all([listAllChannels(db), listSwitches(db)]);
      take(rows);
      switches = Map.groupBy(off, ({ channel }) => channel);
      version = newest;
    }
    const before = health;
    health = Map.groupBy(await listHealth(db), ({ channel }) => channel);
    tellRests(deps, before, health);
    readAtMs = atMs;
  }
  function take(rows: readonly ChannelRow[]): void {
    const names = new Set(rows.map(({ name }) => name));
    for (const [name, entry] of stored) {
      if (names.has(name)) continue;
      stored.delete(name);
      gone.set(name, entry);
    }
    for (const row of rows) {
      const known = stored.get(row.name);
      if (known?.definition.id === row.id && known.definition.revision === String(row.revision)) continue;
      stored.set(row.name, open(deps, row));
      gone.delete(row.name);
    }
  }
  return {
    async refresh() {
      if (isFresh()) return;
      const ahead = reading;
      if (ahead !== undefined) await ahead.catch(() => undefined);
      if (isFresh()) return;
      // What was begun before may have missed what was written since.
      if (reading === undefined || reading === ahead) {
        const next = read().finally(() => {
          if (reading === next) reading = undefined;
        });
        reading = next;
      }
      await reading;
    },
    expectChange() {
      changingUntilMs = nowMs() + TRUST_MS;
    },
    list,
    listFor: (accountId) =>
      list().filter(
        ({ definition }) => definition.accountId === null || (deps.allowsOwn && definition.accountId === accountId),
      ),
    get: (name) => stored.get(name) ?? own.get(name) ?? gone.get(name),
    switchesOf: (channel) => switches.get(channel) ?? [],
    healthOf: (channel) => health.get(channel) ?? [],
  };
}

/** Says once, in each process, that a channel begins to rest. */
function tellRests({ nowMs, log }: RosterDeps, before: Map<string, HealthRow[]>, now: Map<string, HealthRow[]>): void {
  for (const row of [...now.values()].flat()) {
    const { channel, endpoint, open_until_ms: untilMs, failures, reason } = row;
    if (untilMs === null || untilMs <= nowMs()) continue;
    const known = before.get(channel)?.find((one) => one.endpoint === endpoint);
    if (known?.open_until_ms === untilMs) continue;
    log.warn({ channel, endpoint, failures, reason, untilMs }, 'a channel failed too often and gets a rest');
  }
}

/** The place for which the credentials of a channel are sealed. */
export const placeOf = (id: string): string => `channels.credentials:${id}`;

function open(deps: RosterDeps, row: ChannelRow): Entry {
  try {
    // What was sealed is what `admin.ts` wrote.
    const credentials = JSON.parse(deps.box.open(row.credentials, placeOf(row.id))) as Record<string, string>;
    return build(deps, toDefinition(row, credentials));
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    deps.log.error({ channel: row.name, reason: error.message }, 'the credentials of a channel cannot be read');
    return build(deps, toDefinition(row, {}), `its credentials cannot be read: ${error.message}`);
  }
}

function build(deps: RosterDeps, definition: Definition, unreadable?: string): Entry {
  const type = deps.types.find(({ name }) => name === definition.provider);
  const broken = unreadable ?? (type === undefined ? `there is no provider ${definition.provider}` : undefined);
  const { rules, name, priceFactor } = definition;
  const settings = type === undefined ? {} : withDefaultSettings(type, definition.settings);
  const provider =
    type === undefined || broken !== undefined
      ? outOfOrder(definition.provider, broken ?? '')
      : type.create({ ...deps.providerDeps, log: deps.log, credentials: definition.credentials, settings });
  const routesOf: Entry['routesOf'] = (endpoint, { off, today }) =>
    listRoutes(type?.routes, endpoint, { rules, off: off.map(toSwitchedOff), today });
  const origin = settings.baseUrl === undefined ? undefined : new URL(settings.baseUrl).origin;
  const dispatcher = definition.accountId === null ? undefined : deps.guardedDispatcher;
  return {
    channel: {
      name,
      provider: dispatcher === undefined ? provider : throughDispatcher(provider, dispatcher),
      routeOf: ({ id }) => routesOf(id, { off: [], today: '' })[0]?.route,
      // An account's word opens no door into our network.
      ...(origin === undefined || definition.accountId !== null ? {} : { trustedOrigin: origin }),
      priceFactor,
    },
    definition,
    type,
    broken,
    routesOf,
  };
}

const toSwitchedOff = ({ endpoint, model, by_whom, reason, at_ms }: SwitchRow) => ({
  endpoint,
  model,
  by: by_whom === 'owner' ? ('owner' as const) : ('fault' as const),
  reason,
  atMs: at_ms,
});

/** A provider that cannot be made. What is under way there goes on when it can be made again. */
function outOfOrder(name: string, reason: string): Provider {
  const fail = async (): Promise<never> => {
    throw new UpstreamError('busy', reason);
  };
  return { name, submitIsRepeatable: false, submit: fail, poll: fail };
}

function fix(channel: Channel, priority: number): Entry {
  const { name, provider, priceFactor = 1 } = channel;
  const definition: Definition = {
    ...DEFAULT_POLICY,
    priority,
    priceFactor,
    ...channel.policy,
    id: name,
    name,
    source: 'built-in',
    accountId: null,
    provider: provider.name,
    credentials: {},
    settings: {},
    rules: DEFAULT_RULES,
    isEnabled: true,
    createdAtMs: null,
    updatedAtMs: null,
    revision: '',
  };
  return {
    channel,
    definition,
    type: undefined,
    broken: undefined,
    routesOf(endpoint, { off }) {
      const route = channel.routeOf({ id: endpoint });
      if (route === undefined) return [];
      const isOff = off.some((one) => one.endpoint === endpoint);
      return [{ route, isOff, reason: isOff ? 'switched off by its owner' : null }];
    },
  };
}

/** Seals again what was sealed with an older key, so that the older key can go. */
export async function resealAll({
  db,
  box,
  log,
  nowMs,
}: Pick<RosterDeps, 'db' | 'box' | 'log' | 'nowMs'>): Promise<void> {
  const stale = (await listAllChannels(db)).filter(({ credentials }) => box.isStale(credentials));
  for (const { id, revision, credentials } of stale) {
    try {
      const changes = {
        credentials: box.seal(box.open(credentials, placeOf(id)), placeOf(id)),
        updated_at_ms: nowMs(),
      };
      // Somebody who changed it meanwhile sealed it, too.
      await db.write([updateChannel(db, { id, revision, changes }), bumpVersion(db, {})]);
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      log.error({ channel: id, reason: error.message }, 'the credentials of a channel cannot be sealed again');
    }
  }
  if (stale.length > 0) log.info({ channels: stale.length }, 'credentials were sealed with the newest key');
}
