import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { UpstreamError } from '../fault.ts';
import { type Mapped, mapInput } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { hostOnce, mediaTypeOf, withFiles } from '../kit/media.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { callOf } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { Created, faultOf, JobSet, Request, requestProgress, Styles, setProgress, Upload } from './wire.ts';

/** `request` of the queue, or a `set` of the first version. */
const Handle = z.object({ kind: z.enum(['request', 'set']), jobId: z.string() });

function planOf(job: Job): Mapped {
  const call = callOf(job);
  if (call === undefined) return { body: {}, reasons: [`Higgsfield has no call ${job.route.op ?? ''}`] };
  return mapInput(job, call.mapping, call.constant);
}

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { keyId = '', keySecret = '' } = credentials;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    // The queue reads the first, the first version the others.
    authorize: () => ({ authorization: `Key ${keyId}:${keySecret}`, 'hf-api-key': keyId, 'hf-secret': keySecret }),
    faultOf,
    secrets: [keySecret, keyId],
    dispatcher,
  });
  return {
    name: 'higgsfield',
    submitIsRepeatable: false,
    refuses: (job) => planOf(job).reasons,
    async submit(job, signal) {
      const { path = '', isOlder = false } = callOf(job) ?? {};
      const host = hostOnce((file) => upload(upstream, file, signal));
      const body = await withFiles(planOf(job).body, { canBeReached, host });
      const { style } = job.input;
      if (typeof style === 'string') body.style_id = await styleId(upstream, style, signal);
      // Sets of jobs are only asked for: how their calls back are told from others is not published.
      const query = isOlder || job.callbackUrl === undefined ? {} : { hf_webhook: job.callbackUrl };
      const json = isOlder ? { params: body } : body;
      return { handle: await upstream.create({ method: 'POST', path, query, json }, Created, signal) };
    },
    async poll(stored, signal) {
      const { kind, jobId } = Handle.parse(stored);
      try {
        if (kind === 'request') {
          return requestProgress(
            await upstream.read({ method: 'GET', path: `${pathOf(jobId)}/status` }, Request, signal),
          );
        }
        const path = `/v1/job-sets/${encodeURIComponent(jobId)}`;
        return setProgress(await upstream.read({ method: 'GET', path }, JobSet, signal));
      } catch (error) {
        return toEnding(error);
      }
    },
    async cancel(stored, signal) {
      const { kind, jobId } = Handle.parse(stored);
      if (kind === 'set') throw new UpstreamError('invalid', 'Higgsfield cannot cancel it: it goes on');
      await upstream.readRaw({ method: 'POST', path: `${pathOf(jobId)}/cancel` }, signal);
    },
    // It is not signed.
    verifyCallback: async () => 'hint',
    async check(signal) {
      await upstream.read({ method: 'GET', path: STYLES_PATH }, z.unknown(), signal);
    },
  };
}

const pathOf = (jobId: string): string => `/requests/${encodeURIComponent(jobId)}`;
const STYLES_PATH = '/v1/text2image/soul-styles';

/** Styles have names here and ids there. @throws {UpstreamError} where there is none of that name. */
async function styleId(upstream: Upstream, name: string, signal: AbortSignal): Promise<Json> {
  const styles = await upstream.read({ method: 'GET', path: STYLES_PATH }, Styles, signal);
  const found = styles.find((style) => style.name.trim().toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new UpstreamError('invalid', `style ${JSON.stringify(name)} is not offered there`);
  return found.id;
}

/** Puts a file where Higgsfield reads it, for servers that it cannot reach. */
async function upload(upstream: Upstream, file: JobFile, signal: AbortSignal): Promise<string> {
  const mediaType = mediaTypeOf(file);
  const path = '/files/generate-upload-url';
  const place = await upstream.read({ method: 'POST', path, json: { content_type: mediaType } }, Upload, signal);
  const bytes = { path: file.path, mediaType, startByte: 0, sizeBytes: file.facts.sizeBytes };
  const headers = place.upload_headers ?? {};
  await upstream.readRaw({ method: 'PUT', path: place.upload_url, bytes, headers }, signal);
  return place.public_url;
}

export const higgsfield: ProviderType = {
  name: 'higgsfield',
  title: 'Higgsfield',
  credentials: [
    { name: 'keyId', env: 'HF_API_KEY', about: 'The id of an API key of cloud.higgsfield.ai.' },
    { name: 'keySecret', env: 'HF_API_SECRET', about: 'The secret of that key.' },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'HIGGSFIELD_BASE_URL',
      about: 'The address of the API.',
      default: 'https://platform.higgsfield.ai',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
