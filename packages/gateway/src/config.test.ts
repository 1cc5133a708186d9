import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const root = mkdtempSync(join(tmpdir(), 'reelay-config-'));
afterAll(() => rmSync(root, { recursive: true }));
const folder = () => mkdtempSync(join(root, 'case-'));
const problemsOf = (env: Record<string, string>, cwd = folder()): readonly string[] => {
  try {
    loadConfig(env, cwd);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

test('an empty environment gives a loopback gateway on SQLite in ./data', () => {
  const cwd = folder();
  expect(loadConfig({}, cwd)).toMatchObject({
    host: '127.0.0.1',
    port: 8090,
    dataDir: join(cwd, 'data'),
    adminKey: undefined,
    publicUrl: undefined,
    databaseUrl: undefined,
    allowPrivateNetwork: false,
  });
});

test('the file gives values and the environment wins over it', () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'reelay.env'), 'REELAY_PORT=9001\nREELAY_HOST=0.0.0.0\n');
  expect(loadConfig({ REELAY_PORT: '9002' }, cwd)).toMatchObject({ port: 9002, host: '0.0.0.0' });
});

test('how long things are kept is a number of days or hours, or for ever; zero could mean either and is refused', () => {
  const day = 24 * 3_600_000;
  expect(loadConfig({}, folder()).keep).toMatchObject({ outputsMs: null, uploadsMs: 30 * day, tasksMs: null });
  const env = {
    REELAY_KEEP_OUTPUTS_DAYS: '7',
    REELAY_KEEP_UPLOADS_DAYS: 'forever',
    REELAY_KEEP_UNFINISHED_UPLOADS_HOURS: '1',
  };
  expect(loadConfig(env, folder()).keep).toMatchObject({
    outputsMs: 7 * day,
    uploadsMs: null,
    unfinishedUploadsMs: 3_600_000,
  });
  for (const value of ['0', '-1', '1.5', 'never', '100000'])
    expect(problemsOf({ REELAY_KEEP_TASKS_DAYS: value })).toHaveLength(1);
  expect(problemsOf({ REELAY_KEEP_UNFINISHED_UPLOADS_HOURS: 'forever' })).toHaveLength(1);
});

test('an empty variable counts as absent', () => {
  expect(loadConfig({ REELAY_PORT: '', REELAY_ADMIN_KEY: '', REELAY_CONFIG_FILE: '' }, folder()).port).toBe(8090);
});

test('one error lists every bad name, and no value, because a value may be a secret', () => {
  const problems = problemsOf({
    REELAY_PORT: 'eighty',
    REELAY_ADMIN_KEY: 'hunter2',
    DATABASE_URL: 'mysql://root:secret@db',
    REELAY_ALLOW_PRIVATE_NETWORK: 'maybe',
    REELAY_PUBLIC_URL: 'ftp://x',
    REELAY_HSOT: '::',
  });
  const text = problems.join('\n');
  for (const name of [
    'REELAY_PORT',
    'REELAY_ADMIN_KEY',
    'DATABASE_URL',
    'REELAY_ALLOW_PRIVATE_NETWORK',
    'REELAY_PUBLIC_URL',
    'REELAY_HSOT',
  ])
    expect(text).toContain(name);
  for (const value of ['eighty', 'hunter2', 'secret', 'ftp']) expect(text).not.toContain(value);
});

test('the names of the command line may be set where a server starts', () => {
  expect(problemsOf({ REELAY_URL: 'http://127.0.0.1:8090', REELAY_KEY: 'k' })).toEqual([]);
});

test('a config file that was named but cannot be read is an error; the default one may be absent', () => {
  expect(problemsOf({ REELAY_CONFIG_FILE: 'nowhere.env' })[0]).toMatch(/^REELAY_CONFIG_FILE: cannot read/);
});

test('the public address loses its final slash, so that links join cleanly', () => {
  expect(loadConfig({ REELAY_PUBLIC_URL: 'https://media.example.com/' }, folder()).publicUrl).toBe(
    'https://media.example.com',
  );
});

test('a canceled task is FAILED unless it is to be CANCEL', () => {
  expect(loadConfig({}, folder()).canceledStatus).toBe('FAILED');
  expect(loadConfig({ REELAY_CANCELED_STATUS: 'CANCEL' }, folder()).canceledStatus).toBe('CANCEL');
  expect(problemsOf({ REELAY_CANCELED_STATUS: 'DONE' })).toEqual(['REELAY_CANCELED_STATUS: must be FAILED or CANCEL']);
});

test('secret keys are 64 hexadecimal digits each, the newest first', () => {
  const [old, now] = ['a'.repeat(64), 'B'.repeat(64)];
  expect(loadConfig({}, folder()).secretKeys).toBeUndefined();
  expect(loadConfig({ REELAY_SECRET_KEY: `${now}, ${old}` }, folder()).secretKeys).toEqual([now, old]);
  for (const value of ['hunter2', `${now},`, `${now} ${old}`])
    expect(problemsOf({ REELAY_SECRET_KEY: value })).toEqual([expect.stringMatching(/^REELAY_SECRET_KEY: must be 64/)]);
});

test('the README, and the page of retention for its own, list exactly the settings that exist', () => {
  const pages = ['README.md', 'docs/retention.md'].map((name) =>
    readFileSync(join(import.meta.dirname, '../../..', name), 'utf8'),
  );
  const listed = [...pages.join('\n').matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]).sort();
  const known = problemsOf({ REELAY_NO_SUCH: '1' })[0]
    ?.match(/[A-Z_]{8,}/g)
    ?.filter((name) => name !== 'REELAY_NO_SUCH');
  expect(listed).toEqual([...new Set(known)].sort());
});
