import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { css, mix } from '../storyboard/colour.ts';
import type { Rgb, Weather } from '../storyboard/plan.ts';
import { glow, type Kit } from './sheet.ts';

export type Mote = {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
  readonly size: number;
  readonly phase: number;
};

export type Flight = {
  readonly count: number;
  /** Frame heights a second; up is negative. */
  readonly fall: number;
  readonly wind: number;
  /** How far it wanders to the sides, in frame heights. */
  readonly wander: number;
  readonly size: readonly [least: number, most: number];
  readonly alpha: number;
  readonly blend: 'lighter' | 'source-over';
  /** Turns or blinks this often a second. */
  readonly hz: number;
  readonly blinks: boolean;
  readonly sprites: (kit: Kit) => readonly Canvas[];
};

const SPRITE_SIDE = 48;

function sprite(paint: (ctx: SKRSContext2D, middle: number) => void): Canvas {
  const canvas = createCanvas(SPRITE_SIDE, SPRITE_SIDE);
  paint(canvas.getContext('2d'), SPRITE_SIDE / 2);
  return canvas;
}

const soft = (colour: Rgb): Canvas =>
  sprite((ctx, m) => {
    glow(ctx, { x: m, y: m, radius: m, colour, alpha: 1 });
    glow(ctx, { x: m, y: m, radius: m * 0.45, colour: mix(colour, [255, 255, 255], 0.6), alpha: 1 });
  });

const flake = (colour: Rgb): Canvas =>
  sprite((ctx, m) => {
    const gradient = ctx.createRadialGradient(m, m, 0, m, m, m * 0.8);
    gradient.addColorStop(0, css(colour, 0.95));
    gradient.addColorStop(0.5, css(colour, 0.75));
    gradient.addColorStop(1, css(colour, 0));
    ctx.fillStyle = gradient;
    ctx.fillRect(0, 0, m * 2, m * 2);
  });

const ring = (colour: Rgb): Canvas =>
  sprite((ctx, m) => {
    ctx.strokeStyle = css(colour, 0.55);
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.arc(m, m, m * 0.78, 0, Math.PI * 2);
    ctx.stroke();
    ctx.fillStyle = css(colour, 0.12);
    ctx.fill();
    glow(ctx, { x: m * 0.7, y: m * 0.65, radius: m * 0.4, colour: [255, 255, 255], alpha: 0.9 });
  });

/** A leaf or petal seen from eight sides, so that it can tumble without being turned at each frame. */
const tumbling = (colour: Rgb, dark: Rgb): readonly Canvas[] =>
  Array.from({ length: 8 }, (_, step) =>
    sprite((ctx, m) => {
      ctx.translate(m, m);
      ctx.rotate((step / 8) * Math.PI * 2);
      ctx.scale(1, 0.28 + 0.5 * Math.abs(Math.cos((step / 8) * Math.PI)));
      const gradient = ctx.createLinearGradient(-m, 0, m, 0);
      gradient.addColorStop(0, css(dark));
      gradient.addColorStop(1, css(colour));
      ctx.fillStyle = gradient;
      ctx.beginPath();
      ctx.moveTo(-m * 0.8, 0);
      ctx.quadraticCurveTo(0, -m * 0.8, m * 0.8, 0);
      ctx.quadraticCurveTo(0, m * 0.7, -m * 0.8, 0);
      ctx.fill();
    }),
  );

export const FLIGHTS: Partial<Record<Weather, Flight>> = {
  snow: {
    count: 90,
    fall: 0.09,
    wind: 0.02,
    wander: 0.02,
    size: [0.004, 0.018],
    alpha: 0.85,
    blend: 'source-over',
    hz: 0.2,
    blinks: false,
    sprites: () => [flake([246, 250, 255])],
  },
  sparks: {
    count: 56,
    fall: -0.13,
    wind: 0.03,
    wander: 0.035,
    size: [0.004, 0.013],
    alpha: 1,
    blend: 'lighter',
    hz: 1.4,
    blinks: true,
    sprites: ({ palette }) => [soft(mix(palette.accent, palette.light, 0.35))],
  },
  fire: {
    count: 44,
    fall: -0.2,
    wind: 0.02,
    wander: 0.03,
    size: [0.004, 0.012],
    alpha: 1,
    blend: 'lighter',
    hz: 1.8,
    blinks: true,
    sprites: () => [soft([255, 128, 40])],
  },
  dust: {
    count: 36,
    fall: -0.006,
    wind: 0.012,
    wander: 0.015,
    size: [0.004, 0.012],
    alpha: 0.35,
    blend: 'lighter',
    hz: 0.25,
    blinks: true,
    sprites: ({ palette }) => [soft(palette.light)],
  },
  bubbles: {
    count: 46,
    fall: -0.07,
    wind: 0.004,
    wander: 0.012,
    size: [0.006, 0.026],
    alpha: 0.6,
    blend: 'source-over',
    hz: 0.5,
    blinks: false,
    sprites: ({ palette }) => [ring(palette.light)],
  },
  petals: {
    count: 54,
    fall: 0.06,
    wind: 0.06,
    wander: 0.04,
    size: [0.011, 0.03],
    alpha: 0.92,
    blend: 'source-over',
    hz: 0.35,
    blinks: false,
    sprites: ({ palette }) => tumbling(mix([255, 214, 226], palette.light, 0.25), [240, 148, 180]),
  },
  leaves: {
    count: 40,
    fall: 0.08,
    wind: 0.05,
    wander: 0.05,
    size: [0.014, 0.036],
    alpha: 0.95,
    blend: 'source-over',
    hz: 0.4,
    blinks: false,
    sprites: ({ palette }) => tumbling(mix([232, 150, 50], palette.light, 0.2), [150, 58, 24]),
  },
  fireflies: {
    count: 46,
    fall: -0.008,
    wind: 0.006,
    wander: 0.05,
    size: [0.008, 0.024],
    alpha: 1,
    blend: 'lighter',
    hz: 0.35,
    blinks: true,
    sprites: () => [soft([206, 255, 120])],
  },
};

// Air that belongs to a place though no word names it.
