import type { SKRSContext2D } from '@napi-rs/canvas';
import { BadMedia } from '../media/bad-media.ts';
import { openFootage } from '../media/footage.ts';
import { loadPicture } from '../media/pictures.ts';
import { createSoundtrack } from '../sound/soundtrack.ts';
import type { Rgb, Storyboard } from '../storyboard/index.ts';
import { faded, keptSound, mixParts } from './clip-sound.ts';
import { drawCard, drawCover } from './draw-picture.ts';
import { writeFilm } from './film.ts';
import { footageRate } from './footage-rate.ts';
import type { Job } from './job.ts';
import { toScript } from './script.ts';

const EDITED_FADE_MS = 40;

/** The given footage in the light and colours that the words ask for, with given pictures shown as cards on it. */
export const editFootage: Job = async (input) => {
  const { request, roles } = input;
  const clip = roles.clips[0];
  if (clip === undefined) throw new BadMedia('There is no clip to edit.');
  const footage = await openFootage(clip.path, {
    maxSidePx: Math.max(input.geometry.widthPx, input.geometry.heightPx),
  });
  try {
    const geometry = { ...input.geometry, fps: footageRate(footage) };
    const plan = toScript(request, geometry.durationMs);
    const cards = await Promise.all(roles.pictures.map(({ path }) => loadPicture(path)));
    const own = geometry.hasSound ? await keptSound(input) : undefined;
    // Where the caller wants sound and keeps none of the clip's, the plan has some.
    const made =
      geometry.hasSound && own === undefined
        ? createSoundtrack({ storyboard: plan, ...geometry, seed: request.seed })
        : own;
    return await writeFilm(input, {
      geometry,
      sound:
        made &&
        mixParts([{ pcm: faded(made, { inMs: 0, outMs: EDITED_FADE_MS }), atMs: 0, gain: 1 }], geometry.durationMs),
      draw: async (context, { atMs }) => {
        drawCover(context, await footage.at(atMs));
        gradeFrame(context, plan, atMs);
        cards.forEach((card, index) => {
          drawCard(context, card, { x: 0.17 + 0.22 * index, y: 0.86, size: 0.2, turn: index % 2 === 0 ? -0.04 : 0.03 });
        });
      },
    });
  } finally {
    await footage.close();
  }
};

const css = ([red, green, blue]: Rgb, alpha: number): string => `rgba(${red}, ${green}, ${blue}, ${alpha})`;

/** Lays a shot's palette over what is drawn: its colour over everything, its light from above, its shade around. */
export function gradeFrame(context: SKRSContext2D, plan: Storyboard, atMs: number): void {
  const shot = plan.shots.find(({ endMs }) => atMs < endMs) ?? plan.shots.at(-1);
  if (shot === undefined) return;
  const { palette } = shot.scene;
  const { width, height } = context.canvas;
  const fill = (operation: SKRSContext2D['globalCompositeOperation'], style: SKRSContext2D['fillStyle']): void => {
    context.globalCompositeOperation = operation;
    context.fillStyle = style;
    context.fillRect(0, 0, width, height);
  };
  context.save();
  fill('color', css(palette.horizon, 0.3));
  const light = context.createLinearGradient(0, 0, 0, height);
  light.addColorStop(0, css(palette.light, 0.5));
  light.addColorStop(0.55, css(palette.sky, 0.1));
  light.addColorStop(1, css(palette.shade, 0.55));
  fill('soft-light', light);
  const edge = context.createRadialGradient(
    width / 2,
    height / 2,
    Math.min(width, height) * 0.35,
    width / 2,
    height / 2,
    Math.hypot(width, height) * 0.55,
  );
  edge.addColorStop(0, css(palette.shade, 0));
  edge.addColorStop(1, css(palette.shade, 0.5));
  fill('multiply', edge);
  context.restore();
}
