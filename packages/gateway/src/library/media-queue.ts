import type { Asset } from '../contract/asset.ts';
import type { ManagedAsset } from '../contract/media-library.ts';

/** Where managed media wait for their files. Its jobs go by the ids of the media; the payload is the account. */
export const MEDIA_QUEUE = 'managed-media';

/** Undefined for a file of the kind. */
export function wrongKind({ facts, extension }: Asset, kind: ManagedAsset['kind']): string | undefined {
  if (facts === null) return `the file is no ${kind} (${extension})`;
  return facts.kind === kind ? undefined : `the file is ${ARTICLES[facts.kind]}, not ${ARTICLES[kind]}`;
}

const ARTICLES: Record<ManagedAsset['kind'], string> = { image: 'an image', video: 'a video', audio: 'audio' };
