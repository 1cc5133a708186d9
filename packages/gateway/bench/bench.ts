/** `npm run bench`: figures and ratios, printed and written to bench-results/. Nothing is judged: the machine decides the
 *  figures, so only ratios of one run compare. `npm run bench -- --quick` takes a few minutes and is rougher. */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCatalog } from './catalog.ts';
import { measureChannels } from './channels.ts';
import { measureHttp } from './http.ts';
import { measureInFlight } from './in-flight.ts';
import { measureRender } from './render.ts';
import { measureStart } from './start.ts';
import { printTable } from './table.ts';

const ALL = ['catalog', 'start', 'http', 'in-flight', 'channels', 'render'] as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, tasks: { type: 'string', default: '10000' } },
});
const wanted = positionals.length > 0 ? positionals : ALL;
const rounds = values.quick ? 1 : 3;
const results: Record<string, unknown> = { node: process.version, cores: availableParallelism(), atMs: Date.now() };

if (wanted.includes('catalog')) {
  const row = await measureCatalog({ rounds: values.quick ? 3 : 7 });
  results.catalog = row;
  printTable('Catalog: loading all of it, checking and pricing one request', [row]);
}
if (wanted.includes('start')) {
  const row = await measureStart({ rounds: values.quick ? 3 : 7 });
  results.start = row;
  printTable('Start: from the command to the first answered request, on an existing data folder', [row]);
}
if (wanted.includes('http')) {
  const rows = await measureHttp({ seconds: values.quick ? 2 : 4, rounds });
  results.http = rows;
  printTable(
    'HTTP: requests a second beside the same server doing the least possible (one grouped insert; a constant)',
    rows,
  );
}
if (wanted.includes('in-flight')) {
  const tasks = Number(values.tasks);
  const rows = [await measureInFlight({ tasks, medianMs: values.quick ? 10_000 : 30_000, spread: 0.3 })];
  if (!values.quick) rows.push(await measureInFlight({ tasks, medianMs: 60_000, spread: 0.05 }));
  results.inFlight = rows;
  printTable('In flight: tasks that wait for an upstream', rows);
}
if (wanted.includes('channels')) {
  const { row, channels } = await measureChannels({
    tasks: Number(values.tasks),
    medianMs: values.quick ? 20_000 : 60_000,
  });
  results.channels = { ...row, channels };
  printTable('Channels: tasks over five channels that have limits', [row]);
  printTable('What each channel had at most, beside its limits (- is none)', channels);
}
if (wanted.includes('render')) {
  const rows = await measureRender({ rounds });
  results.render = rows;
  printTable('Render: one clip at a time', rows);
}
const folder = join(process.cwd(), 'bench-results');
await mkdir(folder, { recursive: true });
const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`);
await writeFile(file, JSON.stringify(results, null, 2));
console.log(`\nWritten to ${file}`);
