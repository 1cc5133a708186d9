import type { Canvas } from '@napi-rs/canvas';

/** How a camera in the middle of a panorama is held: radians upwards, and how wide it sees. */
export type Gaze = { readonly up: number; readonly fieldOfView: number };
export type Frame = { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number };

/** A camera that turns in the middle of a panorama. Where each pixel of a frame looks is worked out once: turning moves
 *  all of them along the panorama's lines. @returns what draws a frame, turned so far to the right in radians. */
export function createGaze(
  panorama: Canvas,
  size: { width: number; height: number },
  gaze: Gaze,
): (into: Frame, right: number) => void {
  const { width: wide, height: tall } = panorama;
  const source = panorama.data();
  const { columns, lines, shares } = aim({ wide, tall }, size, gaze);
  return (into, right) => {
    const turned = (right / (2 * Math.PI)) * wide;
    for (let pixel = 0; pixel < columns.length; pixel += 1) {
      const u = (columns[pixel] ?? 0) + turned;
      const left = Math.floor(u);
      const share = u - left;
      const down = shares[pixel] ?? 0;
      const line = lines[pixel] ?? 0;
      // Around the back the panorama meets itself.
      const [x, next] = [((left % wide) + wide) % wide, (((left + 1) % wide) + wide) % wide];
      const [a, b] = [(line + x) * 4, (line + next) * 4];
      const below = line + wide < wide * tall ? wide * 4 : 0;
      for (let channel = 0; channel < 3; channel += 1) {
        const top = (source[a + channel] ?? 0) * (1 - share) + (source[b + channel] ?? 0) * share;
        const low = (source[a + below + channel] ?? 0) * (1 - share) + (source[b + below + channel] ?? 0) * share;
        into.data[pixel * 4 + channel] = top * (1 - down) + low * down;
      }
      into.data[pixel * 4 + 3] = 255;
    }
  };
}

/** Of each pixel: the column it looks at, the beginning of the line above it, and how far it is towards the next line. */
function aim(
  { wide, tall }: { wide: number; tall: number },
  { width, height }: { width: number; height: number },
  { up, fieldOfView }: Gaze,
) {
  const columns = new Float32Array(width * height);
  const lines = new Uint32Array(width * height);
  const shares = new Float32Array(width * height);
  const reach = Math.tan(fieldOfView / 2);
  for (let row = 0; row < height; row += 1) {
    const y = ((1 - (2 * (row + 0.5)) / height) * reach * height) / width;
    // The ray of this row in the raised camera.
    const [ahead, above] = [Math.cos(up) - y * Math.sin(up), Math.sin(up) + y * Math.cos(up)];
    for (let column = 0; column < width; column += 1) {
      const x = ((2 * (column + 0.5)) / width - 1) * reach;
      const pixel = row * width + column;
      columns[pixel] = (Math.atan2(x, ahead) / (2 * Math.PI) + 0.5) * wide - 0.5;
      const v = Math.min(tall - 1, Math.max(0, (0.5 - Math.atan2(above, Math.hypot(x, ahead)) / Math.PI) * tall - 0.5));
      lines[pixel] = Math.floor(v) * wide;
      shares[pixel] = v - Math.floor(v);
    }
  }
  return { columns, lines, shares };
}
