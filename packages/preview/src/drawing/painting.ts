import type { Canvas, Image, SKRSContext2D } from '@napi-rs/canvas';
import type { Storyboard } from '../storyboard/plan.ts';

/** A decoded picture of the caller's. */
export type Picture = Canvas | Image;

export type PainterOptions = {
  readonly storyboard: Storyboard;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Decides grain, drift and whatever else the storyboard leaves open. */
  readonly seed: number;
  /** References: each is shown in the clip, in a shot of its own or framed within a painted one. */
  readonly pictures?: readonly Picture[];
  /** The frame at 0 ms is exactly this picture, cut to cover the frame around its centre. */
  readonly first?: Picture;
  /** The last frame is exactly this picture, cut likewise. */
  readonly last?: Picture;
};

export type Painter = {
  /** Draws the frame at this time over the whole of `ctx`, whose canvas has the painter's size. Times may come in any
   *  order; ascending is the fast one, because a shot's layers are painted when it is first met and dropped after. */
  draw(ctx: SKRSContext2D, atMs: number): void;
};
