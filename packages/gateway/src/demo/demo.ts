/** `npm run demo`: a gateway of its own, one task from prompt to file, a progress bar. Uses only what any client has:
 *  HTTP. Usage: npm run demo -- ["prompt"] [--size 720x1280] [--duration 12] [--out reelay-demo.mp4] */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { z } from 'zod';
import { loadConfig } from '../config.ts';
import { startServer } from '../server.ts';

const PROMPT =
  'Evening light falls into a glassblower’s workshop. An old man breathes into a long pipe and a vase of molten glass begins to glow. ' +
  'The camera slowly pushes in while sparks drift through the warm air. Close-up: his hands turn the pipe.';
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const POLL_MS = 200;
const MAX_WAIT_MS = 300_000;

const Submitted = z.object({ taskId: z.string(), errorMessage: z.string() });
const Task = z.object({ status: z.string(), progress: z.number() });
const Answer = z.object({
  status: z.string(),
  errorMessage: z.string(),
  results: z.array(z.object({ url: z.string() })).nullable(),
});

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      size: { type: 'string', default: '720x1280' },
      duration: { type: 'string', default: '12' },
      out: { type: 'string', default: 'reelay-demo.mp4' },
    },
  });
  const key = randomBytes(16).toString('hex');
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-demo-'));
  const server = await startServer(
    loadConfig({ REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: key }, dataDir),
    { logLevel: 'error' },
  );
  try {
    const prompt = positionals.join(' ') || PROMPT;
    console.log(`A gateway is up at ${server.url}\nPOST /openapi/v2/${ENDPOINT}\n  ${prompt}`);
    const bytes = await generate(server.url, key, { prompt, size: values.size, duration: values.duration });
    const path = resolve(values.out);
    await writeFile(path, bytes);
    console.log(`Saved ${path} (${(bytes.byteLength / 1e6).toFixed(1)} MB)`);
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Submits, shows the progress, and downloads the first result. */
async function generate(url: string, key: string, body: Record<string, string>): Promise<Uint8Array> {
  const call = async (path: string, json?: unknown): Promise<unknown> => {
    const response = await fetch(url + path, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
    });
    return response.json();
  };
  const { taskId, errorMessage } = Submitted.parse(await call(`/openapi/v2/${ENDPOINT}`, body));
  if (taskId === '') throw new Error(errorMessage);
  const bar = new SingleBar({ format: '  {bar} {percentage}% | {status} | {duration_formatted}', barsize: 40 });
  bar.start(100, 0, { status: 'queued' });
  const startedAtMs = performance.now();
  try {
    for (;;) {
      const { status, progress } = Task.parse(await call(`/api/v1/tasks/${taskId}`));
      bar.update(Math.round(progress * 100), { status });
      if (['succeeded', 'failed', 'canceled'].includes(status)) break;
      if (performance.now() - startedAtMs > MAX_WAIT_MS) throw new Error(`The task did not end in ${MAX_WAIT_MS} ms`);
      await sleep(POLL_MS);
    }
  } finally {
    bar.stop();
  }
  const answer = Answer.parse(await call('/openapi/v2/query', { taskId }));
  const file = answer.results?.[0]?.url;
  if (file === undefined) throw new Error(`The task failed: ${answer.errorMessage}`);
  return new Uint8Array(await (await fetch(file)).arrayBuffer());
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
