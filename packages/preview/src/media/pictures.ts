import { readFile } from 'node:fs/promises';
import { createCanvas, type Image, loadImage } from '@napi-rs/canvas';
import { BadMedia } from './bad-media.ts';
import { readPictureParts } from './picture-file.ts';
import { sniff } from './sniff.ts';

/** 100 million pixels are 400 MB once decoded; a child may have 1 536. */
const MAX_PIXELS = 100_000_000;

/** Reads a picture, turned the way its camera was held.
 *  @throws {BadMedia} for what is not a whole picture or is too large to decode. */
export async function loadPicture(path: string): Promise<Image> {
  const bytes = await readFile(path);
  const sniffed = sniff(bytes.subarray(0, 4096));
  if (sniffed?.kind !== 'image') throw new BadMedia('The file is not a picture.');
  return decodePicture(bytes, sniffed.format);
}

/** The same for bytes whose format is known. */
export async function decodePicture(bytes: Buffer, format: string): Promise<Image> {
  const parts = readPictureParts(bytes, format);
  if (parts !== undefined) {
    if (parts.widthPx * parts.heightPx > MAX_PIXELS) {
      throw new BadMedia(
        `The picture has ${parts.widthPx}x${parts.heightPx} pixels, more than ${MAX_PIXELS / 1e6} million.`,
      );
    }
    if (!parts.isWhole) throw new BadMedia(`The ${format} picture is cut off: its end is missing.`);
  }
  try {
    const image = await loadImage(format === 'tiff' ? await toPng(bytes) : bytes);
    if (image.width < 1 || image.height < 1) throw new BadMedia('The picture has no pixels.');
    if (image.width * image.height > MAX_PIXELS) throw new BadMedia('The picture has too many pixels.');
    // Decoding waits for the first use; better to fail here than in the middle of a drawing.
    createCanvas(1, 1).getContext('2d').drawImage(image, 0, 0, 1, 1);
    return image;
  } catch (error) {
    if (error instanceof BadMedia) throw error;
    throw new BadMedia(`The file cannot be read as a ${format} picture.`, { cause: error });
  }
}

/** The canvas does not read TIFF, which few endpoints take. */
async function toPng(bytes: Buffer): Promise<Buffer> {
  const { sharp } = await import('./sharp.ts');
  return sharp(bytes, { limitInputPixels: MAX_PIXELS }).autoOrient().png({ compressionLevel: 1 }).toBuffer();
}
