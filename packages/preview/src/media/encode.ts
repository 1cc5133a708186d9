import { av, CodecError, checked, constants } from './av.ts';
import { type Pcm, SAMPLES_PER_SECOND } from './pcm.ts';

/** One picture after another, as the encoder takes them. */
export type Pictures = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The pixels of picture `index`: RGBA, opaque, no padding. The buffer is the encoder's from then on. */
  readonly draw: (index: number) => Buffer | Promise<Buffer>;
};

export type Clip = {
  readonly path: string;
  /** Even; the pictures are scaled to it. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly frameCount: number;
  readonly pictures: Pictures;
  /** Cut or filled with silence to the length of the pictures. Absent: the file has no sound track. */
  readonly sound?: Pcm;
  /** What the file says of itself beside its title. */
  readonly comment: string;
  readonly onProgress?: (fraction: number) => void;
};

/** Milliseconds of wall time spent in each stage, for measurement. */
export type EncodeTimings = { drawMs: number; scaleMs: number; encodeMs: number; soundMs: number; finishMs: number };

const TITLE = 'Reelay preview';
const AAC_FRAME = 1024;
/** Always the same number, because x264 decides differently with a different one and the same request must give the
 *  same bytes on every machine. Two, beside the thread that draws. */
const ENCODER_THREADS = 2;

type Track = { readonly stream: av.Stream; readonly codec: av.CodecContext; readonly packet: av.Packet };

/** Draws and encodes a clip: H.264 High 4:2:0 BT.709 and AAC in an MP4 whose index stands in front.
 *  Drawing, colour conversion and compression of neighbouring pictures overlap.
 *  @throws {CodecError} */
export async function encodeClip(clip: Clip): Promise<EncodeTimings> {
  const timings: EncodeTimings = { drawMs: 0, scaleMs: 0, encodeMs: 0, soundMs: 0, finishMs: 0 };
  const format = openOutput(clip);
  const video = openVideo(format, clip);
  const audio = clip.sound === undefined ? undefined : openAudio(format, clip.sound, clip);
  format.metadata = av.Dictionary.fromObject({ title: TITLE, comment: clip.comment });
  setOptions(format, { movflags: '+faststart' });
  checked(format.writeHeaderSync(), 'start the file');
  await encodePictures(clip, { format, video, audio, timings });
  const at = performance.now();
  audio?.writeUntil(Number.POSITIVE_INFINITY);
  audio?.end();
  checked(await format.writeTrailer(), 'finish the file');
  await format.closeOutput();
  for (const context of [video.codec, audio?.track.codec]) context?.freeContext();
  format.freeContext();
  timings.finishMs += performance.now() - at;
  return timings;
}

function openOutput(clip: Clip): av.FormatContext {
  const format = new av.FormatContext();
  checked(format.allocOutputContext2(null, 'mp4', clip.path), 'open the container');
  // No dates and no library versions in the file.
  format.setFlags(constants.AVFMT_FLAG_BITEXACT);
  checked(format.openOutputSync(), 'create the file');
  return format;
}

function openVideo(format: av.FormatContext, clip: Clip): Track {
  const codec = new av.CodecContext();
  const encoder = requireEncoder('libx264');
  codec.allocContext3(encoder);
  codec.width = clip.widthPx;
  codec.height = clip.heightPx;
  codec.pixelFormat = constants.AV_PIX_FMT_YUV420P;
  codec.timeBase = new av.Rational(1, clip.fps);
  codec.framerate = new av.Rational(clip.fps, 1);
  codec.sampleAspectRatio = new av.Rational(1, 1);
  codec.gopSize = clip.fps * 2;
  codec.colorRange = constants.AVCOL_RANGE_MPEG;
  codec.colorSpace = constants.AVCOL_SPC_BT709;
  codec.colorPrimaries = constants.AVCOL_PRI_BT709;
  codec.colorTrc = constants.AVCOL_TRC_BT709;
  codec.threadCount = ENCODER_THREADS;
  codec.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER, constants.AV_CODEC_FLAG_BITEXACT);
  codec.profile = constants.AV_PROFILE_H264_HIGH;
  // Measured on 12 s of 720x1280: half the work of `superfast` and a smaller file than it, once the entropy coder and
  // transform that High allows are on again; deblocking and adaptive quantisation keep skies free of blocks.
  setOptions(codec, {
    preset: 'ultrafast',
    crf: '21',
    'x264-params': '8x8dct=1:cabac=1:aq-mode=1:no-deblock=0',
  });
  return openTrack(format, { codec, encoder });
}

/** Options are set one by one: a dictionary handed to the library is freed twice and the process dies at its end. */
function setOptions(on: av.CodecContext | av.FormatContext, options: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options)) checked(on.setOption(name, value), `set ${name}`);
}

function openTrack(format: av.FormatContext, p: { codec: av.CodecContext; encoder: av.Codec }): Track {
  checked(p.codec.open2Sync(p.encoder), `open ${p.encoder.name}`);
  const stream = format.newStream();
  checked(stream.codecpar.fromContext(p.codec), 'describe a track');
  stream.timeBase = p.codec.timeBase;
  if (p.codec.codecType === constants.AVMEDIA_TYPE_VIDEO) stream.avgFrameRate = p.codec.framerate;
  const packet = new av.Packet();
  packet.alloc();
  return { stream, codec: p.codec, packet };
}

function requireEncoder(name: Parameters<typeof av.Codec.findEncoderByName>[0]): av.Codec {
  const encoder = av.Codec.findEncoderByName(name);
  if (encoder === null) throw new CodecError(constants.AVERROR_ENCODER_NOT_FOUND, name);
  return encoder;
}

type Output = {
  readonly format: av.FormatContext;
  readonly video: Track;
  readonly audio: SoundTrack | undefined;
  readonly timings: EncodeTimings;
};

async function encodePictures(clip: Clip, { format, video, audio, timings }: Output): Promise<void> {
  const scaler = new av.SoftwareScaleContext();
  scaler.allocContext();
  scaler.setOption('sws_flags', 'bicubic');
  const source = createPicture(clip.pictures, 'rgba');
  // Two, because the encoder may still look at the one while the other is filled.
  const targets = [createPicture(clip, 'yuv420p'), createPicture(clip, 'yuv420p')];
  let scaling: Promise<av.Frame> | undefined;
  let taken: Buffer | undefined;
  const finish = async (): Promise<void> => {
    if (scaling === undefined) return;
    const at = performance.now();
    const frame = await scaling;
    const scaledAt = performance.now();
    timings.scaleMs += scaledAt - at;
    checked(video.codec.sendFrameSync(frame), 'compress a picture');
    drain(format, video);
    timings.encodeMs += performance.now() - scaledAt;
  };
  for (let index = 0; index < clip.frameCount; index += 1) {
    const drawAt = performance.now();
    const pixels = await clip.pictures.draw(index);
    timings.drawMs += performance.now() - drawAt;
    await finish();
    // The frame points into the buffer, it does not copy: the buffer before it is free only now.
    checked(source.fromBuffer(pixels), 'take a picture');
    if (taken !== undefined) release(taken);
    taken = pixels;
    const target = targets[index % 2];
    if (target === undefined) throw new Error('there are two targets');
    checked(target.makeWritable(), 'reuse a picture');
    target.pts = BigInt(index);
    scaling = scaler.scaleFrame(target, source).then((result) => {
      checked(result, 'convert a picture');
      return target;
    });
    const soundAt = performance.now();
    audio?.writeUntil((index + 1) / clip.fps);
    timings.soundMs += performance.now() - soundAt;
    clip.onProgress?.((index + 1) / clip.frameCount);
  }
  await finish();
  const at = performance.now();
  checked(video.codec.sendFrameSync(null), 'end the pictures');
  drain(format, video);
  timings.finishMs += performance.now() - at;
  for (const frame of [source, ...targets]) frame.free();
  scaler.freeContext();
}

/** A canvas hands out a fresh copy of its pixels each time, 4 MB at 720p, and the garbage collector sees only a small
 *  wrapper. Detaching gives the memory back at once: 80 MB resident instead of 300, and no page faults. */
function release(pixels: Buffer): void {
  const { buffer } = pixels;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === pixels.byteLength) buffer.transfer(0);
}

function createPicture(size: { widthPx: number; heightPx: number }, format: 'rgba' | 'yuv420p'): av.Frame {
  const frame = new av.Frame();
  frame.alloc();
  frame.width = size.widthPx;
  frame.height = size.heightPx;
  frame.format = format === 'rgba' ? constants.AV_PIX_FMT_RGBA : constants.AV_PIX_FMT_YUV420P;
  // The scaler converts between what the two frames say they are; unsaid, it would take BT.601.
  frame.colorSpace = format === 'rgba' ? constants.AVCOL_SPC_RGB : constants.AVCOL_SPC_BT709;
  frame.colorRange = format === 'rgba' ? constants.AVCOL_RANGE_JPEG : constants.AVCOL_RANGE_MPEG;
  frame.colorPrimaries = constants.AVCOL_PRI_BT709;
  frame.colorTrc = constants.AVCOL_TRC_BT709;
  checked(frame.getBuffer(0), 'allocate a picture');
  return frame;
}

function drain(format: av.FormatContext, track: Track): void {
  while (track.codec.receivePacketSync(track.packet) >= 0) {
    const { packet } = track;
    packet.rescaleTs(track.codec.timeBase, track.stream.timeBase);
    if (packet.duration === 0n && track.codec.codecType === constants.AVMEDIA_TYPE_VIDEO) {
      packet.duration = BigInt(
        Math.round((track.stream.timeBase.den * track.codec.timeBase.num) / track.codec.timeBase.den),
      );
    }
    packet.streamIndex = track.stream.index;
    checked(format.interleavedWriteFrameSync(packet), 'write to the file');
  }
}

type SoundTrack = { readonly track: Track; writeUntil(seconds: number): void; end(): void };

function openAudio(format: av.FormatContext, pcm: Pcm, clip: Clip): SoundTrack {
  const codec = new av.CodecContext();
  const encoder = requireEncoder('aac');
  codec.allocContext3(encoder);
  codec.sampleRate = SAMPLES_PER_SECOND;
  codec.sampleFormat = constants.AV_SAMPLE_FMT_FLTP;
  codec.channelLayout = constants.AV_CHANNEL_LAYOUT_STEREO;
  codec.bitRate = 160_000n;
  codec.timeBase = new av.Rational(1, SAMPLES_PER_SECOND);
  codec.profile = constants.AV_PROFILE_AAC_LOW;
  codec.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER, constants.AV_CODEC_FLAG_BITEXACT);
  const track = openTrack(format, { codec, encoder });
  const total = Math.round((clip.frameCount / clip.fps) * SAMPLES_PER_SECOND);
  let at = 0;
  const writeUntil = (seconds: number): void => {
    const until = Math.min(total, seconds * SAMPLES_PER_SECOND);
    while (at < until && (at + AAC_FRAME <= until || until === total)) {
      const count = Math.min(AAC_FRAME, total - at);
      const frame = toAudioFrame(pcm, { at, count });
      checked(codec.sendFrameSync(frame), 'compress sound');
      frame.free();
      drain(format, track);
      at += count;
    }
  };
  const end = (): void => {
    checked(codec.sendFrameSync(null), 'end the sound');
    drain(format, track);
  };
  return { track, writeUntil, end };
}

function toAudioFrame(pcm: Pcm, p: { at: number; count: number }): av.Frame {
  const samples = new Float32Array(p.count * 2);
  samples.set(pcm.left.subarray(p.at, p.at + p.count));
  samples.set(pcm.right.subarray(p.at, p.at + p.count), p.count);
  return av.Frame.fromAudioBuffer(Buffer.from(samples.buffer), {
    nbSamples: p.count,
    format: constants.AV_SAMPLE_FMT_FLTP,
    sampleRate: SAMPLES_PER_SECOND,
    channelLayout: constants.AV_CHANNEL_LAYOUT_STEREO,
    timeBase: { num: 1, den: SAMPLES_PER_SECOND },
    pts: BigInt(p.at),
  });
}
