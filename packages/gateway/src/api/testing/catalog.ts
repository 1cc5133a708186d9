import type { Endpoint } from '@reelay/catalog';
import type { CatalogReader } from '../catalog-reader.ts';

const text = { en: 'Words.', zh: '文字。' };

/** Two endpoints, one of them under an old name as well, and one whose id has to be escaped in a path. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    id: 'test-vendor/film-1/text-to-video',
    name: 'Film 1',
    family: 'film',
    vendor: 'test-vendor',
    task: 'text-to-video',
    output: 'video',
    channel: null,
    status: 'active',
    formerIds: ['film-1/text-to-video'],
    about: { en: 'Makes a clip.', zh: '生成视频。' },
    params: {
      prompt: { type: 'text', required: true, maxChars: 200, about: text },
      duration: { type: 'one-of', required: true, values: ['4', '8', '12'], about: text },
      seed: { type: 'integer', required: false, min: 0, max: 4_294_967_295, about: text },
      imageUrl: { type: 'image', required: false, maxMegabytes: 10, about: text },
    },
    constraints: [],
    pricing: { kind: 'fixed', currency: 'CNY', unit: 'call', asOf: '2026-01-01', micros: 1_250_000 },
    example: { prompt: 'a paper boat on a puddle', duration: '4' },
  },
  {
    id: '[Deprecated] film-0/text-to-video',
    name: 'Film 0',
    family: 'film',
    vendor: 'test-vendor',
    task: 'text-to-video',
    output: 'video',
    channel: null,
    status: 'deprecated',
    about: { en: 'Made clips.', zh: '曾生成视频。' },
    params: { prompt: { type: 'text', required: true, about: text } },
    constraints: [],
    pricing: null,
    example: { prompt: 'a paper boat on a puddle' },
  },
];

export const testCatalog: CatalogReader = {
  get: (id) => ENDPOINTS.find((endpoint) => endpoint.id === id || endpoint.formerIds?.includes(id)),
  find: (name) => ENDPOINTS.filter((endpoint) => endpoint.name.toLowerCase() === name.toLowerCase()),
  list: () => ENDPOINTS,
};
