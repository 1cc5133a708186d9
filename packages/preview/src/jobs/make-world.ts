import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { RenderedFile, RenderResult } from '../contract.ts';
import { createNoise } from '../drawing/noise.ts';
import { toFlag } from '../geometry.ts';
import { openFootage } from '../media/footage.ts';
import { loadPicture } from '../media/pictures.ts';
import { sharp } from '../media/sharp.ts';
import { writeStill } from '../media/still-file.ts';
import { toGlb } from '../mesh/glb.ts';
import { writeTextures } from '../mesh/textures.ts';
import { storyboard } from '../storyboard/index.ts';
import { createGaze } from '../worlds/look-around.ts';
import { PANORAMA, paintPanorama, panoramaFrom } from '../worlds/panorama.ts';
import { EYE_HEIGHT, groundMesh, skyMesh } from '../worlds/world-mesh.ts';
import { commentFor, writeFilm } from './film.ts';
import { type Job, type JobInput, textOf } from './job.ts';
import { toPrompt } from './script.ts';

const TAKE_MS = 4000;
/** The flight through a world of a clip: once around it. */
const FLIGHT = { widthPx: 1280, heightPx: 720, fps: 24, durationMs: 8000, hasSound: false } as const;
const GAZE = { up: 0.06, fieldOfView: 1.25 } as const;

/** A place to stand in: a panorama, the scene that it lies on, and, where the endpoint makes clips, a look around it.
 *  The words say which files are what. */
export const makeWorld: Job = async (input) => {
  const { request } = input;
  const panorama = await panoramaOf(input);
  const pano = await writePanorama(panorama, request);
  const scene = await writeScene(panorama, request);
  const text = JSON.stringify(describe(request));
  switch (request.output) {
    case 'video': {
      const flight = await flyThrough(input, panorama);
      return { files: [...flight.files, pano, scene], text };
    }
    case 'string':
      return { files: [scene, pano], text };
    default:
      return { files: [pano, scene], text };
  }
};

/** From the given picture or the first frame of the given clip, else from the words. */
async function panoramaOf({ request, roles }: JobInput): Promise<Canvas> {
  const [picture] = roles.pictures;
  if (picture !== undefined) {
    return panoramaFrom(await loadPicture(picture.path), { isWhole: toFlag(request.input.isPano) === true });
  }
  const [clip] = roles.clips;
  if (clip !== undefined) {
    const footage = await openFootage(clip.path);
    try {
      return panoramaFrom(await footage.at(0), { isWhole: false });
    } finally {
      await footage.close();
    }
  }
  const prompt = textOf(request, 'textPrompt') || toPrompt(request);
  return paintPanorama(
    storyboard({ prompt, durationMs: TAKE_MS, seed: request.seed, fixedCamera: true }),
    request.seed,
  );
}

function writePanorama(panorama: Canvas, { outputDir, endpoint }: JobInput['request']): Promise<RenderedFile> {
  const { width, height } = PANORAMA;
  const { data } = panorama.getContext('2d').getImageData(0, 0, width, height);
  return writeStill(sharp(data, { raw: { width, height, channels: 4 } }), {
    outputDir,
    name: 'panorama',
    sides: { widthPx: width, heightPx: height },
    encoding: { format: 'png', isLossless: true, quality: 90 },
    hasAlpha: false,
    comment: commentFor(endpoint),
  });
}

async function writeScene(panorama: Canvas, request: JobInput['request']): Promise<RenderedFile> {
  const copy = createCanvas(panorama.width, panorama.height);
  copy.getContext('2d').drawImage(panorama, 0, 0);
  const textures = await writeTextures(copy, { hasSurface: false });
  const noise = createNoise(request.seed);
  const glb = await toGlb({
    parts: [
      { name: 'sky', mesh: skyMesh(), textures, glows: true },
      { name: 'ground', mesh: groundMesh((x, z) => noise.cloud(x / 9 + 50, z / 9 + 50, 3)), textures },
    ],
    views: [{ name: 'start', at: [0, EYE_HEIGHT, 0] }],
    comment: commentFor(request.endpoint),
  });
  const path = join(request.outputDir, 'world.glb');
  await writeFile(path, glb);
  return { path, mediaType: 'model/gltf-binary', extension: 'glb' };
}

/** Once around. */
async function flyThrough(input: JobInput, panorama: Canvas): Promise<RenderResult> {
  const size = { widthPx: FLIGHT.widthPx / 2, heightPx: FLIGHT.heightPx / 2 };
  const gaze = createGaze(panorama, { width: size.widthPx, height: size.heightPx }, GAZE);
  return writeFilm(input, {
    geometry: FLIGHT,
    size,
    sound: undefined,
    draw: (context, { fraction }) => {
      const image = context.createImageData(size.widthPx, size.heightPx);
      gaze(image, fraction * Math.PI * 2);
      context.putImageData(image, 0, 0);
    },
  });
}

/** The members that World Labs' own API has for a world, as far as there is something behind them. */
function describe({ taskId, input, endpoint }: JobInput['request']) {
  const words = ['textPrompt', 'prompt'].map((name) => input[name]).find((value) => typeof value === 'string');
  return {
    world_id: taskId,
    display_name: input.displayName ?? '',
    model: endpoint.split('/')[0],
    ...(typeof input.tags === 'string' && { tags: input.tags.split(',').map((tag) => tag.trim()) }),
    assets: {
      caption: words ?? '',
      imagery: { pano: `panorama.png, ${PANORAMA.width}x${PANORAMA.height}, equirectangular` },
      mesh: { scene: 'world.glb, metres, y up; the camera "start" stands in the middle' },
    },
    preview: true,
  };
}
