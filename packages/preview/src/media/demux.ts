import { open } from 'node:fs/promises';
import { av, CodecError, checked, constants } from './av.ts';
import { BadMedia } from './bad-media.ts';
import { type Sniffed, sniff } from './sniff.ts';

/** A clip or recording that has been opened. Every function that takes one leaves the closing to its opener. */
export type OpenMedia = {
  readonly sniffed: Sniffed;
  readonly format: av.FormatContext;
  /** The first moving picture; a cover picture in a sound file is none. */
  readonly video: av.Stream | undefined;
  readonly audio: av.Stream | undefined;
  readonly close: () => Promise<void>;
};

/** Larger frames than 8K are nobody's clip. */
const MAX_FRAME_PIXELS = 8192 * 4608;
const MAX_STREAMS = 32;
const HEAD_BYTES = 4096;

/** Reads the first bytes of a file. @throws {BadMedia} for an empty file or one of no known format. */
export async function sniffFile(path: string): Promise<{ sniffed: Sniffed; sizeBytes: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size === 0) throw new BadMedia('The file is empty.');
    const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
    await file.read(head, 0, head.length, 0);
    const sniffed = sniff(head);
    if (sniffed === undefined) throw new BadMedia('The file is of no picture, video or audio format that can be read.');
    return { sniffed, sizeBytes: size };
  } finally {
    await file.close();
  }
}

/** Opens a clip or recording and finds its streams. @throws {BadMedia} */
export async function openMedia(path: string): Promise<OpenMedia> {
  const { sniffed } = await sniffFile(path);
  if (sniffed.demuxer === undefined) throw new BadMedia(`A ${sniffed.format} picture is neither video nor audio.`);
  const demuxer = av.InputFormat.findInputFormat(sniffed.demuxer);
  const format = new av.FormatContext();
  try {
    format.allocContext();
    format.maxStreams = MAX_STREAMS;
    checked(await format.openInput(path, demuxer), 'open the file');
    checked(await format.findStreamInfo(), 'read the file');
    const { video, audio } = pickStreams(format);
    if (video === undefined && audio === undefined) throw new BadMedia('The file holds neither pictures nor sound.');
    return { sniffed, format, video, audio, close: () => format.closeInput() };
  } catch (error) {
    await format.closeInput().catch(() => {});
    throw toBadMedia(error, sniffed.format);
  }
}

function pickStreams(format: av.FormatContext): Pick<OpenMedia, 'video' | 'audio'> {
  const isCover = (stream: av.Stream): boolean => stream.hasDisposition(constants.AV_DISPOSITION_ATTACHED_PIC);
  const video = format.streams.find(
    (stream) => stream.codecpar.codecType === constants.AVMEDIA_TYPE_VIDEO && !isCover(stream),
  );
  const audio = format.streams.find((stream) => stream.codecpar.codecType === constants.AVMEDIA_TYPE_AUDIO);
  if (video !== undefined) {
    const { width, height } = video.codecpar;
    if (width < 1 || height < 1) throw new BadMedia('The pictures of the clip have no size.');
    if (width * height > MAX_FRAME_PIXELS)
      throw new BadMedia(`The pictures of the clip are too large: ${width}x${height}.`);
  }
  for (const stream of format.streams) {
    // Nobody reads the others, so the demuxer need not hand them out.
    if (stream.index !== video?.index && stream.index !== audio?.index) stream.discard = constants.AVDISCARD_ALL;
  }
  return { video, audio };
}

/** A codec's complaint, said to the caller; any other error stays what it is. */
export function toBadMedia(error: unknown, format: string): unknown {
  if (!(error instanceof CodecError)) return error;
  return new BadMedia(`The file cannot be read as ${format}: it is damaged, cut off or something else.`, {
    cause: error,
  });
}

/** A decoder for a stream, opened. The caller frees it. @throws {CodecError} */
export async function openDecoder(stream: av.Stream): Promise<av.CodecContext> {
  const decoder = av.Codec.findDecoder(stream.codecpar.codecId);
  if (decoder === null) throw new CodecError(constants.AVERROR_DECODER_NOT_FOUND, 'find a decoder');
  const codec = new av.CodecContext();
  codec.allocContext3(decoder);
  checked(codec.parametersToContext(stream.codecpar), 'prepare a decoder');
  codec.pktTimebase = stream.timeBase;
  codec.threadCount = 2;
  codec.setOption('max_pixels', String(MAX_FRAME_PIXELS));
  checked(await codec.open2(decoder), 'open a decoder');
  return codec;
}

/** Turns a stream's time into milliseconds from the beginning of the file. */
export function toMs(stream: av.Stream, time: bigint): number {
  return (Number(time) * stream.timeBase.num * 1000) / stream.timeBase.den;
}

/** Degrees clockwise, 0, 90, 180 or 270, by which the pictures must be turned to stand upright. */
export function rotationOf(stream: av.Stream): number {
  const matrix = stream.codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix === null || matrix.length < 36) return 0;
  // The first row of a 3x3 matrix of 16.16 numbers: cosine and sine of the turn.
  const degrees = (Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180) / Math.PI;
  return (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
}

/** The sides as shown: pixels that are not square widened, then turned. */
export function shownSides(stream: av.Stream): { widthPx: number; heightPx: number } {
  const { width, height, sampleAspectRatio } = stream.codecpar;
  const isOdd =
    sampleAspectRatio.num > 0 && sampleAspectRatio.den > 0 && sampleAspectRatio.num !== sampleAspectRatio.den;
  const wide = isOdd ? Math.round((width * sampleAspectRatio.num) / sampleAspectRatio.den) : width;
  return rotationOf(stream) % 180 === 0 ? { widthPx: wide, heightPx: height } : { widthPx: height, heightPx: wide };
}
