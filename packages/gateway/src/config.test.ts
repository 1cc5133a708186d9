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

test('a config file that was named but cannot be read is an error; the default one may be absent', () => {
  expect(problemsOf({ REELAY_CONFIG_FILE: 'nowhere.env' })[0]).toMatch(/^REELAY_CONFIG_FILE: cannot read/);
});

test('the public address loses its final slash, so that links join cleanly', () => {
  expect(loadConfig({ REELAY_PUBLIC_URL: 'https://media.example.com/' }, folder()).publicUrl).toBe(
    'https://media.example.com',
  );
});

test('the README lists exactly the settings that exist', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
  const listed = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]).sort();
  const known = problemsOf({ REELAY_NO_SUCH: '1' })[0]
    ?.match(/[A-Z_]{8,}/g)
    ?.filter((name) => name !== 'REELAY_NO_SUCH');
  expect(listed).toEqual([...new Set(known)].sort());
});
