import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Rgb } from '../storyboard/plan.ts';

/** How the light and colours of a picture change. What is absent stays. */
export type Tone = {
  /** Times; 1 leaves it. */
  readonly brightness?: number;
  /** Times, about middle grey. */
  readonly contrast?: number;
  /** Times; 0 is black and white. */
  readonly saturation?: number;
  /** -1 cold to 1 warm. */
  readonly warmth?: number;
  /** Degrees on the colour wheel. */
  readonly hue?: number;
  /** The whole picture as shades of this colour, in this share. */
  readonly tint?: { readonly colour: Rgb; readonly share: number };
  readonly isInverted?: boolean;
};

const LUMA: Rgb = [0.2126, 0.7152, 0.0722];
/** Coded steps by which red rises and blue falls at full warmth. */
const WARMTH_STEPS = 38;

/** Changes every pixel of a canvas. Alpha stays. */
export function adjust(ctx: SKRSContext2D, tone: Tone): void {
  const { width, height } = ctx.canvas;
  const image = ctx.getImageData(0, 0, width, height);
  const { data } = image;
  const curve = toCurve(tone);
  const matrix = toMatrix(tone);
  const [shiftRed, shiftBlue] = [WARMTH_STEPS * (tone.warmth ?? 0), -WARMTH_STEPS * (tone.warmth ?? 0)];
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = matrix;
  for (let at = 0; at < data.length; at += 4) {
    const red = curve[data[at] ?? 0] ?? 0;
    const green = curve[data[at + 1] ?? 0] ?? 0;
    const blue = curve[data[at + 2] ?? 0] ?? 0;
    data[at] = rr * red + rg * green + rb * blue + shiftRed;
    data[at + 1] = gr * red + gg * green + gb * blue;
    data[at + 2] = br * red + bg * green + bb * blue + shiftBlue;
  }
  ctx.putImageData(image, 0, 0);
}

function toCurve({ brightness = 1, contrast = 1, isInverted = false }: Tone): Float32Array {
  return Float32Array.from({ length: 256 }, (_, at) => {
    const value = isInverted ? 255 - at : at;
    return Math.min(255, Math.max(0, 128 + (value * brightness - 128) * contrast));
  });
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** Turns the wheel of colours about grey, then mixes with grey, then with the tint. */
function toMatrix({ hue = 0, saturation = 1, tint }: Tone): Matrix {
  const turn = (hue * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  // Rotation about the grey axis (Rodrigues): every shade of grey stays.
  const [same, next, last] = [
    (1 + 2 * cos) / 3,
    (1 - cos) / 3 - sin / Math.sqrt(3),
    (1 - cos) / 3 + sin / Math.sqrt(3),
  ];
  const turned = [same, next, last, last, same, next, next, last, same];
  const share = tint?.share ?? 0;
  const cell = (row: number, column: number): number => {
    const rest = ((turned[row * 3 + column] ?? 0) * saturation + (LUMA[column] ?? 0) * (1 - saturation)) * (1 - share);
    return rest + (LUMA[column] ?? 0) * share * tintOf(tint?.colour, row);
  };
  return [cell(0, 0), cell(0, 1), cell(0, 2), cell(1, 0), cell(1, 1), cell(1, 2), cell(2, 0), cell(2, 1), cell(2, 2)];
}

/** A channel of the tint, as times the brightness that it is laid on. */
function tintOf(colour: Rgb | undefined, channel: number): number {
  if (colour === undefined) return 0;
  const luma = colour[0] * LUMA[0] + colour[1] * LUMA[1] + colour[2] * LUMA[2];
  return (colour[channel] ?? 0) / Math.max(1, luma);
}
