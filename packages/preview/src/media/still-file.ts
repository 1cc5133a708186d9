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
  const marked = described(picture.composite([{ input, left, top }]), p.encoding.format, p.comment);
  // Laying the mark on makes any picture one with alpha, which twice as many bytes say nothing with.
  await encoded(p.hasAlpha ? marked : marked.removeAlpha(), p.encoding).toFile(path);
  return { path, mediaType, extension };
}

/** EXIF, which viewers show; in a WebP the library writes it with a prefix that strict readers refuse, and XMP well. */
function described(picture: Sharp, format: PictureFormat, comment: string): Sharp {
  if (format === 'webp') return picture.withXmp(toXmp(comment));
  return picture.withExif({ IFD0: { ImageDescription: comment, Software: 'Reelay preview' } });
}

function toXmp(comment: string): string {
  const text = comment.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return [
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
    ' xmp:CreatorTool="Reelay preview"><dc:description><rdf:Alt>',
    `<rdf:li xml:lang="x-default">${text}</rdf:li>`,
    '</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>',
  ].join('');
}

function encoded(picture: Sharp, { format, isLossless, quality }: Encoding): Sharp {
  switch (format) {
    case 'png':
      return picture.png({ compressionLevel: PNG_LEVEL });
    case 'jpeg':
      // The best Huffman tables are found only when the whole picture lies in memory, six bytes a pixel.
      return picture.jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding: false });
    case 'webp':
      // The least effort: the usual one takes seconds for a picture of 16 million pixels.
      return picture.webp({ lossless: isLossless, quality, effort: isLossless ? 0 : 2 });
  }
}
