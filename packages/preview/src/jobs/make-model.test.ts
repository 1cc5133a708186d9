import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Document, NodeIO } from '@gltf-transform/core';
import { createCanvas } from '@napi-rs/canvas';
import { validateBytes } from 'gltf-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMp4 } from '../../test/mp4-boxes.ts';
import { createWorkshop, requestFor } from '../../test/samples.ts';
import type { MediaFile, RenderRequest } from '../contract.ts';
import { inspectFile } from '../media/inspect.ts';
import { loadPicture } from '../media/pictures.ts';
import { runJob } from './jobs.ts';

const workshop = createWorkshop();
afterAll(() => workshop.remove());

let picture: MediaFile;
let wide: MediaFile;
beforeAll(async () => {
  picture = await drawing('front.png', 600, '#c0392b');
  wide = await drawing('side.png', 300, '#2980b9');
});

/** A disc on a stick before white. */
async function drawing(name: string, width: number, colour: string): Promise<MediaFile> {
  const canvas = createCanvas(width, 700);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = '#ffffff';
  ctx.fillRect(0, 0, width, 700);
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.ellipse(width / 2, 260, width * 0.4, 220, 0, 0, 7);
  ctx.fill();
  ctx.fillRect(width * 0.4, 400, width * 0.2, 260);
  const path = workshop.write(name, canvas.encodeSync('png'));
  return { path, facts: await inspectFile(path) };
}

const make = async (p: Partial<RenderRequest>) => {
  const { files, text } = await runJob(requestFor({ outputDir: workshop.folder(), output: '3d', ...p }), () => {});
  const path = files.find(({ extension }) => extension === 'glb')?.path ?? '';
  const bytes = readFileSync(path);
  const { issues, info } = await validateBytes(new Uint8Array(bytes));
  expect(issues.messages.filter(({ code }) => code !== 'MESH_PRIMITIVE_GENERATED_TANGENT_SPACE')).toEqual([]);
  return { files, text, bytes, faces: info.totalTriangleCount, document: await new NodeIO().readBinary(bytes) };
};
const fromWords = (input: RenderRequest['input']) =>
  make({ endpoint: 'meshy6/text-to-3d', task: 'text-to-3d', input: { targetPolycount: 3000, ...input } });
const fromPicture = (input: RenderRequest['input'], media: RenderRequest['media'] = { imageUrl: [picture] }) =>
  make({ endpoint: 'hunyuan3d-v3.1/image-to-3d', task: 'image-to-3d', input: { faceCount: 10_000, ...input }, media });

/** The first mesh of a file: its corners by place, and its faces by these. */
function solidOf(document: Document) {
  const [primitive] = document.getRoot().listMeshes()[0]?.listPrimitives() ?? [];
  const positions = primitive?.getAttribute('POSITION')?.getArray() ?? new Float32Array();
  const indices = primitive?.getIndices()?.getArray() ?? new Uint32Array();
  const names = new Map<string, number>();
  const places = Array.from({ length: positions.length / 3 }, (_, corner) => {
    const place = [0, 1, 2].map((axis) => positions[corner * 3 + axis] ?? 0);
    const name = place.join();
    names.set(name, names.get(name) ?? names.size);
    return { number: names.get(name) ?? 0, place };
  });
  return { places, indices };
}

/** How often each edge is gone along in either direction, and the volume that the faces enclose. */
function inspectSolid(document: Document): { unpaired: number; volume: number; height: number; depth: number } {
  const { places, indices } = solidOf(document);
  const edges = new Map<string, number>();
  let volume = 0;
  for (let face = 0; face < indices.length; face += 3) {
    const corners = [0, 1, 2].map((one) => places[indices[face + one] ?? 0]);
    for (let one = 0; one < 3; one += 1) {
      const [from, to] = [corners[one]?.number ?? 0, corners[(one + 1) % 3]?.number ?? 0];
      if (from === to) continue;
      const key = from < to ? `${from} ${to}` : `${to} ${from}`;
      edges.set(key, (edges.get(key) ?? 0) + (from < to ? 1 : -1));
    }
    const [[ax = 0, ay = 0, az = 0] = [], [bx = 0, by = 0, bz = 0] = [], [cx = 0, cy = 0, cz = 0] = []] = corners.map(
      (corner) => corner?.place ?? [],
    );
    volume += (ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) / 6;
  }
  const span = (axis: number): number => {
    const values = places.map(({ place }) => place[axis] ?? 0);
    return Math.max(...values) - Math.min(...values);
  };
  const unpaired = [...edges.values()].filter((balance) => balance !== 0).length;
  return { unpaired, volume, height: span(1), depth: span(2) };
}

describe('a solid', () => {
  test.each([
    ['figures', 'A small robot waves.'],
    ['a turned thing', 'A blue ceramic vase.'],
    ['nothing that is known', 'qwertz'],
  ])('of words that name %s is closed, turned outwards and a metre tall', async (_name, prompt) => {
    const { document, faces } = await fromWords({ prompt });
    const { unpaired, volume, height } = inspectSolid(document);
    expect(unpaired).toBe(0);
    expect(volume).toBeGreaterThan(0.001);
    expect(height).toBeGreaterThan(0.85);
    expect(height).toBeLessThanOrEqual(1.001);
    expect(Math.abs(faces - 3000) / 3000).toBeLessThan(0.05);
  });

  test('of a picture is closed, has its colours on it and about as many faces as asked', async () => {
    const { document } = await fromPicture({});
    expect(inspectSolid(document)).toMatchObject({ unpaired: 0 });
    const [texture] = document.getRoot().listTextures();
    const path = workshop.write('texture.jpg', texture?.getImage() ?? new Uint8Array());
    const canvas = createCanvas(64, 32);
    canvas.getContext('2d').drawImage(await loadPicture(path), 0, 0, 64, 32);
    const { data } = canvas.getContext('2d').getImageData(16, 10, 1, 1);
    expect([data[0], data[1], data[2]].map((channel) => Math.round((channel ?? 0) / 32))).toEqual([6, 2, 1]);
    for (const faceCount of [500, 10_000, 200_000]) {
      const { faces } = await fromPicture({ faceCount, generateType: 'Geometry' });
      expect(Math.abs(faces - faceCount) / faceCount).toBeLessThan(faceCount < 1000 ? 0.12 : 0.03);
    }
  });

  test('is bare where only its shape is asked for', async () => {
    for (const input of [{ generateType: 'Geometry' }, { requestType: 'mesh' }, { shouldTexture: false }]) {
      const { document } = await fromPicture(input);
      expect(document.getRoot().listTextures()).toEqual([]);
    }
  });

  test('has bumps and a rough or shiny surface where a material is asked for', async () => {
    const [material] = (await fromPicture({ enablePbr: true })).document.getRoot().listMaterials();
    expect(material?.getNormalTexture()).not.toBeNull();
    expect(material?.getMetallicRoughnessTexture()).not.toBeNull();
    const [plain] = (await fromPicture({ enablePbr: false })).document.getRoot().listMaterials();
    expect(plain?.getNormalTexture()).toBeNull();
  });

  test('is as thick as the picture of its side is wide', async () => {
    const from = async (media: RenderRequest['media']) =>
      inspectSolid((await fromPicture({}, { imageUrl: [picture], ...media })).document).depth;
    expect(await from({ leftImageUrl: [picture] })).toBeGreaterThan(1.3 * (await from({ leftImageUrl: [wide] })));
  });

  test('of the same request is the same, of another seed another', async () => {
    const hash = async (seed: number) => {
      const { bytes } = await make({ task: 'text-to-3d', seed, input: { prompt: 'qwertz', targetPolycount: 500 } });
      return createHash('sha256').update(bytes).digest('hex');
    };
    expect(await hash(1)).toBe(await hash(1));
    expect(await hash(1)).not.toBe(await hash(2));
  });

  test('says that it is a preview', async () => {
    const { document } = await fromWords({ prompt: 'A cup.' });
    expect(document.getRoot().getAsset()).toMatchObject({
      extras: { software: 'Reelay preview', comment: expect.stringContaining('No model was asked') },
    });
  });
});

describe('a world', () => {
  const world = (p: Partial<RenderRequest>) => make({ endpoint: 'marble-1.1/text-to-world', ...p });

  test('of words is a scene with a panorama and a camera, and words about it', async () => {
    const { files, text, document } = await world({
      task: 'text-to-world',
      output: 'string',
      input: { prompt: 'A lake.' },
    });
    expect(files.map(({ extension }) => extension)).toEqual(['glb', 'png']);
    expect(JSON.parse(text ?? '')).toMatchObject({ world_id: expect.any(String), assets: { caption: 'A lake.' } });
    const root = document.getRoot();
    expect(root.listMeshes().map((mesh) => mesh.getName())).toEqual(['sky', 'ground']);
    expect(root.listCameras().map((camera) => camera.getName())).toEqual(['start']);
    expect(await inspectFile(files[1]?.path ?? '')).toMatchObject({ widthPx: 2048, heightPx: 1024 });
  });

  test('meets itself around the back', async () => {
    for (const media of [{}, { imageUrl: [picture] }]) {
      const { files } = await world({
        task: 'image-to-world',
        output: 'image',
        input: { textPrompt: 'A forest.' },
        media,
      });
      const canvas = createCanvas(2048, 1024);
      canvas.getContext('2d').drawImage(await loadPicture(files[0]?.path ?? ''), 0, 0);
      const column = (x: number) => canvas.getContext('2d').getImageData(x, 300, 1, 400).data;
      const difference = (one: Uint8ClampedArray, other: Uint8ClampedArray): number =>
        one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;
      expect(difference(column(0), column(2047))).toBeLessThan(difference(column(0), column(1)) + 4);
    }
  });

  test('of a clip is a clip that looks around, with the panorama and the scene beside it', async () => {
    const { files } = await world({
      task: 'video-to-world',
      output: 'video',
      input: { textPrompt: 'A street at night.' },
    });
    expect(files.map(({ extension }) => extension)).toEqual(['mp4', 'png', 'glb']);
    const { tracks, durationMs } = readMp4(files[0]?.path ?? '');
    expect(tracks).toMatchObject([{ widthPx: 1280, heightPx: 720, sampleCount: 192 }]);
    expect(durationMs).toBeCloseTo(8000, -2);
  });
});
