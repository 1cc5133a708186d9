import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

export type Pixels = { readonly w: number; readonly h: number; readonly data: Uint8ClampedArray };

/** A small copy of a frame that is worked on pixel by pixel and laid back over it. The canvases are used again for each
 *  frame. */
export type Small = {
  /** The frame as it is drawn now, softened by this many small pixels; 0 for none. */
  read(ctx: SKRSContext2D, soften: number): Pixels;
  /** Covers the frame with the pixels, enlarged. */
  lay(ctx: SKRSContext2D, pixels: Pixels, smooth: boolean): void;
};

/** @param longSide of the copy, in pixels; never more than the frame's own. */
export function createSmall(longSide: number): Small {
  let canvas: Canvas | undefined;
  let soft: Canvas | undefined;
  const read = (ctx: SKRSContext2D, soften: number): Pixels => {
    const { width, height } = ctx.canvas;
    const factor = Math.min(1, longSide / Math.max(width, height));
    const [w, h] = [Math.max(2, Math.round(width * factor)), Math.max(2, Math.round(height * factor))];
    if (canvas?.width !== w || canvas.height !== h) canvas = createCanvas(w, h);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'medium';
    context.drawImage(ctx.canvas, 0, 0, w, h);
    if (soften > 0) {
      const [sw, sh] = [Math.max(2, Math.round(w / soften)), Math.max(2, Math.round(h / soften))];
      if (soft?.width !== sw || soft.height !== sh) soft = createCanvas(sw, sh);
      // Twice smaller and back is a blur at a tenth of the price of one.
      soft.getContext('2d').drawImage(canvas, 0, 0, sw, sh);
      context.drawImage(soft, 0, 0, w, h);
    }
    return { w, h, data: context.getImageData(0, 0, w, h).data };
  };
  const lay = (ctx: SKRSContext2D, { w, h, data }: Pixels, smooth: boolean): void => {
    if (canvas?.width !== w || canvas.height !== h) canvas = createCanvas(w, h);
    const image = canvas.getContext('2d').createImageData(w, h);
    image.data.set(data);
    canvas.getContext('2d').putImageData(image, 0, 0);
    ctx.save();
    ctx.globalAlpha = 1;
    ctx.globalCompositeOperation = 'source-over';
    ctx.imageSmoothingEnabled = smooth;
    ctx.imageSmoothingQuality = 'medium';
    ctx.drawImage(canvas, 0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.restore();
  };
  return { read, lay };
}

/** BT.709 brightness of each pixel. */
export function lumaOf({ w, h, data }: Pixels): Float32Array {
  const luma = new Float32Array(w * h);
  for (let at = 0; at < luma.length; at += 1) {
    luma[at] = 0.2126 * (data[at * 4] ?? 0) + 0.7152 * (data[at * 4 + 1] ?? 0) + 0.0722 * (data[at * 4 + 2] ?? 0);
  }
  return luma;
}

/** Repeats a tile over the whole frame. */
export function layTile(
  ctx: SKRSContext2D,
  tile: Canvas,
  mode: 'multiply' | 'hard-light' | 'overlay',
  alpha = 1,
): void {
  const pattern = ctx.createPattern(tile, 'repeat');
  if (pattern === null) return;
  ctx.save();
  ctx.globalCompositeOperation = mode;
  ctx.globalAlpha = alpha;
  ctx.fillStyle = pattern;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
}
