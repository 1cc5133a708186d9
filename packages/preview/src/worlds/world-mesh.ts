import { type Mesh, MeshBuilder } from '../mesh/mesh.ts';

/** Metres. The sky is a ball around the ground, seen from within. */
const SKY_RADIUS = 60;
const GROUND_RADIUS = 40;
/** Where eyes are. */
export const EYE_HEIGHT = 1.6;
const [SKY_SIDES, SKY_RINGS] = [64, 32];
const [GROUND_SIDES, GROUND_RINGS] = [64, 24];
/** The middle of the ground is level, so that there is where to stand. */
const LEVEL = 0.15;

/** The inside of a ball, as an equirectangular picture lies on it: ahead is -z and the middle of the picture. */
export function skyMesh(): Mesh {
  const builder = new MeshBuilder();
  const rows = Array.from({ length: SKY_RINGS + 1 }, (_, ring) => {
    const polar = (ring / SKY_RINGS) * Math.PI;
    return Array.from({ length: SKY_SIDES + 1 }, (_side, side) => {
      const around = (side / SKY_SIDES) * Math.PI * 2 - Math.PI;
      const [x, z] = [Math.sin(around) * Math.sin(polar), -Math.cos(around) * Math.sin(polar)];
      const y = Math.cos(polar) * SKY_RADIUS + EYE_HEIGHT;
      return builder.corner(x * SKY_RADIUS, y, z * SKY_RADIUS, side / SKY_SIDES, ring / SKY_RINGS);
    });
  });
  for (let ring = 0; ring < SKY_RINGS; ring += 1) {
    for (let side = 0; side < SKY_SIDES; side += 1) {
      const corner = (down: number, on: number): number => rows[ring + down]?.[side + on] ?? 0;
      // At the poles one of the two faces has no area.
      if (ring > 0) builder.triangle(corner(0, 0), corner(1, 0), corner(0, 1));
      if (ring < SKY_RINGS - 1) builder.triangle(corner(0, 1), corner(1, 0), corner(1, 1));
    }
  }
  return builder.build();
}

/** A round piece of land with hills, coloured by what the picture shows below its horizon.
 *  @param height 0 to 1 at a place in metres. */
export function groundMesh(height: (x: number, z: number) => number): Mesh {
  const builder = new MeshBuilder();
  const centre = builder.corner(0, 0, 0, 0.5, 0.98);
  const rows = Array.from({ length: GROUND_RINGS }, (_, ring) => {
    const share = (ring + 1) / GROUND_RINGS;
    return Array.from({ length: GROUND_SIDES + 1 }, (_side, side) => {
      const around = (side / GROUND_SIDES) * Math.PI * 2 - Math.PI;
      // The last corner of a ring is the first one again.
      const turn = side === GROUND_SIDES ? -Math.PI : around;
      const [x, z] = [Math.sin(turn) * share * GROUND_RADIUS, -Math.cos(turn) * share * GROUND_RADIUS];
      const y = Math.max(0, share - LEVEL) * 3 * (height(x, z) - 0.35);
      return builder.corner(x, y, z, side / GROUND_SIDES, 0.95 - share * 0.4);
    });
  });
  for (let side = 0; side < GROUND_SIDES; side += 1) {
    builder.triangle(centre, rows[0]?.[side + 1] ?? 0, rows[0]?.[side] ?? 0);
    for (let ring = 0; ring + 1 < GROUND_RINGS; ring += 1) {
      const corner = (out: number, on: number): number => rows[ring + out]?.[side + on] ?? 0;
      builder.quad(corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0));
    }
  }
  return builder.build();
}
