import { av, CodecError, checked, constants } from './av.ts';

/** A file being written. */
export type OutputFile = {
  readonly format: av.FormatContext;
  /** Writes what is still held back and closes the file. @throws {CodecError} */
  readonly finish: () => Promise<void>;
};

/** One stream of a file and the encoder that feeds it. */
export type Track = { readonly stream: av.Stream; readonly codec: av.CodecContext; readonly packet: av.Packet };

const TITLE = 'Reelay preview';

/** Creates a file that says what it is and nothing of when or by which version it was written. Tracks are added
 *  next, then `begin` is called. @throws {CodecError} */
export function createFile(p: { path: string; container: 'mp4' | 'mp3'; comment: string }): OutputFile {
  const format = new av.FormatContext();
  checked(format.allocOutputContext2(null, p.container, p.path), 'open the container');
  // No dates and no library versions in the file: the same request gives the same bytes.
  format.setFlags(constants.AVFMT_FLAG_BITEXACT);
  checked(format.openOutputSync(), 'create the file');
  format.metadata = av.Dictionary.fromObject({ title: TITLE, comment: p.comment });
  const finish = async (): Promise<void> => {
    checked(await format.writeTrailer(), 'finish the file');
    await format.closeOutput();
    format.freeContext();
  };
  return { format, finish };
}

/** Writes the header, once all tracks are there. @throws {CodecError} */
export function begin({ format }: OutputFile, options: Readonly<Record<string, string>>): void {
  setOptions(format, options);
  checked(format.writeHeaderSync(), 'start the file');
}

/** Options are set one by one: a dictionary handed to the library is freed twice and the process dies at its end. */
function setOptions(on: av.CodecContext | av.FormatContext, options: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options)) checked(on.setOption(name, value), `set ${name}`);
}

type EncoderName = Parameters<typeof av.Codec.findEncoderByName>[0];

/** Opens an encoder and adds its stream to the file. `configure` sets size, rate and format.
 *  @throws {CodecError} */
export function addTrack(
  { format }: OutputFile,
  p: { encoder: EncoderName; options: Readonly<Record<string, string>>; configure: (codec: av.CodecContext) => void },
): Track {
  const encoder = av.Codec.findEncoderByName(p.encoder);
  if (encoder === null) throw new CodecError(constants.AVERROR_ENCODER_NOT_FOUND, p.encoder);
  const codec = new av.CodecContext();
  codec.allocContext3(encoder);
  codec.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER, constants.AV_CODEC_FLAG_BITEXACT);
  p.configure(codec);
  setOptions(codec, p.options);
  checked(codec.open2Sync(encoder), `open ${p.encoder}`);
  const stream = format.newStream();
  checked(stream.codecpar.fromContext(codec), 'describe a track');
  stream.timeBase = codec.timeBase;
  if (codec.codecType === constants.AVMEDIA_TYPE_VIDEO) stream.avgFrameRate = codec.framerate;
  const packet = new av.Packet();
  packet.alloc();
  return { stream, codec, packet };
}

/** Compresses a picture or a stretch of sound, null for the end, and writes whatever is ready. @throws {CodecError} */
export function writeFrame({ format }: OutputFile, track: Track, frame: av.Frame | null): void {
  const { codec, stream, packet } = track;
  checked(codec.sendFrameSync(frame), 'compress');
  while (codec.receivePacketSync(packet) >= 0) {
    packet.rescaleTs(codec.timeBase, stream.timeBase);
    if (packet.duration === 0n && codec.codecType === constants.AVMEDIA_TYPE_VIDEO) {
      // The encoder leaves it to the next picture to tell; the last one has no next.
      packet.duration = BigInt(Math.round((stream.timeBase.den * codec.timeBase.num) / codec.timeBase.den));
    }
    packet.streamIndex = stream.index;
    checked(format.interleavedWriteFrameSync(packet), 'write to the file');
  }
  if (frame === null) {
    packet.free();
    codec.freeContext();
  }
}
