import { BadMedia } from './bad-media.ts';

/** What a walk through a picture file's parts finds, before anything is decoded. */
export type PictureParts = { readonly widthPx: number; readonly heightPx: number; readonly isWhole: boolean };

/** Reads the sides of a picture and whether its file goes on to the end it should have: decoders paint a cut-off file
 *  half grey and say nothing. Undefined: the format is not one of jpg, png, gif, webp, bmp.
 *  @throws {BadMedia} when the parts do not follow each other as they must. */
export function readPictureParts(bytes: Buffer, format: string): PictureParts | undefined {
  const read = READERS[format];
  if (read === undefined) return undefined;
  try {
    return read(bytes);
  } catch (error) {
    // A read past the end of the buffer: the file stops in the middle of a header.
    if (error instanceof RangeError) throw new BadMedia(`The ${format} picture is cut off in its header.`);
    throw error;
  }
}

const READERS: Readonly<Record<string, (bytes: Buffer) => PictureParts>> = {
  jpg: readJpeg,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  bmp: readBmp,
};

function readJpeg(bytes: Buffer): PictureParts {
  let sides: { widthPx: number; heightPx: number } | undefined;
  let at = 2;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) {
      at += 1; // Compressed data, or padding between segments.
      continue;
    }
    const marker = bytes[at + 1] ?? 0;
    // A zero is a stuffed 0xff, D0 to D7 are restarts within the data, 0xff is padding: none has a length.
    if (marker === 0 || (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01) at += 2;
    else if (marker === 0xff) at += 1;
    else if (marker === 0xd9) break;
    else {
      const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
      if (isFrame) sides ??= { heightPx: bytes.readUInt16BE(at + 5), widthPx: bytes.readUInt16BE(at + 7) };
      at += 2 + bytes.readUInt16BE(at + 2);
    }
  }
  if (sides === undefined) throw new BadMedia('The jpg picture has no frame.');
  return { ...sides, isWhole: at < bytes.length };
}

function readPng(bytes: Buffer): PictureParts {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR')
    throw new BadMedia('The png picture does not begin with its header.');
  const sides = { widthPx: bytes.readUInt32BE(16), heightPx: bytes.readUInt32BE(20) };
  let at = 8;
  while (at + 12 <= bytes.length) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IEND') return { ...sides, isWhole: true };
    at += 12 + bytes.readUInt32BE(at);
  }
  return { ...sides, isWhole: false };
}

function readGif(bytes: Buffer): PictureParts {
  const sides = { widthPx: bytes.readUInt16LE(6), heightPx: bytes.readUInt16LE(8) };
  const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + tableBytes(bytes.readUInt8(10));
  while (at < bytes.length) {
    const block = bytes[at];
    if (block === 0x3b) return { ...sides, isWhole: true };
    if (block === 0x2c) {
      if (at + 10 > bytes.length) break;
      at = skipGifBlocks(bytes, at + 11 + tableBytes(bytes.readUInt8(at + 9)));
    } else if (block === 0x21) at = skipGifBlocks(bytes, at + 2);
    else throw new BadMedia('The gif picture holds something that is no part of a gif.');
  }
  return { ...sides, isWhole: false };
}

function skipGifBlocks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) at += 1 + (bytes[at] ?? 0);
  return at + 1;
}

function readWebp(bytes: Buffer): PictureParts {
  const isWhole = bytes.length >= bytes.readUInt32LE(4) + 8;
  const sides = (widthPx: number, heightPx: number): PictureParts => ({ widthPx, heightPx, isWhole });
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return sides(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return sides((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
    }
    case 'VP8 ':
      return sides(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
    default:
      throw new BadMedia('The webp picture has no image in it.');
  }
}

function readBmp(bytes: Buffer): PictureParts {
  const isOld = bytes.readUInt32LE(14) === 12;
  const widthPx = isOld ? bytes.readUInt16LE(18) : Math.abs(bytes.readInt32LE(18));
  const heightPx = isOld ? bytes.readUInt16LE(20) : Math.abs(bytes.readInt32LE(22));
  const declaredBytes = bytes.readUInt32LE(2);
  return { widthPx, heightPx, isWhole: declaredBytes === 0 || bytes.length >= declaredBytes };
}
