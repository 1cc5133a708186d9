import type { Endpoint, MediaKind, MediaLimits, MediaListParam, MediaParam, Param } from './types.ts';

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

type ListLimits = Partial<Pick<MediaListParam, 'minItems' | 'maxItems' | 'maxTotalSeconds'>>;
/** A place for files in a request. */
export type MediaSlot = {
  /** The parameter. */
  readonly name: string;
  readonly kind: MediaKind;
  /** It takes a list: of addresses, or of objects that hold one each. */
  readonly isList: boolean;
  /** Where the parameter takes objects, the field of an object that holds the address. */
  readonly field?: string;
  /** A plain text that may be the address of a file or the id of something. */
  readonly mayBeId?: true;
  /** What a file must be, and how many there may be. */
  readonly param: MediaLimits & ListLimits & { readonly required: boolean };
};

/** Asked several times for each request, and never another answer. */
const slotsOf = new WeakMap<Endpoint['params'], readonly MediaSlot[]>();

/** The places for files of an endpoint, in the order of its parameters. */
export function mediaParams({ params }: Pick<Endpoint, 'params'>): readonly MediaSlot[] {
  let slots = slotsOf.get(params);
  if (slots === undefined) {
    slots = Object.entries(params).flatMap(([name, param]) => toSlot(name, param) ?? []);
    slotsOf.set(params, slots);
  }
  return slots;
}

function toSlot(name: string, param: Param): MediaSlot | undefined {
  if (isMediaParam(param)) {
    const kind = kindOf(param);
    return { name, kind, isList: param.type !== kind, param };
  }
  const { required } = param;
  if (param.type === 'text' && param.addressOf !== undefined) {
    return { name, kind: param.addressOf, isList: false, mayBeId: true, param: { required } };
  }
  if ((param.type === 'object' || param.type === 'objects') && param.fileField !== undefined) {
    const { name: field, kind } = param.fileField;
    const { maxSeconds, maxItems } = param;
    const limits = {
      ...(maxSeconds === undefined ? {} : { maxSeconds }),
      ...(maxItems === undefined ? {} : { maxItems }),
    };
    return { name, kind, isList: param.type === 'objects', field, param: { required, ...limits } };
  }
  return undefined;
}
