import { type Planes, splitPlanes } from './planes.ts';

/** How a picture moves towards the next one: for each block of the picture half-way between them, how far its content
 *  goes from the one to the other, in pixels. */
export type Flow = {
  readonly columns: number;
  readonly rows: number;
  /** The side of a block in pixels of the pictures. */
  readonly blockPx: number;
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  /** Mean difference of brightness, 0 to 255, that is left after moving; large where the scene was cut. */
  readonly rest: number;
};

type Luma = { readonly w: number; readonly h: number; readonly at: Uint8Array };

/** Motion is looked for in pictures no longer than this on a side: more costs time and finds grain. */
const MAX_SEARCH_SIDE = 480;
const BLOCK = 8;
/** A block is compared with its surroundings too, or plain walls would wander. */
const MARGIN = 2;
const COARSE_REACH = 5;
const FINE_REACH = 1;
/** What a pixel of movement must gain: of two equal matches the nearer one is right. */
const STRAY = 6;

/** Finds the movement between two pictures of one size: block matching from coarse to fine, symmetric about the moment
 *  half-way, so that every block of the picture in between gets exactly one answer and no holes are left. */
export function findFlow(a: Planes, b: Planes): Flow {
  const factor = Math.max(1, Math.ceil(Math.max(a.widthPx, a.heightPx) / MAX_SEARCH_SIDE));
  const base = [shrink(a, factor), shrink(b, factor)] as const;
  const pyramid = [base];
  while (pyramid.length < 4) {
    const [la, lb] = pyramid.at(-1) ?? base;
    if (Math.min(la.w, la.h) < 6 * BLOCK) break;
    pyramid.push([halve(la), halve(lb)]);
  }
  let field = emptyField(pyramid.at(-1)?.[0] ?? base[0]);
  for (let level = pyramid.length - 1; level >= 0; level -= 1) {
    const [la, lb] = pyramid[level] ?? base;
    const isCoarsest = level === pyramid.length - 1;
    if (!isCoarsest) field = enlarge(field, la);
    search(field, la, lb, isCoarsest ? COARSE_REACH : FINE_REACH);
    calm(field);
  }
  const rest = refine(field, ...base);
  const scale = factor * 2;
  return {
    columns: field.columns,
    rows: field.rows,
    blockPx: BLOCK * factor,
    // Half the way was looked for on each side.
    dx: field.dx.map((half) => half * scale),
    dy: field.dy.map((half) => half * scale),
    rest,
  };
}

type Field = { columns: number; rows: number; dx: Float32Array; dy: Float32Array };

function emptyField({ w, h }: Luma): Field {
  const [columns, rows] = [Math.ceil(w / BLOCK), Math.ceil(h / BLOCK)];
  return { columns, rows, dx: new Float32Array(columns * rows), dy: new Float32Array(columns * rows) };
}

function enlarge(from: Field, luma: Luma): Field {
  const to = emptyField(luma);
  for (let row = 0; row < to.rows; row += 1) {
    for (let column = 0; column < to.columns; column += 1) {
      const source = Math.min(from.rows - 1, row >> 1) * from.columns + Math.min(from.columns - 1, column >> 1);
      to.dx[row * to.columns + column] = 2 * (from.dx[source] ?? 0);
      to.dy[row * to.columns + column] = 2 * (from.dy[source] ?? 0);
    }
  }
  return to;
}

/** Looks around what is known, around standing still and around what the neighbours do, for whole steps. */
function search(field: Field, a: Luma, b: Luma, reach: number): void {
  const { columns, rows, dx, dy } = field;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const starts = [at, at - (column > 0 ? 1 : 0), at - (row > 0 ? columns : 0)];
      let best = { x: 0, y: 0, cost: cost(a, b, column, row, 0, 0) };
      const seen = new Set<number>();
      for (const start of starts) {
        const [sx, sy] = [Math.round(dx[start] ?? 0), Math.round(dy[start] ?? 0)];
        if (seen.has(sx * 4096 + sy)) continue;
        seen.add(sx * 4096 + sy);
        for (let y = sy - reach; y <= sy + reach; y += 1) {
          for (let x = sx - reach; x <= sx + reach; x += 1) {
            const found = cost(a, b, column, row, x, y) + STRAY * (Math.abs(x) + Math.abs(y));
            if (found < best.cost) best = { x, y, cost: found };
          }
        }
      }
      dx[at] = best.x;
      dy[at] = best.y;
    }
  }
}

/** Sum of differences of a block and its margin, the first picture looked at `x, y` before and the second after. */
function cost(a: Luma, b: Luma, column: number, row: number, x: number, y: number): number {
  const { w, h } = a;
  const [left, top] = [column * BLOCK - MARGIN, row * BLOCK - MARGIN];
  const size = BLOCK + 2 * MARGIN;
  let sum = 0;
  const [reachX, reachY] = [Math.abs(x), Math.abs(y)];
  if (left >= reachX && top >= reachY && left + size + reachX <= w && top + size + reachY <= h) {
    for (let line = 0; line < size; line += 2) {
      const rowA = (top + line - y) * w + left - x;
      const rowB = (top + line + y) * w + left + x;
      for (let px = (line >> 1) & 1; px < size; px += 2) {
        const change = (a.at[rowA + px] ?? 0) - (b.at[rowB + px] ?? 0);
        sum += change < 0 ? -change : change;
      }
    }
    return sum;
  }
  // Every other pixel of every other row, the rows taking turns: a quarter of the work for the same answer.
  for (let line = 0; line < size; line += 2) {
    const [ya, yb] = [clamp(top + line - y, h), clamp(top + line + y, h)];
    for (let px = (line >> 1) & 1; px < size; px += 2) {
      const [xa, xb] = [clamp(left + px - x, w), clamp(left + px + x, w)];
      const change = (a.at[ya * w + xa] ?? 0) - (b.at[yb * w + xb] ?? 0);
      sum += change < 0 ? -change : change;
    }
  }
  return sum;
}

const clamp = (value: number, count: number): number => (value < 0 ? 0 : value >= count ? count - 1 : value);

/** A block that moves like none of its neighbours is wrong: the median of nine goes for each direction. */
function calm(field: Field): void {
  const { columns, rows } = field;
  for (const side of ['dx', 'dy'] as const) {
    const before = field[side].slice();
    const around = new Float32Array(9);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        for (let n = 0; n < 9; n += 1) {
          const y = clamp(row + Math.floor(n / 3) - 1, rows);
          around[n] = before[y * columns + clamp(column + (n % 3) - 1, columns)] ?? 0;
        }
        around.sort();
        field[side][row * columns + column] = around[4] ?? 0;
      }
    }
  }
}

/** Fractions of a step, from the parabola through three costs. Returns the mean difference that is left. */
function refine(field: Field, a: Luma, b: Luma): number {
  const { columns, rows, dx, dy } = field;
  let rest = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const [x, y] = [dx[at] ?? 0, dy[at] ?? 0];
      const here = cost(a, b, column, row, x, y);
      rest += here;
      dx[at] = x + vertex(cost(a, b, column, row, x - 1, y), here, cost(a, b, column, row, x + 1, y));
      dy[at] = y + vertex(cost(a, b, column, row, x, y - 1), here, cost(a, b, column, row, x, y + 1));
    }
  }
  return rest / (columns * rows * ((BLOCK + 2 * MARGIN) ** 2 / 4));
}

function vertex(before: number, here: number, after: number): number {
  const bend = before + after - 2 * here;
  return here > before || here > after || bend <= 0 ? 0 : Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend)));
}

function shrink(planes: Planes, factor: number): Luma {
  const { y } = splitPlanes(planes);
  const [w, h] = [Math.floor(planes.widthPx / factor), Math.floor(planes.heightPx / factor)];
  const at = new Uint8Array(w * h);
  const count = factor * factor;
  for (let row = 0; row < h; row += 1) {
    for (let column = 0; column < w; column += 1) {
      let sum = 0;
      for (let dy = 0; dy < factor; dy += 1) {
        const line = (row * factor + dy) * planes.widthPx + column * factor;
        for (let dx = 0; dx < factor; dx += 1) sum += y[line + dx] ?? 0;
      }
      at[row * w + column] = sum / count;
    }
  }
  return { w, h, at };
}

function halve(from: Luma): Luma {
  const [w, h] = [from.w >> 1, from.h >> 1];
  const at = new Uint8Array(w * h);
  for (let row = 0; row < h; row += 1) {
    for (let column = 0; column < w; column += 1) {
      const corner = row * 2 * from.w + column * 2;
      const top = (from.at[corner] ?? 0) + (from.at[corner + 1] ?? 0);
      at[row * w + column] = (top + (from.at[corner + from.w] ?? 0) + (from.at[corner + from.w + 1] ?? 0)) / 4;
    }
  }
  return { w, h, at };
}
