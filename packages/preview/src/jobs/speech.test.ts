import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createWorkshop, requestFor } from '../../test/samples.ts';
import { dbfsOf, hear, peakOf, pitchOf, readMp3, secondsOf, silencesIn } from '../../test/sound-judge.ts';
import type { MediaFile, RenderRequest } from '../contract.ts';
import { encodeMp3 } from '../media/encode-sound.ts';
import { inspectFile } from '../media/inspect.ts';
import { runJob } from './jobs.ts';

const workshop = createWorkshop();
afterAll(() => workshop.remove());

const TEXT = 'The ferry leaves at seven. Please bring a warm coat and something to read.';

const make = (p: Partial<RenderRequest>) =>
  runJob(
    requestFor({
      endpoint: 'rhart-audio/text-to-audio/speech-2.8-hd',
      output: 'audio',
      outputDir: workshop.folder(),
      ...p,
    }),
    () => {},
  );
const pathOf = async (p: Partial<RenderRequest>): Promise<string> => (await make(p)).files[0]?.path ?? '';
const say = (input: RenderRequest['input'], media: RenderRequest['media'] = {}): Promise<string> =>
  pathOf({
    task: 'text-to-speech',
    input: { text: TEXT, voice_id: 'Wise_Woman', emotion: 'neutral', ...input },
    media,
  });
const saidFile = async (path: string): Promise<MediaFile> => ({ path, facts: await inspectFile(path) });

describe('speech', () => {
  test('lasts about as long as somebody would take, in mono, and says what it is', async () => {
    const path = await say({});
    const seconds = secondsOf(await hear(path));
    // 14 words at 120 to 210 a minute.
    expect(seconds).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(7.5);
    expect(readMp3(readFileSync(path))).toMatchObject({ sampleRate: 32_000, channels: 1 });
    expect(readFileSync(path).toString('utf16le').concat(readFileSync(path, 'latin1'))).toContain(
      'drawn by Reelay in place of',
    );
  });

  test('half the speed takes twice the time, twice the speed half of it', async () => {
    const [usual, slow, fast] = await Promise.all(
      [1, 0.5, 2].map(async (speed) => secondsOf(await hear(await say({ speed })))),
    );
    expect((slow ?? 0) / (usual ?? 1)).toBeGreaterThan(1.6);
    expect((slow ?? 0) / (usual ?? 1)).toBeLessThan(2.2);
    expect((fast ?? 0) / (usual ?? 1)).toBeGreaterThan(0.4);
    expect((fast ?? 0) / (usual ?? 1)).toBeLessThan(0.62);
  });

  test('pitch is in semitones', async () => {
    const [usual = 0, low = 0, high = 0] = await Promise.all(
      [0, -12, 7].map(async (pitch) => pitchOf(await hear(await say({ pitch })))),
    );
    expect(low / usual).toBeCloseTo(0.5, 1);
    expect(high / usual).toBeCloseTo(2 ** (7 / 12), 1);
  });

  test('volume is a factor, and no peak is cut off', async () => {
    const [usual, soft, huge] = await Promise.all([1, 0.25, 10].map(async (volume) => hear(await say({ volume }))));
    if (usual === undefined || soft === undefined || huge === undefined) throw new Error('nothing was said');
    expect(dbfsOf(soft) - dbfsOf(usual)).toBeCloseTo(-12, 0);
    expect(dbfsOf(huge)).toBeGreaterThan(dbfsOf(usual) + 7);
    expect(peakOf(huge)).toBeLessThan(1);
  });

  test.each([
    ['Deep_Voice_Man', 75, 115],
    ['Elegant_Man', 95, 140],
    ['Wise_Woman', 160, 245],
    ['Lovely_Girl', 170, 290],
  ])('%s speaks between %i and %i Hz', async (voice_id, low, high) => {
    const pitch = pitchOf(await hear(await say({ voice_id })));
    expect(pitch).toBeGreaterThan(low);
    expect(pitch).toBeLessThan(high);
  });

  test('feelings are heard: anger is louder and quicker than sadness, surprise higher', async () => {
    const [sad, angry, surprised] = await Promise.all(
      ['sad', 'angry', 'surprised'].map(async (emotion) => hear(await say({ emotion }))),
    );
    if (sad === undefined || angry === undefined || surprised === undefined) throw new Error('nothing was said');
    expect(dbfsOf(angry)).toBeGreaterThan(dbfsOf(sad) + 3);
    expect(secondsOf(angry)).toBeLessThan(secondsOf(sad) * 0.85);
    expect(pitchOf(surprised)).toBeGreaterThan(pitchOf(sad) * 1.15);
  });

  test('a pause is as long as it says, a named sound is heard, other brackets are read', async () => {
    const paused = await hear(await say({ text: 'Left.<#1.7#>Right.' }));
    expect(Math.max(...silencesIn(paused, 1))).toBeGreaterThan(1.65);
    expect(Math.max(...silencesIn(paused, 1))).toBeLessThan(2.4);
    expect(secondsOf(await hear(await say({ text: '(applause)' })))).toBeGreaterThan(2);
    const [plain, bracket] = await Promise.all(
      ['Well yes', 'Well (of course) yes'].map(async (text) => secondsOf(await hear(await say({ text })))),
    );
    expect(bracket ?? 0).toBeGreaterThan((plain ?? 0) + 0.3);
  });

  test('a term is said as the dictionary has it, and only as a whole word', async () => {
    const length = async (text: string, dictionary: string[]) =>
      secondsOf(await hear(await say({ text, pronunciation_dict: dictionary })));
    const long = ['rh/running hub of the whole wide world'];
    expect(await length('Ask rh now.', long)).toBeGreaterThan((await length('Ask rh now.', [])) + 1);
    expect(await length('Ask rhino now.', long)).toBeCloseTo(await length('Ask rhino now.', []), 2);
  });

  test('amounts are written out when that is asked for', async () => {
    const length = async (english_normalization: boolean) =>
      secondsOf(await hear(await say({ text: 'It costs $12.50 today.', english_normalization })));
    expect(await length(true)).not.toBeCloseTo(await length(false), 1);
  });

  test('is base64 instead of a file where that is asked for', async () => {
    const input = { text: 'Short.', voice_id: 'Casual_Guy', enable_base64_output: true };
    const result = await make({ task: 'text-to-speech', input });
    expect(result.files).toEqual([]);
    const path = workshop.write('said.mp3', Buffer.from(result.text ?? '', 'base64'));
    expect(await inspectFile(path)).toMatchObject({ kind: 'audio', format: 'mp3' });
  });

  test('is the same bytes for the same request, also for words that are none', async () => {
    expect(readFileSync(await say({}))).toEqual(readFileSync(await say({})));
    for (const text of ['…', '<#>', '& < > "', '你好，世界', 'Привет', '-v', '\u0000']) {
      expect(secondsOf(await hear(await say({ text })))).toBeGreaterThan(0.2);
    }
  });
});

describe('voices of one’s own', () => {
  /** A buzz like vocal cords at one pitch. */
  const buzz = async (name: string, hz: number, gain = 0.2): Promise<MediaFile> => {
    const channel = Float32Array.from({ length: 96_000 }, (_, at) => {
      const phase = ((at * hz) / 48_000) % 1;
      return gain * (0.5 - phase) * (Math.floor(at / 12_000) % 4 === 3 ? 0 : 1);
    });
    const path = join(workshop.dir, name);
    await encodeMp3({ path, pcm: { left: channel, right: channel.slice() }, comment: 'a sample' });
    return saidFile(path);
  };
  const clone = async (sample: MediaFile, input: RenderRequest['input'] = {}) =>
    make({
      endpoint: 'rhart-audio/text-to-audio/voice-clone',
      task: 'voice-clone',
      input: { custom_voice_id: 'Narrator2024', text: TEXT, need_volume_normalization: true, ...input },
      media: { audio: [sample] },
    });

  test.each([98, 210])('a clone speaks at the pitch of its sample, %i Hz, and so does later speech', async (hz) => {
    const result = await clone(await buzz(`${hz}.mp3`, hz));
    expect(JSON.parse(result.text ?? '')).toEqual({ voice_id: 'Narrator2024' });
    const demo = await saidFile(result.files[0]?.path ?? '');
    expect(pitchOf(await hear(demo.path)) / hz).toBeCloseTo(1, 1);
    const later = await say({ voice_id: 'Narrator2024', text: 'Something else entirely.' }, { voice_id: [demo] });
    expect(pitchOf(await hear(later)) / hz).toBeCloseTo(1, 1);
  });

  test('a clone is as loud as its sample unless the volume is to be evened', async () => {
    const sample = await buzz('soft.mp3', 130, 0.06);
    const loudness = async (need_volume_normalization: boolean) => {
      const { files } = await clone(sample, { need_volume_normalization });
      return dbfsOf(await hear(files[0]?.path ?? ''));
    };
    expect(await loudness(true)).toBeGreaterThan((await loudness(false)) + 6);
  });

  test('silence cannot be measured: the clone then has the voice of its id', async () => {
    const result = await clone(await buzz('silence.mp3', 100, 0));
    expect(pitchOf(await hear(result.files[0]?.path ?? ''))).toBeGreaterThan(60);
  });

  test('a designed voice is what its words say, is known by its id and can be labelled', async () => {
    const design = (prompt: string, input: RenderRequest['input'] = {}) =>
      make({ endpoint: 'minimax/voice-design', task: 'voice-design', input: { prompt, previewText: TEXT, ...input } });
    const man = await design('A deep, gravelly old man telling ghost stories', { voiceId: 'ghosts' });
    const girl = await design('一个活泼的小女孩，声音清脆', { aigcWatermark: true });
    const plain = await design('一个活泼的小女孩，声音清脆');
    expect(JSON.parse(man.text ?? '')).toEqual({ voice_id: 'ghosts' });
    expect(JSON.parse(girl.text ?? '')).toEqual({ voice_id: '1904152026220003329' });
    const [low, high] = await Promise.all(
      [man, plain].map(async ({ files }) => pitchOf(await hear(files[0]?.path ?? ''))),
    );
    expect(low ?? 0).toBeGreaterThan(60);
    expect(low ?? 0).toBeLessThan(115);
    expect(high ?? 0).toBeGreaterThan(230);
    const [marked, unmarked] = await Promise.all(
      [girl, plain].map(async ({ files }) => secondsOf(await hear(files[0]?.path ?? ''))),
    );
    expect((marked ?? 0) - (unmarked ?? 0)).toBeCloseTo(1.4, 1);
    const later = await say({ voice_id: 'ghosts' }, { voice_id: [await saidFile(man.files[0]?.path ?? '')] });
    expect(pitchOf(await hear(later)) / (low ?? 1)).toBeCloseTo(1, 1);
  });
});

test('a file for later worlds is known by the number of its task', async () => {
  const picture = await workshop.picture('place.png', { widthPx: 64, heightPx: 48 });
  const result = await make({
    endpoint: 'marble/upload-media-asset',
    task: 'media-upload',
    output: 'string',
    input: { fileName: 'place', kind: 'image' },
    media: { imageUrl: [picture] },
  });
  expect(JSON.parse(result.text ?? '')).toEqual({
    media_asset_id: '1904152026220003329',
    file_name: 'place',
    kind: 'image',
    extension: 'png',
  });
});
