import { join } from 'node:path';
import type { Sharp } from 'sharp';
import type { RenderedFile } from '../contract.ts';
import { paintMark } from '../drawing/index.ts';
import type { Sides } from '../geometry/sizes.ts';
import type { Encoding, PictureFormat } from '../picture-form/lines.ts';

const FILES: Readonly<Record<PictureFormat, { mediaType: string; extension: string }>> = {
  png: { mediaType: 'image/png', extension: 'png' },
  jpeg: { mediaType: 'image/jpeg', extension: 'jpg' },
  webp: { mediaType: 'image/webp', extension: 'webp' },
};

/** Higher levels take longer and save 3 %: drawn grain does not pack. */
const PNG_LEVEL = 4;

/** Marks a picture as a preview, in its corner and in its metadata, and writes it.
 *  @param picture of exactly `sides`, as a pipeline that has not run yet: large pictures never lie in memory whole. */
export async function writeStill(
  picture: Sharp,
  p: {
    outputDir: string;
    name: string;
    sides: Sides;
    encoding: Encoding;
    hasAlpha: boolean;
    comment: string;
  },
): Promise<RenderedFile> {
  const { mediaType, extension } = FILES[p.encoding.format];
  const path = join(p.outputDir, `${p.name}.${extension}`);
  const { canvas, left, top } = paintMark(p.sides.widthPx, p.sides.heightPx);
  const input = await canvas.encode('png');
  const marked = picture
    .composite([{ input, left, top }])
    .withExif({ IFD0: { ImageDescription: p.comment, Software: 'Reelay preview' } });
  // Laying the mark on makes any picture one with alpha, which twice as many bytes say nothing with.
  await encoded(p.hasAlpha ? marked : marked.removeAlpha(), p.encoding).toFile(path);
  return { path, mediaType, extension };
}

function encoded(picture: Sharp, { format, isLossless, quality }: Encoding): Sharp {
  switch (format) {
    case 'png':
      return picture.png({ compressionLevel: PNG_LEVEL });
    case 'jpeg':
      return picture.jpeg({ quality, chromaSubsampling: '4:4:4' });
    case 'webp':
      // The least effort: the usual one takes seconds for a picture of 16 million pixels.
      return picture.webp({ lossless: isLossless, quality, effort: isLossless ? 0 : 2 });
  }
}
