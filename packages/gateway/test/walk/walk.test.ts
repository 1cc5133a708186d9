import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalog, type Endpoint, type Input, type Task } from '@reelay/catalog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Judged, judge } from '../../../preview/test/judge.ts';
import { listNamedIds } from '../../src/tasks/named-ids.ts';
import { memoryOf } from '../memory.ts';
import { type Client, createClient, type ServerProcess, startProcess } from '../server-process.ts';
import { mismatches } from './expected.ts';
import { createFixtures } from './fixtures.ts';
import { shortestOf } from './requests.ts';

// Every endpoint of the catalog, as a client would use it: submit its example, ask until it ends, download, decode.

const POLL_MS = 100;
const KEY = '0123456789abcdef0123456789abcdef';
/** The server hands bytes on; it draws and decodes in its children. */
const MAX_SERVER_MB = 400;

let dataDir: string;
let server: ServerProcess;
let client: Client;
const fixtures = createFixtures(upload);
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-walk-'));
  server = await startProcess({ REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY });
  client = createClient(server.url, KEY);
});
afterAll(async () => {
  await server.stop('SIGTERM');
  fixtures.remove();
  await rm(dataDir, { recursive: true });
});

const Uploaded = z.object({ code: z.literal(0), data: z.object({ download_url: z.string() }) });
async function upload(path: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await readFile(path))]), basename(path));
  const headers = { authorization: `Bearer ${KEY}` };
  const answer = await fetch(`${server.url}/openapi/v2/media/upload/binary`, { method: 'POST', headers, body: form });
  return Uploaded.parse(await answer.json()).data.download_url;
}

const Result = z.object({ url: z.string().nullable(), text: z.string().nullish(), outputType: z.string() });
type Result = z.infer<typeof Result>;
const Ended = z.object({
  taskId: z.string(),
  status: z.string(),
  errorMessage: z.string(),
  results: z.array(Result).nullable(),
});
type Ended = z.infer<typeof Ended>;

async function finish(endpoint: Endpoint, body: Input): Promise<Ended> {
  const submitted = Ended.parse(await client.post(`/openapi/v2/${endpoint.id}`, body));
  expect(submitted).toMatchObject({ errorMessage: '', taskId: expect.stringMatching(/^\d{19}$/) });
  for (;;) {
    const answer = Ended.parse(await client.post('/openapi/v2/query', { taskId: submitted.taskId }));
    if (!['QUEUED', 'RUNNING'].includes(answer.status)) return answer;
    await sleep(POLL_MS);
  }
}

const bodyOf = async (endpoint: Endpoint): Promise<Input> =>
  withIds(endpoint, await fixtures.withFiles(endpoint, shortestOf(endpoint)));

/** The request with ids of results that were made here, in place of those of the example. */
async function withIds(endpoint: Endpoint, input: Input): Promise<Input> {
  let text = JSON.stringify(input);
  for (const { id, refersTo } of listNamedIds(endpoint, input)) {
    if (refersTo.orOther) continue;
    const own = await idOf(refersTo.tasks?.[0] ?? 'text-to-video', endpoint.family);
    text = text.replaceAll(JSON.stringify(id), JSON.stringify(own));
  }
  return z.record(z.string(), z.json()).parse(JSON.parse(text));
}

const ids = new Map<string, Promise<string>>();
/** What the family's endpoint for a task answers with, made once. */
function idOf(task: Task, family: string): Promise<string> {
  const key = `${family} ${task}`;
  const known = ids.get(key);
  if (known !== undefined) return known;
  const endpoint = catalog.list().find((row) => row.task === task && row.family === family);
  if (endpoint === undefined) throw new Error(`no ${task} of ${family}`);
  const made = bodyOf(endpoint)
    .then((body) => finish(endpoint, body))
    .then(({ taskId, results }) => /\d{19}/.exec(results?.find(({ text }) => text)?.text ?? '')?.[0] ?? taskId);
  ids.set(key, made);
  return made;
}

async function judgeResult({ url, text, outputType }: Result, name: string): Promise<Judged> {
  const path = join(dataDir, `${name}.${outputType}`);
  if (url === null) await writeFile(path, text ?? '');
  else await writeFile(path, Buffer.from(await (await client.get(url)).arrayBuffer()));
  try {
    return await judge(path, outputType);
  } finally {
    await rm(path);
  }
}

describe.concurrent('every endpoint ends in SUCCESS with what was asked for', () => {
  test.each(catalog.list())('$id', { timeout: 240_000 }, async (endpoint) => {
    const body = await bodyOf(endpoint);
    const ended = await finish(endpoint, body);
    expect(ended).toMatchObject({ status: 'SUCCESS', errorMessage: '' });
    const results = ended.results ?? [];
    const judged = await Promise.all(results.map((result, index) => judgeResult(result, `${ended.taskId}-${index}`)));
    expect(mismatches(endpoint, body, judged)).toEqual([]);
  });
});

test.runIf(process.platform === 'linux')('the server has stayed small', async () => {
  const { mostMb } = await memoryOf(server.child.pid);
  expect(mostMb).toBeGreaterThan(0);
  expect(mostMb).toBeLessThan(MAX_SERVER_MB);
});
