import type { Endpoint } from '@reelay/catalog';
import type { FastifyInstance } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { allowsModel } from '../../accounts/limits.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { CatalogReader } from '../catalog-reader.ts';
import { credentialsOf } from '../request-key.ts';

/** What a call makes, and whether it is given a picture. */
export type Use = 'image' | 'edit' | 'video' | 'animate' | 'speech';
const OUTPUTS = { image: 'image', edit: 'image', video: 'video', animate: 'video', speech: 'audio' } as const;

/** Names that clients of this API know, and the endpoint that each means. Ids of endpoints are names too. */
export const ALIASES: Readonly<Record<string, Readonly<Partial<Record<Use, string>>>>> = {
  'gpt-image-2': {
    image: 'rhart-image-g-2-official/text-to-image',
    edit: 'rhart-image-g-2-official/image-to-image',
  },
  'gpt-image-1.5': {
    image: 'rhart-image-g-1.5-official/text-to-image',
    edit: 'rhart-image-g-1.5-official/image-to-image',
  },
  'gemini-3-pro-image': { image: 'rhart-image-n-pro-official/text-to-image', edit: 'rhart-image-n-pro-official/edit' },
  'gemini-3.1-flash-image': {
    image: 'rhart-image-n-g31-flash-official/text-to-image',
    edit: 'rhart-image-n-g31-flash-official/image-to-image',
  },
  'grok-imagine-image': { image: 'rhart-image-x-official/text-to-image', edit: 'rhart-image-x-official/edit' },
  'sora-2': { video: 'rhart-video-s-official/text-to-video', animate: 'rhart-video-s-official/image-to-video' },
  'sora-2-pro': {
    video: 'rhart-video-s-official/text-to-video-pro',
    animate: 'rhart-video-s-official/image-to-video-pro',
  },
  'veo-3.1': {
    video: 'rhart-video-v3.1-pro-official/text-to-video',
    animate: 'rhart-video-v3.1-pro-official/image-to-video',
  },
  'veo-3.1-fast': {
    video: 'rhart-video-v3.1-fast-official/text-to-video',
    animate: 'rhart-video-v3.1-fast-official/image-to-video',
  },
  'veo-3.1-lite': {
    video: 'rhart-video-v3.1-lite-official/text-to-video',
    animate: 'rhart-video-v3.1-lite-official/image-to-video',
  },
  'grok-imagine-video': {
    video: 'rhart-video-g-official/text-to-video',
    animate: 'rhart-video-g-official/image-to-video',
  },
  'tts-1': { speech: 'rhart-audio/text-to-audio/speech-2.8-turbo' },
  'tts-1-hd': { speech: 'rhart-audio/text-to-audio/speech-2.8-hd' },
  'gpt-4o-mini-tts': { speech: 'rhart-audio/text-to-audio/speech-2.8-hd' },
};

/** The endpoint that a model means here.
 *  @throws {GatewayError} `invalid_input` for no name, or a model of another kind; `not_found` for an unknown one. */
export function requireModel(catalog: CatalogReader, model: unknown, use: Use): Endpoint {
  const refuse = (message: string) =>
    new GatewayError('invalid_input', message, { details: [{ field: 'model', message }] });
  if (typeof model !== 'string' || model === '') throw refuse('model is required: a name that GET /v1/models lists');
  const alias = Object.hasOwn(ALIASES, model) ? ALIASES[model] : undefined;
  const id = alias === undefined ? model : alias[use];
  const endpoint = id === undefined ? undefined : catalog.get(id);
  if (alias === undefined && endpoint === undefined)
    throw new GatewayError('not_found', `The model ${JSON.stringify(model.slice(0, 200))} does not exist`);
  if (endpoint?.output !== OUTPUTS[use])
    throw refuse(`model ${JSON.stringify(model)} cannot do this: it takes one that makes ${OUTPUTS[use]}`);
  return endpoint;
}

/** What clients call an endpoint: its short name where it has one. */
export const nameOf = (endpoint: string): string =>
  Object.entries(ALIASES).find(([, uses]) => Object.values(uses).includes(endpoint))?.[0] ?? endpoint;

type Model = { readonly id: string; readonly object: 'model'; readonly created: 0; readonly owned_by: string };

/** `GET /v1/models` and `GET /v1/models/<id>`: what the key may ask for. */
export function openAiModelRoutes(
  app: FastifyInstance,
  { catalog, callers }: { catalog: CatalogReader; callers: Callers },
): void {
  const list = (models: readonly string[] | null | undefined): Model[] => {
    const endpoints = catalog.list().filter(({ id, output }) => isMade(output) && allowsModel(models, id));
    const vendors = new Map(endpoints.map(({ id, vendor }) => [id, vendor]));
    const short = Object.entries(ALIASES).flatMap(([id, uses]) => {
      const vendor = Object.values(uses)
        .map((endpoint) => vendors.get(endpoint))
        .find((one) => one !== undefined);
      return vendor === undefined ? [] : [toModel(id, vendor)];
    });
    return [...short, ...endpoints.map(({ id, vendor }) => toModel(id, vendor))];
  };
  app.get('/v1/models', async (request) => {
    const { models } = await callers(credentialsOf(request), 'tasks:read');
    return { object: 'list', data: list(models) };
  });
  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request) => {
    const { models } = await callers(credentialsOf(request), 'tasks:read');
    const id = request.params['*'];
    const found = list(models).find((model) => model.id === id);
    if (found === undefined) throw new GatewayError('not_found', `The model ${JSON.stringify(id)} does not exist`);
    return found;
  });
}

const isMade = (output: Endpoint['output']): boolean => output === 'image' || output === 'video' || output === 'audio';
const toModel = (id: string, owned_by: string): Model => ({ id, object: 'model', created: 0, owned_by });
