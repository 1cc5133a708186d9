import {
  type Endpoint,
  type Input,
  isMediaAddress,
  type MediaFacts,
  type MediaKind,
  type MediaLimits,
  mediaParams,
  withDefaults,
} from '@reelay/catalog';
import { type MediaName, mediaOf, mediaPath } from '@reelay/standin';
import type { JobFile } from '../../contract/asset.ts';
import type { Job } from '../provider.ts';
import type { Route } from '../route.ts';

/** Names of formats under which a small file of the same kind lies. */
const FILES: Readonly<Record<string, MediaName>> = {
  png: 'png',
  jpg: 'jpg',
  jpeg: 'jpg',
  webp: 'webp',
  mp4: 'mp4',
  mp3: 'mp3',
  wav: 'wav',
};
const FIRST: Readonly<Record<MediaKind, readonly string[]>> = {
  image: ['png', 'jpg', 'jpeg', 'webp'],
  video: ['mp4'],
  audio: ['mp3', 'wav'],
};
/** Sides from which one is chosen that a limit allows. */
// biome-ignore format: a table
const SIZES = [[1280, 720], [1024, 1024], [720, 1280], [960, 640], [1920, 1080], [512, 512], [2048, 2048], [3840, 2160]] as const;
const SECONDS = [5, 4, 8, 3, 10, 2, 12, 15, 20, 30, 60, 1];

let taskNumber = 0;

/** A job as the driver would make it: every address is a small real file whose facts keep the limits, every id of an
 *  earlier result is known to the upstream by an id of its own. */
export function toJob(endpoint: Endpoint, route: Route, input: Input, more: Partial<Job> = {}): Job {
  taskNumber += 1;
  const ids = namedIds(endpoint, input);
  const media: Record<string, JobFile[]> = {};
  for (const slot of mediaParams(endpoint)) {
    const items = [input[slot.name] ?? []].flat();
    const addresses = items.flatMap((item) => {
      const value = typeof item === 'object' && item !== null && !Array.isArray(item) ? item[slot.field ?? ''] : item;
      return typeof value === 'string' && isMediaAddress(value) ? [value] : [];
    });
    if (addresses.length > 0)
      media[slot.name] = addresses.map((_, index) => toFile(slot.name, index, slot.kind, slot.param));
  }
  for (const { name, place, kind } of ids) {
    if (place !== undefined) media[place] = [toFile(place, 0, kind, {}), toFile(place, 1, kind, {})];
    else media[name] ??= [toFile(name, 0, kind, {})];
  }
  return {
    taskId: `20200000000000${String(taskNumber).padStart(5, '0')}`,
    endpoint,
    route,
    input: withDefaults(endpoint, input),
    media,
    foreignIds: [],
    upstreamIds: Object.fromEntries(ids.map(({ id }) => [id, upstreamIdOf(id)])),
    elsewhere: [],
    ...more,
  };
}

/** What the upstream calls an earlier result. */
export const upstreamIdOf = (id: string): string => `8${id.slice(-17)}`;

const OWN_ID = /^\d{19}$/;
type NamedId = {
  readonly name: string;
  readonly id: string;
  readonly kind: MediaKind;
  /** Of an id in a list of objects. */
  readonly place?: string;
};

function namedIds({ params }: Endpoint, input: Input): NamedId[] {
  return Object.entries(params).flatMap(([name, param]): NamedId[] => {
    const value = input[name];
    if (param.type === 'text' && param.refersTo !== undefined && typeof value === 'string' && OWN_ID.test(value)) {
      const kind = param.addressOf ?? (param.refersTo.tasks?.includes('text-to-speech') === true ? 'audio' : 'video');
      return [{ name, id: value, kind }];
    }
    if ((param.type !== 'object' && param.type !== 'objects') || param.idField === undefined) return [];
    const member = param.idField.name;
    return [value ?? []].flat().flatMap((item, index): NamedId[] => {
      const id = typeof item === 'object' && item !== null && !Array.isArray(item) ? item[member] : undefined;
      // What has an id of its own and no file, as an element does, was made of pictures.
      return typeof id === 'string' ? [{ name, id, kind: 'image', place: `${name}[${index}].${member}` }] : [];
    });
  });
}

function toFile(name: string, index: number, kind: MediaKind, limits: MediaLimits): JobFile {
  const format =
    FIRST[kind].find((one) => limits.accept?.includes(one) ?? true) ?? limits.accept?.[0] ?? FIRST[kind][0];
  const file = FILES[format ?? ''] ?? FILES[FIRST[kind][0] ?? ''] ?? 'png';
  const assetId = `asset_${name}_${index}`;
  const facts = factsOf(kind, format === 'jpeg' ? 'jpg' : (format ?? file), mediaOf(file).bytes.length, limits);
  return { assetId, path: mediaPath(file), url: `https://files.reelay.test/${assetId}.${facts.format}`, facts };
}

function factsOf(kind: MediaKind, format: string, sizeBytes: number, limits: MediaLimits): MediaFacts {
  const durationMs = 1_000 * secondsWithin(limits);
  if (kind === 'audio') return { kind, format, sizeBytes, durationMs };
  const [widthPx, heightPx] = sidesWithin(limits);
  const sides = { kind, format, sizeBytes, widthPx, heightPx };
  return kind === 'image' ? sides : { ...sides, durationMs, hasAudio: true };
}

const secondsWithin = ({ minSeconds = 0, maxSeconds = Number.POSITIVE_INFINITY }: MediaLimits): number =>
  SECONDS.find((seconds) => seconds >= minSeconds && seconds <= maxSeconds) ?? minSeconds;

function sidesWithin(limits: MediaLimits): readonly [number, number] {
  const {
    minSidePx = 0,
    maxSidePx = Infinity,
    minAspect = 0,
    maxAspect = Infinity,
    minPixels = 0,
    maxPixels = Infinity,
  } = limits;
  const [exact] = limits.dimensions ?? [];
  if (exact !== undefined) {
    const [width = 0, height = 0] = exact.split('x').map(Number);
    return [width, height];
  }
  const fits = ([width, height]: readonly [number, number]): boolean =>
    Math.min(width, height) >= minSidePx &&
    Math.max(width, height) <= maxSidePx &&
    width / height >= minAspect &&
    width / height <= maxAspect &&
    width * height >= minPixels &&
    width * height <= maxPixels;
  return SIZES.find(fits) ?? SIZES[0];
}
