import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Picture } from '../drawing/index.ts';

/** Where and how a picture is shown. */
export type Placement = {
  /** 1 covers the frame exactly, 1.1 goes a tenth nearer. */
  readonly zoom?: number;
  /** Shift as a share of the frame's width and height. */
  readonly shiftX?: number;
  readonly shiftY?: number;
  /** Radians, clockwise. */
  readonly turn?: number;
};

/** Draws a picture over the whole frame, cut at its edges where the shapes differ. */
export function drawCover(context: SKRSContext2D, picture: Picture, placement: Placement = {}): void {
  const { width, height } = context.canvas;
  const scale = Math.max(width / picture.width, height / picture.height) * (placement.zoom ?? 1);
  context.save();
  context.translate(width * (0.5 + (placement.shiftX ?? 0)), height * (0.5 + (placement.shiftY ?? 0)));
  context.rotate(placement.turn ?? 0);
  context.imageSmoothingEnabled = true;
  // Half the time of 'high', and a moving picture shows no difference.
  context.imageSmoothingQuality = 'medium';
  context.scale(scale, scale);
  context.drawImage(picture, -picture.width / 2, -picture.height / 2);
  context.restore();
}

/** Draws a picture as a card with a pale edge, `size` of the frame's shorter side, its centre at shares of the frame. */
export function drawCard(
  context: SKRSContext2D,
  picture: Picture,
  at: { x: number; y: number; size: number; turn?: number },
): void {
  const { width, height } = context.canvas;
  const long = Math.min(width, height) * at.size;
  const scale = long / Math.max(picture.width, picture.height);
  const [wide, tall] = [picture.width * scale, picture.height * scale];
  const edge = long * 0.025;
  context.save();
  context.translate(width * at.x, height * at.y);
  context.rotate(at.turn ?? 0);
  context.fillStyle = 'rgba(0, 0, 0, 0.35)';
  context.fillRect(-wide / 2 - edge + edge / 2, -tall / 2 - edge + edge, wide + edge * 2, tall + edge * 2);
  context.fillStyle = '#f4f1ea';
  context.fillRect(-wide / 2 - edge, -tall / 2 - edge, wide + edge * 2, tall + edge * 2);
  context.drawImage(picture, -wide / 2, -tall / 2, wide, tall);
  context.restore();
}

/** Draws a figure standing on the lower edge of the frame, as high as this share of it or as wide as the frame. */
export function drawStanding(context: SKRSContext2D, figure: Picture, share: number): void {
  const { width, height } = context.canvas;
  const scale = Math.min((height * share) / figure.height, (width * 0.94) / figure.width);
  const [wide, tall] = [figure.width * scale, figure.height * scale];
  context.imageSmoothingQuality = 'high';
  context.drawImage(figure, (width - wide) / 2, height - tall, wide, tall);
}
