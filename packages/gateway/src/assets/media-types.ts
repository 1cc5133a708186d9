import type { MediaKind } from '@reelay/catalog';

/** The formats that count as media, by their usual extension. Whatever else is uploaded is a file. */
export const MEDIA_FORMATS: Readonly<Record<string, { readonly kind: MediaKind; readonly mediaType: string }>> = {
  jpg: { kind: 'image', mediaType: 'image/jpeg' },
  png: { kind: 'image', mediaType: 'image/png' },
  gif: { kind: 'image', mediaType: 'image/gif' },
  webp: { kind: 'image', mediaType: 'image/webp' },
  avif: { kind: 'image', mediaType: 'image/avif' },
  heic: { kind: 'image', mediaType: 'image/heic' },
  tiff: { kind: 'image', mediaType: 'image/tiff' },
  bmp: { kind: 'image', mediaType: 'image/bmp' },
  mp4: { kind: 'video', mediaType: 'video/mp4' },
  m4v: { kind: 'video', mediaType: 'video/mp4' },
  mov: { kind: 'video', mediaType: 'video/quicktime' },
  webm: { kind: 'video', mediaType: 'video/webm' },
  mkv: { kind: 'video', mediaType: 'video/matroska' },
  avi: { kind: 'video', mediaType: 'video/vnd.avi' },
  '3gp': { kind: 'video', mediaType: 'video/3gpp' },
  flv: { kind: 'video', mediaType: 'video/x-flv' },
  wmv: { kind: 'video', mediaType: 'video/x-ms-wmv' },
  mpg: { kind: 'video', mediaType: 'video/mpeg' },
  ts: { kind: 'video', mediaType: 'video/mp2t' },
  mp3: { kind: 'audio', mediaType: 'audio/mpeg' },
  m4a: { kind: 'audio', mediaType: 'audio/mp4' },
  wav: { kind: 'audio', mediaType: 'audio/wav' },
  flac: { kind: 'audio', mediaType: 'audio/flac' },
  ogg: { kind: 'audio', mediaType: 'audio/ogg' },
  aac: { kind: 'audio', mediaType: 'audio/aac' },
  amr: { kind: 'audio', mediaType: 'audio/amr' },
  aiff: { kind: 'audio', mediaType: 'audio/aiff' },
};

/** Names that the sniffing library has for formats of the table above. */
const SAME_FORMAT: Readonly<Record<string, string>> = {
  apng: 'png',
  tif: 'tiff',
  qt: 'mov',
  '3g2': '3gp',
  asf: 'wmv',
  mts: 'ts',
  oga: 'ogg',
  ogv: 'ogg',
  opus: 'ogg',
  spx: 'ogg',
  m4b: 'm4a',
  aif: 'aiff',
};
export const toFormat = (extension: string): string => SAME_FORMAT[extension] ?? extension;

/** Types that are text and nothing more, by the extension of the declared name. */
const PLAIN_TEXT = new Set(['txt', 'md', 'csv', 'srt', 'vtt', 'log', 'json', 'yaml', 'yml', 'toml']);

/** How a file that is no media is served. What a browser could run (HTML, SVG, scripts, XML) has no type of its own,
 *  whoever sends it and whatever it is called. */
export function plainTypeOf(extension: string, sniffed: string | undefined): string {
  if (sniffed === undefined) return PLAIN_TEXT.has(extension) ? 'text/plain' : 'application/octet-stream';
  const isInert = /^(?:model\/|application\/(?:zip|pdf|gzip|x-tar|x-7z-compressed|x-rar-compressed)$)/.test(sniffed);
  return isInert ? sniffed : 'application/octet-stream';
}
