import type { Path2D, SKRSContext2D } from '@napi-rs/canvas';
import type { Palette } from '../../storyboard/plan.ts';
import type { Random } from '../../storyboard/random.ts';

export type Stand = 'floor' | 'shelf' | 'air' | 'water' | 'far';

export type Brush = {
  readonly ctx: SKRSContext2D;
  readonly palette: Palette;
  readonly random: Random;
  /** Night, dusk or a dark room: lamps are on. */
  readonly dark: boolean;
  readonly molten: boolean;
  /** Left of the figure is -1, right is 1. */
  readonly lightSide: -1 | 1;
};

/** How one kind of subject looks. Measures are in its own height. */
export type Model = {
  /** Its height beside a standing person's. */
  readonly height: number;
  /** How far it reaches from its middle to each side. */
  readonly reach: number;
  /** How far it reaches above its height, as antlers and flames do; 1.12 without a word. */
  readonly top?: number;
  /** Shown from the lower edge of the frame up, as in a portrait. */
  readonly cut?: boolean;
  readonly stand: Stand;
  /** The outline, filled as a silhouette with a lit edge. */
  readonly shape?: (random: Random) => Path2D;
  /** Painted over the silhouette: what shines, what is not dark. */
  readonly detail?: (brush: Brush) => void;
  /** How it moves as a whole, in its own height. */
  readonly sway?: { readonly x: number; readonly y: number; readonly seconds: number };
  /** Shown instead when it fills the frame. */
  readonly close?: Model;
};
