import { between } from './between.ts';
import { type Flow, findFlow } from './flow.ts';
import type { PlaneFootage } from './footage.ts';
import type { Planes } from './planes.ts';

/** Mean difference of brightness left after moving, of 255, above which two pictures are of two scenes. Measured: a
 *  quick pan leaves up to 8, a cut from 35 on. */
const CUT = 25;
/** Nearer to a given picture than this share of the way it is that picture. */
const SAME = 0.02;

/** Reads footage at another rate: pictures that fall between two of its own are made from both, with everything at the
 *  place to which it has moved. Across a cut the nearer one stands. Call with rising numbers. */
export function createRetimer(p: { footage: PlaneFootage; fromFps: number; toFps: number; durationMs: number }) {
  const lastIndex = Math.max(0, Math.round((p.durationMs * p.fromFps) / 1000) - 1);
  const read = new Map<number, Planes>();
  const own = async (index: number): Promise<Planes> => {
    const known = read.get(index);
    if (known !== undefined) return known;
    const planes = await p.footage.at((index * 1000) / p.fromFps);
    for (const old of read.keys()) if (old < index - 1) read.delete(old);
    read.set(index, planes);
    return planes;
  };
  let flow: { index: number; flow: Flow } | undefined;
  return async (number: number): Promise<Planes> => {
    const place = Math.min(lastIndex, (number * p.fromFps) / p.toFps);
    const index = Math.floor(place + SAME);
    const share = place - index;
    const a = await own(index);
    if (share < SAME) return a;
    const b = await own(index + 1);
    if (a === b) return a;
    if (flow?.index !== index) flow = { index, flow: findFlow(a, b) };
    if (flow.flow.rest > CUT) return share < 0.5 ? a : b;
    return between(a, b, { flow: flow.flow, share });
  };
}
