import { expect, test } from 'vitest';
import { checkMedia } from './media.ts';
import { mediaParams } from './media-params.ts';
import { audio, image, images, optional, say, text, video, videos } from './params.ts';
import type { MediaFacts, Param } from './types.ts';

const about = say('a', '一');
const picture: MediaFacts = { kind: 'image', format: 'jpg', sizeBytes: 1000, widthPx: 720, heightPx: 1280 };
const clip: MediaFacts = { ...picture, kind: 'video', format: 'mp4', durationMs: 5000 };
const sound: MediaFacts = { kind: 'audio', format: 'mp3', sizeBytes: 1000, durationMs: 5000 };

/** What is said of one file for one parameter. */
const said = (param: Param, ...files: MediaFacts[]): string[] =>
  checkMedia({ params: { it: param }, constraints: [] }, { it: files }, {}).map(({ message }) => message);

test('the parameters that take files are listed with their kind, in order', () => {
  const params = {
    prompt: text(about),
    videoUrls: optional(videos(about)),
    audioUrl: audio(about),
    ref: images(about),
  };
  expect(mediaParams({ params }).map(({ name, kind, isList }) => [name, kind, isList])).toEqual([
    ['videoUrls', 'video', true],
    ['audioUrl', 'audio', false],
    ['ref', 'image', true],
  ]);
});

test('a format is known by all of its names', () => {
  expect(said(image(about, { accept: ['jpg', 'png'] }), picture)).toEqual([]);
  expect(said(image(about, { accept: ['jpeg', 'png'] }), picture)).toEqual([]);
  expect(said(image(about, { accept: ['jpg'] }), { ...picture, format: 'jpeg' })).toEqual([]);
  expect(said(image(about, { accept: ['jpg', 'png'] }), { ...picture, format: 'webp' })).toEqual([
    'it: webp files are not accepted; send jpg or png',
  ]);
});

test('mov is not mp4, m4v is, and sound alone in MP4 is m4a', () => {
  const mp4 = video(about, { accept: ['mp4'] });
  expect(said(mp4, clip)).toEqual([]);
  expect(said(mp4, { ...clip, format: 'm4v' })).toEqual([]);
  expect(said(mp4, { ...clip, format: 'mov' })).toEqual(['it: mov files are not accepted; send mp4']);
  expect(said(video(about, { accept: ['mp4', 'mov'] }), { ...clip, format: 'mov' })).toEqual([]);
  const voice = audio(about, { accept: ['mp3', 'wav', 'm4a'] });
  expect(said(voice, { ...sound, format: 'mp4' })).toEqual([]);
  expect(said(voice, { ...sound, format: 'm4a' })).toEqual([]);
  expect(said(voice, { ...sound, format: 'flac' })).toEqual(['it: flac files are not accepted; send mp3, wav or m4a']);
});

test('the kind of the file decides, whatever its name was', () => {
  expect(said(image(about), clip)).toEqual(['it: a video file (mp4); send an image file']);
  expect(said(video(about), sound)).toEqual(['it: an audio file (mp3); send a video file']);
  expect(said(audio(about, { accept: ['m4a'] }), clip)).toEqual(['it: a video file (mp4); send an audio file']);
});

test('a megabyte is the larger one', () => {
  const small = image(about, { maxMegabytes: 10 });
  expect(said(small, { ...picture, sizeBytes: 10 * 1024 * 1024 })).toEqual([]);
  expect(said(small, { ...picture, sizeBytes: 11 * 1024 * 1024 })).toEqual(['it: the file has 11.0 MB; at most 10 MB']);
});

test('lengths have limits, with room for the last picture', () => {
  const short = video(about, { minSeconds: 2, maxSeconds: 4 });
  expect(said(short, { ...clip, durationMs: 4040 })).toEqual([]);
  expect(said(short, { ...clip, durationMs: 1960 })).toEqual([]);
  expect(said(short, { ...clip, durationMs: 4500 })).toEqual(['it: 4.5 s long; at least 2 s and at most 4 s']);
  expect(said(short, { ...clip, durationMs: 1000 })).toHaveLength(1);
  expect(said(audio(about, { maxSeconds: 4 }), sound)).toEqual(['it: 5 s long; at most 4 s']);
});

test('all clips together have a limit too', () => {
  const list = videos(about, { maxTotalSeconds: 15 });
  expect(said(list, clip, clip, { ...clip, durationMs: 5040 })).toEqual([]);
  expect(said(list, clip, clip, { ...clip, durationMs: 6000 })).toEqual(['it: 16 s together; at most 15 s']);
});

test('sides, shape and area are each checked', () => {
  expect(said(image(about, { minSidePx: 720, maxSidePx: 1280 }), picture)).toEqual([]);
  expect(said(image(about, { minSidePx: 721 }), picture)).toEqual(['it: 720x1280 pixels; each side at least 721']);
  expect(said(image(about, { maxSidePx: 1279 }), picture)).toEqual(['it: 720x1280 pixels; each side at most 1279']);
  expect(said(image(about, { minAspect: 0.4, maxAspect: 2.5 }), { ...picture, widthPx: 400, heightPx: 1000 })).toEqual(
    [],
  );
  expect(said(image(about, { minAspect: 0.6, maxAspect: 2.5 }), picture)).toEqual([
    'it: 720x1280 pixels; width divided by height from 0.6 to 2.5',
  ]);
  expect(said(image(about, { minPixels: 921_600, maxPixels: 921_600 }), picture)).toEqual([]);
  expect(said(image(about, { minPixels: 921_601 }), picture)).toEqual([
    'it: 720x1280 is 921600 pixels; at least 921601',
  ]);
  expect(said(image(about, { maxPixels: 921_599 }), picture)).toHaveLength(1);
});

test('exact sizes are exact', () => {
  const exact = image(about, { dimensions: ['720x1280', '1280x720'] });
  expect(said(exact, picture)).toEqual([]);
  expect(said(exact, { ...picture, widthPx: 721 })).toEqual(['it: 721x1280 pixels; send exactly 720x1280 or 1280x720']);
});

test('what is not known of a file is not held against it', () => {
  const strict = video(about, { minSeconds: 2, minSidePx: 512, dimensions: ['1x1'], maxMegabytes: 1, accept: ['mp4'] });
  expect(said(strict, { kind: 'video', format: 'mp4', sizeBytes: 5 })).toEqual([]);
});

test('every file of every parameter is reported, by its place', () => {
  const params = { ref: images(about, { accept: ['png'] }), clip: video(about, { maxSeconds: 4 }) };
  const facts = { clip: [clip], ref: [{ ...picture, format: 'png' }, picture] };
  expect(checkMedia({ params, constraints: [] }, facts, {})).toEqual([
    { field: 'ref[1]', message: 'ref[1]: jpg files are not accepted; send png' },
    { field: 'clip', message: 'clip: 5 s long; at most 4 s' },
  ]);
});
