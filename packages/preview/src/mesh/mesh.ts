/** A surface of triangles. Corners that lie at one place may be listed more than once, where colours meet. */
export type Mesh = {
  /** x, y, z of each corner, in metres; y is up, z towards the viewer. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly normals: Float32Array<ArrayBuffer>;
  /** u, v of each corner; v grows downwards, as glTF has it. */
  readonly uvs: Float32Array<ArrayBuffer>;
  /** Three corners a face, counter-clockwise seen from outside. */
  readonly indices: Uint32Array<ArrayBuffer>;
};

/** Collects corners and faces. `weld` names the corner whose normal a corner shares: its own where left out. */
export class MeshBuilder {
  readonly #positions: number[] = [];
  readonly #uvs: number[] = [];
  readonly #weld: number[] = [];
  readonly #indices: number[] = [];

  /** @returns the number of the corner. */
  corner(x: number, y: number, z: number, u: number, v: number, weld = -1): number {
    const index = this.#weld.length;
    this.#positions.push(x, y, z);
    this.#uvs.push(u, v);
    this.#weld.push(weld < 0 ? index : weld);
    return index;
  }

  /** The same place once more, in another colour and with the same normal. @returns the number of the new corner. */
  copy(of: number, u: number, v: number): number {
    const [x = 0, y = 0, z = 0] = this.#positions.slice(of * 3, of * 3 + 3);
    return this.corner(x, y, z, u, v, this.#weld[of]);
  }

  /** Two faces; corners in a circle, counter-clockwise seen from outside. */
  quad(a: number, b: number, c: number, d: number): void {
    this.#indices.push(a, b, c, a, c, d);
  }

  triangle(a: number, b: number, c: number): void {
    this.#indices.push(a, b, c);
  }

  build(): Mesh {
    const positions = Float32Array.from(this.#positions);
    const indices = Uint32Array.from(this.#indices);
    const normals = smoothNormals(positions, indices, this.#weld);
    return { positions, normals, uvs: Float32Array.from(this.#uvs), indices };
  }
}

/** The mean of the faces around each corner, weighted by their areas. */
function smoothNormals(
  positions: Float32Array,
  indices: Uint32Array,
  weld: readonly number[],
): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(positions.length);
  const at = (corner: number, axis: number): number => positions[corner * 3 + axis] ?? 0;
  for (let face = 0; face < indices.length; face += 3) {
    const [a = 0, b = 0, c = 0] = [indices[face], indices[face + 1], indices[face + 2]];
    const [ux, uy, uz] = [at(b, 0) - at(a, 0), at(b, 1) - at(a, 1), at(b, 2) - at(a, 2)];
    const [vx, vy, vz] = [at(c, 0) - at(a, 0), at(c, 1) - at(a, 1), at(c, 2) - at(a, 2)];
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const corner of [a, b, c]) {
      const to = (weld[corner] ?? corner) * 3;
      for (let axis = 0; axis < 3; axis += 1) sums[to + axis] = (sums[to + axis] ?? 0) + (normal[axis] ?? 0);
    }
  }
  const normals = new Float32Array(positions.length);
  for (let corner = 0; corner < weld.length; corner += 1) {
    const from = (weld[corner] ?? corner) * 3;
    const [x = 0, y = 0, z = 0] = [sums[from], sums[from + 1], sums[from + 2]];
    const length = Math.hypot(x, y, z);
    normals.set(length > 0 ? [x / length, y / length, z / length] : [0, 1, 0], corner * 3);
  }
  return normals;
}
