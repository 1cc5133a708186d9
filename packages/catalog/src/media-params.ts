import type { Endpoint, MediaKind, MediaListParam, MediaParam, Param } from './types.ts';

const KINDS: Readonly<Partial<Record<Param['type'], MediaKind>>> = {
  image: 'image',
  images: 'image',
  video: 'video',
  videos: 'video',
  audio: 'audio',
  audios: 'audio',
};

export const isMediaParam = (param: Param): param is MediaParam | MediaListParam => KINDS[param.type] !== undefined;

export function kindOf(param: MediaParam | MediaListParam): MediaKind {
  switch (param.type) {
    case 'images':
      return 'image';
    case 'videos':
      return 'video';
    case 'audios':
      return 'audio';
    default:
      return param.type;
  }
}

/** A parameter that takes files. */
export type MediaSlot = {
  readonly name: string;
  readonly kind: MediaKind;
  /** It takes a list of files. */
  readonly isList: boolean;
  readonly param: MediaParam | MediaListParam;
};

/** The parameters of an endpoint that take files, in the order of its row. */
export function mediaParams(endpoint: Pick<Endpoint, 'params'>): MediaSlot[] {
  const slots: MediaSlot[] = [];
  for (const [name, param] of Object.entries(endpoint.params)) {
    if (!isMediaParam(param)) continue;
    const kind = kindOf(param);
    slots.push({ name, kind, isList: param.type !== kind, param });
  }
  return slots;
}
