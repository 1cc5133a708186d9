import {
  catalog,
  type Endpoint,
  type Input,
  type Json,
  type MediaFacts,
  type Param,
  withDefaults,
} from '@reelay/catalog';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MediaFile } from '../contract.ts';
import { toGeometry } from '../geometry.ts';
import { lineOf } from './lines.ts';
import { isTier, linesOf } from './sizes.ts';

const rows = catalog.list().filter(({ output, task }) => output === 'video' && task !== 'video-to-world');
const isMedia = ({ type }: Param): boolean => /^(image|video|audio)s?$/.test(type);

/** Any value of what decides a clip's form: the words, flags and numbers that a parameter takes. */
function anyOf(param: Param): fc.Arbitrary<Json | undefined> {
  switch (param.type) {
    case 'one-of':
      return fc.constantFrom(...param.values);
    case 'flag':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: param.min ?? 0, max: param.max ?? 100 });
    default:
      return fc.constant(undefined);
  }
}

const sides = fc.record({ widthPx: fc.integer({ min: 64, max: 4096 }), heightPx: fc.integer({ min: 64, max: 4096 }) });

function fileOf(param: Param): fc.Arbitrary<MediaFile> {
  const kind = param.type.replace(/s$/, '') as MediaFacts['kind'];
  const facts = { kind, format: 'x', sizeBytes: 1 };
  const seconds = fc.integer({ min: 1, max: 15 });
  if (kind === 'image') return sides.map((size) => ({ path: 'p', facts: { ...facts, ...size } }));
  return fc.tuple(sides, seconds, fc.boolean()).map(([size, length, hasAudio]) => ({
    path: 'p',
    facts: { ...facts, durationMs: length * 1000, hasAudio, ...(kind === 'video' && size) },
  }));
}

function requestOf(endpoint: Endpoint) {
  const params = Object.entries(endpoint.params);
  const optional = <T>(param: Param, value: fc.Arbitrary<T>) =>
    param.required ? value : fc.option(value, { nil: undefined });
  const input = fc.record(
    Object.fromEntries(
      params.filter(([, param]) => !isMedia(param)).map(([name, param]) => [name, optional(param, anyOf(param))]),
    ),
  );
  const media = fc.record(
    Object.fromEntries(
      params
        .filter(([, param]) => isMedia(param))
        .map(([name, param]) => [name, optional(param, fc.array(fileOf(param), { minLength: 1, maxLength: 1 }))]),
    ),
  );
  return fc.tuple(input, media).map(([said, files]) => ({
    endpoint: endpoint.id,
    task: endpoint.task,
    input: withDefaults(endpoint, present(said) as Input),
    media: present(files) as Record<string, MediaFile[]>,
  }));
}

const present = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

describe.each(rows.map((row) => [row.id, row] as const))('%s', (_id, endpoint) => {
  test('has even sides in its tier and the length that was asked for', () => {
    fc.assert(
      fc.property(requestOf(endpoint), (request) => {
        const { widthPx, heightPx, durationMs, fps } = toGeometry(request);
        for (const side of [widthPx, heightPx]) {
          expect(side % 2).toBe(0);
          expect(side).toBeGreaterThanOrEqual(64);
          expect(side).toBeLessThanOrEqual(6480);
        }
        expect([24, 30, 60]).toContain(fps);
        expectTier(request.input, { widthPx, heightPx });
        expectLength(request, durationMs);
      }),
      { numRuns: 40 },
    );
  });
});

function expectTier(input: Input, { widthPx, heightPx }: { widthPx: number; heightPx: number }): void {
  const size = [input.size, input.resolution].find((said) => typeof said === 'string' && /^\d+[x*×]\d+$/.test(said));
  if (size !== undefined) {
    expect(`${widthPx} ${heightPx}`).toBe(String(size).replace(/[x*×]/, ' '));
    return;
  }
  const said = String(input.targetResolution ?? input.resolution ?? '').toLowerCase();
  // Of a very narrow clip the longer side is as long as players decode.
  if (!isTier(said) || Math.max(widthPx, heightPx) === 4096) return;
  // As many lines as the tier says on the shorter side, or as many pixels as they make at 16:9; a little to each side,
  // because makers round to what their models like.
  const lines = linesOf(said);
  const byArea = Math.sqrt((widthPx * heightPx) / ((lines * lines * 16) / 9));
  const byLines = Math.min(widthPx, heightPx) / lines;
  expect(Math.min(Math.abs(byArea - 1), Math.abs(byLines - 1))).toBeLessThan(0.06);
}

function expectLength(request: Parameters<typeof toGeometry>[0], durationMs: number): void {
  const { input, task, media, endpoint } = request;
  const asked = Number(input.duration) > 0 ? Number(input.duration) * 1000 : undefined;
  const clipMs = Object.values(media)
    .flat()
    .find(({ facts }) => facts.kind === 'video')?.facts.durationMs;
  if (task === 'video-extend' && clipMs !== undefined) expect(durationMs).toBeGreaterThan(clipMs);
  else if (task === 'video-edit' && clipMs !== undefined) expect(durationMs).toBeLessThanOrEqual(clipMs);
  else if (asked !== undefined && input.refVideos === undefined) expect(durationMs).toBe(asked);
  if (lineOf(endpoint).usedSeconds !== undefined && clipMs !== undefined) {
    expect(durationMs).toBeLessThanOrEqual((lineOf(endpoint).usedSeconds ?? 0) * 1000);
  }
}

test('every clip of which a row uses only the beginning is cut there', () => {
  for (const row of rows) {
    const used = Object.values(row.params).flatMap((param) => ('usedSeconds' in param ? [param.usedSeconds] : []));
    expect(lineOf(row.id).usedSeconds, row.id).toBe(used.find((seconds) => seconds !== undefined));
  }
});
