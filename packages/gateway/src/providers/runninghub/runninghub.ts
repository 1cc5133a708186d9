import { openAsBlob } from 'node:fs';
import { catalog, type Json } from '@reelay/catalog';
import { FormData } from 'undici';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { mapLimited } from '../../lib/map-limited.ts';
import { FAULTS, UpstreamError } from '../fault.ts';
import { toEnding } from '../kit/ending.ts';
import { listFiles, mediaTypeOf, withFiles } from '../kit/media.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import type { RouteTable } from '../route.ts';
import { answersAnId, chosenName, idIn, toRelayBody, unknownThere } from './body.ts';
import { costOf, endOf, faultOf, faultOfTask, outputsOf, Queried, Submitted, Uploaded } from './wire.ts';

/** Of one task. */
const MAX_UPLOADS_AT_ONCE = 3;

const Handle = z.object({
  taskId: z.string(),
  /** By which the caller calls the result. */
  name: z.string().exactOptional(),
  answersAnId: z.boolean(),
});

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const { baseUrl = '' } = settings;
  const currency = settings.currency || (new URL(baseUrl).hostname.endsWith('.ai') ? 'USD' : 'CNY');
  const maxHops = Number(settings.maxHops ?? 1);
  const upstream = createUpstream({
    baseUrl,
    authorize: () => ({ authorization: `Bearer ${apiKey}` }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const query = (taskId: string, signal: AbortSignal): Promise<Queried> =>
    upstream.read({ method: 'POST', path: '/openapi/v2/query', json: { taskId } }, Queried, signal);
  return {
    name: 'runninghub',
    // The vendor's own service knows no such header and makes a second task; another Reelay answers the first one again.
    submitIsRepeatable: settings.idempotent === 'true',
    refuses: (job) => [
      ...unknownThere(job).map((id) => `${JSON.stringify(id)} was made on another channel`),
      ...(job.hops === undefined || job.hops < maxHops
        ? []
        : ['a gateway handed it on already, so it is not relayed again']),
    ],
    async submit(job, signal) {
      const body = await fill(upstream, job, { canBeReached, signal });
      const callback = job.callbackUrl === undefined ? {} : { webhookUrl: job.callbackUrl };
      const path = `/openapi/v2/${job.route.model.split('/').map(encodeURIComponent).join('/')}`;
      const via = Array.from({ length: (job.hops ?? 0) + 1 }, () => '1.1 reelay').join(', ');
      const headers = { 'idempotency-key': job.taskId, via };
      const call = { method: 'POST', path, headers, json: { ...body, ...callback } } as const;
      const { taskId, task_id, status } = await upstream.create(call, Submitted, signal);
      const id = taskId ?? task_id;
      if (id === undefined || id === null)
        throw new UpstreamError('unknown', 'the upstream answered without a task id');
      const name = chosenName(job);
      const handle = { taskId: id, answersAnId: answersAnId(job), ...(name === undefined ? {} : { name }) };
      return { handle, ...(endOf({ status: status ?? '' }) === undefined ? {} : { isDone: true }) };
    },
    async poll(stored, signal) {
      const handle = Handle.parse(stored);
      const answer = async () => {
        const first = await query(handle.taskId, signal);
        // The word may be there before the files are.
        const isEarly = endOf(first) === 'success' && outputsOf(first).length === 0;
        return toProgress(isEarly ? await query(handle.taskId, signal) : first, { handle, currency });
      };
      return answer().catch(toEnding);
    },
    async cancel(stored, signal) {
      const { taskId } = Handle.parse(stored);
      const json = { apiKey, taskId };
      await upstream.read({ method: 'POST', path: '/task/openapi/cancel', json }, z.unknown(), signal);
    },
    // Its calls are not signed.
    verifyCallback: async () => 'hint',
    async check(signal) {
      const json = { apikey: apiKey };
      await upstream.read({ method: 'POST', path: '/uc/openapi/accountStatus', json }, z.unknown(), signal);
    },
  };
}

/** The body with every file at an address that the upstream can fetch: ours, or its own after an upload. */
async function fill(
  upstream: Upstream,
  job: Job,
  { canBeReached, signal }: { canBeReached: boolean; signal: AbortSignal },
): Promise<Record<string, Json>> {
  const body = toRelayBody(job);
  if (canBeReached) return withFiles(body, { canBeReached });
  const files = new Map(listFiles(body).map(({ file }) => [file.assetId, file]));
  const linkOf = new Map(
    await mapLimited([...files.values()], MAX_UPLOADS_AT_ONCE, async (file) => {
      return [file.assetId, await upload(upstream, file, signal)] as const;
    }),
  );
  const there = (file: JobFile): JobFile => ({ ...file, url: linkOf.get(file.assetId) ?? file.url });
  const media = Object.fromEntries(Object.entries(job.media).map(([name, own]) => [name, own.map(there)]));
  return withFiles(toRelayBody({ ...job, media }), { canBeReached: true });
}

async function upload(upstream: Upstream, file: JobFile, signal: AbortSignal): Promise<string> {
  const form = new FormData();
  const blob = await openAsBlob(file.path, { type: mediaTypeOf(file) });
  form.append('file', blob, `${file.assetId}.${file.facts.format}`);
  const path = '/openapi/v2/media/upload/binary';
  const { data } = await upstream.read({ method: 'POST', path, form }, Uploaded, signal);
  return data.download_url;
}

function toProgress(answer: Queried, p: { handle: z.infer<typeof Handle>; currency: string }): Progress {
  const end = endOf(answer);
  if (end === undefined) return { state: 'pending' };
  const cost = costOf(answer, p.currency);
  const outputs = outputsOf(answer);
  if (end === 'success' && outputs.length > 0) {
    const words = outputs.flatMap((output) => (output.kind === 'text' ? [output.text] : []));
    const id = p.handle.answersAnId ? words.flatMap((one) => idIn(one) ?? [])[0] : undefined;
    return { state: 'succeeded', outputs, upstreamId: p.handle.name ?? id ?? p.handle.taskId, ...cost };
  }
  const fault = end === 'canceled' ? 'canceled' : end === 'failed' ? faultOfTask(answer) : 'failed';
  const said = end === 'success' ? 'the upstream reports success, but no result' : answer.errorMessage;
  return { state: 'failed', code: FAULTS[fault].code, message: said || 'the upstream gave no reason', ...cost };
}

const routes: RouteTable = {
  asOf: '2026-11-22',
  routes: catalog.list().map(({ id }) => ({ endpoint: id, model: id, status: 'ok' })),
};

export const runninghub: ProviderType = {
  name: 'runninghub',
  title: 'RunningHub, or another server that speaks its API',
  credentials: [
    { name: 'apiKey', env: 'RUNNINGHUB_API_KEY', about: 'An enterprise-shared key, or a key of another Reelay.' },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'RUNNINGHUB_BASE_URL',
      about: 'https://www.runninghub.ai for keys of that site, or the address of another server.',
      default: 'https://www.runninghub.cn',
    },
    {
      name: 'currency',
      env: 'RUNNINGHUB_CURRENCY',
      about: 'In which the account there pays. Absent: USD where the address ends in .ai, else CNY.',
      isOptional: true,
    },
    {
      name: 'idempotent',
      env: 'RUNNINGHUB_IDEMPOTENT',
      about: 'true: the server answers the same Idempotency-Key with the same task, as Reelay does.',
      default: 'false',
    },
    {
      name: 'maxHops',
      env: 'RUNNINGHUB_MAX_HOPS',
      about: 'How many gateways may hand a task on. 2 where the other server is a Reelay that relays too.',
      default: '1',
    },
  ],
  routes,
  create,
};
