import type { JobFile } from '../../contract/asset.ts';
import { as, type Mapped, type Mapping, mapInput, toNumber, withOther } from '../kit/body.ts';
import { type Body, FileUse } from '../kit/media.ts';
import type { Size } from '../kit/shapes.ts';
import type { Job } from '../provider.ts';

// Limits: Topaz Labs' API reference, read 2026-11-22.
const MAX_SIDE_PX = 32_000;
const CONTAINERS = ['mp4', 'mov', 'mkv'];

const sizeOf = (file: JobFile | undefined): Size | undefined => {
  const { widthPx, heightPx } = file?.facts ?? {};
  return widthPx === undefined || heightPx === undefined ? undefined : { width: widthPx, height: heightPx };
};

const PICTURE: Mapping = {
  // Sent as an address or as a part of the form.
  imageUrl: withOther,
  // There is no factor: the size of the result is asked for.
  scale: withOther,
  subjectDetection: as('subject_detection'),
  faceEnhancement: as('face_enhancement'),
  faceEnhancementStrength: as('face_enhancement_strength'),
  faceEnhancementCreativity: as('face_enhancement_creativity'),
};

/** The form for a picture: the file, and the size that the factor makes of it. */
export function planPicture(job: Job, { canBeReached }: { canBeReached: boolean }): Mapped {
  const [file] = job.media.imageUrl ?? [];
  const size = sizeOf(file);
  if (file === undefined || size === undefined) return { body: {}, reasons: ['the size of imageUrl is not known'] };
  const factor = Number.parseInt(String(job.input.scale), 10);
  const [width, height] = [size.width * factor, size.height * factor];
  const source: Body = canBeReached ? { source_url: new FileUse(file, 'url') } : { image: new FileUse(file, 'blob') };
  const { body, reasons } = mapInput(job, PICTURE, {
    ...source,
    model: job.route.model,
    output_width: width,
    output_height: height,
    // What is lossless, or transparent, stays so.
    output_format: file.facts.format === 'png' ? 'png' : 'jpeg',
  });
  const isLarge = Math.max(width, height) > MAX_SIDE_PX;
  const tooLarge = `scale "${String(job.input.scale)}" makes ${width} by ${height} pixels; at most ${MAX_SIDE_PX} a side there`;
  return { body, reasons: isLarge ? [...reasons, tooLarge] : reasons };
}

/** The shorter side in pixels. */
const LINES: Readonly<Record<string, number>> = { '720p': 720, '1080p': 1_080, '4k': 2_160 };

const CLIP: Mapping = {
  videoUrl: withOther,
  targetResolution: withOther,
  targetFps: as('output.frameRate', toNumber),
};

/** The same shape with a shorter side of so many pixels. Video has even sides. */
function enlarged({ width, height }: Size, lines: number): Size {
  const even = (side: number) => Math.round((side * lines) / Math.min(width, height) / 2) * 2;
  return { width: even(width), height: even(height) };
}

/** The request for a clip. Of its source only the container must be told where the whole file is put up. */
export function planClip(job: Job): Mapped {
  const [file] = job.media.videoUrl ?? [];
  const size = sizeOf(file);
  const lines = LINES[String(job.input.targetResolution)];
  if (file === undefined || size === undefined) return { body: {}, reasons: ['the size of videoUrl is not known'] };
  const { format, hasAudio } = file.facts;
  const { body, reasons } = mapInput(job, CLIP, {
    source: { container: format },
    filters: [
      { model: 'prob-4' },
      // The frame rate of the source is not known here, so the one of the result is always made.
      { model: 'apo-8', slowmo: 1, fps: Number(job.input.targetFps) },
    ],
    output: {
      ...(lines === undefined ? {} : { resolution: { ...enlarged(size, lines) } }),
      audioCodec: 'AAC',
      audioTransfer: hasAudio === false ? 'None' : 'Copy',
      dynamicCompressionLevel: 'High',
      container: 'mp4',
    },
  });
  return {
    body,
    reasons: [
      ...reasons,
      ...(lines === undefined
        ? [`targetResolution ${JSON.stringify(job.input.targetResolution)} is not offered there`]
        : []),
      ...(CONTAINERS.includes(format) ? [] : [`videoUrl is ${format}; only ${CONTAINERS.join(', ')} there`]),
    ],
  };
}
