import { checkConstraints, type FactsByParam } from './constraints.ts';
import { type MediaSlot, mediaParams } from './media-params.ts';
import { DURATION_SLACK_MS, formatSeconds } from './media-time.ts';
import type { Endpoint, Input, MediaFacts, MediaKind, MediaLimits, Problem } from './types.ts';
import { inOrder } from './validate.ts';
import { either } from './wording.ts';

/** Published limits say megabytes. The larger reading is taken, so that nothing is refused that the service takes. */
const MEGABYTE = 1024 * 1024;

/** Formats that are one and the same to a service, under the name that the catalog uses. */
const SAME_FORMAT: Readonly<Record<string, string>> = { jpeg: 'jpg', tif: 'tiff', m4v: 'mp4', oga: 'ogg' };

/** Checks files against the limits of the parameters they were sent for, once their bytes are known. Facts that are
 *  missing are not held against a file. */
export function checkMedia(
  endpoint: Pick<Endpoint, 'params' | 'constraints'>,
  facts: FactsByParam,
  input: Input,
): Problem[] {
  const problems = mediaParams(endpoint).flatMap((slot) => {
    const files = Object.hasOwn(facts, slot.name) ? (facts[slot.name] ?? []) : [];
    const each = files.flatMap((file, index) =>
      checkFile(slot, file).map((message) => {
        const field = slot.isList ? `${slot.name}[${index}]` : slot.name;
        return { field, message: `${field}: ${message}` };
      }),
    );
    return [...each, ...checkTotal(slot, files)];
  });
  return inOrder([...problems, ...checkConstraints(endpoint, input, facts)], Object.keys(endpoint.params));
}

function checkFile({ kind, param }: MediaSlot, file: MediaFacts): string[] {
  if (file.kind !== kind) return [`${withArticle(file.kind)} file (${file.format}); send ${withArticle(kind)} file`];
  return [
    ...checkFormat(param, file),
    ...checkSize(param, file),
    ...checkDuration(param, file),
    ...checkSides(param, file),
  ];
}

const withArticle = (kind: MediaKind): string => (kind === 'video' ? 'a video' : `an ${kind}`);

function checkFormat({ accept }: MediaLimits, { kind, format }: MediaFacts): string[] {
  if (accept === undefined) return [];
  // Sound alone in an MP4 container is what people call M4A.
  const known = kind === 'audio' && format === 'mp4' ? 'm4a' : canonical(format);
  return accept.some((one) => canonical(one) === known) || accept.includes(format)
    ? []
    : [`${format} files are not accepted; send ${either(accept)}`];
}
const canonical = (format: string): string => SAME_FORMAT[format] ?? format;

function checkSize({ maxMegabytes = Infinity }: MediaLimits, { sizeBytes }: MediaFacts): string[] {
  return sizeBytes > maxMegabytes * MEGABYTE
    ? [`the file has ${(sizeBytes / MEGABYTE).toFixed(1)} MB; at most ${maxMegabytes} MB`]
    : [];
}

function checkDuration({ minSeconds = 0, maxSeconds = Infinity }: MediaLimits, { durationMs }: MediaFacts): string[] {
  if (durationMs === undefined) return [];
  const isWithin =
    durationMs >= minSeconds * 1000 - DURATION_SLACK_MS && durationMs <= maxSeconds * 1000 + DURATION_SLACK_MS;
  if (isWithin) return [];
  const limits = [
    ...(minSeconds > 0 ? [`at least ${minSeconds} s`] : []),
    ...(maxSeconds < Infinity ? [`at most ${maxSeconds} s`] : []),
  ];
  return [`${formatSeconds(durationMs)} s long; ${limits.join(' and ')}`];
}

function checkSides(limits: MediaLimits, { widthPx, heightPx }: MediaFacts): string[] {
  if (widthPx === undefined || heightPx === undefined) return [];
  const size = `${widthPx}x${heightPx}`;
  if (limits.dimensions !== undefined) {
    return limits.dimensions.includes(size) ? [] : [`${size} pixels; send exactly ${either(limits.dimensions)}`];
  }
  const [minShort, minLong] = toSides(limits.minDimensions, 0);
  const [maxShort, maxLong] = toSides(limits.maxDimensions, Infinity);
  const { minSidePx = 0, maxSidePx = Infinity } = limits;
  const { minAspect = 0, maxAspect = Infinity, minPixels = 0, maxPixels = Infinity } = limits;
  const [short, long] = [Math.min(widthPx, heightPx), Math.max(widthPx, heightPx)];
  const [aspect, pixels] = [widthPx / heightPx, widthPx * heightPx];
  return [
    ...(short < minShort || long < minLong ? [`${size} pixels; at least ${limits.minDimensions}, either way up`] : []),
    ...(short > maxShort || long > maxLong ? [`${size} pixels; at most ${limits.maxDimensions}, either way up`] : []),
    ...(short < minSidePx ? [`${size} pixels; each side at least ${minSidePx}`] : []),
    ...(long > maxSidePx ? [`${size} pixels; each side at most ${maxSidePx}`] : []),
    ...(aspect < minAspect || aspect > maxAspect
      ? [`${size} pixels; width divided by height from ${minAspect} to ${maxAspect}`]
      : []),
    ...(pixels < minPixels ? [`${size} is ${pixels} pixels; at least ${minPixels}`] : []),
    ...(pixels > maxPixels ? [`${size} is ${pixels} pixels; at most ${maxPixels}`] : []),
  ];
}

/** The shorter and the longer side of a size such as `"1920x1080"`. */
function toSides(size: string | undefined, otherwise: number): [number, number] {
  const [one = otherwise, other = otherwise] = size?.split('x').map(Number) ?? [];
  return [Math.min(one, other), Math.max(one, other)];
}

function checkTotal({ name, param }: MediaSlot, files: readonly MediaFacts[]): Problem[] {
  const { maxTotalSeconds: maxSeconds } = param;
  if (maxSeconds === undefined) return [];
  const totalMs = files.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  return totalMs > maxSeconds * 1000 + files.length * DURATION_SLACK_MS
    ? [{ field: name, message: `${name}: ${formatSeconds(totalMs)} s together; at most ${maxSeconds} s` }]
    : [];
}
