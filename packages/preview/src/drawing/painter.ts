import type { SKRSContext2D } from '@napi-rs/canvas';
import { createFinish } from './finish.ts';
import { clamp } from './noise.ts';
import type { Painter, PainterOptions } from './painting.ts';
import { createStage, type Stage } from './stage.ts';

/** Prepares the drawing of a whole clip. A shot's layers are painted when its first frame is asked for. */
export function createPainter(p: PainterOptions): Painter {
  const { storyboard, widthPx: w, heightPx: h, seed } = p;
  let current: { readonly index: number; readonly stage: Stage } | undefined;
  const finish = createFinish({ w, h, seed, edge: [4, 4, 8], strength: 0.55 });
  const shotAt = (atMs: number): number => {
    const index = storyboard.shots.findIndex(({ endMs }) => atMs < endMs);
    return index < 0 ? storyboard.shots.length - 1 : index;
  };
  return {
    draw(ctx: SKRSContext2D, atMs: number): void {
      const time = clamp(atMs, 0, storyboard.durationMs);
      const index = shotAt(time);
      const shot = storyboard.shots[index];
      if (shot === undefined) return;
      if (current?.index !== index) current = { index, stage: createStage(shot, { w, h, seed }) };
      current.stage.draw(ctx, time);
      finish.draw(ctx, time);
    },
  };
}
