import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog } from '@reelay/catalog';
import { createStandin, type Standin } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createExchange } from '../../src/accounts/exchange.ts';
import { openTestChannels } from '../../src/channels/testing/open-test-channels.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { ChannelField } from '../../src/providers/provider-type.ts';
import { PROVIDER_TYPES } from '../../src/providers/registry.ts';
import { isLive } from '../../src/providers/route.ts';
import { openDb } from '../../src/store/open.ts';
import { type Receiver, startReceiver } from '../../src/webhooks/testing/receiver.ts';
import { openAccount } from '../reliability/account.ts';
import { channelOf, listSubjects, type Subject } from '../reliability/subjects.ts';
import { type ServerProcess, startProcess } from '../server-process.ts';
import { type Manner, type Mirror, startMirror } from './mirror.ts';
import { find, type Needle, needlesOf } from './needles.ts';
import { crash, dump, readAll, readAnswers, refuse } from './places.ts';

type Options = { readonly createDatabase?: () => Promise<{ env: { DATABASE_URL: string }; drop(): Promise<void> }> };

const ADMIN = randomBytes(16).toString('hex');
const SECRET_KEY = randomBytes(32).toString('hex');
const FILE = join(import.meta.dirname, 'server.ts');
const PACE = { queuedMs: 50, runningMs: 200 };
const END_WITHIN_S = 3;

/** What the upstreams do, in this order. A channel that is refused is out of use, so that comes last. */
const ROUNDS: readonly Manner[] = [
  'pass',
  { status: 200, as: 'json', at: 'submit' },
  { status: 500, as: 'html', at: 'submit' },
  'pass',
  { status: 400, as: 'json', at: 'submit' },
  { status: 422, as: 'html', at: 'submit' },
  { status: 400, as: 'json', at: 'poll' },
  { status: 200, as: 'json', at: 'poll' },
  'pass',
  { status: 429, as: 'json', at: 'submit' },
  { status: 500, as: 'json', at: 'poll' },
  { status: 401, as: 'json', at: 'submit' },
];

/** No credential shows anywhere, whatever upstreams say. */
export function describeSecrets(name: string, { createDatabase }: Options): void {
  describe(name, () => {
    const ends: (() => unknown)[] = [];
    const seen = new Map<string, Buffer>();
    const mirrors: Mirror[] = [];
    const statuses = new Set<string>();
    let needles: readonly Needle[];

    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'reelay-secrets-'));
      ends.push(() => rm(folder, { recursive: true, force: true }));
      const database = await createDatabase?.();
      if (database !== undefined) ends.push(() => database.drop());
      const world = await openWorld(folder, database?.env.DATABASE_URL, ends);
      mirrors.push(...world.mirrors);
      const { server, receiver } = world;
      const api = await openAccount(server.url, ADMIN);
      ends.push(() => api.close());
      for (const manner of ROUNDS) {
        for (const mirror of mirrors) mirror.manner = manner;
        const options = { webhookUrl: receiver.url, endWithinSeconds: END_WITHIN_S };
        const ids = await Promise.all(world.subjects.map(({ endpoint }) => api.submit(endpoint, options)));
        const isOver = async () =>
          (await Promise.all(ids.map(api.status))).every((one) => /succeeded|failed/.test(one));
        await until(isOver);
        for (const status of await Promise.all(ids.map(api.status))) statuses.add(status);
      }
      seen.set('answers', Buffer.from((await readAnswers(server.url, { key: api.key, adminKey: ADMIN })).join('\n')));
      await until(async () => receiver.requests.length >= ROUNDS.length * world.subjects.length);
      seen.set('webhooks', Buffer.from(JSON.stringify(receiver.requests)));
      seen.set('files', await readAll(world.dataDir));
      if (database !== undefined) seen.set('rows', await dump(database.env.DATABASE_URL));
      await server.stop('SIGTERM');
      seen.set('log', Buffer.from(JSON.stringify(server.output())));
      seen.set('files afterwards', await readAll(world.dataDir));
      seen.set('crash', await crash({ ...world.env, REELAY_DATA_DIR: join(folder, 'crash') }, world.variables));
      seen.set(
        'refusal to start',
        await refuse({ ...world.env, REELAY_DATA_DIR: join(folder, 'wrong') }, world.described),
      );
      needles = [
        ...needlesOf('REELAY_ADMIN_KEY', ADMIN),
        ...needlesOf('REELAY_SECRET_KEY', SECRET_KEY),
        ...world.secrets.flatMap(([what, secret]) => needlesOf(what, secret)),
        ...mirrors.flatMap(({ proofs }, place) =>
          [...proofs]
            .flatMap((proof) => needlesOf(`proof of ${world.subjects[place]?.type.name}`, proof))
            .filter(({ form }) => form !== 'beginning'),
        ),
      ];
      seen.set('what upstreams were told', Buffer.from(mirrors.flatMap(({ proofs }) => [...proofs]).join(' ')));
    }, 300_000);
    afterAll(async () => {
      for (const end of ends.reverse()) await end();
    });

    test('what is looked for can be found', () => {
      const told = find(seen.get('what upstreams were told') ?? Buffer.alloc(0), needles);
      expect(told.length).toBeGreaterThanOrEqual(PROVIDER_TYPES.length);
      expect(mirrors.filter(({ echoes }) => echoes === 0)).toEqual([]);
      expect(statuses).toEqual(new Set(['succeeded', 'failed']));
      expect(seen.get('log')?.includes('could not') || seen.get('log')?.includes('unknown')).toBe(true);
      expect(seen.get('crash')?.includes('nobody catches this')).toBe(true);
      expect(seen.get('webhooks')?.includes('failed')).toBe(true);
      expect(seen.get('refusal to start')?.includes('is wrong')).toBe(true);
    });
    const places = ['answers', 'webhooks', 'files', 'files afterwards', 'log', 'crash', 'refusal to start'];
    test.each([...places, ...(createDatabase === undefined ? [] : ['rows'])])('not in: %s', (place) => {
      const bytes = seen.get(place) ?? Buffer.alloc(0);
      expect(bytes.length).toBeGreaterThan(0);
      expect(find(bytes, needles)).toEqual([]);
    });
  });
}

/** A gateway whose channels come in equal parts from the environment, a file and the database, each with its upstream. */
async function openWorld(folder: string, databaseUrl: string | undefined, ends: (() => unknown)[]) {
  const subjects = await listSubjects();
  const [standins, mirrors]: [Standin[], Mirror[]] = [[], []];
  for (const { definition } of subjects) {
    const standin = await createStandin(definition, { pace: PACE });
    const mirror = await startMirror(standin.url);
    ends.push(
      () => standin.close(),
      () => mirror.close(),
    );
    standins.push(standin);
    mirrors.push(mirror);
  }
  const described = subjects.map((subject, place) => mirrored(subject, standins[place], mirrors[place]));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const placesOf = (way: Way) => described.filter((_, place) => wayOf(subjects[place], place) === way);
  await storeChannels({ dataDir, databaseUrl, channels: placesOf('database') });
  const file = join(folder, 'channels.json');
  await writeFile(file, JSON.stringify({ channels: placesOf('file') }));
  const variables = Object.assign({}, ...placesOf('environment').map(toVariables));
  const env = {
    REELAY_ADMIN_KEY: ADMIN,
    REELAY_SECRET_KEY: SECRET_KEY,
    REELAY_DATA_DIR: dataDir,
    REELAY_ALLOW_PRIVATE_NETWORK: 'true',
    REELAY_CHANNELS_FILE: file,
    REELAY_PREVIEW: 'off',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
  const receiver: Receiver = await startReceiver();
  ends.push(() => receiver.close());
  const server: ServerProcess = await startProcess({ ...env, ...variables }, FILE);
  ends.push(() => server.child.kill('SIGKILL'));
  const secrets = described.flatMap(({ provider, credentials }) =>
    Object.entries(credentials).flatMap(([field, value]) =>
      secretParts(value ?? '').map((part) => [`${provider}.${field}`, part] as const),
    ),
  );
  return { subjects, mirrors, described, dataDir, env, variables, receiver, server, secrets };
}

const WAYS = ['database', 'file', 'environment'] as const;
type Way = (typeof WAYS)[number];

/** The environment cannot say that a nearly equal model will do. */
function wayOf(subject: Subject | undefined, place: number): Way {
  const way = WAYS[place % WAYS.length] ?? 'file';
  const { routes, asOf } = subject?.type.routes ?? { routes: [], asOf: '' };
  const isExact = routes.some((route) => route.endpoint === subject?.endpoint.id && isLive(route, asOf));
  return way === 'environment' && !isExact ? 'file' : way;
}

/** The channel asks the mirror. Where it logs in stays: that address is part of the credentials. */
function mirrored(subject: Subject, standin: Standin | undefined, mirror: Mirror | undefined): Described {
  const described = channelOf(subject, standin?.url ?? '');
  const settings = Object.entries(described.settings).map(([name, value]) => [
    name,
    value?.replaceAll(standin?.url ?? '', mirror?.url ?? ''),
  ]);
  return { ...described, settings: Object.fromEntries(settings) };
}

/** The same in the environment. */
function toVariables({ provider, credentials, settings }: Described): Record<string, string> {
  const type = PROVIDER_TYPES.find(({ name }) => name === provider);
  const named = (fields: readonly ChannelField[], values: Described['settings']) =>
    fields.map(({ name, env }) => [env, values[name]] as const);
  return present(
    Object.fromEntries([...named(type?.credentials ?? [], credentials), ...named(type?.settings ?? [], settings)]),
  );
}

/** Of a key that is a document, what is secret in it. */
function secretParts(value: string): string[] {
  if (!value.startsWith('{')) return [value];
  const { private_key } = z.object({ private_key: z.string() }).parse(JSON.parse(value));
  return private_key.split('\n').filter((line) => line.length > 40);
}

const until = (isSo: () => Promise<boolean>): Promise<void> =>
  vi.waitFor(
    async () => {
      if (!(await isSo())) throw new Error('it is not so yet');
    },
    { timeout: 180_000, interval: 200 },
  );

type Described = ReturnType<typeof channelOf>;

/** As the API stores them. */
async function storeChannels(p: { dataDir: string; databaseUrl: string | undefined; channels: readonly Described[] }) {
  const fail = (error: Error) => {
    throw error;
  };
  const db = await openDb({ ...p, onFatal: fail });
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const { service } = openTestChannels({
    db,
    catalog,
    queue: { notify: () => {} },
    dataDir: p.dataDir,
    clock: systemClock,
    random: Math.random,
    exchange: createExchange({ cnyMicrosPerUsd: 7_200_000 }),
    log,
    fixed: [],
    types: PROVIDER_TYPES,
    keys: [SECRET_KEY],
  });
  for (const { provider, credentials, settings, include } of p.channels) {
    const channel = { provider, credentials: present(credentials), settings: present(settings), include };
    await service.create({ accountId: null, channel });
  }
  await db.close();
}

const present = (given: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
