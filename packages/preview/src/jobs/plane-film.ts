import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import type { RenderResult } from '../contract.ts';
import { drawMark } from '../drawing/index.ts';
import type { Geometry } from '../geometry.ts';
import { encodeClip } from '../media/encode.ts';
import type { Pcm } from '../media/pcm.ts';
import { type Planes, type Size, splitPlanes } from '../media/planes.ts';
import { commentFor, frameCountOf, throttle } from './film.ts';
import type { JobInput } from './job.ts';

/** A clip made of footage that never becomes a drawing. */
type PlaneFilm = {
  readonly geometry: Geometry;
  /** In which the pictures come; the encoder enlarges them to the clip's. */
  readonly size: Size;
  readonly picture: (index: number) => Planes | Promise<Planes>;
  readonly sound: Pcm | undefined;
  /** What the comment in the file adds. */
  readonly note?: string;
};

/** Marks and encodes footage into the request's folder. */
export async function writePlaneFilm({ request, onProgress }: JobInput, film: PlaneFilm): Promise<RenderResult> {
  const path = join(request.outputDir, 'preview.mp4');
  const mark = createPlaneMark(film.size);
  await encodeClip({
    path,
    ...film.geometry,
    frameCount: frameCountOf(film.geometry),
    pictures: {
      ...film.size,
      format: 'yuv420p',
      scaling: 'lanczos',
      draw: async (index) => {
        const planes = await film.picture(index);
        // A copy: the same picture may be asked for again, and the encoder keeps what it is given.
        const marked = { ...planes, bytes: Buffer.from(planes.bytes) };
        mark(marked);
        return marked.bytes;
      },
    },
    comment: [commentFor(request.endpoint), film.note].filter((part) => part !== undefined).join(' '),
    ...(film.sound !== undefined && { sound: film.sound }),
    onProgress: throttle(onProgress),
  });
  return { files: [{ path, mediaType: 'video/mp4', extension: 'mp4' }] };
}

/** The mark as it is drawn on canvases, laid over planes. */
function createPlaneMark({ widthPx, heightPx }: Size): (planes: Planes) => void {
  // The corner that holds it: its letters are 1.6 % of the height and never below 5 pixels.
  const w = Math.min(widthPx, 2 * Math.ceil((64 + 0.16 * Math.max(widthPx, heightPx)) / 2));
  const h = Math.min(heightPx, 2 * Math.ceil((24 + 0.08 * heightPx) / 2));
  const corner = createCanvas(w, h);
  const context = corner.getContext('2d');
  context.translate(w - widthPx, h - heightPx);
  drawMark(context, widthPx, heightPx);
  const { data } = context.getImageData(0, 0, w, h);
  return (planes) => {
    const { y, u, v } = splitPlanes(planes);
    for (let row = 0; row < h; row += 1) {
      for (let column = 0; column < w; column += 1) {
        const from = (row * w + column) * 4;
        const alpha = (data[from + 3] ?? 0) / 255;
        if (alpha === 0) continue;
        const [px, line] = [widthPx - w + column, heightPx - h + row];
        const at = line * widthPx + px;
        // The mark is grey: black is 16 and white 235 in video's range, and grey has 128 for both colours.
        y[at] = (y[at] ?? 0) * (1 - alpha) + (16 + ((data[from] ?? 0) * 219) / 255) * alpha;
        if (px % 2 === 1 || line % 2 === 1) continue;
        const chroma = (line >> 1) * (widthPx >> 1) + (px >> 1);
        u[chroma] = (u[chroma] ?? 0) * (1 - alpha) + 128 * alpha;
        v[chroma] = (v[chroma] ?? 0) * (1 - alpha) + 128 * alpha;
      }
    }
  };
}
