import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { UpstreamError } from '../fault.ts';
import { type Mapped, mapInput } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { FileUse, hostOnce, toForm, withFiles } from '../kit/media.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { lacksOf, modelOf } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { Created, faultOf, isOver, Task, toProgress, Upload } from './wire.ts';

const VERSION = '2024-11-06';
const Handle = z.object({ jobId: z.string() });

function planOf(job: Job): Mapped {
  const { route } = job;
  const model = modelOf(job);
  if (model === undefined) return { body: {}, reasons: [`Runway has no ${route.model} for ${route.op}`] };
  const { body, reasons } = mapInput(job, model.mapping, { model: route.model, ...model.constant?.(job) });
  // Of a prompt that was refused, the reason is known.
  return { body, reasons: reasons.length > 0 ? reasons : lacksOf(job, body) };
}

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiSecret = '' } = credentials;
  const { creditPrice } = settings;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ authorization: `Bearer ${apiSecret}`, 'x-runway-version': VERSION }),
    faultOf,
    secrets: [apiSecret],
    dispatcher,
  });
  const look = (stored: Json, signal: AbortSignal) =>
    upstream.read({ method: 'GET', path: pathOf(stored) }, Task, signal);
  return {
    name: 'runway',
    submitIsRepeatable: false,
    refuses: (job) => planOf(job).reasons,
    async submit(job, signal) {
      const host = hostOnce((file) => upload(upstream, file, signal));
      const json = await withFiles(planOf(job).body, { canBeReached, host });
      const { id } = await upstream.create({ method: 'POST', path: `/v1/${job.route.op}`, json }, Created, signal);
      return { handle: { jobId: id } };
    },
    async poll(stored, signal) {
      try {
        return toProgress(await look(stored, signal), creditPrice);
      } catch (error) {
        return toEnding(error);
      }
    },
    async cancel(stored, signal) {
      // The same call deletes what a task that is over has made.
      if (isOver(await look(stored, signal))) throw tooLate();
      await upstream.readRaw({ method: 'DELETE', path: pathOf(stored) }, signal);
      // It answers nothing, whatever it did.
      if ((await look(stored, signal)).status !== 'CANCELLED') throw tooLate();
    },
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/v1/organization' }, z.unknown(), signal);
    },
  };
}

const pathOf = (stored: Json): string => `/v1/tasks/${encodeURIComponent(Handle.parse(stored).jobId)}`;
const tooLate = (): UpstreamError => new UpstreamError('invalid', 'the task was not canceled at Runway: it goes on');

/** Puts a file where Runway reads it, for servers that it cannot reach. It is kept for a day. */
async function upload(upstream: Upstream, file: JobFile, signal: AbortSignal): Promise<string> {
  const json = { filename: `${file.assetId}.${file.facts.format}`, type: 'ephemeral' };
  const { uploadUrl, fields, runwayUri } = await upstream.read(
    { method: 'POST', path: '/v1/uploads', json },
    Upload,
    signal,
  );
  const form = await toForm({ ...fields, file: new FileUse(file, 'blob') }, { canBeReached: false });
  await upstream.readRaw({ method: 'POST', path: uploadUrl, form }, signal);
  return runwayUri;
}

export const runway: ProviderType = {
  name: 'runway',
  title: 'Runway',
  credentials: [{ name: 'apiSecret', env: 'RUNWAYML_API_SECRET', about: 'An API key of dev.runwayml.com: key_…' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'RUNWAYML_BASE_URL',
      about: 'The address of the API. Its production has this name.',
      default: 'https://api.dev.runwayml.com',
    },
    {
      name: 'creditPrice',
      env: 'RUNWAYML_CREDIT_PRICE',
      about: 'What you pay for a credit, in US dollars.',
      default: '0.01',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
