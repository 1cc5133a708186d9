import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The files that results are: small, and good enough for any decoder. */
const FILES = {
  mp4: { file: 'clip.mp4', mediaType: 'video/mp4', kind: 'video' },
  png: { file: 'picture.png', mediaType: 'image/png', kind: 'image' },
  jpg: { file: 'picture.jpg', mediaType: 'image/jpeg', kind: 'image' },
  webp: { file: 'picture.webp', mediaType: 'image/webp', kind: 'image' },
  mp3: { file: 'sound.mp3', mediaType: 'audio/mpeg', kind: 'audio' },
  wav: { file: 'sound.wav', mediaType: 'audio/wav', kind: 'audio' },
  glb: { file: 'model.glb', mediaType: 'model/gltf-binary', kind: 'model' },
  spz: { file: 'splats.spz', mediaType: 'application/octet-stream', kind: 'model' },
  txt: { file: 'words.txt', mediaType: 'text/plain', kind: 'text' },
} as const;
export type MediaName = keyof typeof FILES;
export type Media = {
  readonly extension: MediaName;
  readonly mediaType: string;
  readonly kind: 'video' | 'image' | 'audio' | 'model' | 'text';
  readonly bytes: Buffer;
};

/** Where such a file lies, for those who want to send one. */
export const mediaPath = (name: MediaName): string =>
  fileURLToPath(new URL(`../media/${FILES[name].file}`, import.meta.url));

const read = new Map<MediaName, Media>();
export function mediaOf(name: MediaName): Media {
  const known = read.get(name);
  if (known !== undefined) return known;
  const { mediaType, kind } = FILES[name];
  const media = { extension: name, mediaType, kind, bytes: readFileSync(mediaPath(name)) };
  read.set(name, media);
  return media;
}
