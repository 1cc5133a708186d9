import { createCanvas } from '@napi-rs/canvas';
import { afterAll, describe, expect, test } from 'vitest';
import { createWorkshop, requestFor } from '../../test/samples.ts';
import type { MediaFile, RenderRequest } from '../contract.ts';
import { encodeClip } from '../media/encode.ts';
import { inspectFile } from '../media/inspect.ts';
import { runJob } from './jobs.ts';

const workshop = createWorkshop();
afterAll(() => workshop.remove());

const ask = async (p: Partial<RenderRequest>): Promise<string> => {
  const { files, text } = await runJob(requestFor({ output: 'string', outputDir: workshop.folder(), ...p }), () => {});
  expect(files).toEqual([]);
  return text ?? '';
};
const saved = async (name: string, bytes: Uint8Array): Promise<MediaFile> => {
  const path = workshop.write(name, bytes);
  return { path, facts: await inspectFile(path) };
};

/** Three quarters red, the rest white; fine lines at the bottom right. */
const picture = (): Promise<MediaFile> => {
  const canvas = createCanvas(400, 200);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, 400, 200);
  context.fillStyle = '#d01010';
  context.fillRect(0, 0, 300, 200);
  context.fillStyle = '#000';
  for (let x = 330; x < 395; x += 6) context.fillRect(x, 150, 1, 40);
  return saved('picture.png', canvas.encodeSync('png'));
};

/** Blue for two seconds, then green for two. */
const clip = async (): Promise<MediaFile> => {
  const canvas = createCanvas(160, 120);
  const context = canvas.getContext('2d');
  const path = workshop.write('clip.mp4', '');
  await encodeClip({
    path,
    widthPx: 160,
    heightPx: 120,
    fps: 24,
    frameCount: 96,
    comment: 'a sample',
    pictures: {
      widthPx: 160,
      heightPx: 120,
      draw: (index) => {
        context.fillStyle = index < 48 ? '#1030d0' : '#10a030';
        context.fillRect(0, 0, 160, 120);
        return canvas.data();
      },
    },
  });
  return { path, facts: await inspectFile(path) };
};

describe('image-to-text', () => {
  const look = async (prompt: string): Promise<string> =>
    ask({ task: 'image-to-text', input: { prompt }, media: { imageUrl: [await picture()] } });

  test('says what can be measured, what was asked first, and that it is a preview', async () => {
    const answer = await look('Which colours are there?');
    expect(answer).toMatch(/^PREVIEW: /);
    expect(answer).toContain('Which colours are there?');
    expect(answer).toMatch(/400 x 200 pixels \(landscape, 2:1\)/);
    expect(answer).toMatch(/main colours are red \(#d01010\) 7\d%, white \(#ffffff\) 2\d%/);
    expect(answer).toContain('bottom right');
    expect(answer.indexOf('colours are red')).toBeLessThan(answer.indexOf('400 x 200'));
  });

  test('in Chinese to a Chinese question, in one sentence where that is wanted', async () => {
    const answer = await look('用一句话说说颜色');
    expect(answer).toMatch(/^【预览】.*红色 \(#d01010\) 7\d%、白色 \(#ffffff\) 2\d%/);
    expect(answer).not.toContain('\n');
  });

  test('as JSON where that is wanted', async () => {
    const answer = JSON.parse(await look('Answer in JSON, please'));
    expect(answer).toMatchObject({
      preview: true,
      image: { size: { widthPx: 400, heightPx: 200, orientation: 'landscape' } },
    });
    expect(answer.image.colours[0].name).toBe('red');
  });
});

test('video-to-text finds the cut, the colours before and after it, and that nothing is heard', async () => {
  const answer = await ask({
    task: 'video-to-text',
    input: { prompt: 'Describe it' },
    media: { videoUrl: [await clip()] },
  });
  expect(answer).toMatch(/4 s long, 160 x 120 pixels at 24 pictures a second/);
  expect(answer).toMatch(/2 shots, with cuts near 2 s/);
  expect(answer).toMatch(/(blue)[\s\S]+(green)/);
  expect(answer).toContain('no sound track');
});

describe('text-to-text', () => {
  const reply = (prompt: string): Promise<string> => ask({ task: 'text-to-text', input: { prompt } });

  test('computes', async () => expect(await reply('What is 12 * (3 + 4)?')).toContain('= 84.'));

  test('sums up in sentences of the text itself', async () => {
    const sentences = [
      'The harbour woke early.',
      'Boats left the harbour in fog.',
      'Lunch was soup.',
      'By night the boats came back to the harbour.',
    ];
    const answer = await reply(`Summarise: ${sentences.join(' ')}`);
    expect(answer).toContain('- Boats left the harbour in fog.');
    expect(answer).not.toContain('- Lunch was soup.');
  });

  test('outlines what is to be written', async () =>
    expect(await reply('Write an article about urban gardening')).toMatch(
      /1\. What this is about: urban gardening\n2\. /,
    ));

  test.each(['', ' ', '?', '🦊', 'x'.repeat(50_000)])('answers whatever is asked', async (prompt) =>
    expect(await reply(prompt)).toMatch(/^PREVIEW: /),
  );
});

test('chat answers about the words and all that came with them', async () => {
  const one = await picture();
  const answer = await ask({
    task: 'chat',
    input: { prompt: 'Compare these pictures and the clip' },
    media: { imageUrls: [one, one], videoUrl: [await clip()] },
  });
  expect(answer.match(/^## .+$/gm)).toEqual(['## text', '## image 1', '## image 2', '## video']);
});
