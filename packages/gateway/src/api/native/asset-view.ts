import { z } from 'zod';
import type { Asset } from '../../contract/asset.ts';

/** A file as `/api/v1` shows it. */
export const NativeAsset = z.object({
  id: z.string(),
  url: z.string().describe('A link that needs no key, for seven days. A media parameter takes it.'),
  fileName: z.string().describe('`openapi/<sha256>.<extension>`. A media parameter of the same account takes it.'),
  kind: z.enum(['image', 'video', 'audio', 'file']),
  mediaType: z.string(),
  extension: z.string(),
  sizeBytes: z.int().min(0),
  sha256: z.string(),
  widthPx: z.int().nullable(),
  heightPx: z.int().nullable(),
  durationMs: z.int().nullable(),
  hasAudio: z.boolean().nullable(),
  origin: z.enum(['upload', 'output', 'both']).describe('Whether it was sent, made by a task, or both.'),
  createdAt: z.iso.datetime(),
});

export const toNativeAsset = (asset: Asset, url: string): z.input<typeof NativeAsset> => ({
  id: asset.id,
  url,
  fileName: `openapi/${asset.sha256}.${asset.extension}`,
  kind: asset.kind,
  mediaType: asset.mediaType,
  extension: asset.extension,
  sizeBytes: asset.sizeBytes,
  sha256: asset.sha256,
  widthPx: asset.facts?.widthPx ?? null,
  heightPx: asset.facts?.heightPx ?? null,
  durationMs: asset.facts?.durationMs ?? null,
  hasAudio: asset.facts?.hasAudio ?? null,
  origin: asset.origin,
  createdAt: new Date(asset.createdAtMs).toISOString(),
});
