import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { as, type Mapped } from '../kit/body.ts';
import { tokenPriceFields, tokenPricesOf } from '../kit/cost.ts';
import { toEnding } from '../kit/ending.ts';
import { positionIn } from '../kit/long-json.ts';
import { withFiles } from '../kit/media.ts';
import { intoSpool } from '../kit/spool.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Accepted, Job, Progress, Provider, ProviderOutput } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { CONTENT_FILES, Content, filesOf, toContent, toEnded } from './content.ts';
import routes from './routes.json' with { type: 'json' };
import { createAccountTokens, readAccount, type ServiceAccount } from './token.ts';
import { Operation, toPrediction, toProgress } from './veo.ts';
import { faultOf } from './wire.ts';

const SUBMIT_TIMEOUT_MS = 600_000;
/** Of all files of a job: they go into the body, which may have 100 MB as base64. */
const MAX_INLINE_BYTES = 72 * 1024 ** 2;
const VEO = 'Agent Platform predictLongRunning';
const STORAGE = 'https://storage.googleapis.com';

const Handle = z.object({ operation: z.string(), model: z.string(), taskId: z.string() });
const TaskHandle = z.object({ taskId: z.string() });

type Use = { readonly upstream: Upstream; readonly deps: ProviderDeps; readonly folder: () => Promise<string> };

function create(deps: ProviderDeps): Provider {
  const { credentials, settings, clock } = deps;
  const { serviceAccount = '' } = credentials;
  const location = settings.location || 'us-central1';
  const host = location === 'global' ? 'aiplatform.googleapis.com' : `${location}-aiplatform.googleapis.com`;
  const baseUrl = settings.baseUrl || `https://${host}/v1`;
  let read: Promise<ServiceAccount> | undefined;
  const account = (): Promise<ServiceAccount> => (read ??= readAccount(serviceAccount));
  const secrets: string[] = [serviceAccount];
  // The last one may still be quoted while the next is in use.
  const tokens = createAccountTokens({
    account,
    clock,
    onToken: (token) => void secrets.splice(1, Math.max(0, secrets.length - 2), token),
  });
  const authorize = async (signal: AbortSignal) => ({ authorization: `Bearer ${await tokens.get(signal)}` });
  const upstream = createUpstream({
    baseUrl,
    authorize: ({ signal }) => authorize(signal),
    faultOf: (answer) => {
      if (answer.status === 401) tokens.forget();
      return faultOf(answer);
    },
    secrets,
    dispatcher: deps.dispatcher,
  });
  const folder = async () => {
    const project = settings.project || (await account()).project_id;
    if (!project) throw new UpstreamError('auth', 'the key names no project: give GOOGLE_CLOUD_PROJECT');
    return `/projects/${encodeURIComponent(project)}/locations/${location}/publishers/google/models`;
  };
  const use: Use = { upstream, deps, folder };
  return {
    name: 'google-cloud',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => plan(job, settings.storageUri).reasons,
    submit: (job, signal) => (job.route.op === VEO ? predict(use, job, signal) : generate(use, job, signal)),
    poll: async (stored, signal) => endedOf(stored) ?? poll(use, stored, signal),
    downloadHeaders: async (url, signal) => (new URL(url).origin === STORAGE ? authorize(signal) : {}),
    async check(signal) {
      await tokens.get(signal);
    },
    async release(stored) {
      await deps.spool.clear(TaskHandle.parse(stored).taskId);
    },
  };
}

function plan(job: Job, storageUri: string | undefined): Mapped {
  if (job.route.op !== VEO) {
    const sizeBytes = filesOf(job).reduce((sum, { facts }) => sum + facts.sizeBytes, 0);
    const mapped = toContent(job);
    if (sizeBytes <= MAX_INLINE_BYTES) return mapped;
    const tooMuch = `the files have ${Math.ceil(sizeBytes / 1024 ** 2)} MB together; at most ${MAX_INLINE_BYTES / 1024 ** 2} MB there`;
    return { ...mapped, reasons: [...mapped.reasons, tooMuch] };
  }
  return toPrediction(job, {
    own: { generateAudio: as('parameters.generateAudio') },
    // The price depends on the sound, so it is always said.
    parameters: { sampleCount: 1, generateAudio: true, ...(storageUri ? { storageUri } : {}) },
  });
}

async function predict({ upstream, deps, folder }: Use, job: Job, signal: AbortSignal): Promise<Accepted> {
  const { route, taskId } = job;
  const json = await withFiles(plan(job, deps.settings.storageUri).body, deps);
  const path = `${await folder()}/${encodeURIComponent(route.model)}:predictLongRunning`;
  const { name } = await upstream.create({ method: 'POST', path, json }, Operation, signal);
  if (!name) throw new UpstreamError('unknown', 'the upstream answered without the name of an operation');
  return { handle: { operation: name, model: route.model, taskId } };
}

async function generate({ upstream, deps, folder }: Use, job: Job, signal: AbortSignal): Promise<Accepted> {
  const { files, inlined } = intoSpool(deps.spool, {
    taskId: job.taskId,
    extension: 'png',
    members: CONTENT_FILES,
    signal,
  });
  try {
    const json = await withFiles(plan(job, undefined).body, deps);
    const path = `${await folder()}/${encodeURIComponent(job.route.model)}:generateContent`;
    const answer = await upstream.create({ method: 'POST', path, json, inlined }, Content, signal);
    const ended = toEnded(job, answer, { files, prices: tokenPricesOf(deps.settings) });
    const { handle, ...rest } = acceptEnded(ended);
    return { handle: { ...(handle as { [name: string]: Json }), taskId: job.taskId }, ...rest };
  } catch (error) {
    await deps.spool.clear(job.taskId);
    throw error;
  }
}

async function poll({ upstream, deps, folder }: Use, stored: Json, signal: AbortSignal): Promise<Progress> {
  const { operation, model, taskId } = Handle.parse(stored);
  const members = { bytesBase64Encoded: 'base64' } as const;
  const { files, inlined } = intoSpool(deps.spool, { taskId, extension: 'mp4', members, signal });
  const path = `${await folder()}/${encodeURIComponent(model)}:fetchPredictOperation`;
  const json = { operationName: operation };
  const answer = upstream.read({ method: 'POST', path, json, inlined }, Operation, signal);
  return answer.then((one) => toProgress(one, (done) => clipsOf(done, files)), toEnding);
}

const clipsOf = ({ response }: z.infer<typeof Operation>, files: readonly ProviderOutput[]): ProviderOutput[] =>
  (response?.videos ?? []).flatMap(({ gcsUri, bytesBase64Encoded }): ProviderOutput[] => {
    const saved = files[positionIn(bytesBase64Encoded) ?? -1];
    if (saved !== undefined) return [saved];
    const path = /^gs:\/\/(.+)$/.exec(gcsUri ?? '')?.[1];
    if (path === undefined) return [];
    const url = `${STORAGE}/${path.split('/').map(encodeURIComponent).join('/')}`;
    return [{ kind: 'url', url, needsCredentials: true }];
  });

const table = RouteTable.parse(routes);

export const googleCloud: ProviderType = {
  name: 'google-cloud',
  title: 'Google Agent Platform (formerly Vertex AI)',
  credentials: [
    {
      name: 'serviceAccount',
      env: 'GOOGLE_APPLICATION_CREDENTIALS',
      about: 'The JSON key of a service account, or the path of its file.',
    },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'GOOGLE_CLOUD_BASE_URL',
      about: 'The address of the platform, with its /v1. Absent: that of the location.',
      isOptional: true,
    },
    { name: 'project', env: 'GOOGLE_CLOUD_PROJECT', about: 'Absent: the project of the key.', isOptional: true },
    { name: 'location', env: 'GOOGLE_CLOUD_LOCATION', about: 'Where it runs; global is one.', default: 'us-central1' },
    {
      name: 'storageUri',
      env: 'GOOGLE_CLOUD_STORAGE_URI',
      about: 'gs://bucket/folder/ for clips. Absent: they come with the answer.',
      isOptional: true,
    },
    ...tokenPriceFields('GOOGLE_CLOUD'),
  ],
  routes: {
    ...table,
    routes: table.routes.filter(({ op }) => op === VEO || op === 'generateContent'),
  },
  create,
};
