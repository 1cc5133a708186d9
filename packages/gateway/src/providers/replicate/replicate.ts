import { openAsBlob } from 'node:fs';
import type { Json } from '@reelay/catalog';
import { FormData } from 'undici';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { UpstreamError } from '../fault.ts';
import { createSecretCheck } from '../kit/callback-secret.ts';
import { costOfUnits } from '../kit/cost.ts';
import { toEnding } from '../kit/ending.ts';
import { withLoraUrls } from '../kit/loras.ts';
import { hostOnce, mediaTypeOf, withFiles } from '../kit/media.ts';
import { createModels } from '../kit/model.ts';
import { mapToModel } from '../kit/model-body.ts';
import { isSigned } from '../kit/signed-callback.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { type Route, RouteTable } from '../route.ts';
import { constantsOf, mappingOf, modelOf } from './mapping.ts';
import models from './models.json' with { type: 'json' };
import routes from './routes.json' with { type: 'json' };
import { Created, faultOf, Prediction, Secret, toProgress, Uploaded } from './wire.ts';

const ROUTES = RouteTable.parse(routes);
const getModel = createModels(models);

/** A community model carries its version: `owner/name:version`. */
const nameOf = (model: string): string => model.split(':')[0] ?? model;

/** Where predictions of a model are made, and what they say of it. Official models have no version, and a model that
 *  its owner keeps running is a deployment. */
function callOf({ op }: Route, model: string): { path: string; body: Record<string, Json> } {
  if (op === 'deployment') return { path: `/deployments/${model}/predictions`, body: {} };
  if (model.includes(':')) return { path: '/predictions', body: { version: model } };
  return { path: `/models/${model}/predictions`, body: {} };
}

/** What the account's callbacks are signed with. Only its owner may read it. */
const SECRET_PATH = '/webhooks/default/secret';

const Handle = z.object({
  jobId: z.string(),
  /** Of an output that is an object: the member that names the result for later jobs. */
  idMember: z.string().exactOptional(),
});

function create({ credentials, settings, canBeReached, clock, dispatcher }: ProviderDeps): Provider {
  const { apiToken = '' } = credentials;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ authorization: `Bearer ${apiToken}` }),
    faultOf,
    secrets: [apiToken],
    dispatcher,
  });
  const checkCallback = createSecretCheck({
    ask: (signal) => upstream.read({ method: 'GET', path: SECRET_PATH }, Secret, signal),
    clock,
  });

  const plan = (job: Job) => {
    const id = modelOf(job);
    // A route that its owner gave another model is taken to want the same fields.
    const shipped = ROUTES.routes.find(({ endpoint }) => endpoint === job.route.endpoint);
    const model = getModel(nameOf(id)) ?? getModel(shipped?.model ?? '');
    if (model === undefined) return { id, model, body: {}, reasons: [`the fields of ${id} are not known`] };
    const named = { ...job, input: withLoraUrls(job.input, settings.loraUrl) };
    return { id, model, ...mapToModel(named, model, mappingOf(job), constantsOf(job)) };
  };
  const pathOf = (stored: Json) => `/predictions/${encodeURIComponent(Handle.parse(stored).jobId)}`;

  return {
    name: 'replicate',
    submitIsRepeatable: false,
    refuses: (job) => plan(job).reasons,
    async submit(job, signal) {
      const { id: model, model: fields, body: input } = plan(job);
      const host = hostOnce((file) => upload(upstream, file, signal));
      const { path, body } = callOf(job.route, model);
      const callback =
        job.callbackUrl === undefined ? {} : { webhook: job.callbackUrl, webhook_events_filter: ['completed'] };
      const json = { ...body, ...callback, input: await withFiles(input, { canBeReached, host }) };
      const { id } = await upstream.create({ method: 'POST', path, json }, Created, signal);
      return { handle: { jobId: id, ...(fields?.id === undefined ? {} : { idMember: fields.id }) } };
    },
    async poll(stored, signal) {
      const { idMember } = Handle.parse(stored);
      return upstream
        .read({ method: 'GET', path: pathOf(stored) }, Prediction, signal)
        .then((prediction) => withCost(toProgress(prediction, idMember), prediction, settings.secondPrice), toEnding);
    },
    async cancel(stored, signal) {
      const call = { method: 'POST', path: `${pathOf(stored)}/cancel` } as const;
      const { status } = await upstream.read(call, Prediction, signal);
      if (status === 'succeeded' || status === 'failed') {
        throw new UpstreamError('invalid', `the prediction was over already: ${status}`);
      }
    },
    verifyCallback: (request, signal) =>
      checkCallback(({ key }) => isSigned(request, { secret: key, nowMs: clock.nowMs() }), signal),
    async check(signal) {
      await upstream.read({ method: 'GET', path: SECRET_PATH }, z.unknown(), signal);
    },
  };
}

/** Puts a file where predictions can read it, for a day. */
async function upload(upstream: Upstream, file: JobFile, signal: AbortSignal): Promise<string> {
  const form = new FormData();
  const content = await openAsBlob(file.path, { type: mediaTypeOf(file) });
  form.append('content', content, `${file.assetId}.${file.facts.format}`);
  const { urls } = await upstream.read({ method: 'POST', path: '/files', form }, Uploaded, signal);
  return urls.get;
}

/** Community models are billed by the second; others have prices of their own, which no answer says. */
function withCost(progress: Progress, { metrics }: Prediction, secondPrice: string | undefined): Progress {
  const seconds = metrics?.predict_time;
  if (progress.state === 'pending' || typeof seconds !== 'number') return progress;
  return { ...progress, cost: costOfUnits(seconds, 'seconds', secondPrice) };
}

export const replicate: ProviderType = {
  name: 'replicate',
  title: 'Replicate',
  credentials: [
    {
      name: 'apiToken',
      env: 'REPLICATE_API_TOKEN',
      about: 'A token of replicate.com/account/api-tokens. It begins with r8_.',
    },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'REPLICATE_BASE_URL',
      about: 'Another address only behind a proxy.',
      default: 'https://api.replicate.com/v1',
    },
    {
      name: 'loraUrl',
      env: 'REPLICATE_LORA_URL',
      about:
        'The address of a folder that Replicate can read. Requests name LoRAs by file name, and they are fetched from there.',
      isOptional: true,
    },
    {
      name: 'secondPrice',
      env: 'REPLICATE_SECOND_PRICE',
      about:
        'What you pay for a second of prediction, in US dollars: 0.000975. Without it, costs are shown in seconds.',
      isOptional: true,
    },
  ],
  routes: ROUTES,
  create,
};
