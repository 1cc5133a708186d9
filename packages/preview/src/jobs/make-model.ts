import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { RenderResult } from '../contract.ts';
import type { Picture } from '../drawing/index.ts';
import { createNoise } from '../drawing/noise.ts';
import { crop } from '../drawing/sheet.ts';
import { toFlag, toNumber } from '../geometry.ts';
import { BadMedia } from '../media/bad-media.ts';
import { loadPicture } from '../media/pictures.ts';
import { type Part, toGlb } from '../mesh/glb.ts';
import { type Profile, profileFrom, profileOf, turn } from '../mesh/lathe.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { inflate } from '../mesh/relief.ts';
import { silhouetteFor } from '../mesh/silhouette.ts';
import { paintAtlas, writeTextures } from '../mesh/textures.ts';
import { cutOut } from '../retouch/cut-out.ts';
import { type Shot, storyboard } from '../storyboard/index.ts';
import { createRandom } from '../storyboard/random.ts';
import { drawCutFigures } from './cut-figures.ts';
import { commentFor } from './film.ts';
import { type Job, type JobInput, textOf } from './job.ts';
import { toPrompt } from './script.ts';

/** The sides of what is cut out, and of each half of a texture. */
const CUT_PX = 1024;
const DEFAULT_FACES = 100_000;
const TAKE_MS = 4000;
/** Half as thick as a figure is, where no picture shows its side. */
const DEPTH = 0.2;

/** A solid of a given picture: its shape is cut out, blown up like a cushion and covered with it. */
export const modelFromPictures: Job = async (input) => {
  const { media } = input.request;
  const front = await cutOf(media.frontImageUrl ?? media.imageUrl);
  if (front === undefined) throw new BadMedia('There is no picture of the front.');
  const back = await cutOf(media.backImageUrl);
  const side = (await cutOf(media.leftImageUrl)) ?? (await cutOf(media.rightImageUrl));
  const depth = side === undefined ? DEPTH : Math.min(0.6, Math.max(0.06, side.width / side.height / 2));
  return writeModel(input, { mesh: reliefOf(input, { front, depth }), front, back });
};

/** A solid of words: the figures that they name, or a turned vessel. */
export const modelFromText: Job = async (input) => {
  const { request } = input;
  const prompt = toPrompt(request);
  const shot = toShot(prompt, request.seed);
  const profile = profileOf(prompt);
  if (profile === undefined && shot.scene.subjects.length > 0) {
    const canvas = createCanvas(CUT_PX, CUT_PX);
    drawCutFigures(canvas.getContext('2d'), shot, request.seed);
    const front = trimmed(canvas);
    return writeModel(input, { mesh: reliefOf(input, { front, depth: DEPTH }), front, back: undefined });
  }
  const turned = profile ?? profileFrom(createRandom(request.seed));
  return writeModel(input, { mesh: turnedOf(input, turned), front: paintGlaze(shot, request.seed), back: undefined });
};

function toShot(prompt: string, seed: number): Shot {
  const [shot] = storyboard({ prompt, durationMs: TAKE_MS, seed }).shots;
  if (shot === undefined) throw new Error('a plan has a shot');
  return shot;
}

/** A picture without its background, cut to what is left. */
async function cutOf(files: JobInput['request']['media'][string] | undefined): Promise<Canvas | undefined> {
  const [file] = files ?? [];
  if (file === undefined) return undefined;
  const picture = await loadPicture(file.path);
  const scale = Math.min(1, CUT_PX / Math.max(picture.width, picture.height));
  const small = createCanvas(Math.max(8, picture.width * scale), Math.max(8, picture.height * scale));
  const ctx = small.getContext('2d');
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(picture, 0, 0, small.width, small.height);
  return trimmed(cutOut(small));
}

function trimmed(canvas: Canvas): Canvas {
  const box = { x: 0, y: 0, w: canvas.width, h: canvas.height };
  return crop({ canvas, ctx: canvas.getContext('2d'), box }).canvas;
}

const facesOf = ({ input }: JobInput['request']): number =>
  toNumber(input.face ?? input.faceCount ?? input.targetPolycount) ?? DEFAULT_FACES;

function reliefOf({ request }: JobInput, p: { front: Canvas; depth: number }): Mesh {
  const { width, height } = p.front;
  const { data } = p.front.getContext('2d').getImageData(0, 0, width, height);
  return inflate({
    silhouette: silhouetteFor(p.front, facesOf(request)),
    aspect: width / height,
    depth: p.depth,
    isSymmetric: request.input.symmetryMode === 'on',
    brightness: (u, v) => {
      const x = Math.min(width - 1, Math.floor(u * width));
      const y = Math.min(height - 1, Math.floor(v * height));
      const at = (y * width + x) * 4;
      return ((data[at] ?? 0) * 0.3 + (data[at + 1] ?? 0) * 0.59 + (data[at + 2] ?? 0) * 0.11) / 255;
    },
  });
}

const turnedOf = ({ request }: JobInput, profile: Profile): Mesh => turn(profile, facesOf(request));

/** Bands of the scene's colours, like a glaze that ran. */
function paintGlaze(shot: Shot, seed: number): Canvas {
  const canvas = createCanvas(CUT_PX, CUT_PX);
  const ctx = canvas.getContext('2d');
  const noise = createNoise(seed);
  const { accent, light, ground, sky } = shot.scene.palette;
  const bands = [ground, accent, light, accent, sky];
  const image = ctx.createImageData(CUT_PX, CUT_PX);
  for (let y = 0; y < CUT_PX; y += 1) {
    for (let x = 0; x < CUT_PX; x += 1) {
      // Around the seam the pattern meets itself.
      const angle = (x / CUT_PX) * Math.PI * 2;
      const run = noise.cloud(Math.cos(angle) * 2 + 5, Math.sin(angle) * 2 + (y / CUT_PX) * 3, 4);
      const place = Math.min(0.999, Math.max(0, 1 - y / CUT_PX + (run - 0.5) * 0.3)) * (bands.length - 1);
      const [from, to] = [bands[Math.floor(place)] ?? ground, bands[Math.ceil(place)] ?? sky];
      const share = place - Math.floor(place);
      const colour = from.map((channel, index) => channel + ((to[index] ?? channel) - channel) * share);
      image.data.set([...colour, 255], (y * CUT_PX + x) * 4);
    }
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}

const MARBLE = [0.86, 0.85, 0.82] as const;
const CLAY = [0.66, 0.67, 0.7] as const;

async function writeModel(
  { request }: JobInput,
  p: { mesh: Mesh; front: Canvas; back: Picture | undefined },
): Promise<RenderResult> {
  const { input, endpoint } = request;
  const part: Part = isBare(request)
    ? { name: 'solid', mesh: p.mesh, colour: input.artStyle === 'sculpture' ? MARBLE : CLAY }
    : { name: 'solid', mesh: p.mesh, textures: await texturesOf(request, p) };
  const path = join(request.outputDir, 'preview.glb');
  await writeFile(path, await toGlb({ parts: [part], comment: commentFor(endpoint) }));
  return { files: [{ path, mediaType: 'model/gltf-binary', extension: 'glb' }] };
}

/** Whether only the shape is asked for. */
const isBare = ({ input }: JobInput['request']): boolean =>
  input.requestType === 'mesh' ||
  input.generateType === 'Geometry' ||
  toFlag(input.shouldTexture) === false ||
  input.artStyle === 'sculpture';

async function texturesOf(request: JobInput['request'], p: { front: Canvas; back: Picture | undefined }) {
  const [own] = request.media.textureImageUrl ?? [];
  const front = own === undefined ? p.front : covered(p.front, await loadPicture(own.path));
  const atlas = paintAtlas({ front, back: p.back, side: CUT_PX });
  const words = textOf(request, 'texturePrompt');
  if (words !== '') tint(atlas, toShot(words, request.seed));
  return writeTextures(atlas, { hasSurface: toFlag(request.input.enablePbr) === true });
}

/** Another picture in the shape of the first. */
function covered(shape: Canvas, picture: Picture): Canvas {
  const canvas = createCanvas(shape.width, shape.height);
  const ctx = canvas.getContext('2d');
  ctx.drawImage(shape, 0, 0);
  ctx.globalCompositeOperation = 'source-atop';
  const scale = Math.max(shape.width / picture.width, shape.height / picture.height);
  ctx.drawImage(picture, 0, 0, picture.width * scale, picture.height * scale);
  return canvas;
}

/** The colours that words have, laid over a texture. */
function tint(atlas: Canvas, { scene }: Shot): void {
  const ctx = atlas.getContext('2d');
  const fade = ctx.createLinearGradient(0, 0, 0, atlas.height);
  fade.addColorStop(0, `rgb(${scene.palette.light.join(', ')})`);
  fade.addColorStop(1, `rgb(${scene.palette.accent.join(', ')})`);
  ctx.globalCompositeOperation = 'color';
  ctx.globalAlpha = 0.75;
  ctx.fillStyle = fade;
  ctx.fillRect(0, 0, atlas.width, atlas.height);
  ctx.globalAlpha = 1;
  ctx.globalCompositeOperation = 'source-over';
}
