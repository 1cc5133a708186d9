import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readMp4 } from '../../test/mp4-boxes.ts';
import { createWorkshop, requestFor } from '../../test/samples.ts';
import { RenderError, type Renderer, type RendererOptions, type RenderRequest } from '../contract.ts';
import { createRenderer } from './renderer.ts';

const isLinux = process.platform === 'linux';
const workshop = createWorkshop();
const open: Renderer[] = [];
const renderer = (options: RendererOptions = {}): Renderer => {
  const created = createRenderer(options);
  open.push(created);
  return created;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});
afterAll(() => workshop.remove());

const never = new AbortController().signal;
/** A few frames: for tests in which only the coming and going of children matters. */
const short = (): RenderRequest => requestFor({ outputDir: workshop.folder() });
/** Many seconds of work: for tests that stop it. */
const long = (): RenderRequest =>
  requestFor({
    outputDir: workshop.folder(),
    input: { prompt: 'The sea at night.', size: '1280x720', duration: '60' },
  });

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  return error instanceof RenderError ? error.code : String(error);
};

/** Starts a render and waits until it draws. `ended` is the code of its end. */
async function begin(one: Renderer, p: { request?: RenderRequest; signal?: AbortSignal } = {}) {
  const { promise: drawing, resolve: seen } = Promise.withResolvers<void>();
  const { request = long(), signal = never } = p;
  const ended = codeOf(one.render(request, { signal, onProgress: () => seen() }));
  await Promise.race([drawing, ended.then((code) => expect.unreachable(`it ended at once: ${code}`))]);
  return { ended };
}

/** The child that works in a folder. */
function pidIn(dir: string): number {
  const pid = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readlinkSync(`/proc/${name}/cwd`) === dir;
    } catch {
      return false; // It has ended, or belongs to somebody else.
    }
  });
  if (pid === undefined) throw new Error(`nobody works in ${dir}`);
  return Number(pid);
}

describe('a render', () => {
  test('gives a file in its folder and tells its progress', async () => {
    const request = short();
    const fractions: number[] = [];
    const result = await renderer().render(request, {
      signal: never,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(result).toEqual({
      files: [{ path: join(request.outputDir, 'preview.mp4'), mediaType: 'video/mp4', extension: 'mp4' }],
    });
    expect(readMp4(join(request.outputDir, 'preview.mp4')).tracks).toHaveLength(2);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });

  test('that is called off ends its child and says so', async () => {
    const stop = new AbortController();
    const request = long();
    const one = renderer();
    const { ended } = await begin(one, { request, signal: stop.signal });
    const pid = isLinux ? pidIn(request.outputDir) : undefined;
    stop.abort();
    expect(await ended).toBe('canceled');
    if (pid !== undefined) expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(one.stats()).toEqual({ running: 0, waiting: 0 });
  });

  test('that was called off before it began starts nothing', async () => {
    expect(await codeOf(renderer().render(short(), { signal: AbortSignal.abort() }))).toBe('canceled');
  });

  test.runIf(isLinux)('whose child is killed fails alone, and the next one works', async () => {
    const one = renderer();
    const request = long();
    const { ended } = await begin(one, { request });
    process.kill(pidIn(request.outputDir), 'SIGKILL');
    expect(await ended).toBe('crashed');
    expect((await one.render(short(), { signal: never })).files).toHaveLength(1);
  });

  test('that takes too long ends', async () => {
    expect(await codeOf(renderer({ maxRenderMs: 300 }).render(long(), { signal: never }))).toBe('timed_out');
  });

  test('that takes too much memory ends', async () => {
    expect(await codeOf(renderer({ maxMegabytes: 64 }).render(long(), { signal: never }))).toBe('out_of_memory');
  });

  test('runs behind the server, so that the API stays fast', { skip: !isLinux }, async () => {
    const stop = new AbortController();
    const request = long();
    const { ended } = await begin(renderer(), { request, signal: stop.signal });
    const niceness = readFileSync(`/proc/${pidIn(request.outputDir)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ')[16];
    stop.abort();
    await ended;
    expect(niceness).toBe('10');
  });
});

test('no more renders run at once than there are slots, and the rest wait their turn', async () => {
  const one = renderer({ slots: 2 });
  const stop = new AbortController();
  const [first, second] = await Promise.all([begin(one, { signal: stop.signal }), begin(one, { signal: stop.signal })]);
  const third = codeOf(one.render(long(), { signal: stop.signal }));
  const fourth = codeOf(one.render(long(), { signal: stop.signal }));
  expect(one.stats()).toEqual({ running: 2, waiting: 2 });
  stop.abort();
  expect(await Promise.all([first.ended, second.ended, third, fourth])).toEqual([
    'canceled',
    'canceled',
    'canceled',
    'canceled',
  ]);
  expect(one.stats()).toEqual({ running: 0, waiting: 0 });
});

test('closing ends what runs and what waits', async () => {
  const one = renderer({ slots: 1 });
  const { ended } = await begin(one);
  const waiting = codeOf(one.render(long(), { signal: never }));
  const looking = codeOf(one.inspect(workshop.write('x.mp4', 'x'), { signal: never }));
  await one.close();
  expect(await Promise.all([ended, waiting])).toEqual(['canceled', 'canceled']);
  expect(['canceled', 'bad_media']).toContain(await looking);
});

describe('an inspection', () => {
  test('refuses what is no media, one after another, and goes on', async () => {
    const one = renderer();
    const picture = await workshop.picture('good.png', { widthPx: 80, heightPx: 60 });
    const bad = ['', 'not a clip', Buffer.alloc(5000, 0xff), readFileSync(picture.path).subarray(0, 60)];
    const codes = await Promise.all(
      bad.map((bytes, at) => codeOf(one.inspect(workshop.write(`bad-${at}.mp4`, bytes), { signal: never }))),
    );
    expect(codes).toEqual(['bad_media', 'bad_media', 'bad_media', 'bad_media']);
    expect(await one.inspect(picture.path, { signal: never })).toEqual(picture.facts);
  });

  test('does not wait for a render', async () => {
    const one = renderer({ slots: 1 });
    const stop = new AbortController();
    const { ended } = await begin(one, { signal: stop.signal });
    const picture = await workshop.picture('beside.jpg', { widthPx: 80, heightPx: 60 });
    expect(await one.inspect(picture.path, { signal: never })).toEqual(picture.facts);
    expect(one.stats().running).toBe(1);
    stop.abort();
    await ended;
  });

  test('that takes too long fails alone, and the next one works', async () => {
    const picture = await workshop.picture('slow.jpg', { widthPx: 80, heightPx: 60 });
    // One millisecond is over before a process has started.
    expect(await codeOf(renderer({ maxInspectMs: 1 }).inspect(picture.path, { signal: never }))).toBe('timed_out');
    const one = renderer();
    expect(await codeOf(one.inspect(join(workshop.dir, 'missing.png'), { signal: never }))).toBe('crashed');
    expect(await one.inspect(picture.path, { signal: never })).toEqual(picture.facts);
  });

  test('that is called off fails alone, and the next one works', async () => {
    const one = renderer();
    const picture = await workshop.picture('left.jpg', { widthPx: 80, heightPx: 60 });
    const stop = new AbortController();
    const work = codeOf(one.inspect(picture.path, { signal: stop.signal }));
    stop.abort();
    expect(await work).toBe('canceled');
    expect(await one.inspect(picture.path, { signal: never })).toEqual(picture.facts);
  });
});

test.runIf(isLinux)('children end with the process that started them, even when it has no time to say so', async () => {
  const request = long();
  const script = workshop.write(
    'parent.mts',
    `import { createRenderer } from ${JSON.stringify(resolve(import.meta.dirname, '../index.ts'))};
     createRenderer().render(${JSON.stringify(request)}, {
       signal: new AbortController().signal, onProgress: () => process.stdout.write('drawing'),
     });`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((seen, failed) => {
    parent.stdout.once('data', seen);
    parent.once('exit', failed);
  });
  const pid = pidIn(request.outputDir);
  parent.kill('SIGKILL');
  // Waits for an end that comes; the test's own limit is what fails it otherwise.
  while (existsSync(`/proc/${pid}`)) await sleep(20);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});

test('a process that has only looked at files ends by itself', () => {
  const picture = workshop.write('alone.png', 'not a picture');
  const script = workshop.write(
    'idle.mts',
    `import { createRenderer } from ${JSON.stringify(resolve(import.meta.dirname, '../index.ts'))};
     await createRenderer().inspect(${JSON.stringify(picture)}, { signal: new AbortController().signal })
       .catch((error) => process.stdout.write(error.code));`,
  );
  expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toBe('bad_media');
});

test('without the media packages everything is unavailable, in words that say what to install', async () => {
  // The same sources where no node_modules are found.
  const lonely = join(workshop.dir, 'lonely');
  mkdirSync(lonely);
  cpSync(resolve(import.meta.dirname, '..'), join(lonely, 'src'), { recursive: true });
  writeFileSync(join(lonely, 'package.json'), JSON.stringify({ type: 'module' }));
  const loaded: { createRenderer: typeof createRenderer } = await import(join(lonely, 'src/index.ts'));
  const one = loaded.createRenderer();
  // Its error class is the copy's own.
  await expect(one.render(short(), { signal: never })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('npm install node-av @napi-rs/canvas'),
  });
  await one.close();
});
