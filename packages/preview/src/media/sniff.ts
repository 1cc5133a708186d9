import type { MediaKind } from '@reelay/catalog';

/** What the first bytes of a file say it is. */
export type Sniffed = {
  /** A container such as MP4 may turn out to hold sound only; `inspect` looks inside. */
  readonly kind: MediaKind;
  /** The usual extension: `jpg`, `mov`, `m4a`. */
  readonly format: string;
  /** The one demuxer that may open it. Chosen here and never by the library, whose guess could also be a playlist,
   *  and playlists name other files. Absent for pictures. */
  readonly demuxer?: string;
};

const QUICKTIME_ATOMS = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
const BRANDS: Readonly<Record<string, Sniffed>> = {
  'qt  ': { kind: 'video', format: 'mov', demuxer: 'mov' },
  'M4A ': { kind: 'audio', format: 'm4a', demuxer: 'mov' },
  'M4B ': { kind: 'audio', format: 'm4a', demuxer: 'mov' },
  'M4V ': { kind: 'video', format: 'm4v', demuxer: 'mov' },
  avif: { kind: 'image', format: 'avif' },
  avis: { kind: 'image', format: 'avif' },
  heic: { kind: 'image', format: 'heic' },
  heix: { kind: 'image', format: 'heic' },
  mif1: { kind: 'image', format: 'heic' },
};

type Signature = { readonly at: number; readonly bytes: string; readonly is: Sniffed };
const SIGNATURES: readonly Signature[] = [
  { at: 0, bytes: '\xff\xd8\xff', is: { kind: 'image', format: 'jpg' } },
  { at: 0, bytes: '\x89PNG\r\n\x1a\n', is: { kind: 'image', format: 'png' } },
  { at: 0, bytes: 'GIF87a', is: { kind: 'image', format: 'gif' } },
  { at: 0, bytes: 'GIF89a', is: { kind: 'image', format: 'gif' } },
  { at: 0, bytes: 'II*\0', is: { kind: 'image', format: 'tiff' } },
  { at: 0, bytes: 'MM\0*', is: { kind: 'image', format: 'tiff' } },
  { at: 0, bytes: 'fLaC', is: { kind: 'audio', format: 'flac', demuxer: 'flac' } },
  { at: 0, bytes: 'OggS', is: { kind: 'audio', format: 'ogg', demuxer: 'ogg' } },
  { at: 0, bytes: '#!AMR', is: { kind: 'audio', format: 'amr', demuxer: 'amr' } },
  { at: 0, bytes: 'FLV\x01', is: { kind: 'video', format: 'flv', demuxer: 'flv' } },
  { at: 0, bytes: '\x30\x26\xb2\x75\x8e\x66\xcf\x11', is: { kind: 'video', format: 'wmv', demuxer: 'asf' } },
  { at: 0, bytes: '\0\0\x01\xba', is: { kind: 'video', format: 'mpg', demuxer: 'mpeg' } },
];
const RIFF: Readonly<Record<string, Sniffed>> = {
  WEBP: { kind: 'image', format: 'webp' },
  WAVE: { kind: 'audio', format: 'wav', demuxer: 'wav' },
  'AVI ': { kind: 'video', format: 'avi', demuxer: 'avi' },
};

/** Recognises a file by its first 4 096 bytes. Undefined: nothing we know. */
export function sniff(head: Buffer): Sniffed | undefined {
  const text = head.toString('latin1');
  const signature = SIGNATURES.find(({ at, bytes }) => text.startsWith(bytes, at));
  if (signature !== undefined) return signature.is;
  if (text.startsWith('RIFF') || text.startsWith('RF64')) return RIFF[text.slice(8, 12)];
  if (text.startsWith('FORM') && text.startsWith('AIF', 8)) return { kind: 'audio', format: 'aiff', demuxer: 'aiff' };
  if (text.startsWith('\x1a\x45\xdf\xa3')) return sniffMatroska(text);
  return sniffAtoms(text) ?? sniffBitmap(head) ?? sniffMpegAudio(head, text) ?? sniffTransportStream(head);
}

function sniffAtoms(text: string): Sniffed | undefined {
  const atom = text.slice(4, 8);
  if (atom !== 'ftyp') return QUICKTIME_ATOMS.has(atom) ? BRANDS['qt  '] : undefined;
  const brand = text.slice(8, 12);
  if (brand.startsWith('3g')) return { kind: 'video', format: '3gp', demuxer: 'mov' };
  return BRANDS[brand] ?? { kind: 'video', format: 'mp4', demuxer: 'mov' };
}

function sniffMatroska(text: string): Sniffed {
  const format = text.slice(0, 128).includes('webm') ? 'webm' : 'mkv';
  return { kind: 'video', format, demuxer: 'matroska' };
}

function sniffBitmap(head: Buffer): Sniffed | undefined {
  // Two letters alone would make bitmaps of many texts; the size of the second header is one of a few.
  const isBitmap = head.length > 18 && head.toString('latin1', 0, 2) === 'BM';
  return isBitmap && [12, 40, 52, 56, 108, 124].includes(head.readUInt32LE(14))
    ? { kind: 'image', format: 'bmp' }
    : undefined;
}

function sniffMpegAudio(head: Buffer, text: string): Sniffed | undefined {
  const mp3: Sniffed = { kind: 'audio', format: 'mp3', demuxer: 'mp3' };
  if (text.startsWith('ID3')) return mp3;
  if (head.length < 4 || head[0] !== 0xff) return undefined;
  const second = head[1] ?? 0;
  const third = head[2] ?? 0;
  // ADTS: twelve sync bits, layer 0, a sampling rate that exists.
  if ((second & 0xf6) === 0xf0)
    return ((third >> 2) & 0xf) < 13 ? { kind: 'audio', format: 'aac', demuxer: 'aac' } : undefined;
  // MPEG audio: eleven sync bits, then a version, layer, bit rate and sampling rate that are not the reserved ones.
  const isFrame = (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08 && (second & 0x06) === 0x02;
  return isFrame && third >> 4 !== 0xf && third >> 4 !== 0 && (third & 0x0c) !== 0x0c ? mp3 : undefined;
}

const TRANSPORT_PACKET = 188;
function sniffTransportStream(head: Buffer): Sniffed | undefined {
  const marks = [0, 1, 2, 3].map((packet) => head[packet * TRANSPORT_PACKET]);
  return marks.every((mark) => mark === 0x47) ? { kind: 'video', format: 'ts', demuxer: 'mpegts' } : undefined;
}
