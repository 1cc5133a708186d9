import type { Camera, Framing, Move, Place } from './plan.ts';
import type { Random } from './random.ts';
import { MOVE_WORDS, PACE_WORDS, SHAKE_WORDS } from './vocabulary/camera.ts';
import { findBest } from './words.ts';

export type CameraReading = {
  readonly text: string;
  readonly whole: string;
  readonly place: Place;
  readonly framing: Framing;
  readonly index: number;
  readonly random: Random;
  readonly fixedCamera: boolean;
};

// What an operator would do when nobody says: small moves that suit the distance.
const USUAL: Record<Framing, readonly [Move, ...Move[]]> = {
  wide: ['push-in', 'pan-right', 'track-right', 'crane-up', 'pan-left'],
  medium: ['push-in', 'track-left', 'orbit-left', 'track-right'],
  close: ['push-in', 'orbit-right', 'pull-out'],
};
const UNASKED_PACE = 0.7;

/** Reads how the camera moves. A prompt that names one move somewhere means its shots to agree with it. */
export function readCamera(p: CameraReading): Camera {
  if (p.fixedCamera) return { move: 'static', pace: 1, shake: 0 };
  const shake = findBest(SHAKE_WORDS, p.text) ?? findBest(SHAKE_WORDS, p.whole) ?? 0;
  const named = findBest(MOVE_WORDS, p.text);
  if (named !== undefined) return { move: named, pace: findBest(PACE_WORDS, p.text) ?? 1, shake };
  const elsewhere = findBest(MOVE_WORDS, p.whole);
  if (elsewhere === 'static') return { move: 'static', pace: 1, shake };
  return { move: p.random.pick(USUAL[p.framing]), pace: UNASKED_PACE, shake };
}
