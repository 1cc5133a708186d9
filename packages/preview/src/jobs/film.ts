import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { RenderedFile, RenderResult } from '../contract.ts';
import { drawMark } from '../drawing/index.ts';
import { type Geometry, toFlag } from '../geometry.ts';
import { encodeClip } from '../media/encode.ts';
import type { Pcm } from '../media/pcm.ts';
import type { JobInput } from './job.ts';

/** How a clip looks and sounds. */
export type Film = {
  readonly geometry: Geometry;
  /** In which frames are drawn; default `drawSize`. */
  readonly size?: Size;
  /** Draws the whole of a frame, in that size. Called once for each, in order. */
  readonly draw: (context: SKRSContext2D, at: Moment) => void | Promise<void>;
  readonly sound: Pcm | undefined;
};

type Moment = {
  readonly index: number;
  readonly atMs: number;
  /** 0 for the first frame, 1 for the last. */
  readonly fraction: number;
};

/** Frames above this are drawn smaller and enlarged by the encoder's scaler: a preview at 4K needs its size, not four
 *  times the drawing. */
const MAX_DRAWN_PIXELS = 2_100_000;
/** Painted scenes are soft, and drawing them takes most of a render's time: enlarged from here they look the same and
 *  are done in two thirds of it. Not for pictures and footage of the caller's, which must stay as sharp as they came. */
export const PAINTED_PIXELS = 520_000;

type Size = { readonly widthPx: number; readonly heightPx: number };

/** The size in which the frames of a clip are drawn: its own, or a smaller one of the same shape. */
export function drawSize(geometry: Geometry, maxPixels = MAX_DRAWN_PIXELS): Size {
  const factor = Math.min(1, Math.sqrt(maxPixels / (geometry.widthPx * geometry.heightPx)));
  const side = (px: number): number => Math.max(2, Math.round((px * factor) / 2) * 2);
  return { widthPx: side(geometry.widthPx), heightPx: side(geometry.heightPx) };
}

export function frameCountOf(geometry: Geometry): number {
  return Math.max(1, Math.round((geometry.durationMs * geometry.fps) / 1000));
}

/** Draws, marks and encodes a clip into the request's folder; with `returnLastFrame` also its last frame as PNG. */
export async function writeFilm({ request, onProgress }: JobInput, film: Film): Promise<RenderResult> {
  const { geometry } = film;
  const size = film.size ?? drawSize(geometry);
  const canvas = createCanvas(size.widthPx, size.heightPx);
  const frameCount = frameCountOf(geometry);
  const draw = async (index: number): Promise<Buffer> => {
    await drawFrame(canvas, film, { index, frameCount });
    return canvas.data();
  };
  const path = join(request.outputDir, 'preview.mp4');
  await encodeClip({
    path,
    ...geometry,
    frameCount,
    pictures: { ...size, draw },
    comment: commentFor(request.endpoint),
    ...(film.sound !== undefined && { sound: film.sound }),
    onProgress: throttle(onProgress),
  });
  const files: RenderedFile[] = [{ path, mediaType: 'video/mp4', extension: 'mp4' }];
  // The canvas still shows the last frame.
  if (toFlag(request.input.returnLastFrame) === true) files.push(await writePicture(canvas, request.outputDir));
  return { files };
}

/** What a file says of itself, beside its title. */
export function commentFor(endpoint: string): string {
  return `A preview drawn by Reelay in place of ${endpoint}. No model was asked.`;
}

async function drawFrame(canvas: Canvas, film: Film, p: { index: number; frameCount: number }): Promise<void> {
  const context = canvas.getContext('2d');
  const atMs = (p.index * 1000) / film.geometry.fps;
  const fraction = p.frameCount < 2 ? 0 : p.index / (p.frameCount - 1);
  context.save();
  await film.draw(context, { index: p.index, atMs, fraction });
  context.restore();
  drawMark(context, canvas.width, canvas.height);
}

async function writePicture(canvas: Canvas, outputDir: string): Promise<RenderedFile> {
  const path = join(outputDir, 'last-frame.png');
  await writeFile(path, await canvas.encode('png'));
  return { path, mediaType: 'image/png', extension: 'png' };
}

/** One report for each hundredth: a frame takes a few milliseconds and nobody reads faster. */
export function throttle(report: (fraction: number) => void): (fraction: number) => void {
  let told = 0;
  return (fraction) => {
    if (fraction - told < 0.01 && fraction < 1) return;
    told = fraction;
    report(fraction);
  };
}
