import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import { av, checked, constants } from './av.ts';
import { BadMedia } from './bad-media.ts';
import { openDecoder, openMedia, rotationOf, shownSides, toBadMedia, toMs } from './demux.ts';
import { createFilterChain, type Planes, type Size } from './planes.ts';

/** A clip whose pictures are read in the order of time. */
export type Footage = {
  /** The sides of the canvases it gives. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pictures a second on average; undefined when the clip does not say. */
  readonly fps: number | undefined;
  /** The picture shown at `atMs` from the clip's first one; the last one for any later time. Times must not go back.
   *  The canvas is the same each time and changes with the next call.
   *  @throws {BadMedia} when the clip has no pictures. */
  readonly at: (atMs: number) => Promise<Canvas>;
  readonly close: () => Promise<void>;
};

/** A clip whose pictures are read in the order of time, without going through a canvas. */
export type PlaneFootage = {
  readonly fps: number | undefined;
  /** As `Footage.at`. The bytes are not written to again. */
  readonly at: (atMs: number) => Promise<Planes>;
  readonly close: () => Promise<void>;
};

const MAX_SHOWN_PIXELS = 10_000_000;

/** Opens a clip for reading. Its pictures are upright, undistorted and just large enough to cover `cover`, so that
 *  they can be drawn without another scaling; without it they have their own size.
 *  @throws {BadMedia} */
export async function openFootage(path: string, cover?: { widthPx: number; heightPx: number }): Promise<Footage> {
  const media = await openMedia(path);
  const { video } = media;
  if (video === undefined) {
    await media.close();
    throw new BadMedia('The file holds no pictures.');
  }
  const codec = await openDecoder(video).catch(async (error: unknown) => {
    await media.close();
    throw toBadMedia(error, media.sniffed.format);
  });
  const reader = createFrameReader({ format: media.format, video, codec });
  const painter = createFramePainter(video, cover);
  let isDrawn = false;
  const at = async (atMs: number): Promise<Canvas> => {
    try {
      const frame = await reader.forwardTo(atMs);
      if (frame === undefined) throw new BadMedia('The clip has no picture that can be decoded.');
      if (frame.isNew || !isDrawn) await painter.paint(frame.frame);
      isDrawn = true;
      return painter.canvas;
    } catch (error) {
      throw toBadMedia(error, media.sniffed.format);
    }
  };
  const close = async (): Promise<void> => {
    reader.free();
    painter.free();
    codec.freeContext();
    await media.close();
  };
  return { widthPx: painter.canvas.width, heightPx: painter.canvas.height, fps: rateOf(video), at, close };
}

/** Opens a clip for reading as planes of `to`: upright, undistorted, filtered with lanczos where they are scaled, and
 *  then by `filters` of the library's.
 *  @throws {BadMedia} */
export async function openPlanes(path: string, to: Size, filters: readonly string[] = []): Promise<PlaneFootage> {
  const media = await openMedia(path);
  const { video } = media;
  if (video === undefined) {
    await media.close();
    throw new BadMedia('The file holds no pictures.');
  }
  const codec = await openDecoder(video).catch(async (error: unknown) => {
    await media.close();
    throw toBadMedia(error, media.sniffed.format);
  });
  const reader = createFrameReader({ format: media.format, video, codec });
  const turns: Readonly<Record<number, readonly string[]>> = {
    90: ['transpose=clock'],
    180: ['hflip', 'vflip'],
    270: ['transpose=cclock'],
  };
  const scale = `scale=${to.widthPx}:${to.heightPx}:flags=lanczos+accurate_rnd:out_color_matrix=bt709:out_range=tv`;
  const chain = createFilterChain({
    filters: [...(turns[rotationOf(video)] ?? []), scale, 'setsar=1', ...filters],
    to,
  });
  let shown: Planes | undefined;
  const at = async (atMs: number): Promise<Planes> => {
    try {
      const frame = await reader.forwardTo(atMs);
      if (frame === undefined) throw new BadMedia('The clip has no picture that can be decoded.');
      if (shown !== undefined && !frame.isNew) return shown;
      describeColours(frame.frame);
      shown = await chain.run(frame.frame);
      return shown;
    } catch (error) {
      throw toBadMedia(error, media.sniffed.format);
    }
  };
  const close = async (): Promise<void> => {
    reader.free();
    chain.free();
    codec.freeContext();
    await media.close();
  };
  return { fps: rateOf(video), at, close };
}

function rateOf({ avgFrameRate: { num, den } }: av.Stream): number | undefined {
  return num > 0 && den > 0 ? num / den : undefined;
}

type FrameReader = {
  /** The frame shown at `atMs`, and whether it is another one than last time. */
  forwardTo(atMs: number): Promise<{ frame: av.Frame; isNew: boolean } | undefined>;
  free(): void;
};

/** Keeps the frame being shown and the one after it: only the next frame's time says when this one's is over. */
function createFrameReader(p: { format: av.FormatContext; video: av.Stream; codec: av.CodecContext }): FrameReader {
  const packet = new av.Packet();
  packet.alloc();
  let [shown, next] = [new av.Frame(), new av.Frame()];
  shown.alloc();
  next.alloc();
  let startMs: number | undefined;
  let hasShown = false;
  let nextAtMs: number | undefined;
  let isOver = false;
  const decodeNext = async (): Promise<void> => {
    nextAtMs = undefined;
    while (!isOver) {
      const received = await p.codec.receiveFrame(next);
      if (received >= 0) {
        const time = next.bestEffortTimestamp;
        const atMs = time === constants.AV_NOPTS_VALUE ? (startMs ?? 0) : toMs(p.video, time);
        startMs ??= atMs;
        nextAtMs = atMs - startMs;
        return;
      }
      if (received === constants.AVERROR_EOF) isOver = true;
      else await feed(p, packet);
    }
  };
  const forwardTo = async (atMs: number): Promise<{ frame: av.Frame; isNew: boolean } | undefined> => {
    let isNew = false;
    if (!hasShown && nextAtMs === undefined) await decodeNext();
    // Half a millisecond of slack, because neither 1/24 s nor 1/30 s is a whole number of anything.
    while (nextAtMs !== undefined && (!hasShown || nextAtMs <= atMs + 0.5)) {
      [shown, next] = [next, shown];
      hasShown = true;
      isNew = true;
      next.unref();
      await decodeNext();
    }
    return hasShown ? { frame: shown, isNew } : undefined;
  };
  const free = (): void => {
    packet.free();
    shown.free();
    next.free();
  };
  return { forwardTo, free };
}

async function feed(
  p: { format: av.FormatContext; video: av.Stream; codec: av.CodecContext },
  packet: av.Packet,
): Promise<void> {
  for (;;) {
    const result = p.format.readFrameSync(packet);
    if (result < 0) {
      await p.codec.sendPacket(null);
      return;
    }
    if (packet.streamIndex !== p.video.index) continue;
    // A packet that the decoder refuses is one picture less, not the end of the clip.
    await p.codec.sendPacket(packet);
    packet.unref();
    return;
  }
}

/** Turns decoded frames into a canvas of the wanted size. */
function createFramePainter(video: av.Stream, cover: { widthPx: number; heightPx: number } | undefined) {
  const rotation = rotationOf(video);
  const shown = shownSides(video);
  const wanted = cover ?? shown;
  const covering = Math.max(wanted.widthPx / shown.widthPx, wanted.heightPx / shown.heightPx);
  // A clip of 4 000 x 2 pixels would cover a frame with a picture a thousand times as large.
  const factor = Math.min(covering, Math.sqrt(MAX_SHOWN_PIXELS / (shown.widthPx * shown.heightPx)));
  const side = (px: number): number => Math.max(2, Math.round((px * factor) / 2) * 2);
  const canvas = createCanvas(side(shown.widthPx), side(shown.heightPx));
  const [width, height] = rotation % 180 === 0 ? [canvas.width, canvas.height] : [canvas.height, canvas.width];
  const flat = rotation === 0 ? canvas : createCanvas(width, height);
  const scaler = new av.SoftwareScaleContext();
  scaler.allocContext();
  scaler.setOption('sws_flags', 'bicubic');
  const rgba = new av.Frame();
  rgba.alloc();
  rgba.width = width;
  rgba.height = height;
  rgba.format = constants.AV_PIX_FMT_RGBA;
  rgba.colorSpace = constants.AVCOL_SPC_RGB;
  rgba.colorRange = constants.AVCOL_RANGE_JPEG;
  checked(rgba.getBuffer(1), 'allocate a picture');
  const paint = async (frame: av.Frame): Promise<void> => {
    describeColours(frame);
    checked(await scaler.scaleFrame(rgba, frame), 'convert a picture');
    const pixels = rgba.toBuffer();
    const data = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, width * height * 4);
    flat.getContext('2d').putImageData(new ImageData(data, width, height), 0, 0);
    if (flat === canvas) return;
    const context = canvas.getContext('2d');
    context.setTransform(1, 0, 0, 1, canvas.width / 2, canvas.height / 2);
    context.rotate((rotation * Math.PI) / 180);
    context.drawImage(flat, -width / 2, -height / 2);
  };
  const free = (): void => {
    rgba.free();
    scaler.freeContext();
  };
  return { canvas, paint, free };
}

/** Says what a frame leaves unsaid, as players guess it: large pictures BT.709, small ones BT.601. */
function describeColours(frame: av.Frame): void {
  frame.colorPrimaries = constants.AVCOL_PRI_BT709;
  frame.colorTrc = constants.AVCOL_TRC_BT709;
  if (frame.colorSpace !== constants.AVCOL_SPC_UNSPECIFIED) return;
  frame.colorSpace =
    frame.height >= 720 || frame.width >= 1280 ? constants.AVCOL_SPC_BT709 : constants.AVCOL_SPC_SMPTE170M;
}
