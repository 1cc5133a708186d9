// Starts a program of this repository on Node 24, whatever Node called us. Must itself run on Node 20: no TypeScript.
// Usage: node scripts/launch.mjs [node options] <file.ts> [args]
//        node scripts/launch.mjs --bin <installed command> [args]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const REQUIRED_MAJOR = 24;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Node keeps what it made of each file here, so that only the first start reads the TypeScript. Children use it too.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compile');

/** Whether every package that the lock file asks for is in node_modules at that version, and ours are linked there.
 *  Packages for other platforms are optional and may be absent. */
function isInstalled() {
  try {
    const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
    const wanted = read('package-lock.json');
    const present = read('node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([path, { version, optional, link, dev }]) =>
        !/(^|\/)node_modules\//.test(path) ||
        optional ||
        dev ||
        (link ? existsSync(join(root, path)) : present[path]?.version === version),
    );
  } catch {
    return false;
  }
}

function install() {
  if (isInstalled()) return;
  console.error('Installing packages (first use, or the lock file changed) …');
  // Not `npm ci`: it wants every package of every platform in the lock file, also those that a registry mirror does not
  // carry. `install --no-save` takes the locked versions and leaves the lock file alone.
  // Packages that declare a newer Node than the one npm runs on only cause warnings: we run them on Node 24.
  const { status } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm install failed: see its messages above.');
    process.exit(status ?? 1);
  }
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    const folder = dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`));
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary)) return binary;
  } catch {
    // Told below: the package does not exist for this platform, or was left out of the installation.
  }
  console.error(
    `Reelay runs on Node ${REQUIRED_MAJOR} or newer. This is Node ${process.versions.node}, and the npm package ` +
      `"${name}" is not installed. Install Node ${REQUIRED_MAJOR} (https://nodejs.org) and try again.`,
  );
  return process.exit(1);
}

/** Runs the program in a child. The open channel tells it when we are gone, so that killing us never leaves it behind. */
function run(node, args) {
  const child = spawn(node, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to the child as well; sending it again would look like a second, impatient one.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('error', (error) => {
    console.error(`Cannot start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

install();
const given = process.argv.slice(2);
if (given[0] === '--bin') {
  const [, command, ...args] = given;
  const { bin, name } = JSON.parse(readFileSync(join(root, 'node_modules', command, 'package.json'), 'utf8'));
  // A scoped package names its command after itself: `@biomejs/biome` has `biome`.
  const entry = typeof bin === 'string' ? bin : (bin[name] ?? bin[command] ?? bin[name.replace(/^@[^/]*\//, '')]);
  run(findNode(), [join(root, 'node_modules', command, entry), ...args]);
} else {
  const options = given.slice(
    0,
    given.findIndex((arg) => !arg.startsWith('--')),
  );
  const [file, ...args] = given.slice(options.length);
  const node = findNode();
  const target = join(root, file);
  if (node === process.execPath && options.length === 0) {
    process.argv.splice(1, process.argv.length, target, ...args);
    module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
    await import(pathToFileURL(target).href);
  } else run(node, [...options, target, ...args]);
}
