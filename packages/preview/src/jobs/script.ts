import type { Json } from '@reelay/catalog';
import type { RenderRequest } from '../contract.ts';
import { toFlag, toNumber } from '../geometry.ts';
import type { Storyboard } from '../storyboard/index.ts';
import { storyboard } from '../storyboard/index.ts';
import { textOf } from './job.ts';

/** Reads a request's words into a plan of shots that fills `durationMs`. */
export function toScript(request: RenderRequest, durationMs: number): Storyboard {
  const shots = toShots(request);
  const negativePrompt = textOf(request, 'negativePrompt');
  return storyboard({
    prompt: toPrompt(request),
    durationMs,
    seed: request.seed,
    ...(negativePrompt !== '' && { negativePrompt }),
    ...(shots.length > 0 && { shots }),
    ...(toFlag(request.input.cameraFixed) === true && { fixedCamera: true }),
  });
}

/** The words of a request: its prompt, or what stands for one. */
export function toPrompt(request: RenderRequest): string {
  return (
    ['prompt', 'text', 'description', 'name'].map((name) => textOf(request, name)).find((text) => text !== '') ?? ''
  );
}

/** The caller's own list of shots, which replaces the prompt while `multiShot` is on and the list is to be followed
 *  as it is (`customize`); with `intelligence` the prompt is cut by the renderer. */
function toShots(request: RenderRequest): { text: string; durationMs: number }[] {
  const { multiShot, multiPrompt, shotType } = request.input;
  if (toFlag(multiShot) === false || !Array.isArray(multiPrompt)) return [];
  if (shotType === 'intelligence' && textOf(request, 'prompt') !== '') return [];
  return multiPrompt
    .map((shot, position) => readShot(shot, position))
    .filter((shot) => shot !== undefined)
    .sort((a, b) => a.index - b.index)
    .map(({ text, seconds }) => ({ text, durationMs: seconds * 1000 }));
}

function readShot(shot: Json, position: number): { index: number; text: string; seconds: number } | undefined {
  if (shot === null || typeof shot !== 'object' || Array.isArray(shot) || typeof shot.prompt !== 'string')
    return undefined;
  // Without a length of its own a shot counts like the others.
  return { index: toNumber(shot.index) ?? position, text: shot.prompt, seconds: toNumber(shot.duration) ?? 1 };
}
