import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { toEnding } from '../kit/ending.ts';
import { type Body, listFiles, withFiles } from '../kit/media.ts';
import { putFile } from '../kit/put-file.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { fileToUpload, planUpload, planWorld } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { faultOf, Operation, Prepared, Started, toProgress } from './wire.ts';

const Handle = z.object({ operationId: z.string() });

/** It fetches nothing larger. */
const MAX_FETCHED_BYTES = 20 * 1024 ** 2;
const UPLOAD = 'media-assets:prepare_upload';

const isUpload = ({ route }: Job): boolean => route.op === UPLOAD;

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ 'wlt-api-key': apiKey }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const mustBeHosted = ({ facts }: JobFile) => !canBeReached || facts.sizeBytes > MAX_FETCHED_BYTES;

  /** Files that it cannot fetch are put there first. */
  async function bodyOf(job: Job, signal: AbortSignal): Promise<Body> {
    const { body } = planWorld(job);
    const [use] = listFiles(body);
    if (use === undefined || !mustBeHosted(use.file)) return body;
    const { assetId, facts } = use.file;
    const request = { file_name: `${assetId}.${facts.format}`, kind: facts.kind, extension: facts.format };
    return planWorld(job, await upload(upstream, { request, file: use.file }, signal)).body;
  }

  return {
    name: 'worldlabs',
    submitIsRepeatable: false,
    refuses: (job) => (isUpload(job) ? planUpload(job) : planWorld(job)).reasons,
    async submit(job, signal) {
      if (isUpload(job)) {
        const file = fileToUpload(job);
        if (file === undefined) throw new UpstreamError('media', 'there is no file to upload');
        const id = await upload(upstream, { request: planUpload(job).body, file }, signal);
        return acceptEnded({ state: 'succeeded', outputs: [{ kind: 'text', text: id }], upstreamId: id });
      }
      const json = await withFiles(await bodyOf(job, signal), { canBeReached });
      const call = { method: 'POST', path: '/worlds:generate', json } as const;
      const { operation_id: operationId } = await upstream.create(call, Started, signal);
      return { handle: { operationId } };
    },
    async poll(stored, signal) {
      const ended = endedOf(stored);
      if (ended !== undefined) return ended;
      const path = `/operations/${encodeURIComponent(Handle.parse(stored).operationId)}`;
      try {
        return toProgress(await upstream.read({ method: 'GET', path }, Operation, signal), settings.creditPrice);
      } catch (error) {
        return toEnding(error);
      }
    },
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/credits' }, z.unknown(), signal);
    },
  };
}

/** Asks for a place, and puts the file there. Nothing of it is billed, so it may be done again.
 *  @returns what worlds call the file. */
async function upload(
  upstream: Upstream,
  { request, file }: { request: Body; file: JobFile },
  signal: AbortSignal,
): Promise<string> {
  // It holds words alone.
  const json = await withFiles(request, { canBeReached: false });
  const prepared = await upstream.read({ method: 'POST', path: `/${UPLOAD}`, json }, Prepared, signal);
  const { upload_url: to, required_headers: headers } = prepared.upload_info;
  await putFile(upstream, { to, file, headers: Object.fromEntries(headers ?? []) }, signal);
  return prepared.media_asset.media_asset_id;
}

export const worldlabs: ProviderType = {
  name: 'worldlabs',
  title: 'World Labs (Marble)',
  credentials: [{ name: 'apiKey', env: 'WORLDLABS_API_KEY', about: 'A key of platform.worldlabs.ai.' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'WORLDLABS_BASE_URL',
      about: 'The address of the API, with its version.',
      default: 'https://api.worldlabs.ai/marble/v1',
    },
    {
      name: 'creditPrice',
      env: 'WORLDLABS_CREDIT_PRICE',
      about: 'What you pay for a credit, in US dollars.',
      // A dollar is 1250 credits.
      default: '0.0008',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
