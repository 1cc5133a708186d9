import { BadMedia } from '../media/bad-media.ts';
import { openFootage } from '../media/footage.ts';
import { createMotionMeter, type Motion } from '../media/motion.ts';
import { loadPicture } from '../media/pictures.ts';
import { faded, keptSound, mixParts } from './clip-sound.ts';
import { drawCard, drawCover, type Placement } from './draw-picture.ts';
import { writeFilm } from './film.ts';
import { footageRate } from './footage-rate.ts';
import { createGrade } from './grade.ts';
import { type Job, textOf } from './job.ts';
import { toScript } from './script.ts';

const DRIVING_SIZE = { widthPx: 320, heightPx: 320 };

/** The given picture, moving when and where the driving clip moves; the clip itself is shown small beside it. */
export const followMotion: Job = async (input) => {
  const { request, roles } = input;
  const [picture, clip] = [roles.pictures[0], roles.clips[0]];
  if (picture === undefined || clip === undefined) throw new BadMedia('A picture and a driving clip are needed.');
  const character = await loadPicture(picture.path);
  const footage = await openFootage(clip.path, DRIVING_SIZE);
  try {
    const geometry = { ...input.geometry, fps: footageRate(footage) };
    const hasWords = textOf(request, 'prompt') !== '';
    const grade = hasWords ? createGrade(toScript(request, geometry.durationMs)) : undefined;
    const own = geometry.hasSound ? await keptSound(input) : undefined;
    const measure = createMotionMeter();
    const follow = createFollower();
    return await writeFilm(input, {
      geometry,
      sound: own && mixParts([{ pcm: faded(own, { inMs: 0, outMs: 30 }), atMs: 0, gain: 1 }], geometry.durationMs),
      draw: async (context, { atMs }) => {
        const driving = await footage.at(atMs);
        drawCover(context, character, follow(measure(driving)));
        grade?.(context, atMs);
        drawCard(context, driving, { x: 0.82, y: 0.14, size: 0.26 });
      },
    });
  } finally {
    await footage.close();
  }
};

/** How quickly the picture gives in to the measured movement, per frame. */
const STIFFNESS = 0.22;
const DAMPING = 0.72;

/** Lets the picture hang on springs: raw measurements jump from frame to frame, and nothing alive does. */
function createFollower(): (motion: Motion) => Placement {
  const springs = { x: createSpring(), y: createSpring(), turn: createSpring(), zoom: createSpring() };
  return (motion) => {
    const reach = Math.min(1, motion.energy * 4);
    return {
      shiftX: springs.x(motion.x * 0.22 * reach),
      shiftY: springs.y(motion.y * 0.12 * reach - motion.energy * 0.05),
      turn: springs.turn(motion.x * 0.3 * reach),
      // Near enough that the edges stay outside while it swings.
      zoom: 1.2 + springs.zoom(motion.energy * 0.12),
    };
  };
}

function createSpring(): (towards: number) => number {
  let [at, speed] = [0, 0];
  return (towards) => {
    speed = (speed + (towards - at) * STIFFNESS) * DAMPING;
    at += speed;
    return at;
  };
}
