import type { Canvas } from '@napi-rs/canvas';

/** Which cells of a grid over a picture are part of what it shows. Row 0 is the top. */
export type Silhouette = {
  readonly columns: number;
  readonly rows: number;
  /** 1 for each cell that is. */
  readonly cells: Uint8Array;
  /** Cells, and sides of cells on the outline. */
  readonly count: number;
  readonly outline: number;
};

/** Edges of a cut-out are soft, and there still have the colour of what was behind them: only what is well inside counts. */
const LEAST_ALPHA = 200;
/** Crumbs smaller than this share of the largest piece are left out: a solid has nothing floating about it. */
const LEAST_PIECE = 0.03;

/** Lays a grid over the opaque part of a picture. What hangs together by a corner only, or is thinner than two cells, is
 *  left out, so that the outline is a set of closed lines that do not touch. Never empty. */
export function toSilhouette(picture: Canvas, columns: number, rows: number): Silhouette {
  const cells = readCells(picture, columns, rows);
  dropCrumbs(cells, columns);
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= columns || y >= rows ? 0 : (cells[y * columns + x] ?? 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < columns; x += 1) {
        if (at(x, y) === 0) continue;
        const touches = [
          [1, 1],
          [-1, 1],
          [1, -1],
          [-1, -1],
        ].some(([dx = 0, dy = 0]) => at(x + dx, y + dy) === 1 && at(x + dx, y) === 0 && at(x, y + dy) === 0);
        const isThin = (at(x - 1, y) + at(x + 1, y) === 0 || at(x, y - 1) + at(x, y + 1) === 0) && columns > 3;
        if (!touches && !isThin) continue;
        cells[y * columns + x] = 0;
        changed = true;
      }
    }
  }
  let [count, outline] = [0, 0];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (at(x, y) === 0) continue;
      count += 1;
      outline += 4 - at(x - 1, y) - at(x + 1, y) - at(x, y - 1) - at(x, y + 1);
    }
  }
  return count > 0 ? { columns, rows, cells, count, outline } : whole(columns, rows);
}

/** Clears the pieces that hang together with nothing large. */
function dropCrumbs(cells: Uint8Array, columns: number): void {
  const piece = new Int32Array(cells.length).fill(-1);
  const sizes: number[] = [];
  for (let start = 0; start < cells.length; start += 1) {
    if (cells[start] !== 1 || piece[start] !== -1) continue;
    const open = [start];
    const number = sizes.push(0) - 1;
    piece[start] = number;
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      sizes[number] = (sizes[number] ?? 0) + 1;
      const x = cell % columns;
      for (const next of [x > 0 ? cell - 1 : -1, x < columns - 1 ? cell + 1 : -1, cell - columns, cell + columns]) {
        if (cells[next] !== 1 || piece[next] !== -1) continue;
        piece[next] = number;
        open.push(next);
      }
    }
  }
  const least = Math.max(...sizes, 0) * LEAST_PIECE;
  for (let cell = 0; cell < cells.length; cell += 1) {
    if ((sizes[piece[cell] ?? -1] ?? 0) < least) cells[cell] = 0;
  }
}

function readCells(picture: Canvas, columns: number, rows: number): Uint8Array {
  const { width, height } = picture;
  const { data } = picture.getContext('2d').getImageData(0, 0, width, height);
  return Uint8Array.from({ length: columns * rows }, (_, cell) => {
    const x = Math.min(width - 1, Math.floor((((cell % columns) + 0.5) * width) / columns));
    const y = Math.min(height - 1, Math.floor(((Math.floor(cell / columns) + 0.5) * height) / rows));
    return (data[(y * width + x) * 4 + 3] ?? 0) > LEAST_ALPHA ? 1 : 0;
  });
}

const whole = (columns: number, rows: number): Silhouette => ({
  columns,
  rows,
  cells: new Uint8Array(columns * rows).fill(1),
  count: columns * rows,
  outline: 2 * (columns + rows),
});

/** The faces of a solid over a silhouette: front and back, and a rim between them. */
export const facesOver = ({ count, outline }: Pick<Silhouette, 'count' | 'outline'>): number => 4 * count + 2 * outline;

const SEARCH_STEPS = 24;
const NEIGHBOURS = 3;

/** The grid whose solid has the count of faces nearest to what is asked. */
export function silhouetteFor(picture: Canvas, faces: number): Silhouette {
  const aspect = picture.width / picture.height;
  const rowsFor = (columns: number): number => Math.max(2, Math.round(columns / aspect));
  let [low, high] = [2, Math.max(8, Math.ceil(Math.sqrt(faces * Math.max(aspect, 1) * 8)))];
  for (let step = 0; step < SEARCH_STEPS && high - low > 1; step += 1) {
    const middle = (low + high) >> 1;
    if (facesOver(toSilhouette(picture, middle, rowsFor(middle))) < faces) low = middle;
    else high = middle;
  }
  // Fine grids are near enough at once; coarse ones come nearer with other numbers of rows.
  const reach = high > 200 ? 0 : NEIGHBOURS;
  let best = toSilhouette(picture, high, rowsFor(high));
  const miss = (one: Silhouette): number => Math.abs(facesOver(one) - faces);
  for (let columns = Math.max(2, low - reach); columns <= low + reach; columns += 1) {
    for (let rows = Math.max(2, rowsFor(low) - reach); rows <= rowsFor(low) + reach; rows += 1) {
      const other = toSilhouette(picture, columns, rows);
      if (miss(other) < miss(best)) best = other;
    }
  }
  return best;
}
