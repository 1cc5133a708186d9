import type { Camera, Shot } from '../storyboard/plan.ts';
import { createRandom, mixSeed } from '../storyboard/random.ts';
import { clamp } from './noise.ts';
import type { Box } from './sheet.ts';

/** Where the camera is. Distances are parts of the frame's width and height. */
export type View = {
  /** The lens: enlarges near and far alike. */
  readonly zoom: number;
  /** Steps forward, as part of the distance to the subject: near things grow more than far ones. */
  readonly forward: number;
  /** Turning: shifts near and far alike. */
  readonly turnX: number;
  readonly turnY: number;
  /** Moving sideways: shifts near things more than far ones. */
  readonly sideX: number;
  readonly sideY: number;
  /** The depth that stays in place when the camera moves sideways: 0, or 1 when it circles the subject. */
  readonly pivot: number;
};

/** The reach of `turnX + sideX * depth` that margins must cover, as part of the frame's width; likewise of its height. */
export const REACH_X = 0.13;
export const REACH_Y = 0.1;
const MAX_FORWARD = 0.24;
const FULL_MOVE_SECONDS = 5;

const REST: View = { zoom: 1, forward: 0, turnX: 0, turnY: 0, sideX: 0, sideY: 0, pivot: 0 };

/** Starts and stops softly, without waiting at either end. */
const ease = (share: number): number => {
  const s = clamp(share);
  return 0.35 * s + 0.65 * s * s * (3 - 2 * s);
};

/** The view at a time within a shot. Long shots go further than short ones, at much the same speed. */
export function viewAt(shot: Shot, atMs: number, seed: number): View {
  const lengthMs = Math.max(1, shot.endMs - shot.startMs);
  const seconds = lengthMs / 1_000;
  const amount = Math.min(1.5, shot.camera.pace * Math.min(1.4, 0.45 + (0.55 * seconds) / FULL_MOVE_SECONDS));
  const share = ease((atMs - shot.startMs) / lengthMs);
  return withShake(move(shot.camera, share, amount), shot.camera.shake, atMs / 1_000, seed);
}

function move(camera: Camera, share: number, amount: number): View {
  // Sideways moves run from one side of the rest position to the other, so that the middle shows the composition.
  const across = (share - 0.5) * 2 * Math.min(1, amount * 0.8);
  const forward = Math.min(MAX_FORWARD, 0.17 * amount);
  switch (camera.move) {
    case 'static':
      return REST;
    case 'push-in':
    case 'track-forward':
      return { ...REST, forward: forward * share, sideY: camera.move === 'push-in' ? 0 : 0.012 * across };
    case 'pull-out':
      return { ...REST, forward: forward * (1 - share) };
    case 'zoom-in':
      return { ...REST, zoom: 1 + 0.22 * amount * share };
    case 'zoom-out':
      return { ...REST, zoom: 1 + 0.22 * amount * (1 - share) };
    case 'pan-left':
      return { ...REST, turnX: 0.1 * across };
    case 'pan-right':
      return { ...REST, turnX: -0.1 * across };
    case 'tilt-up':
      return { ...REST, turnY: 0.08 * across };
    case 'tilt-down':
      return { ...REST, turnY: -0.08 * across };
    case 'orbit-left':
      return { ...REST, sideX: 0.085 * across, pivot: 1, forward: 0.05 * share };
    case 'orbit-right':
      return { ...REST, sideX: -0.085 * across, pivot: 1, forward: 0.05 * share };
    case 'track-left':
      return { ...REST, sideX: 0.075 * across, turnX: 0.02 * across };
    case 'track-right':
      return { ...REST, sideX: -0.075 * across, turnX: -0.02 * across };
    case 'crane-up':
      return { ...REST, sideY: 0.06 * across, turnY: 0.02 * across, forward: 0.04 * share };
    case 'crane-down':
      return { ...REST, sideY: -0.06 * across, turnY: -0.02 * across, forward: 0.04 * share };
  }
}

/** A hand: two slow waves of unrelated lengths and a quick small one on each axis. */
function withShake(view: View, shake: number, seconds: number, seed: number): View {
  if (shake === 0) return view;
  const random = createRandom(mixSeed(seed, 'shake'));
  const wave = (): number => {
    const [one, two, three] = [random.between(0, 6), random.between(0, 6), random.between(0, 6)];
    return (
      0.55 * Math.sin(seconds * 2.1 + one) + 0.35 * Math.sin(seconds * 3.7 + two) + 0.1 * Math.sin(seconds * 9 + three)
    );
  };
  const size = 0.016 * shake;
  return {
    ...view,
    zoom: view.zoom * (1 + size * 0.5),
    turnX: view.turnX + size * wave(),
    turnY: view.turnY + size * wave(),
  };
}

export type Frame = { readonly w: number; readonly h: number };

/** Where a box at this depth appears. */
export function project(box: Box, depth: number, view: View, { w, h }: Frame): Box {
  const scale = view.zoom / (1 - view.forward * Math.min(depth, 1.8));
  const reach = depth - view.pivot;
  const shiftX = clamp(view.turnX + view.sideX * reach, -REACH_X, REACH_X) * w;
  const shiftY = clamp(view.turnY + view.sideY * reach, -REACH_Y, REACH_Y) * h;
  return {
    x: w / 2 + (box.x - w / 2 + shiftX) * scale,
    y: h / 2 + (box.y - h / 2 + shiftY) * scale,
    w: box.w * scale,
    h: box.h * scale,
  };
}
