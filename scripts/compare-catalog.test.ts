import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'compare-catalog-'));
afterAll(() => rmSync(folder, { recursive: true }));
const script = join(import.meta.dirname, 'compare-catalog.ts');

function run(list?: unknown) {
  const path = join(folder, 'list.json');
  if (list !== undefined) writeFileSync(path, JSON.stringify(list));
  const args = list === undefined ? [] : [path];
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n'), stderr };
}

/** The facts of one endpoint, with words about sources and history that are no part of a catalog. */
const entry = {
  endpoint: 'rhart-video-s/sora-upload-character',
  name: 'sora-upload-character-channel-low-price',
  altNames: ['sora-upload-character'],
  inSeed: true,
  output: 'string',
  family: 'sora',
  vendor: 'openai',
  task: 'character-upload',
  channel: 'channel-low-price',
  status: 'active',
  media: { required: ['video'], optional: [] },
  params: [{ name: 'videoUrl', type: 'video', required: true, accept: ['mp4'], maxSizeMB: 10, evidence: 'docs' }],
  constraints: [],
  pricing: { currency: 'CNY', unit: 'call', kind: 'fixed', price: 0.05, asOf: '2026-04-29' },
  notes: 'Returns a character id.',
};
const about = ({ lines }: { lines: string[] }) => lines.filter((line) => line.startsWith(entry.endpoint));

test('an entry that agrees is not mentioned', () => {
  expect(about(run([entry]))).toEqual([]);
});

test('each field that differs is named with both values', () => {
  const [param] = entry.params;
  const params = [
    { ...param, maxSizeMB: 20, required: false },
    { name: 'title', type: 'string', required: true },
  ];
  const changed = { ...entry, params, pricing: { ...entry.pricing, price: 0.06 } };
  expect(about(run([changed]))).toEqual([
    `${entry.endpoint}.params.videoUrl.maxSizeMB: catalog 10, list 20`,
    `${entry.endpoint}.params.videoUrl.required: catalog true, list false`,
    `${entry.endpoint}.params.title: catalog undefined, list {"name":"title","required":true,"type":"string"}`,
    `${entry.endpoint}.pricing.price: catalog 0.05, list 0.06`,
  ]);
});

test('endpoints that one side lacks are differences, and other families are not compared', () => {
  const { status, lines } = run([
    { ...entry, endpoint: 'sora-9' },
    { ...entry, endpoint: 'elsewhere', family: 'other' },
  ]);
  expect(status).toBe(1);
  expect(lines).toContain(`${entry.endpoint}: not in the list`);
  expect(lines).toContain('sora-9: not in the catalog');
  expect(lines.filter((line) => line.includes('elsewhere'))).toEqual([]);
  expect(lines.at(-1)).toMatch(/^\d+ endpoints compared, \d+ differences$/);
});

test('a list that cannot be read is no comparison', () => {
  expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') });
});
