import { z } from 'zod';
import { FAULTS, UpstreamError } from '../fault.ts';
import { createSecretCheck } from '../kit/callback-secret.ts';
import { costOfUnits } from '../kit/cost.ts';
import { withLoraUrls } from '../kit/loras.ts';
import { hostOnce, withFiles } from '../kit/media.ts';
import { createModels } from '../kit/model.ts';
import { mapToModel } from '../kit/model-body.ts';
import { type Answer, createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { constantsOf, mappingOf } from './mapping.ts';
import models from './models.json' with { type: 'json' };
import routes from './routes.json' with { type: 'json' };
import { createStorage } from './storage.ts';
import { modelOf } from './variants.ts';
import { isSignedWith, KeySet, toSigned } from './webhook.ts';
import { faultOf, faultOfResult, outputsOf, Result, Status, Submitted, toFailure } from './wire.ts';

const ROUTES = RouteTable.parse(routes);
const getModel = createModels(models);

/** The fields of the model that makes a job. A route that its owner gave another id is taken to want the same. */
function planOf(job: Job) {
  const id = modelOf(job);
  const shipped = ROUTES.routes.find(({ endpoint }) => endpoint === job.route.endpoint);
  const model = getModel(id) ?? (shipped === undefined ? undefined : getModel(modelOf({ ...job, route: shipped })));
  return { id, model };
}

const Handle = z.object({
  model: z.string(),
  statusUrl: z.string(),
  responseUrl: z.string(),
  cancelUrl: z.string(),
  /** The members of the result that hold files. */
  files: z.array(z.string()),
  /** The member that names the result for later jobs. */
  id: z.string().exactOptional(),
});

function create({ credentials, settings, canBeReached, clock, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const { baseUrl = '', restUrl = '', loraUrl } = settings;
  const open = (p: { baseUrl: string; isPublic?: true; faultOf?: typeof faultOf }): Upstream =>
    createUpstream({
      baseUrl: p.baseUrl,
      authorize: () => (p.isPublic ? {} : { authorization: `Key ${apiKey}` }),
      faultOf: p.faultOf ?? faultOf,
      secrets: [apiKey],
      dispatcher,
    });
  const queue = open({ baseUrl });
  const results = open({ baseUrl, faultOf: faultOfResult });
  const rest = open({ baseUrl: restUrl });
  const upload = createStorage(rest);
  const keys = open({ baseUrl: restUrl, isPublic: true });
  const checkCallback = createSecretCheck({
    ask: (signal) => keys.read({ method: 'GET', path: '/.well-known/jwks.json' }, KeySet, signal),
    clock,
  });

  const plan = (job: Job) => {
    const { id, model } = planOf(job);
    if (model === undefined) return { id, model, body: {}, reasons: [`the fields of ${id} are not known`] };
    const named = { ...job, input: withLoraUrls(job.input, loraUrl) };
    return { id, model, ...mapToModel(named, model, mappingOf(job), constantsOf(job)) };
  };

  return {
    name: 'fal',
    submitIsRepeatable: false,
    refuses: (job) => plan(job).reasons,
    async submit(job, signal) {
      const { id, model, body } = plan(job);
      const host = hostOnce((file) => upload(file, signal));
      const json = await withFiles(body, { canBeReached, host });
      const query = job.callbackUrl === undefined ? {} : { fal_webhook: job.callbackUrl };
      const answer = await queue.create({ method: 'POST', path: `/${id}`, query, json }, Submitted, signal);
      const root = `${baseUrl}/${applicationOf(id)}/requests/${encodeURIComponent(answer.request_id)}`;
      return {
        handle: {
          model: id,
          statusUrl: answer.status_url ?? `${root}/status`,
          responseUrl: answer.response_url ?? root,
          cancelUrl: answer.cancel_url ?? `${root}/cancel`,
          files: [...(model?.files ?? [])],
          ...(model?.id === undefined ? {} : { id: model.id }),
        },
      };
    },
    async poll(stored, signal) {
      const handle = Handle.parse(stored);
      const path = toOwn(baseUrl, handle.statusUrl);
      try {
        const { status } = await results.read({ method: 'GET', path }, Status, signal);
        // A job that failed is completed too: only its result tells.
        if (status !== 'COMPLETED') return { state: 'pending' };
        const answer = await results.readRaw({ method: 'GET', path: toOwn(baseUrl, handle.responseUrl) }, signal);
        return toEnd(handle, answer, priceOf(settings.unitPrices, handle.model));
      } catch (error) {
        return toFailure(error);
      }
    },
    async cancel(stored, signal) {
      const { cancelUrl } = Handle.parse(stored);
      await queue.readRaw({ method: 'PUT', path: toOwn(baseUrl, cancelUrl) }, signal);
    },
    async verifyCallback(request, signal) {
      const signed = toSigned(request, clock.nowMs());
      return signed === undefined ? 'forged' : checkCallback((keySet) => isSignedWith(signed, keySet), signal);
    },
    async check(signal) {
      // A place for a file costs nothing, and is given to those only who have an account.
      const json = { content_type: 'text/plain', file_name: 'check.txt' };
      const query = { storage_type: 'fal-cdn-v3' };
      await rest.read({ method: 'POST', path: '/storage/upload/initiate', query, json }, z.unknown(), signal);
    },
  };
}

/** fal drops the rest of a model's id once a job is made. */
function applicationOf(model: string): string {
  const segments = model.split('/');
  return segments.slice(0, segments[0] === 'workflows' || segments[0] === 'comfy' ? 3 : 2).join('/');
}

/** An address that fal gave us. Where we reach fal by another, as behind a proxy, its path is enough. */
function toOwn(baseUrl: string, address: string): string {
  const url = new URL(address);
  return url.origin === new URL(baseUrl).origin ? address : `${baseUrl}${url.pathname}${url.search}`;
}

function toEnd(handle: z.infer<typeof Handle>, answer: Answer, unitPrice: string | undefined): Progress {
  const { data: result } = Result.safeParse(answer.body);
  if (result === undefined) throw new UpstreamError('busy', 'the result cannot be read');
  const units = Number(answer.headers['x-fal-billable-units'] ?? Number.NaN);
  const cost = Number.isFinite(units) ? { cost: costOfUnits(units, 'units', unitPrice) } : {};
  const outputs = outputsOf(result, handle.files);
  if (outputs.length === 0) {
    return { state: 'failed', code: FAULTS.moderation.code, message: 'fal ended the job without a file', ...cost };
  }
  const id = handle.id === undefined ? undefined : result[handle.id];
  return { state: 'succeeded', outputs, ...cost, ...(typeof id === 'string' ? { upstreamId: id } : {}) };
}

/** `model=price, model=price` */
function priceOf(prices: string | undefined, model: string): string | undefined {
  const pairs = (prices ?? '').split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  return pairs.find(([name]) => name === model)?.[1];
}

export const fal: ProviderType = {
  name: 'fal',
  title: 'fal',
  credentials: [{ name: 'apiKey', env: 'FAL_KEY', about: 'A key of fal.ai/dashboard/keys, whole: id and secret.' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'FAL_BASE_URL',
      about: 'Where jobs are queued. Another address only behind a proxy.',
      default: 'https://queue.fal.run',
    },
    {
      name: 'restUrl',
      env: 'FAL_REST_URL',
      about: 'Where files are put, and where the keys lie that callbacks are signed with.',
      default: 'https://rest.fal.ai',
    },
    {
      name: 'loraUrl',
      env: 'FAL_LORA_URL',
      about:
        'The address of a folder that fal can read. Requests name LoRAs by file name, and they are fetched from there.',
      isOptional: true,
    },
    {
      name: 'unitPrices',
      env: 'FAL_UNIT_PRICES',
      about:
        'What you pay for a unit of a model, in US dollars: "fal-ai/veo3.1=0.4, fal-ai/flux/dev=0.025". Without it, costs are shown in units.',
      isOptional: true,
    },
  ],
  routes: ROUTES,
  create,
};
