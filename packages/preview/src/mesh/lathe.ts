import { type Mesh, MeshBuilder } from './mesh.ts';

/** Radii from the foot to the top, as shares of the height. */
export type Profile = readonly number[];

const PROFILES: readonly (readonly [RegExp, Profile])[] = [
  [/\bvase|urn|花瓶|瓶/iu, [0.16, 0.2, 0.27, 0.31, 0.3, 0.24, 0.16, 0.12, 0.13, 0.17]],
  [/\bbottle|flask/iu, [0.17, 0.18, 0.18, 0.18, 0.17, 0.12, 0.06, 0.05, 0.05, 0.06]],
  [/\bcup|mug|glass|goblet|杯/iu, [0.22, 0.24, 0.27, 0.3, 0.33, 0.35, 0.36, 0.37, 0.37, 0.37]],
  [/\bbowl|碗/iu, [0.2, 0.4, 0.55, 0.64, 0.7, 0.74, 0.77, 0.79, 0.8, 0.81]],
  [/\brocket|missile|火箭/iu, [0.2, 0.13, 0.13, 0.14, 0.14, 0.14, 0.13, 0.11, 0.07, 0.01]],
  [/\btower|lighthouse|column|pillar|塔|柱/iu, [0.2, 0.17, 0.15, 0.14, 0.13, 0.12, 0.12, 0.16, 0.13, 0.02]],
  [/\bmushroom|蘑菇/iu, [0.12, 0.1, 0.09, 0.1, 0.36, 0.4, 0.37, 0.3, 0.18, 0.02]],
  [/\btree|fir|pine|树/iu, [0.05, 0.05, 0.3, 0.24, 0.27, 0.19, 0.21, 0.12, 0.1, 0.01]],
  [/\begg|蛋/iu, [0.08, 0.24, 0.33, 0.37, 0.37, 0.35, 0.31, 0.25, 0.16, 0.03]],
  [/\bball|sphere|planet|globe|球/iu, [0.06, 0.3, 0.4, 0.46, 0.49, 0.5, 0.48, 0.42, 0.32, 0.06]],
  [/\bbell|lamp|钟|灯/iu, [0.4, 0.34, 0.28, 0.25, 0.23, 0.22, 0.2, 0.16, 0.08, 0.04]],
];

/** The outline of a turned thing that words name; undefined where they name none. */
export const profileOf = (words: string): Profile | undefined => PROFILES.find(([pattern]) => pattern.test(words))?.[1];

/** A turned pot for words that name nothing else: another one for each seed. */
export const profileFrom = (random: { next(): number }): Profile => {
  const [foot, belly, neck] = [0.12 + random.next() * 0.1, 0.24 + random.next() * 0.14, 0.08 + random.next() * 0.1];
  return [
    foot,
    (foot + belly) / 2,
    belly,
    belly * 1.03,
    belly * 0.9,
    (belly + neck) / 2,
    neck,
    neck,
    neck * 1.2,
    neck * 1.4,
  ];
};

/** A closed solid of revolution, one metre tall, with about so many faces. u goes once around it, v from its top down. */
export function turn(profile: Profile, faces: number): Mesh {
  // A ring has as many faces as twice its sides; the two ends are fans.
  const around = Math.max(3, Math.round(Math.sqrt(faces * 0.9)));
  const rings = Math.max(2, Math.round((faces / around - 2) / 2) + 1);
  const builder = new MeshBuilder();
  const rows = Array.from({ length: rings }, (_, ring) => {
    const share = ring / (rings - 1);
    const radius = radiusAt(profile, share);
    const first: number[] = [];
    for (let side = 0; side <= around; side += 1) {
      const angle = (side / around) * Math.PI * 2;
      const [x, z] = [Math.sin(angle) * radius, Math.cos(angle) * radius];
      // The seam: the last corner lies where the first one does.
      const weld = side === around ? (first[0] ?? -1) : -1;
      const isSeam = side === around;
      first.push(builder.corner(isSeam ? 0 : x, share, isSeam ? radius : z, side / around, 1 - share, weld));
    }
    return first;
  });
  for (let ring = 0; ring + 1 < rings; ring += 1) {
    const [lower = [], upper = []] = [rows[ring], rows[ring + 1]];
    for (let side = 0; side < around; side += 1) {
      builder.quad(lower[side] ?? 0, lower[side + 1] ?? 0, upper[side + 1] ?? 0, upper[side] ?? 0);
    }
  }
  const [bottom, top] = [builder.corner(0, 0, 0, 0.5, 1), builder.corner(0, 1, 0, 0.5, 0)];
  const [foot = [], rim = []] = [rows[0], rows.at(-1)];
  for (let side = 0; side < around; side += 1) {
    builder.triangle(bottom, foot[side + 1] ?? 0, foot[side] ?? 0);
    builder.triangle(top, rim[side] ?? 0, rim[side + 1] ?? 0);
  }
  return builder.build();
}

/** Smooth between the given radii (Catmull-Rom). */
function radiusAt(profile: Profile, share: number): number {
  const place = share * (profile.length - 1);
  const index = Math.min(profile.length - 2, Math.floor(place));
  const t = place - index;
  const at = (one: number): number => profile[Math.min(profile.length - 1, Math.max(0, one))] ?? 0;
  const [a, b, c, d] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
  const radius = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3);
  return Math.max(0.004, radius);
}
