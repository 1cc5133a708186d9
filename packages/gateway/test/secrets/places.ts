import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { z } from 'zod';
import { startProcess } from '../server-process.ts';

// Where a secret could show.

const CRASH = join(import.meta.dirname, 'crash.ts');
const MAX_PAGES = 100;
const Items = z.object({ items: z.array(z.object({ id: z.string() })), nextCursor: z.string().nullable() });
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** What every surface says of every task, and what can be read besides. */
export async function readAnswers(
  url: string,
  { key, adminKey }: { key: string; adminKey: string },
): Promise<string[]> {
  const answers: string[] = [];
  const ask = async (path: string, as: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json', accept: 'application/json' };
    const signal = AbortSignal.timeout(120_000);
    const init =
      body === undefined ? { headers, signal } : { method: 'POST', body: JSON.stringify(body), headers, signal };
    const response = await fetch(url + path, init);
    const text = await response.text();
    answers.push(`${path} ${JSON.stringify([...response.headers])} ${text}`);
    return text;
  };
  for (let cursor: string | null = '', pages = 0; cursor !== null && pages < MAX_PAGES; pages += 1) {
    const page = Items.parse(
      JSON.parse(await ask(`/api/v1/tasks?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`, key)),
    );
    for (const { id: taskId } of page.items) {
      await ask(`/api/v1/tasks/${taskId}`, key);
      await ask('/openapi/v2/query', key, { taskId });
      for (const call of ['status', 'outputs']) await ask(`/task/openapi/${call}`, key, { apiKey: key, taskId });
      await ask(`/v1/videos/${taskId}`, key);
    }
    cursor = page.nextCursor;
  }
  const { paths } = Document.parse(JSON.parse(await ask('/openapi.json', adminKey)));
  const readable = Object.entries(paths).flatMap(([path, methods]) =>
    'get' in methods && !path.includes('{') ? [path] : [],
  );
  // A stream does not end.
  for (const path of readable.filter((one) => !one.endsWith('/stream'))) {
    await ask(path, key);
    await ask(path, adminKey);
  }
  expect(readable.length).toBeGreaterThan(5);
  return answers;
}

/** Every file below a folder. */
export async function readAll(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Buffer.concat(await Promise.all(files.map((path) => readFile(path))));
}

/** Every row of every table. */
export async function dump(connectionString: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query(
      "select table_name from information_schema.tables where table_schema = 'public'",
    );
    const texts: string[] = [];
    for (const { table_name } of rows) {
      const { rows: found } = await client.query(`select to_jsonb(one) as row from "${table_name}" one`);
      texts.push(`${table_name} ${JSON.stringify(found)}`);
    }
    return Buffer.from(texts.join('\n'));
  } finally {
    await client.end();
  }
}

/** What is left of the real server when it dies of an error, with a report of Node if its owner wants them. */
export async function crash(
  env: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const reports = join(env.REELAY_DATA_DIR ?? '', 'reports');
  await mkdir(reports, { recursive: true });
  const NODE_OPTIONS = `--import=${CRASH} --report-uncaught-exception --report-directory=${reports}`;
  const server = await startProcess({ ...env, ...variables, NODE_OPTIONS });
  await server.stop('SIGUSR2');
  const { stdout, stderr } = server.output();
  const report = await readAll(env.REELAY_DATA_DIR ?? '');
  expect(await readdir(reports)).toHaveLength(1);
  return Buffer.concat([Buffer.from(stdout + stderr), report]);
}

/** What the real server says instead of starting, when the file of its channels is wrong in every way. */
export async function refuse(
  env: Readonly<Record<string, string>>,
  channels: readonly { readonly provider: string; readonly credentials: object; readonly settings: object }[],
): Promise<Buffer> {
  await mkdir(env.REELAY_DATA_DIR ?? '', { recursive: true });
  const file = join(env.REELAY_DATA_DIR ?? '', '..', 'wrong.json');
  const wrong = channels.flatMap((channel) => {
    const values = Object.values(channel.credentials);
    return [
      { ...channel, name: 'twice', credentials: { ...channel.credentials, [String(values[0]).slice(0, 40)]: 'x' } },
      { ...channel, name: 'twice', settings: { ...channel.settings, baseUrl: values[0] }, include: values },
      { ...channel, provider: 'nobody', name: 'other' },
    ];
  });
  await writeFile(file, JSON.stringify({ channels: wrong }));
  const started = startProcess({ ...env, REELAY_CHANNELS_FILE: file });
  const said = await started.then(
    async (server) => {
      await server.stop('SIGKILL');
      throw new Error('the server takes a file that is wrong');
    },
    (error: unknown) => String(error),
  );
  return Buffer.from(said);
}
