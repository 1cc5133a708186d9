import { readCamera } from './camera.ts';
import { readMood } from './mood.ts';
import type { Framing, Scene, Shot, Storyboard } from './plan.ts';
import { createRandom, mixSeed } from './random.ts';
import { readScene } from './scene.ts';
import { toSentences, toTakes } from './sentences.ts';
import { fitTakes, MAX_SHOT_MS, MIN_SHOT_MS, type Span, tile, weightOf } from './timing.ts';

export type StoryboardOptions = {
  readonly prompt: string;
  /** What must not be seen: weather, lights and subjects named here are left out. */
  readonly negativePrompt?: string;
  readonly durationMs: number;
  readonly seed: number;
  /** One take, and the camera does not move. */
  readonly fixedCamera?: boolean;
  /** A list of shots given by the caller: one shot each, in the proportions given. */
  readonly shots?: readonly { readonly text: string; readonly durationMs: number }[];
};

type Take = Span & { readonly text: string; readonly framing: Framing; readonly repeats: boolean };

/** Plans a clip from words. Any text is accepted: what no word table knows becomes a mood without objects. The shots
 *  tile the time from 0 to `durationMs` (rounded to a whole millisecond, at least 1). */
export function storyboard(p: StoryboardOptions): Storyboard {
  const durationMs = Number.isFinite(p.durationMs) ? Math.max(1, Math.round(p.durationMs)) : 1;
  const takes =
    p.shots === undefined || p.shots.length === 0 ? cutPrompt(p, durationMs) : followList(p.shots, durationMs);
  const texts = takes.map(({ text }) => text);
  const whole = [p.prompt, ...texts.filter((text) => !p.prompt.includes(text))].join(' ');
  const shots: Shot[] = [];
  for (const [index, take] of takes.entries()) {
    const scene = sceneOf(take, shots.at(-1)?.scene, whole, p);
    const camera = readCamera({
      text: take.text,
      whole,
      place: scene.place,
      framing: scene.framing,
      index,
      random: createRandom(mixSeed(p.seed, `camera ${index}`)),
      fixedCamera: p.fixedCamera ?? false,
    });
    shots.push({ startMs: take.startMs, endMs: take.endMs, text: take.text, scene, camera });
  }
  const [first, ...rest] = shots.map(({ scene }) => scene);
  if (first === undefined) throw new Error('a storyboard has at least one shot');
  return { shots, durationMs, mood: readMood(whole, [first, ...rest]) };
}

function sceneOf(take: Take, before: Scene | undefined, whole: string, p: StoryboardOptions): Scene {
  const negativePrompt = p.negativePrompt ?? '';
  const scene = readScene({ text: take.text, whole, negativePrompt, seed: p.seed, before, framing: take.framing });
  // The second half of a divided take shows the same things from the distance it was divided for.
  return take.repeats ? { ...scene, framing: take.framing } : scene;
}

// Distances alternate the way editors cut: establish, come nearer, look again.
const RHYTHM: readonly Framing[] = ['wide', 'medium', 'wide', 'medium'];
const framingAt = (index: number): Framing => RHYTHM[index % RHYTHM.length] ?? 'medium';

function cutPrompt(p: StoryboardOptions, durationMs: number): readonly Take[] {
  if (p.fixedCamera === true) {
    return [{ startMs: 0, endMs: durationMs, text: p.prompt.trim(), framing: 'wide', repeats: false }];
  }
  const texts = fitTakes(toTakes(toSentences(p.prompt)), durationMs);
  const spans = tile(texts.map(weightOf), durationMs);
  return texts.flatMap((text, index) => {
    const span = spans[index];
    return span === undefined ? [] : divide({ ...span, text, framing: framingAt(index), repeats: false });
  });
}

/** A take that would be dull in one piece is seen again, nearer. */
function divide(take: Take): readonly Take[] {
  const lengthMs = take.endMs - take.startMs;
  const parts = Math.ceil(lengthMs / MAX_SHOT_MS);
  if (parts < 2 || lengthMs / parts < MIN_SHOT_MS) return [take];
  const spans = tile(Array<number>(parts).fill(1), lengthMs);
  return spans.flatMap((span, index) => {
    if (span === undefined) return [];
    const framing = index === 0 ? take.framing : framingAt(index);
    const at = { startMs: take.startMs + span.startMs, endMs: take.startMs + span.endMs };
    return [{ ...at, text: take.text, framing, repeats: index > 0 }];
  });
}

function followList(shots: NonNullable<StoryboardOptions['shots']>, durationMs: number): readonly Take[] {
  const spans = tile(
    shots.map((shot) => shot.durationMs),
    durationMs,
  );
  return shots.flatMap(({ text }, index) => {
    const span = spans[index];
    return span === undefined ? [] : [{ ...span, text: text.trim(), framing: framingAt(index), repeats: false }];
  });
}
