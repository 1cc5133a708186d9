import type { Flow } from './flow.ts';
import { byteCountOf, type Planes, splitPlanes } from './planes.ts';

/** The picture at `share` of the way from `a` (0) to `b` (1): both are moved along the flow to where things are at that
 *  moment, and mixed. */
export function between(a: Planes, b: Planes, p: { flow: Flow; share: number }): Planes {
  const { widthPx, heightPx } = a;
  const bytes = new Uint8Array(byteCountOf(a));
  const made: Planes = { widthPx, heightPx, bytes };
  const [pa, pb, to] = [splitPlanes(a), splitPlanes(b), splitPlanes(made)];
  const half = { w: widthPx / 2, h: heightPx / 2 };
  warp(pa.y, pb.y, to.y, { ...p, w: widthPx, h: heightPx, scale: 1 });
  warp(pa.u, pb.u, to.u, { ...p, ...half, scale: 0.5 });
  warp(pa.v, pb.v, to.v, { ...p, ...half, scale: 0.5 });
  return made;
}

type Warp = { flow: Flow; share: number; w: number; h: number; scale: number };

/** Sub-pixel positions as whole numbers with this many binary places: twice as quick as fractions. */
const PLACES = 6;
const ONE = 1 << PLACES;

function warp(a: Uint8Array, b: Uint8Array, to: Uint8Array, p: Warp): void {
  const { flow, w, h, scale } = p;
  const block = flow.blockPx * scale;
  const mixB = Math.round(p.share * 256);
  const mixA = 256 - mixB;
  // Movement is known at the middles of blocks and goes over smoothly from one to the next.
  const lineX = new Float32Array(flow.columns);
  const lineY = new Float32Array(flow.columns);
  for (let y = 0; y < h; y += 1) {
    readLine(flow, (y + 0.5) / block - 0.5, { lineX, lineY, scale: scale * ONE });
    const row = y * w;
    for (let x = 0; x < w; x += 1) {
      const place = (x + 0.5) / block - 0.5;
      const column = place < 0 ? 0 : place | 0;
      const next = column + 1 < flow.columns ? column + 1 : flow.columns - 1;
      const part = place < 0 ? 0 : place - column;
      const left = lineX[column < flow.columns ? column : flow.columns - 1] ?? 0;
      const top = lineY[column < flow.columns ? column : flow.columns - 1] ?? 0;
      const vx = left + ((lineX[next] ?? 0) - left) * part;
      const vy = top + ((lineY[next] ?? 0) - top) * part;
      if (vx > -1 && vx < 1 && vy > -1 && vy < 1) {
        to[row + x] = ((a[row + x] ?? 0) * mixA + (b[row + x] ?? 0) * mixB + 128) >> 8;
        continue;
      }
      const va = sample(a, w, h, (x * ONE - vx * p.share) | 0, (y * ONE - vy * p.share) | 0);
      const vb = sample(b, w, h, (x * ONE + vx * (1 - p.share)) | 0, (y * ONE + vy * (1 - p.share)) | 0);
      to[row + x] = (va * mixA + vb * mixB + 128) >> 8;
    }
  }
}

function readLine(flow: Flow, place: number, p: { lineX: Float32Array; lineY: Float32Array; scale: number }): void {
  const within = Math.max(0, Math.min(flow.rows - 1, place));
  const row = Math.floor(within);
  const next = Math.min(flow.rows - 1, row + 1);
  const part = within - row;
  for (let column = 0; column < flow.columns; column += 1) {
    const [here, below] = [row * flow.columns + column, next * flow.columns + column];
    p.lineX[column] = ((flow.dx[here] ?? 0) * (1 - part) + (flow.dx[below] ?? 0) * part) * p.scale;
    p.lineY[column] = ((flow.dy[here] ?? 0) * (1 - part) + (flow.dy[below] ?? 0) * part) * p.scale;
  }
}

/** A pixel between pixels. Beyond the edge the edge goes on. */
function sample(plane: Uint8Array, w: number, h: number, x: number, y: number): number {
  const maxX = (w - 1) << PLACES;
  const maxY = (h - 1) << PLACES;
  const sx = x < 0 ? 0 : Math.min(x, maxX);
  const sy = y < 0 ? 0 : Math.min(y, maxY);
  const [px, py] = [sx >> PLACES, sy >> PLACES];
  const [fx, fy] = [sx & (ONE - 1), sy & (ONE - 1)];
  const at = py * w + px;
  const right = px + 1 < w ? 1 : 0;
  const below = py + 1 < h ? w : 0;
  const top = (plane[at] ?? 0) * (ONE - fx) + (plane[at + right] ?? 0) * fx;
  const bottom = (plane[at + below] ?? 0) * (ONE - fx) + (plane[at + below + right] ?? 0) * fx;
  return (top * (ONE - fy) + bottom * fy) >> (2 * PLACES);
}
