import { Document, type Material, type Node, NodeIO, type Primitive, type TypedArray } from '@gltf-transform/core';
import type { Mesh } from './mesh.ts';
import type { Textures } from './textures.ts';

/** A thing in a scene. `glows`: it shows its colours whatever the light, as a sky does. */
export type Part = {
  readonly name: string;
  readonly mesh: Mesh;
  readonly textures?: Textures;
  /** Red, green, blue, 0 to 1; where there are no textures. */
  readonly colour?: readonly [number, number, number];
  readonly glows?: boolean;
};
export type View = { readonly name: string; readonly at: readonly [number, number, number] };

/** Writes parts as one binary glTF 2.0 file. */
export function toGlb(p: { parts: readonly Part[]; views?: readonly View[]; comment: string }): Promise<Uint8Array> {
  const document = new Document();
  const root = document.getRoot();
  // The library signs as the generator.
  root.getAsset().extras = { software: 'Reelay preview', comment: p.comment };
  const buffer = document.createBuffer();
  const accessor = (type: 'VEC3' | 'VEC2' | 'SCALAR', array: TypedArray) =>
    document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const scene = document.createScene('preview');
  for (const part of p.parts) {
    const { positions, normals, uvs, indices } = part.mesh;
    const primitive: Primitive = document
      .createPrimitive()
      .setAttribute('POSITION', accessor('VEC3', positions))
      .setAttribute('NORMAL', accessor('VEC3', normals))
      .setIndices(accessor('SCALAR', fitting(indices, positions.length / 3)))
      .setMaterial(toMaterial(document, part));
    // Coordinates that no picture uses are weight for nothing.
    if (part.textures !== undefined) primitive.setAttribute('TEXCOORD_0', accessor('VEC2', uvs));
    const node: Node = document.createNode(part.name).setMesh(document.createMesh(part.name).addPrimitive(primitive));
    scene.addChild(node);
  }
  for (const { name, at } of p.views ?? []) {
    const camera = document.createCamera(name).setType('perspective').setYFov(1).setZNear(0.05).setZFar(200);
    scene.addChild(
      document
        .createNode(name)
        .setCamera(camera)
        .setTranslation([...at]),
    );
  }
  root.setDefaultScene(scene);
  return new NodeIO().writeBinary(document);
}

/** Small things need half the bytes for their corners' numbers. */
const fitting = (indices: Mesh['indices'], corners: number): TypedArray =>
  corners < 65_535 ? Uint16Array.from(indices) : indices;

function toMaterial(document: Document, { name, textures, colour, glows }: Part): Material {
  const material = document.createMaterial(name).setRoughnessFactor(0.85).setMetallicFactor(0);
  if (textures === undefined) return material.setBaseColorFactor([...(colour ?? [0.8, 0.8, 0.8]), 1]);
  const picture = (kind: string, bytes: Uint8Array) =>
    document.createTexture(`${name} ${kind}`).setImage(new Uint8Array(bytes)).setMimeType(textures.mediaType);
  const base = picture('colour', textures.colour);
  if (glows === true) {
    return material
      .setBaseColorFactor([0, 0, 0, 1])
      .setEmissiveTexture(base)
      .setEmissiveFactor([1, 1, 1])
      .setRoughnessFactor(1);
  }
  material.setBaseColorTexture(base);
  if (textures.surface === undefined) return material;
  return material
    .setNormalTexture(picture('normal', textures.surface.normal))
    .setMetallicRoughnessTexture(picture('roughness', textures.surface.roughness))
    .setRoughnessFactor(1)
    .setMetallicFactor(1);
}
