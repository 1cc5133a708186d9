import { Path2D } from '@napi-rs/canvas';

// Figures are outlines in their own measure: the origin between the feet, 1 is the figure's height, up is negative,
// facing right.

/** x, y, and `corner` where the outline breaks instead of flowing. */
export type Point = readonly [x: number, y: number, corner?: boolean];

/** Twice the area that the points enclose; positive when they run the way arcs do. */
const windingOf = (points: readonly Point[]): number =>
  points.reduce((sum, [x, y], index) => {
    const next = points[(index + 1) % points.length] ?? [0, 0];
    return sum + x * next[1] - next[0] * y;
  }, 0);

/** A closed outline that flows through the points (Catmull-Rom, as cubic curves). Always runs the way arcs do, so that
 *  overlapping parts of a figure add up instead of cutting holes. */
export function outline(given: readonly Point[], path = new Path2D()): Path2D {
  const points = windingOf(given) < 0 ? [...given].reverse() : given;
  const at = (index: number): Point => points[(index + points.length) % points.length] ?? [0, 0];
  const slope = (index: number): readonly [number, number] => {
    if (at(index)[2] === true) return [0, 0];
    const [before, after] = [at(index - 1), at(index + 1)];
    return [(after[0] - before[0]) / 6, (after[1] - before[1]) / 6];
  };
  const first = at(0);
  path.moveTo(first[0], first[1]);
  for (let index = 0; index < points.length; index++) {
    const [from, to] = [at(index), at(index + 1)];
    const [out, into] = [slope(index), slope(index + 1)];
    path.bezierCurveTo(from[0] + out[0], from[1] + out[1], to[0] - into[0], to[1] - into[1], to[0], to[1]);
  }
  path.closePath();
  return path;
}

export type Joint = readonly [x: number, y: number, radius: number];

/** A limb: round at its joints, tapering between them. */
export function limb(path: Path2D, ...joints: readonly Joint[]): void {
  for (const [index, [x, y, radius]] of joints.entries()) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, Math.PI * 2);
    path.closePath();
    const next = joints[index + 1];
    if (next === undefined) continue;
    const away = Math.atan2(next[1] - y, next[0] - x);
    const [acrossX, acrossY] = [-Math.sin(away), Math.cos(away)];
    // Runs the way arcs do.
    path.moveTo(x - acrossX * radius, y - acrossY * radius);
    path.lineTo(next[0] - acrossX * next[2], next[1] - acrossY * next[2]);
    path.lineTo(next[0] + acrossX * next[2], next[1] + acrossY * next[2]);
    path.lineTo(x + acrossX * radius, y + acrossY * radius);
    path.closePath();
  }
}

export function ball(path: Path2D, x: number, y: number, radiusX: number, radiusY = radiusX, turn = 0): void {
  path.moveTo(x + radiusX * Math.cos(turn), y + radiusX * Math.sin(turn));
  path.ellipse(x, y, radiusX, radiusY, turn, 0, Math.PI * 2);
  path.closePath();
}

export function box(path: Path2D, x: number, y: number, w: number, h: number): void {
  path.moveTo(x, y);
  path.lineTo(x + w, y);
  path.lineTo(x + w, y + h);
  path.lineTo(x, y + h);
  path.closePath();
}
