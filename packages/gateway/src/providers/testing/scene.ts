import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog, type Endpoint, type Input, type Json } from '@reelay/catalog';
import { createStandin, type Definition, type Standin, stillClock } from '@reelay/standin';
import type { Log } from '../../contract/log.ts';
import { FAULTS, UpstreamError } from '../fault.ts';
import { createSpool } from '../kit/spool.ts';
import type { Accepted, Job, Progress, Provider } from '../provider.ts';
import type { ChannelField, ProviderType } from '../provider-type.ts';
import type { Route } from '../route.ts';
import { InProcess } from './in-process.ts';
import { toJob } from './jobs.ts';

export const PACE = { queuedMs: 1_000, runningMs: 4_000 };
const MAX_POLLS = 30;
/** Only to end a test that hangs. */
const PATIENCE_MS = 120_000;

/** A provider and the stand-in for its upstream, on a real socket, with a clock that only the test moves. */
export type Scene = {
  readonly standin: Standin;
  readonly provider: Provider;
  /** What must never be seen. */
  readonly secrets: readonly string[];
  /** Everything that was said: errors, handles, outputs, log lines. */
  readonly said: string[];
  /** The same channel after a restart, or with other credentials or settings. */
  create(changed?: {
    credentials?: Readonly<Record<string, string>>;
    settings?: Readonly<Record<string, string>>;
  }): Provider;
  job(endpoint: string, more?: Partial<Job>): Job;
  /** The same with another input than the example. */
  jobOf(endpoint: string, input: Input, more?: Partial<Job>): Job;
  submit(job: Job, signal?: AbortSignal): Promise<Accepted>;
  poll(handle: Json, provider?: Provider): Promise<Progress>;
  /** Polls, while time passes, until the job is over. */
  follow(handle: Json): Promise<Exclude<Progress, { state: 'pending' }>>;
  /** From submit to the end; a refusal of what was asked for counts as the end. */
  run(job: Job): Promise<Exclude<Progress, { state: 'pending' }>>;
  close(): Promise<void>;
};

export type SceneOptions = {
  readonly type: ProviderType;
  readonly standin: Definition;
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether the upstream can fetch our files. Default: yes. */
  readonly canBeReached?: boolean;
  /** Requests are answered in the process, where the provider hands its dispatcher on: quicker, but nothing can break. */
  readonly isInProcess?: boolean;
};

export async function openScene({
  type,
  standin: definition,
  settings = {},
  canBeReached = true,
  isInProcess,
}: SceneOptions): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'reelay-provider-'));
  const standin = await createStandin(definition, { clock: stillClock(), pace: PACE });
  const said: string[] = [];
  const note = (fields: unknown, message: string) => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const credentials = fromEnv(type.credentials, standin.env);
  const { control } = standin;
  const create: Scene['create'] = (changed = {}) =>
    type.create({
      credentials: { ...credentials, ...changed.credentials },
      settings: { ...fromEnv(type.settings, standin.env), ...settings, ...changed.settings },
      canBeReached,
      // Time only passes when the test says so; what waits for it waits in vain.
      clock: { nowMs: control.nowMs, after: () => () => {} },
      random: () => 0.5,
      spool: createSpool(folder),
      log,
      ...(isInProcess === true ? { dispatcher: new InProcess(standin) } : {}),
    });
  const provider = create();
  const hear = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      const value = await answer;
      said.push(JSON.stringify(value));
      return value;
    } catch (error) {
      said.push(...textsOf(error));
      throw error;
    }
  };
  const patience = () => AbortSignal.timeout(PATIENCE_MS);
  const submitted = new Map<string, Job>();
  const scene: Scene = {
    standin,
    provider,
    secrets: Object.values(credentials).filter((secret) => secret.length >= 4),
    said,
    create,
    job: (id, more) => scene.jobOf(id, requireEndpoint(id).example, more),
    jobOf: (id, input, more) => toJob(requireEndpoint(id), requireRoute(type, id), input, more),
    async submit(job, signal = patience()) {
      const accepted = await hear(provider.submit(job, signal));
      submitted.set(JSON.stringify(accepted.handle), job);
      return accepted;
    },
    poll: (handle, by = provider) => hear(by.poll(handle, patience())),
    async follow(first) {
      let handle = first;
      for (let polls = 0; polls < MAX_POLLS; polls += 1) {
        const progress = await scene.poll(handle);
        if (progress.state !== 'pending') return progress;
        const job = submitted.get(JSON.stringify(first));
        if (progress.next !== undefined && job !== undefined && provider.proceed !== undefined) {
          handle = await hear(provider.proceed(progress.next.handle, job, patience()));
        }
        await control.advance(1_000);
      }
      throw new Error(`the job did not end within ${MAX_POLLS} polls`);
    },
    async run(job) {
      try {
        return await scene.follow((await scene.submit(job)).handle);
      } catch (error) {
        if (!(error instanceof UpstreamError) || FAULTS[error.fault].accepted !== 'refused') throw error;
        return { state: 'failed', code: error.code, message: error.message };
      }
    },
    async close() {
      await standin.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return scene;
}

/** The fields of a channel, as its owner would give them in the environment. */
function fromEnv(fields: readonly ChannelField[], env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name, env: variable, default: normal }) => {
      const value = env[variable] ?? normal;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Everything that an error says, with its causes. */
function textsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const details = 'details' in error ? [JSON.stringify(error.details) ?? ''] : [];
  return [error.stack ?? error.message, ...details, ...(error.cause === undefined ? [] : textsOf(error.cause))];
}

export function requireEndpoint(id: string): Endpoint {
  const endpoint = catalog.get(id);
  if (endpoint === undefined) throw new Error(`the catalog has no ${id}`);
  return endpoint;
}

function requireRoute({ name, routes }: ProviderType, id: string): Route {
  const route = routes.routes.find(({ endpoint }) => endpoint === id);
  if (route === undefined) throw new Error(`${name} has no route for ${id}`);
  return route;
}
