/** `npm run check`: everything that reads the code without running the product, then the tests. Each step runs even when
 *  an earlier one failed, so that one run shows all there is to mend. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const cache = join(root, 'node_modules', '.cache');
const MAX_FILE_LINES = 300;

const bin = (name: string, script: string) => [process.execPath, join(root, 'node_modules', name, script)];
const STEPS: readonly [string, readonly string[]][] = [
  ['format and lint', [...bin('@biomejs/biome', 'bin/biome'), 'ci', '.']],
  // Only what changed since the last run is looked at again.
  [
    'types',
    [...bin('typescript', 'bin/tsc'), '-p', '.', '--incremental', '--tsBuildInfoFile', join(cache, 'types.json')],
  ],
  [
    'import direction',
    [...bin('dependency-cruiser', 'bin/dependency-cruiser.mjs'), 'packages', '--config', '.dependency-cruiser.cjs'],
  ],
  ['unused code', bin('knip', 'bin/knip.js')],
  ['tests', [...bin('vitest', 'vitest.mjs'), 'run']],
];

/** Files that are longer than a reader can hold. Catalog data and tests may be. */
function longFiles(): string[] {
  const { stdout } = spawnSync('git', ['ls-files', '*.ts', '*.mjs'], { cwd: root, encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((path) => path !== '' && !/\.test\.ts$|\/families\/|\/testing\/|\.contract\.ts$/.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8').split('\n').length - 1] as const)
    .filter(([, lines]) => lines > MAX_FILE_LINES)
    .map(([path, lines]) => `${path}: ${lines} lines, at most ${MAX_FILE_LINES}`);
}

const failed: string[] = [];
const tooLong = longFiles();
console.log(`── file length\n${tooLong.join('\n') || `all within ${MAX_FILE_LINES} lines`}`);
if (tooLong.length > 0) failed.push('file length');
for (const [name, [command = '', ...args]] of STEPS) {
  if (name === 'tests' && process.argv.includes('--no-tests')) continue;
  console.log(`── ${name}`);
  if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '── all checks passed' : `── failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
