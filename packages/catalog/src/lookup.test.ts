import { expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { sora } from './families/sora.ts';
import { createCatalog } from './lookup.ts';

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

test('every endpoint answers to its path and to its former ones', () => {
  for (const endpoint of catalog.list()) expect(catalog.get(endpoint.id)).toBe(endpoint);
  expect(catalog.get('google/veo3.1-lite/text-to-video')?.id).toBe('rhart-video-v3.1-lite-official/text-to-video');
  expect(catalog.get('doubao-seedance-2.0/image-to-video')?.id).toBe('rhart-video/sparkvideo-2.0/image-to-video');
});

test.each(['', 'nope', '__proto__', 'constructor', 'RHART-VIDEO-S/TEXT-TO-VIDEO'])('%j is no endpoint', (id) => {
  expect(catalog.get(id)).toBeUndefined();
});

test('a name may stand for several endpoints', () => {
  expect(ids(catalog.find('sora-2/Text-to-Video-channel-low-price'))).toEqual([
    'rhart-video-s/text-to-video',
    'rhart-video-s/text-to-video-deprecated',
  ]);
  expect(ids(catalog.find('Seedance2.0 Image to Video'))).toEqual(['rhart-video/sparkvideo-2.0/image-to-video']);
  expect(catalog.find('nope')).toEqual([]);
});

test('a search finds every word somewhere, names first', () => {
  expect(catalog.search('lip kling')[0]?.family).toBe('kling');
  expect(ids(catalog.search('kuaishou TTS'))).toEqual(['kling-lip-sync/tts']);
  expect(ids(catalog.search('口型'))).toContain('kling-lip-sync/lip-sync-video');
  expect(catalog.search('motion-control kling 4k')[0]?.id).toBe('kling-v3.0-4k/motion-control');
  expect(catalog.search('  ')).toEqual([]);
  expect(catalog.search('kling zebra')).toEqual([]);
});

test('two endpoints cannot claim one path', () => {
  expect(() => createCatalog([sora, sora])).toThrow('two endpoints claim rhart-video-s-official/text-to-video');
});
