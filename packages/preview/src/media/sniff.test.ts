import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sniff } from './sniff.ts';

const latin = (text: string): Buffer => Buffer.from(text.padEnd(64, '\0'), 'latin1');

test.each([
  ['jpg', '\xff\xd8\xff\xe0'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['webp', 'RIFF\x10\0\0\0WEBP'],
  ['gif', 'GIF89a'],
  ['bmp', `BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0`],
  ['mp4', '\0\0\0\x18ftypisom'],
  ['mov', '\0\0\0\x14ftypqt  '],
  ['mov', '\0\0\0\x08wide\0\0\0\x10mdat'],
  ['m4a', '\0\0\0\x1cftypM4A '],
  ['avif', '\0\0\0\x1cftypavif'],
  ['heic', '\0\0\0\x1cftypheic'],
  ['webm', '\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm'],
  ['mkv', '\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x23\x42\x82\x88matroska'],
  ['avi', 'RIFF\x10\0\0\0AVI '],
  ['wav', 'RIFF\x10\0\0\0WAVE'],
  ['flac', 'fLaC'],
  ['ogg', 'OggS'],
  ['mp3', 'ID3\x04'],
  ['mp3', '\xff\xfb\x90\x64'],
  ['aac', '\xff\xf1\x50\x80'],
])('%s is known by %j', (format, head) => expect(sniff(latin(head))?.format).toBe(format));

test.each([
  ['a playlist', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'],
  ['a list of files to join', 'ffconcat version 1.0\nfile /etc/passwd\n'],
  ['a page', '<!doctype html><html>'],
  ['a drawing in XML', '<svg xmlns="http://www.w3.org/2000/svg">'],
  ['words that begin like a bitmap', 'BMW is a car maker'],
])('%s is nothing that is opened', (_name, head) => expect(sniff(latin(head))).toBeUndefined());

test('any bytes are looked at without an error', () =>
  fc.assert(fc.property(fc.uint8Array({ maxLength: 1024 }), (bytes) => void sniff(Buffer.from(bytes)))));
