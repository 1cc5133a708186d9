import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Json, quote, validate } from '@reelay/catalog';
import type { Callers } from '../../accounts/keys.ts';
import type { Asset, AssetService } from '../../contract/asset.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { AttemptView, Caller, TaskService, TaskView } from '../../contract/task.ts';
import type { CatalogReader } from '../catalog-reader.ts';

export const KEYS = {
  owner: '0123456789abcdef0123456789abcdef',
  stranger: 'fedcba9876543210fedcba9876543210',
} as const;

/** Two accounts with a key each. */
export function createTestCallers(): Callers {
  const callers = new Map<string, Caller>([
    [KEYS.owner, { accountId: 'acct_owner', keyId: 'key_owner', isAdmin: true }],
    [KEYS.stranger, { accountId: 'acct_stranger', keyId: 'key_stranger', isAdmin: false }],
  ]);
  return async ({ key }, scope) => {
    const caller = key === undefined ? undefined : callers.get(key);
    if (caller === undefined) throw new GatewayError('unauthorized', 'ApiKey verification failed');
    if (scope === 'admin' && !caller.isAdmin) throw new GatewayError('forbidden', 'this takes an administrator key');
    return caller;
  };
}

export type TestTasks = TaskService & {
  /** Puts a task there as if it had been submitted earlier. */
  put(accountId: string, view: TaskView, attempts?: AttemptView[]): void;
  readonly submits: { endpoint: string; body: Readonly<Record<string, Json>>; accountId: string }[];
};

/** Keeps tasks in memory. Submitting validates with the real catalog and queues; nothing runs. */
export function createTestTasks({ catalog, nowMs }: { catalog: CatalogReader; nowMs: () => number }): TestTasks {
  const rows = new Map<string, { accountId: string; view: TaskView; attempts: AttemptView[] }>();
  const submits: TestTasks['submits'] = [];
  let last = 2_100_000_000_000_000_300n;
  const owned = (caller: Caller, id: string) => {
    const row = rows.get(id);
    return row?.accountId === caller.accountId ? row : undefined;
  };
  return {
    submits,
    put: (accountId, view, attempts = []) => void rows.set(view.id, { accountId, view, attempts }),
    async count({ caller }) {
      const own = [...rows.values()].filter(({ accountId }) => accountId === caller.accountId);
      const of = (...statuses: TaskView['status'][]) => own.filter(({ view }) => statuses.includes(view.status)).length;
      return { running: of('submitting', 'running', 'collecting'), waiting: of('queued') };
    },
    async list({ filter, limit }) {
      const own = [...rows.values()].filter(({ accountId }) => accountId === filter.accountId);
      return { items: own.map(({ view }) => view).slice(0, limit), nextCursor: null };
    },
    glance: async ({ caller, taskId }) => owned(caller, taskId)?.view,
    wait: async ({ caller, taskId }) => owned(caller, taskId)?.view,
    getInput: async ({ caller, taskId }) => (owned(caller, taskId) === undefined ? undefined : {}),
    async setTags({ caller, taskId, tags }) {
      const row = owned(caller, taskId);
      if (row !== undefined) row.view = { ...row.view, tags };
      return row?.view;
    },
    async cancel({ caller, taskId }) {
      const row = owned(caller, taskId);
      if (row === undefined) return undefined;
      if (row.view.endedAtMs !== null) throw new GatewayError('cancel_not_allowed', 'it has ended');
      if (row.view.status !== 'queued') return 'asked';
      row.view = {
        ...row.view,
        status: 'canceled',
        endedAtMs: nowMs(),
        error: { code: 'canceled', message: 'canceled' },
      };
      return 'canceled';
    },
    async estimate({ caller, endpoint: id, body }) {
      const endpoint = catalog.get(id);
      if (endpoint === undefined) throw new GatewayError('unknown_route', `no endpoint ${id}`);
      const validation = validate(endpoint, body);
      if (!validation.ok) return { problems: validation.problems, price: null, route: null };
      const { micros, exact } = quote(endpoint, validation.input);
      return { problems: [], price: { micros, currency: caller.currency ?? 'CNY', isExact: exact }, route: null };
    },
    async submitMany({ caller, tasks }) {
      return Promise.all(tasks.map((task) => this.submit({ caller, ...task })));
    },
    async submit({ caller, endpoint: id, body, options = {} }) {
      const endpoint = catalog.get(id);
      if (endpoint === undefined) throw new GatewayError('unknown_route', `no endpoint ${id}`);
      const validation = validate(endpoint, body);
      if (!validation.ok) throw new GatewayError('invalid_input', 'invalid', { details: validation.problems });
      submits.push({ endpoint: id, body, accountId: caller.accountId });
      last += 1n;
      const { surface = 'v2', webhookUrl = null, priority = 0, tags = [], routing = null } = options;
      const asked = { routing, surface, webhookUrl, priority, tags, rerunOf: options.rerunOf ?? null };
      const view = createTaskView({ id: String(last), endpoint: endpoint.id, createdAtMs: nowMs(), ...asked });
      rows.set(view.id, { accountId: caller.accountId, view, attempts: [] });
      return view;
    },
    get: async ({ caller, taskId }) => owned(caller, taskId)?.view,
    listAttempts: async ({ caller, taskId }) => owned(caller, taskId)?.attempts ?? [],
  };
}

/** A queued task, with whatever a test wants different. */
export const createTaskView = (p: Partial<TaskView> = {}): TaskView => ({
  id: '2100000000000000101',
  endpoint: 'test-vendor/film-1/text-to-video',
  status: 'queued',
  clientId: '5c1f0a9be27d4c3388a6d1f4e0b97a21',
  progress: 0,
  error: null,
  outputs: [],
  channel: null,
  priceMicros: 0,
  chargeMicros: null,
  currency: 'CNY',
  vendorCost: null,
  keyId: 'key_owner',
  surface: 'v2',
  webhookUrl: null,
  priority: 0,
  tags: [],
  rerunOf: null,
  routing: null,
  startDeadlineAtMs: null,
  deadlineAtMs: Date.UTC(2026, 0, 2, 9, 4, 5, 678),
  createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  startedAtMs: null,
  endedAtMs: null,
  ...p,
});

export type TestAssets = AssetService & { close(): Promise<void> };

const TYPES: Record<string, readonly [Asset['kind'], string]> = {
  png: ['image', 'image/png'],
  mp4: ['video', 'video/mp4'],
  svg: ['file', 'image/svg+xml'],
  html: ['file', 'text/html'],
  txt: ['file', 'text/plain'],
};

/** Keeps files in a folder of its own and believes their names. Links are signed and expire like the real ones. */
export async function createTestAssets(p: {
  nowMs: () => number;
  origin: string;
  linkLifetimeMs: number;
}): Promise<TestAssets> {
  const folder = await mkdtemp(join(tmpdir(), 'reelay-test-assets-'));
  const secret = randomBytes(32);
  const assets = new Map<string, Asset>();
  const sign = (fileName: string, expires: string) =>
    createHmac('sha256', secret).update(`${fileName} ${expires}`).digest('base64url');
  return {
    async store({ accountId, stream, fileName, maxBytes }) {
      const id = `asset_${randomBytes(8).toString('hex')}`;
      const digest = createHash('sha256');
      let sizeBytes = 0;
      const meter = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sizeBytes += chunk.length;
          digest.update(chunk);
          done(sizeBytes > maxBytes ? new GatewayError('body_too_large', 'the file is too large') : null, chunk);
        },
      });
      const path = join(folder, id);
      await pipeline(stream, meter, createWriteStream(`${path}.part`));
      await rename(`${path}.part`, path);
      const extension = /\.(\w+)$/.exec(fileName ?? '')?.[1] ?? 'bin';
      const [kind, mediaType] = TYPES[extension] ?? ['file', 'application/octet-stream'];
      const sha256 = digest.digest('hex');
      const asset: Asset = {
        id,
        accountId,
        sha256,
        sizeBytes,
        mediaType,
        extension,
        kind,
        origin: 'upload',
        createdAtMs: p.nowMs(),
        facts: null,
        path,
      };
      assets.set(id, asset);
      return asset;
    },
    get: async (id) => assets.get(id),
    link({ id, extension }) {
      const expires = String(p.nowMs() + p.linkLifetimeMs);
      const fileName = `${id}.${extension}`;
      return `${p.origin}/files/${fileName}?expires=${expires}&signature=${sign(fileName, expires)}`;
    },
    async open({ fileName, expires, signature }) {
      const isGenuine = expires !== undefined && signature === sign(fileName, expires);
      const asset = isGenuine ? assets.get(fileName.split('.')[0] ?? '') : undefined;
      if (asset === undefined) throw new GatewayError('file_not_found', 'file not found');
      if (Number(expires) <= p.nowMs()) throw new GatewayError('link_expired', 'the link has expired');
      return asset;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
