import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Picture } from '../drawing/index.ts';
import { babyFace, baldSwipe, hulk, love, muscleSurge, tigerTouch, venom, zombie } from './bodies.ts';
import { ease, type Stage } from './tools.ts';
import { boomDrop, figurine, holyWings, microwave, plates, squidGame, wukong } from './worlds.ts';

/** PixVerse's names. The row splits one of theirs, "Anything, Robot", at its comma. */
const EFFECTS: Readonly<Record<string, (stage: Stage) => void>> = {
  'Kiss Me AI': love('kiss-me'),
  'Muscle Surge': muscleSurge,
  Anything: plates('anything'),
  Robot: plates('robot'),
  'The Tiger Touch': tigerTouch,
  'Holy Wings': holyWings,
  Hulk: hulk,
  Venom: venom,
  Microwave: microwave,
  Hug: love('hug'),
  Kiss: love('kiss'),
  '3D Figurine Factor': figurine,
  'Baby Face': babyFace,
  'Bald Swipe': baldSwipe,
  'Black Myth: Wukong': wukong,
  'BOOM DROP': boomDrop,
  'Squid Game': squidGame,
  'Zombie Mode': zombie,
};

export const EFFECT_NAMES: readonly string[] = Object.keys(EFFECTS);

/** When the effect begins and when it has come, as shares of the clip. */
const [BEGINS, HAS_COME] = [0.06, 0.62];

/** Prepares an effect on a picture; undefined for a name that is none of PixVerse's. The first frame is the picture. */
export function createEffect(
  name: string,
  p: { picture: Picture; seed: number },
): ((ctx: SKRSContext2D, at: { atMs: number; fraction: number }) => void) | undefined {
  const effect = EFFECTS[name];
  if (effect === undefined) return undefined;
  return (ctx, { atMs, fraction }) => {
    const { width: w, height: h } = ctx.canvas;
    effect({ ctx, w, h, ...p, atMs, share: ease(BEGINS, HAS_COME, fraction) });
  };
}
