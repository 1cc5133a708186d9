import { type Mesh, MeshBuilder } from './mesh.ts';
import type { Silhouette } from './silhouette.ts';

/** What a relief is made from. */
export type ReliefOptions = {
  readonly silhouette: Silhouette;
  /** Width to height of the picture. */
  readonly aspect: number;
  /** Half the thickness where it is thickest, as a share of the picture's height. */
  readonly depth: number;
  /** How bright the front picture is at a place, 0 to 1: bright parts stand out a little. */
  readonly brightness: (u: number, v: number) => number;
  readonly isSymmetric: boolean;
};

/** Front, back and rim are never closer than this, so that the solid is one everywhere. */
const LEAST_THICKNESS = 0.004;
const RELIEF = 0.12;
/** How far outline corners are pulled towards their neighbours, and how often: stairs become slopes. */
const SMOOTHING = 0.5;
const SMOOTHING_ROUNDS = 3;

/** A closed solid: the silhouette blown up like a cushion, thickest far from its outline. The front shows the left half
 *  of a texture, the back the right one. One metre tall, standing on the ground. */
export function inflate(p: ReliefOptions): Mesh {
  const { columns, rows } = p.silhouette;
  const grid = cornersOf(p.silhouette);
  const places = smoothOutline(p.silhouette, grid);
  const heights = heightsOf(p.silhouette, grid);
  const builder = new MeshBuilder();
  const front = new Int32Array(grid.length).fill(-1);
  const back = new Int32Array(grid.length).fill(-1);
  for (let corner = 0; corner < grid.length; corner += 1) {
    if (grid[corner] === OUTSIDE) continue;
    const [u, v] = [(places[corner * 2] ?? 0) / columns, (places[corner * 2 + 1] ?? 0) / rows];
    const swell = (heights[corner] ?? 0) * p.depth + LEAST_THICKNESS / 2;
    const standsOut = p.isSymmetric ? 0 : (p.brightness(u, v) - 0.5) * RELIEF * (heights[corner] ?? 0) * p.depth;
    const [x, y] = [(u - 0.5) * p.aspect, 1 - v];
    front[corner] = builder.corner(x, y, swell + standsOut, u / 2, v);
    back[corner] = builder.corner(x, y, -swell, 1 - u / 2, v);
  }
  addFaces(builder, p.silhouette, { front, back });
  addRim(builder, p.silhouette, { front, back, places });
  return builder.build();
}

const [OUTSIDE, OUTLINE, INSIDE] = [0, 1, 2];

/** What each corner of the grid is: outside, on the outline, or inside. */
function cornersOf({ columns, rows, cells }: Silhouette): Uint8Array {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= columns || y >= rows ? 0 : (cells[y * columns + x] ?? 0);
  return Uint8Array.from({ length: (columns + 1) * (rows + 1) }, (_, corner) => {
    const [x, y] = [corner % (columns + 1), Math.floor(corner / (columns + 1))];
    const around = at(x - 1, y - 1) + at(x, y - 1) + at(x - 1, y) + at(x, y);
    return around === 0 ? OUTSIDE : around === 4 ? INSIDE : OUTLINE;
  });
}

/** Where the corners lie, in cells: those of the outline between their neighbours along it. */
function smoothOutline({ columns }: Silhouette, grid: Uint8Array): Float32Array {
  const wide = columns + 1;
  let places = Float32Array.from({ length: grid.length * 2 }, (_, at) => {
    const corner = at >> 1;
    return at % 2 === 0 ? corner % wide : Math.floor(corner / wide);
  });
  for (let round = 0; round < SMOOTHING_ROUNDS; round += 1) {
    const next = places.slice();
    for (let corner = 0; corner < grid.length; corner += 1) {
      if (grid[corner] !== OUTLINE) continue;
      const around = [corner - 1, corner + 1, corner - wide, corner + wide].filter((one) => grid[one] === OUTLINE);
      // At the ends of a row the next corner is on another row.
      const near = around.filter((one) => Math.abs((one % wide) - (corner % wide)) <= 1);
      if (near.length !== 2) continue;
      for (const axis of [0, 1]) {
        const mean = near.reduce((sum, one) => sum + (places[one * 2 + axis] ?? 0), 0) / near.length;
        const own = places[corner * 2 + axis] ?? 0;
        next[corner * 2 + axis] = own + SMOOTHING * (mean - own);
      }
    }
    places = next;
  }
  return places;
}

/** 0 on the outline, 1 where it is farthest: a cushion's section. */
function heightsOf({ columns, rows }: Silhouette, grid: Uint8Array): Float32Array {
  const wide = columns + 1;
  const far = distancesOf(grid, wide, rows + 1);
  let most = 0;
  for (const one of far) most = Math.max(most, one);
  // Narrow parts of a wide thing are as round as they are narrow.
  const heights = far.map((distance) => {
    const share = most === 0 ? 0 : Math.min(1, distance / most);
    return Math.sqrt(share * (2 - share));
  });
  return soften(heights, grid, wide);
}

/** Steps to the outline, straight ones counting 1 and slanted ones 1.41 (chamfer distance). */
function distancesOf(grid: Uint8Array, wide: number, tall: number): Float32Array {
  const far = Float32Array.from(grid, (kind) => (kind === INSIDE ? Number.MAX_VALUE : 0));
  const relax = (corner: number, steps: readonly (readonly [number, number])[]): void => {
    for (const [offset, length] of steps) {
      far[corner] = Math.min(far[corner] ?? 0, (far[corner + offset] ?? Number.MAX_VALUE) + length);
    }
  };
  const before = [
    [-1, 1],
    [-wide, 1],
    [-wide - 1, Math.SQRT2],
    [-wide + 1, Math.SQRT2],
  ] as const;
  const after = before.map(([offset, length]) => [-offset, length] as const);
  for (let corner = 0; corner < wide * tall; corner += 1) if (grid[corner] === INSIDE) relax(corner, before);
  for (let corner = wide * tall - 1; corner >= 0; corner -= 1) if (grid[corner] === INSIDE) relax(corner, after);
  return far;
}

const SOFTEN_ROUNDS = 6;

/** Ridges half-way between two outlines become round. */
function soften(heights: Float32Array, grid: Uint8Array, wide: number): Float32Array {
  let current = heights;
  for (let round = 0; round < SOFTEN_ROUNDS; round += 1) {
    const next = current.slice();
    for (let corner = 0; corner < grid.length; corner += 1) {
      if (grid[corner] !== INSIDE) continue;
      const sum =
        (current[corner - 1] ?? 0) +
        (current[corner + 1] ?? 0) +
        (current[corner - wide] ?? 0) +
        (current[corner + wide] ?? 0);
      next[corner] = ((current[corner] ?? 0) + sum) / 5;
    }
    current = next;
  }
  return current;
}

type Sheets = { readonly front: Int32Array; readonly back: Int32Array };

function addFaces(builder: MeshBuilder, { columns, rows, cells }: Silhouette, { front, back }: Sheets): void {
  const wide = columns + 1;
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (cells[y * columns + x] !== 1) continue;
      const [a, b] = [y * wide + x, y * wide + x + 1];
      const [c, d] = [b + wide, a + wide];
      builder.quad(front[a] ?? 0, front[d] ?? 0, front[c] ?? 0, front[b] ?? 0);
      builder.quad(back[a] ?? 0, back[b] ?? 0, back[c] ?? 0, back[d] ?? 0);
    }
  }
}

/** Closes the gap between front and back along the outline, in the colours of the front's edge. */
function addRim(
  builder: MeshBuilder,
  { columns, rows, cells }: Silhouette,
  { front, back, places }: Sheets & { places: Float32Array },
): void {
  const wide = columns + 1;
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= columns || y >= rows ? 0 : (cells[y * columns + x] ?? 0);
  const copies = new Map<number, readonly [number, number]>();
  const copyOf = (corner: number): readonly [number, number] => {
    const known = copies.get(corner);
    if (known !== undefined) return known;
    const [u, v] = [(places[corner * 2] ?? 0) / columns, (places[corner * 2 + 1] ?? 0) / rows];
    const pair = [builder.copy(front[corner] ?? 0, u / 2, v), builder.copy(back[corner] ?? 0, u / 2, v)] as const;
    copies.set(corner, pair);
    return pair;
  };
  const wall = (from: number, to: number): void => {
    const [[fromFront, fromBack], [toFront, toBack]] = [copyOf(from), copyOf(to)];
    builder.quad(fromFront, fromBack, toBack, toFront);
  };
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (at(x, y) === 0) continue;
      const [a, b] = [y * wide + x, y * wide + x + 1];
      const [c, d] = [b + wide, a + wide];
      if (at(x, y - 1) === 0) wall(b, a);
      if (at(x + 1, y) === 0) wall(c, b);
      if (at(x, y + 1) === 0) wall(d, c);
      if (at(x - 1, y) === 0) wall(a, d);
    }
  }
}
