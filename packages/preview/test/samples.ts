import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { MediaFile, RenderRequest } from '../src/contract.ts';
import { encodeClip } from '../src/media/encode.ts';
import { encodeMp3 } from '../src/media/encode-sound.ts';
import { inspectFile } from '../src/media/inspect.ts';
import { createPcm, type Pcm, SAMPLES_PER_SECOND } from '../src/media/pcm.ts';

/** A folder that is gone after the tests, and samples made in it. */
export function createWorkshop() {
  const dir = mkdtempSync(join(tmpdir(), 'reelay-preview-'));
  const file = async (path: string): Promise<MediaFile> => ({ path, facts: await inspectFile(path) });
  return {
    dir,
    folder: (): string => mkdtempSync(join(dir, 'out-')),
    write: (name: string, bytes: Uint8Array | string): string => {
      const path = join(dir, name);
      writeFileSync(path, bytes);
      return path;
    },
    picture: async (name: string, p: { widthPx: number; heightPx: number; hue?: number }): Promise<MediaFile> => {
      const canvas = drawScene({ ...p, turn: 0 });
      const path = join(dir, name);
      writeFileSync(path, name.endsWith('png') ? canvas.encodeSync('png') : canvas.encodeSync('jpeg', 95));
      return file(path);
    },
    clip: async (name: string, p: ClipOptions): Promise<MediaFile> => {
      const path = join(dir, name);
      await writeClip(path, p);
      return file(path);
    },
    sound: async (name: string, p: { hz: number; seconds: number }): Promise<MediaFile> => {
      const path = join(dir, name);
      await encodeMp3({ path, pcm: tone(p), comment: 'a sample' });
      return file(path);
    },
    remove: (): void => rmSync(dir, { recursive: true, force: true }),
  };
}

export type ClipOptions = {
  widthPx: number;
  heightPx: number;
  seconds: number;
  fps?: number;
  hz?: number;
  hue?: number;
};

async function writeClip(path: string, p: ClipOptions): Promise<void> {
  const fps = p.fps ?? 24;
  const frameCount = Math.round(p.seconds * fps);
  const draw = (index: number): Buffer => drawScene({ ...p, turn: index / frameCount }).data();
  const sound = p.hz === undefined ? undefined : tone({ hz: p.hz, seconds: p.seconds });
  await encodeClip({
    path,
    ...p,
    fps,
    frameCount,
    pictures: { ...p, draw },
    comment: 'a sample',
    ...(sound && { sound }),
  });
}

/** A picture with large shapes, fine lines and soft shades, like a photograph has. */
export function drawScene(p: { widthPx: number; heightPx: number; turn: number; hue?: number }): Canvas {
  const { widthPx, heightPx } = p;
  const canvas = createCanvas(widthPx, heightPx);
  const context = canvas.getContext('2d');
  const sky = context.createLinearGradient(0, 0, 0, heightPx);
  sky.addColorStop(0, `hsl(${p.hue ?? 210}, 60%, 30%)`);
  sky.addColorStop(1, `hsl(${(p.hue ?? 210) + 40}, 50%, 75%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, widthPx, heightPx);
  for (let n = 0; n < 40; n += 1) {
    context.fillStyle = `hsl(${(n * 37 + (p.hue ?? 0)) % 360}, 45%, ${30 + (n % 5) * 10}%)`;
    context.beginPath();
    const x = ((n * 89) % 100) / 100;
    context.arc(((x + p.turn) % 1) * widthPx, (((n * 53) % 100) / 100) * heightPx, 8 + (n % 7) * widthPx * 0.012, 0, 7);
    context.fill();
  }
  context.strokeStyle = 'rgba(20, 20, 30, 0.8)';
  for (let n = 0; n < 30; n += 1) {
    context.strokeRect((n * widthPx) / 30, heightPx * 0.6, widthPx / 40, heightPx * 0.2);
  }
  return canvas;
}

export function tone(p: { hz: number; seconds: number; gain?: number }): Pcm {
  const pcm = createPcm(Math.round(p.seconds * SAMPLES_PER_SECOND));
  for (const channel of [pcm.left, pcm.right]) {
    for (let at = 0; at < channel.length; at += 1) {
      channel[at] = (p.gain ?? 0.3) * Math.sin((at * 2 * Math.PI * p.hz) / SAMPLES_PER_SECOND);
    }
  }
  return pcm;
}

/** How much of a sound is a tone of this pitch: its amplitude (Goertzel), on the left channel. */
export function amplitudeAt(pcm: Pcm, hz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / SAMPLES_PER_SECOND);
  let [before, now] = [0, 0];
  for (const sample of pcm.left) [before, now] = [now, sample + turn * now - before];
  const power = before ** 2 + now ** 2 - turn * before * now;
  return (2 * Math.sqrt(Math.max(0, power))) / pcm.left.length;
}

/** A request as the server makes them. */
export function requestFor(p: Partial<RenderRequest> & Pick<RenderRequest, 'outputDir'>): RenderRequest {
  return {
    endpoint: 'rhart-video-s-official/text-to-video',
    task: 'text-to-video',
    output: 'video',
    input: {
      prompt: 'A fox runs through a snowy forest at dawn. The camera pans left.',
      size: '320x240',
      duration: '2',
    },
    media: {},
    seed: 7,
    taskId: '1904152026220003329',
    ...p,
  };
}
