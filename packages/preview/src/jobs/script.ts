import type { Json } from '@reelay/catalog';
import type { RenderRequest } from '../contract.ts';
import { toFlag, toNumber } from '../geometry.ts';
import type { Storyboard } from '../storyboard/index.ts';
import { storyboard } from '../storyboard/index.ts';
import { textOf } from './job.ts';

/** Reads a request's words into a plan of shots that fills `durationMs`. */
export function toScript(request: RenderRequest, durationMs: number): Storyboard {
  const given = toShots(request);
  const shots = given.length > 0 ? given : toTakes(request, durationMs);
  const negativePrompt = textOf(request, 'negativePrompt') || textOf(request, 'negative_prompt');
  const plan = storyboard({
    prompt: toPrompt(request),
    durationMs,
    seed: request.seed,
    ...(negativePrompt !== '' && { negativePrompt }),
    ...(shots.length > 0 && { shots }),
    ...(toFlag(request.input.cameraFixed) === true && { fixedCamera: true }),
  });
  const amplitude = toAmplitude(request);
  return amplitude === 1 ? plan : withAmplitude(plan, amplitude);
}

/** How far the camera goes: `movementAmplitude` of Vidu, `motion` of Midjourney. */
const AMPLITUDES: Readonly<Record<string, number>> = { small: 0.4, low: 0.6, medium: 1, high: 1.7, large: 1.9 };

const toAmplitude = (request: RenderRequest): number =>
  AMPLITUDES[textOf(request, 'movementAmplitude') || textOf(request, 'motion')] ?? 1;

function withAmplitude(plan: Storyboard, amplitude: number): Storyboard {
  const shots = plan.shots.map((shot) => {
    const { pace, shake } = shot.camera;
    return { ...shot, camera: { ...shot.camera, pace: pace * amplitude, shake: shake * Math.min(1, amplitude) } };
  });
  return { ...plan, shots };
}

/** Whether a row's switch asks for one take or for several; undefined where it says nothing. */
function toMultiple(request: RenderRequest): boolean | undefined {
  const { shotType, generateMultiClipSwitch } = request.input;
  if (shotType === 'single') return false;
  return shotType === 'multi' ? true : toFlag(generateMultiClipSwitch);
}

const MIN_TAKE_MS = 1600;
const TAKES = 3;

/** The prompt as one take, or as at least two where several are asked for and its sentences do not make them. */
function toTakes(request: RenderRequest, durationMs: number): { text: string; durationMs: number }[] {
  const prompt = toPrompt(request);
  const multiple = toMultiple(request);
  if (multiple === undefined || prompt === '') return [];
  if (!multiple) return [{ text: prompt, durationMs }];
  const sentences = prompt.split(/(?<=[.!?。！？])\s*/).filter((sentence) => sentence.trim().length > 3);
  if (sentences.length > 1) return [];
  const count = Math.max(1, Math.min(TAKES, Math.floor(durationMs / MIN_TAKE_MS)));
  return Array.from({ length: count }, () => ({ text: prompt, durationMs: durationMs / count }));
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
