import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { RenderRequest } from '../contract.ts';
import type { Size } from '../media/planes.ts';
import { drawCover, type Placement } from './draw-picture.ts';
import { textOf } from './job.ts';
import { toPrompt } from './script.ts';

/** A shot after a cut: what its first frame shows, undefined for a scene from words alone. */
export type CutShot = { readonly first: Canvas | undefined; readonly share: number };

const CUTS = ['Cut-In', 'Cut-Out', 'Shot/Reverse Shot', 'Multi-Angle', 'Cut Away'] as const;
type Cut = (typeof CUTS)[number];

/** The shots that follow the clip's last frame, by `cutType` of Skyreels; one that simply goes on where a row has none. */
export function toCutShots(request: RenderRequest, lastFrame: Canvas): readonly CutShot[] {
  const said = textOf(request, 'cutType');
  if (said === '') return [{ first: lastFrame, share: 1 }];
  const cut = CUTS.find((name) => name === said) ?? chooseCut(request);
  switch (cut) {
    case 'Cut-In':
      return [{ first: angle(lastFrame, { zoom: 1.9, shiftY: 0.12 }), share: 1 }];
    case 'Cut-Out':
      return [{ first: stepBack(lastFrame), share: 1 }];
    case 'Shot/Reverse Shot':
      return [
        { first: mirrored(angle(lastFrame, { zoom: 1.35, shiftX: 0.12 })), share: 0.5 },
        { first: angle(lastFrame, { zoom: 1.35, shiftX: 0.12 }), share: 0.5 },
      ];
    case 'Multi-Angle':
      return [
        { first: angle(lastFrame, { zoom: 1.5, shiftX: 0.2, turn: -0.05 }), share: 1 / 3 },
        { first: mirrored(angle(lastFrame, { zoom: 1.7, shiftX: 0.2, shiftY: 0.15, turn: 0.08 })), share: 1 / 3 },
        { first: angle(lastFrame, { zoom: 2.2, shiftX: -0.25, shiftY: 0.1 }), share: 1 / 3 },
      ];
    case 'Cut Away':
      return [{ first: undefined, share: 1 }];
  }
}

/** `Auto`: what the words ask for, else whatever the seed says. */
function chooseCut(request: RenderRequest): Cut {
  const words = toPrompt(request);
  if (/close[- ]?up|closer|detail|face|hands|特写|近景/i.test(words)) return 'Cut-In';
  if (/wide|reveal|aerial|pull(?:s|ing)? back|全景|远景/i.test(words)) return 'Cut-Out';
  if (/meanwhile|elsewhere|cut to|切到|与此同时/i.test(words)) return 'Cut Away';
  return CUTS[request.seed % 4] ?? 'Cut-In';
}

function angle(frame: Canvas, placement: Placement): Canvas {
  const shot = createCanvas(frame.width, frame.height);
  drawCover(shot.getContext('2d'), frame, placement);
  return shot;
}

/** The other side of the axis. */
function mirrored(frame: Canvas): Canvas {
  const shot = createCanvas(frame.width, frame.height);
  const context = shot.getContext('2d');
  context.translate(frame.width, 0);
  context.scale(-1, 1);
  context.drawImage(frame, 0, 0);
  return shot;
}

/** The frame from further away: what lies beyond its edges is itself, out of focus. */
function stepBack(frame: Canvas): Canvas {
  const { width, height } = frame;
  const blurred = createCanvas(Math.max(2, Math.round(width / 28)), Math.max(2, Math.round(height / 28)));
  blurred.getContext('2d').drawImage(frame, 0, 0, blurred.width, blurred.height);
  const shot = createCanvas(width, height);
  const context = shot.getContext('2d');
  context.imageSmoothingQuality = 'high';
  drawCover(context, blurred, { zoom: 1.15 });
  const [wide, tall] = [width * 0.66, height * 0.66];
  const inset = createCanvas(Math.round(wide), Math.round(tall));
  const paper = inset.getContext('2d');
  paper.drawImage(frame, 0, 0, inset.width, inset.height);
  // Soft edges, so that the nearer picture does not look pasted on.
  paper.globalCompositeOperation = 'destination-in';
  paper.filter = `blur(${Math.max(1, Math.round(wide * 0.03))}px)`;
  paper.fillRect(wide * 0.07, tall * 0.07, wide * 0.86, tall * 0.86);
  context.drawImage(inset, (width - wide) / 2, (height - tall) / 2);
  return shot;
}

/** A frame of its own that shows what a changing one shows now. */
export function copyFrame(frame: Canvas, size: Size): Canvas {
  const copy = createCanvas(size.widthPx, size.heightPx);
  drawCover(copy.getContext('2d'), frame);
  return copy;
}
