import { av, checked, constants } from './av.ts';
import { addSoundTrack, type SoundTrack } from './encode-sound.ts';
import { addTrack, begin, createFile, type OutputFile, type Track, writeFrame } from './mux.ts';
import { type Pcm, SAMPLES_PER_SECOND } from './pcm.ts';

type PictureFormat = 'rgba' | 'yuv420p';

/** One picture after another, as the encoder takes them. */
type Pictures = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** `rgba`: opaque (the default). `yuv420p`: planes of a video, BT.709. Neither has padding. */
  readonly format?: PictureFormat;
  /** How they are brought to the clip's size; default `bicubic`. */
  readonly scaling?: 'bicubic' | 'lanczos';
  /** The pixels of picture `index`. The buffer is the encoder's from then on. */
  readonly draw: (index: number) => Buffer | Promise<Buffer>;
};

export type Clip = {
  readonly path: string;
  /** Even; the pictures are scaled to it. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Whole, or one of television's such as 29.97. */
  readonly fps: number;
  readonly frameCount: number;
  readonly pictures: Pictures;
  /** Cut or filled with silence to the length of the pictures. Absent: the file has no sound track. */
  readonly sound?: Pcm;
  /** What the file says of itself beside its title. */
  readonly comment: string;
  readonly onProgress?: (fraction: number) => void;
};

/** Milliseconds that the drawing thread spent in each stage, for measurement. `scaleMs` and `encodeMs` are what it
 *  waited; the work itself goes on beside the next drawing. */
export type EncodeTimings = { drawMs: number; scaleMs: number; encodeMs: number; soundMs: number; finishMs: number };

/** Always the same number, because x264 decides differently with a different one and the same request must give the
 *  same bytes on every machine. Two, beside the thread that draws. */
const ENCODER_THREADS = 2;
const SECONDS_BETWEEN_KEYFRAMES = 2;

/** Draws and encodes a clip: H.264 High 4:2:0 BT.709 and AAC in an MP4 whose index stands in front.
 *  Drawing, colour conversion and compression of neighbouring pictures overlap.
 *  @throws {CodecError} */
export async function encodeClip(clip: Clip): Promise<EncodeTimings> {
  const timings: EncodeTimings = { drawMs: 0, scaleMs: 0, encodeMs: 0, soundMs: 0, finishMs: 0 };
  const file = createFile({ path: clip.path, container: 'mp4', comment: clip.comment });
  const video = addTrack(file, {
    encoder: constants.FF_ENCODER_LIBX264,
    configure: (codec) => configureVideo(codec, clip),
    // Measured on 12 s of 720x1280: `superfast` takes twice the work for a larger file. The entropy coder and transform
    // that High allows are on again, and deblocking keeps skies free of blocks. Neither adaptive quantisation nor a lower
    // factor pays: they spend two thirds of the file, and a third of the time, on film grain.
    options: { preset: 'ultrafast', crf: '23', 'x264-params': '8x8dct=1:cabac=1:no-deblock=0' },
  });
  const sampleCount = Math.round((clip.frameCount / clip.fps) * SAMPLES_PER_SECOND);
  const sound = clip.sound && addSoundTrack(file, { codec: 'aac', pcm: clip.sound, sampleCount });
  begin(file, { movflags: '+faststart' });
  await encodePictures(clip, { file, video, sound, timings });
  const at = performance.now();
  sound?.end();
  await file.finish();
  timings.finishMs += performance.now() - at;
  return timings;
}

function configureVideo(codec: av.CodecContext, clip: Clip): void {
  codec.width = clip.widthPx;
  codec.height = clip.heightPx;
  codec.pixelFormat = constants.AV_PIX_FMT_YUV420P;
  const rate = toRate(clip.fps);
  codec.timeBase = new av.Rational(rate.den, rate.num);
  codec.framerate = new av.Rational(rate.num, rate.den);
  codec.sampleAspectRatio = new av.Rational(1, 1);
  codec.gopSize = Math.round(clip.fps) * SECONDS_BETWEEN_KEYFRAMES;
  codec.profile = constants.AV_PROFILE_H264_HIGH;
  codec.colorRange = constants.AVCOL_RANGE_MPEG;
  codec.colorSpace = constants.AVCOL_SPC_BT709;
  codec.colorPrimaries = constants.AVCOL_PRI_BT709;
  codec.colorTrc = constants.AVCOL_TRC_BT709;
  codec.threadCount = ENCODER_THREADS;
}

/** A rate as a fraction: television's 23.976, 29.97 and 59.94 are whole numbers times 1000/1001. */
function toRate(fps: number): { num: number; den: number } {
  const whole = Math.round(fps);
  if (Math.abs(fps - whole) < 0.001) return { num: whole, den: 1 };
  if (Math.abs(fps - (whole * 1000) / 1001) < 0.005) return { num: whole * 1000, den: 1001 };
  return { num: Math.round(fps * 1000), den: 1000 };
}

type Writing = {
  readonly file: OutputFile;
  readonly video: Track;
  readonly sound: SoundTrack | undefined;
  readonly timings: EncodeTimings;
};

async function encodePictures(clip: Clip, { file, video, sound, timings }: Writing): Promise<void> {
  const converter = createConverter(clip);
  const lap = createLaps(timings);
  let converting: Promise<av.Frame> | undefined;
  const compress = async (): Promise<void> => {
    if (converting === undefined) return;
    const frame = await converting;
    lap('scaleMs');
    writeFrame(file, video, frame);
    lap('encodeMs');
  };
  for (let index = 0; index < clip.frameCount; index += 1) {
    const pixels = await clip.pictures.draw(index);
    lap('drawMs');
    await compress();
    converting = converter.convert(pixels, index);
    sound?.writeUntil((index + 1) / clip.fps);
    lap('soundMs');
    clip.onProgress?.((index + 1) / clip.frameCount);
  }
  await compress();
  writeFrame(file, video, null);
  converter.free();
  lap('finishMs');
}

/** Adds the time since the last call to a stage. */
function createLaps(timings: EncodeTimings): (stage: keyof EncodeTimings) => void {
  let at = performance.now();
  return (stage) => {
    const now = performance.now();
    timings[stage] += now - at;
    at = now;
  };
}

/** Turns drawn pixels into the encoder's, on another thread. One conversion at a time. */
function createConverter(clip: Clip) {
  const scaler = new av.SoftwareScaleContext();
  scaler.allocContext();
  checked(scaler.setOption('sws_flags', clip.pictures.scaling ?? 'bicubic'), 'set the scaling method');
  const source = createPicture(clip.pictures, clip.pictures.format ?? 'rgba');
  const target = createPicture(clip, 'yuv420p');
  let taken: Buffer | undefined;
  const convert = async (pixels: Buffer, index: number): Promise<av.Frame> => {
    // The frame points into the buffer, it does not copy: the buffer before it is free only now.
    checked(source.fromBuffer(pixels), 'take a picture');
    if (taken !== undefined) release(taken);
    taken = pixels;
    checked(target.makeWritable(), 'reuse a picture');
    target.pts = BigInt(index);
    checked(await scaler.scaleFrame(target, source), 'convert a picture');
    return target;
  };
  const free = (): void => {
    source.free();
    target.free();
    scaler.freeContext();
  };
  return { convert, free };
}

/** A canvas hands out a fresh copy of its pixels each time, 4 MB at 720p, and the garbage collector sees only a small
 *  wrapper. Detaching gives the memory back at once: 80 MB resident instead of 300, and no page faults. */
function release(pixels: Buffer): void {
  const { buffer } = pixels;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === pixels.byteLength) buffer.transfer(0);
}

function createPicture(size: { widthPx: number; heightPx: number }, format: PictureFormat): av.Frame {
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
