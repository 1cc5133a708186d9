import type { MediaFacts } from '@reelay/catalog';
import type { RenderErrorCode, RenderRequest, RenderResult } from '../contract.ts';

/** What the renderer tells a child. A child renders once and ends, or inspects one file after another. */
export type Order =
  | { readonly kind: 'render'; readonly request: RenderRequest }
  | { readonly kind: 'inspect'; readonly path: string };

/** What a child answers. `done`, `inspected` and `failed` end an order. */
export type Answer =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'memory'; readonly bytes: number }
  | { readonly kind: 'done'; readonly result: RenderResult }
  | { readonly kind: 'inspected'; readonly facts: MediaFacts }
  | { readonly kind: 'failed'; readonly code: RenderErrorCode; readonly message: string; readonly stack?: string };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const CODES: readonly string[] = [
  'bad_media',
  'bad_input',
  'crashed',
  'out_of_memory',
  'timed_out',
  'unavailable',
  'canceled',
];
const KINDS: readonly string[] = ['image', 'video', 'audio'];

/** Undefined for anything that a child in its right mind does not say: it has read a stranger's file and is believed
 *  only as far as its words have the right shape. */
export function parseAnswer(said: unknown): Answer | undefined {
  if (!isRecord(said)) return undefined;
  switch (said.kind) {
    case 'progress':
      return isCount(said.fraction) ? { kind: 'progress', fraction: Math.min(1, said.fraction) } : undefined;
    case 'memory':
      return isCount(said.bytes) ? { kind: 'memory', bytes: said.bytes } : undefined;
    case 'done':
      return isResult(said.result) ? { kind: 'done', result: said.result } : undefined;
    case 'inspected':
      return isFacts(said.facts) ? { kind: 'inspected', facts: said.facts } : undefined;
    case 'failed':
      if (!isText(said.message) || !isCode(said.code)) return undefined;
      return {
        kind: 'failed',
        code: said.code,
        message: said.message,
        ...(isText(said.stack) && { stack: said.stack }),
      };
    default:
      return undefined;
  }
}

const isCode = (value: unknown): value is RenderErrorCode => isText(value) && CODES.includes(value);

function isResult(value: unknown): value is RenderResult {
  if (!isRecord(value) || !Array.isArray(value.files)) return false;
  const files: unknown[] = value.files;
  const areFiles = files.every(
    (file) => isRecord(file) && isText(file.path) && isText(file.mediaType) && isText(file.extension),
  );
  return areFiles && (value.text === undefined || isText(value.text));
}

function isFacts(value: unknown): value is MediaFacts {
  if (!isRecord(value) || !isText(value.kind) || !KINDS.includes(value.kind) || !isText(value.format)) return false;
  const counts = [value.widthPx, value.heightPx, value.durationMs];
  return isCount(value.sizeBytes) && counts.every((count) => count === undefined || isCount(count));
}
