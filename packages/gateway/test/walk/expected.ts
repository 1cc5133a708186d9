import type { Endpoint, Input, Json } from '@reelay/catalog';
import type { Judged } from '../../../preview/test/judge.ts';

/** What of a result does not match its request, read from the request's plain words alone: `duration`, `size`,
 *  `aspectRatio`, `resolution`, `width`, `outputFormat` and the count of pictures. Empty when all of it does. */
export function mismatches(endpoint: Endpoint, input: Input, results: readonly Judged[]): string[] {
  const kinds = { video: 'video', image: 'image', audio: 'audio', '3d': '3d', string: 'text' } as const;
  const kind = kinds[endpoint.output];
  const main = results.filter((result) => result.kind === kind);
  if (main.length === 0) return [`no ${kind} among the results (${results.map((one) => one.kind).join(', ')})`];
  const each = main.flatMap((result) => [
    ...sideFaults(endpoint, input, result),
    ...lengthFaults(endpoint, input, result),
  ]);
  return [...each, ...countFaults(endpoint, input, main.length)];
}

/** Makers' tables round to multiples of 8 to 64: `16:9` at 480 lines is 848 or 864 pixels wide. */
const SHAPE_SLACK = 0.06;

function sideFaults({ task, constraints }: Endpoint, sent: Input, { widthPx, heightPx }: Judged): string[] {
  if (widthPx === undefined || heightPx === undefined) return [];
  const found = `${widthPx}x${heightPx}`;
  const input = withoutIdle(constraints, sent);
  const exact = exactSides(input);
  if (exact !== undefined) return exact === found ? [] : [`${found}, asked for ${exact}`];
  const faults: string[] = [];
  const [, wide, tall] = /^(\d+):(\d+)$/.exec(String(input.aspectRatio ?? input.ratio ?? '')) ?? [];
  // A clip that is changed keeps its shape.
  if (wide !== undefined && tall !== undefined && !task.startsWith('video-')) {
    const off = widthPx / heightPx / (Number(wide) / Number(tall));
    if (Math.abs(Math.log(off)) > SHAPE_SLACK) faults.push(`${found} is not ${wide}:${tall}`);
  }
  const [, lines] = /^(\d{3,4})p$/i.exec(String(input.targetResolution ?? input.resolution ?? '')) ?? [];
  const least = Math.min(widthPx, heightPx);
  // Some makers count pixels and not lines: a square picture of "720p" has 960.
  if (lines !== undefined && (least < Number(lines) * 0.7 || least > Number(lines) * 1.4)) {
    faults.push(`${found} is not ${lines}p`);
  }
  return faults;
}

/** The request without what another parameter of it wins over. */
function withoutIdle(constraints: Endpoint['constraints'], input: Input): Input {
  const idle = constraints.flatMap(({ rule, param = '', params = [] }) =>
    rule === 'overrides' && input[param] !== undefined ? params : [],
  );
  return Object.fromEntries(Object.entries(input).filter(([name]) => !idle.includes(name)));
}

function exactSides({ size, resolution, width, height }: Input): string | undefined {
  for (const said of [size, resolution]) {
    const [, wide, tall] = /^(\d{2,})[x*](\d{2,})$/.exec(String(said ?? '')) ?? [];
    if (wide !== undefined && tall !== undefined) return `${wide}x${tall}`;
  }
  return typeof width === 'number' && typeof height === 'number' ? `${width}x${height}` : undefined;
}

const LENGTH_SLACK_MS = 150;
/** Tasks whose length is that of what they were given, or more. */
const LED_BY_FILES = /^(video-|lip-sync|motion-control|audio-image)/;

function lengthFaults({ task }: Endpoint, input: Input, { kind, durationMs }: Judged): string[] {
  if (kind !== 'video' || durationMs === undefined || LED_BY_FILES.test(task)) return [];
  const asked = secondsOf(input.duration);
  if (asked === undefined || asked <= 0) return [];
  return Math.abs(durationMs - asked * 1000) > LENGTH_SLACK_MS ? [`${durationMs} ms, asked for ${asked} s`] : [];
}

const secondsOf = (value: Json | undefined): number | undefined =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value)) ? Number(value) : undefined;

function countFaults({ output }: Endpoint, { n, imageNum }: Input, count: number): string[] {
  const asked = secondsOf(n ?? imageNum);
  return output === 'image' && asked !== undefined && asked !== count ? [`${count} pictures, asked for ${asked}`] : [];
}
