import type { RenderRequest } from '../contract.ts';
import { toFlag } from '../geometry.ts';
import { decodeSound } from '../media/decode-sound.ts';
import type { Pcm } from '../media/pcm.ts';
import { createSoundtrack } from '../sound/soundtrack.ts';
import type { Storyboard } from '../storyboard/index.ts';
import { faded, mixParts } from './clip-sound.ts';
import { composeSound } from './compose.ts';
import type { JobInput } from './job.ts';

/** Enough that a recording which is cut does not click. */
const CUT_MS = 30;

/** The sound of a drawn clip: a given recording and nothing else where there is one (silent once it is over), only
 *  music where `bgm` asks for music, else the whole track of the plan. Undefined where none was promised. */
export async function filmSound({ request, geometry, roles }: JobInput, plan: Storyboard): Promise<Pcm | undefined> {
  const { durationMs } = geometry;
  if (!geometry.hasSound) return undefined;
  const given = roles.sounds[0] && (await decodeSound(roles.sounds[0].path, { maxMs: durationMs }));
  if (given !== undefined) {
    return mixParts([{ pcm: faded(given, { inMs: 0, outMs: CUT_MS }), atMs: 0, gain: 1 }], durationMs);
  }
  return madeSound(request, { plan, durationMs });
}

/** What is made up: music alone for `bgm`, else everything the plan sounds like. */
export async function madeSound(request: RenderRequest, p: { plan: Storyboard; durationMs: number }): Promise<Pcm> {
  const { plan, durationMs } = p;
  const { seed } = request;
  if (toFlag(request.input.bgm) !== true) return composeSound({ plan, durationMs, seed });
  return createSoundtrack({ storyboard: { ...plan, mood: { ...plan.mood, ambience: [] } }, durationMs, seed });
}
