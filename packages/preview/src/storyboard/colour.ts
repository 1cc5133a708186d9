import type { Rgb } from './plan.ts';

const within = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** `#rrggbb` to a colour. */
export function hex(code: string): Rgb {
  const value = Number.parseInt(code.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** 0 gives `one`, 1 gives `other`. */
export const mix = (one: Rgb, other: Rgb, share: number): Rgb => [
  within(one[0] + (other[0] - one[0]) * share),
  within(one[1] + (other[1] - one[1]) * share),
  within(one[2] + (other[2] - one[2]) * share),
];

/** Rec. 709 weights on the coded values: good enough to say which of two colours looks lighter. */
export const luma = ([red, green, blue]: Rgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** 0 gives grey, 1 the colour itself, above 1 a stronger one. */
export function saturate(colour: Rgb, share: number): Rgb {
  const grey = luma(colour);
  return mix([grey, grey, grey], colour, share);
}

export const scale = (colour: Rgb, factor: number): Rgb => [
  within(colour[0] * factor),
  within(colour[1] * factor),
  within(colour[2] * factor),
];

/** Hue in degrees, saturation and lightness 0 to 1. */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const turn = ((hue % 360) + 360) % 360;
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const step = (offset + turn / 30) % 12;
    return within(255 * (lightness - reach * Math.max(-1, Math.min(step - 3, 9 - step, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** A CSS colour. */
export const css = ([red, green, blue]: Rgb, alpha = 1): string =>
  alpha === 1 ? `rgb(${red},${green},${blue})` : `rgba(${red},${green},${blue},${Math.max(0, alpha).toFixed(4)})`;
