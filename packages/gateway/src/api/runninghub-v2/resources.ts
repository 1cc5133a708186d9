import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import { type ModelLibrary, RESOURCE_TYPES, type Resource } from '../../contract/model-library.ts';
import { createRateLimit } from '../../lib/rate-limit.ts';
import { count, readFields, text, word } from '../fields.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { type LegacyAnswer, succeeded } from '../runninghub-legacy/render.ts';
import { toWireTime } from '../wire-time.ts';

const MAX_FILTERS = 100;
const MAX_TAG = 2_147_483_647;

const Fields = z.object({
  resourceType: word(RESOURCE_TYPES).optional(),
  resourceName: text(200).optional(),
  baseModels: z
    .array(text(200), 'must be a list of texts')
    .max(MAX_FILTERS, `must have ${MAX_FILTERS} members at most`)
    .optional(),
  tags: z
    .array(count({ min: 0, max: MAX_TAG, fallback: 0 }), 'must be a list of numbers')
    .max(MAX_FILTERS, `must have ${MAX_FILTERS} members at most`)
    .optional(),
  current: count({ min: 1, max: 1_000_000, fallback: 1 }),
  size: count({ min: 1, max: 50, fallback: 10 }),
});

type Deps = {
  readonly models: Pick<ModelLibrary, 'page'>;
  readonly callers: Callers;
  readonly nowMs: () => number;
  readonly maxResourceListsPerMinute: number;
};

/** `POST /openapi/v2/resource/list`: the models that the account may name to a loader, newest first. */
export function resourceRoutes(app: FastifyInstance, { models, callers, nowMs, ...limits }: Deps): void {
  const perMinute = limits.maxResourceListsPerMinute;
  const limit = createRateLimit({ perMinute, nowMs });
  app.post('/openapi/v2/resource/list', async (request): Promise<LegacyAnswer> => {
    const body = toObject(request.body);
    const { accountId, keyId } = await callers(credentialsOf(request, body), 'assets:read');
    const retryAfterMs = limit(keyId);
    if (retryAfterMs > 0) {
      const message = `Too many requests: ${perMinute} a minute`;
      throw new GatewayError('list_rate_limited', message, { details: { retryAfterMs } });
    }
    const { resourceType, resourceName, baseModels, tags, current, size } = readFields(Fields, body);
    const query = { accountId, type: resourceType, name: resourceName, baseModels, tags };
    const { items, total } = await models.page({ query, page: { number: current, size } });
    const pages = Math.ceil(total / size);
    return succeeded({
      records: items.map(toRecord),
      size,
      current,
      total,
      pages,
      hasNext: current < pages,
      hasPrevious: current > 1,
    });
  });
}

const toRecord = (resource: Resource) => ({
  id: resource.id,
  resourceName: resource.name,
  resourceType: resource.type,
  createTime: toWireTime(resource.createdAtMs),
  desc: resource.description,
  nodeModelName: resource.nodeModelName,
  posterUrl: resource.posterUrl,
  thumbnailUrl: resource.thumbnailUrl,
  owner: { name: resource.owner.name, avatar: resource.owner.avatarUrl },
  tags: resource.tags,
  versions: resource.versions.map((version) => ({
    id: version.id,
    version: version.version,
    versionResourceName: version.name,
    baseModel: version.baseModel,
    baseModelSubtype: version.baseModelSubtype,
    triggerWords: version.triggerWords,
    desc: version.description,
    posterInfos: version.posters.map(({ posterUrl, thumbnailUrl, widthPx, heightPx }) => ({
      posterUrl,
      thumbnailUrl,
      imageWidth: widthPx,
      imageHeight: heightPx,
    })),
  })),
});
