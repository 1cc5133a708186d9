import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createStandin, findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ServerProcess, startProcess } from '../../gateway/test/server-process.ts';
import { cli } from './cli.ts';

// Every command, against a gateway in a process of its own.

const ADMIN = '0123456789abcdef0123456789abcdef';
const TEXT = 'rhart-text-g-25-flash/text-to-text';
const FILM = 'rhart-video-s-official/text-to-video-pro';
const VEO = 'rhart-video-v3.1-fast-official/text-to-video';
const FILM_PARAMS = ['prompt=A paper boat.', 'size=720x1280', 'duration=4'];
const NOBODY = 'http://127.0.0.1:1';

let folder: string;
let dataDir: string;
let server: ServerProcess;
const start = async () => {
  server = await startProcess({ REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: ADMIN });
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelay-cli-'));
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-cli-data-'));
  await start();
});
afterAll(async () => {
  await server.stop('SIGKILL');
  for (const path of [folder, dataDir]) await rm(path, { recursive: true });
});

const envOf = (key: string) => ({ REELAY_URL: server.url, REELAY_KEY: key });
const as = (key: string, ...args: string[]) => cli(args, { env: envOf(key) });
const admin = (...args: string[]) => as(ADMIN, ...args);
/** What a command prints with --json, which must go well. */
async function json(...args: string[]): Promise<Record<string, unknown> & { id: string; items: { id: string }[] }> {
  const { code, stdout, stderr } = await admin(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}
/** The id of a new account. */
const openAccount = async (...options: string[]) =>
  (await admin('admin', 'accounts', 'create', 'Paper Boats', ...options, '-q')).stdout.trim();
const openKey = async (...options: string[]) => {
  const account = await openAccount('--unlimited');
  const { id, key } = await json('admin', 'keys', 'create', account, ...options);
  return { account, id, key: String(key) };
};

describe('accounts', () => {
  test('are opened, shown, listed page by page, changed, disabled and enabled', async () => {
    const made = await admin('admin', 'accounts', 'create', '纸船 studio', '--currency', 'USD');
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^id +acct_\w+\nname +纸船 studio\nbalance +0\.00 USD\n/);
    const id = /acct_\w+/.exec(made.stdout)?.[0] ?? '';
    expect(made.stderr).toContain(`reelay admin deposits create ${id} <amount>`);
    expect(await json('admin', 'accounts', 'show', id)).toMatchObject({ id, currency: 'USD', isUnlimited: false });
    const page = await json('admin', 'accounts', 'list', '--limit', '1');
    expect(page.items).toMatchObject([{ id: 'acct_default' }]);
    const next = await admin('admin', 'accounts', 'list', '--limit', '1', '--cursor', String(page.nextCursor));
    const [head = '', row = ''] = next.stdout.split('\n');
    expect(head).toMatch(/^ID +NAME +BALANCE +AVAILABLE +HELD +STATE +CREATED$/);
    // Characters that are two columns wide do not push what follows out of its column.
    expect(row.indexOf('0.00 USD')).toBe(head.indexOf('BALANCE') - '纸船'.length);
    expect((await json('admin', 'accounts', 'update', id, '--name', 'Boats', '--unlimited')).isUnlimited).toBe(true);
    expect(await json('admin', 'accounts', 'update', id, '--no-unlimited')).toMatchObject({
      name: 'Boats',
      isUnlimited: false,
    });
    const { key } = await json('admin', 'keys', 'create', id);
    expect((await admin('admin', 'accounts', 'disable', id)).stdout).toMatch(/state +disabled/);
    expect((await as(String(key), 'tasks', 'list')).code).toBe(1);
    expect((await admin('admin', 'accounts', 'enable', id)).stdout).toMatch(/state +active/);
    expect(await as(String(key), 'tasks', 'list')).toEqual({ code: 0, stdout: '', stderr: 'none\n' });
  });

  test('are paid into and out of in decimals, each reference once, in their own currency', async () => {
    const id = await openAccount();
    const pay = (...args: string[]) => admin('admin', 'deposits', ...args);
    const first = await pay('create', id, '12.50 CNY', '--reference', 'invoice 7', '--note', 'thank you');
    expect(first.stdout).toMatch(/amount +12\.50 CNY\n/);
    expect((await pay('create', id, '12.5', 'CNY', '--reference', 'invoice 7', '-q')).stdout).toBe(
      `${/^id +(\S+)/.exec(first.stdout)?.[1]}\n`,
    );
    expect(await pay('create', id, '13', 'CNY', '--reference', 'invoice 7')).toMatchObject({ code: 1 });
    expect(await pay('create', id, '5 USD')).toMatchObject({
      code: 2,
      stderr: `error: <amount>: account ${id} is in CNY\n`,
    });
    expect(await pay('create', id, '5')).toMatchObject({ code: 2, stderr: expect.stringContaining('12.50 CNY') });
    expect((await pay('withdraw', id, '2.499999', 'CNY')).stdout).toMatch(/kind +withdrawal\namount +2\.499999 CNY/);
    expect(await pay('withdraw', id, '100', 'CNY')).toMatchObject({ code: 1 });
    const account = await json('admin', 'accounts', 'show', id);
    expect(account.balance).toEqual({ micros: 10_000_001, currency: 'CNY', text: '10.000001' });
    expect((await json('admin', 'deposits', 'list', id)).items).toMatchObject([
      { kind: 'withdrawal' },
      { kind: 'deposit', reference: 'invoice 7', note: 'thank you' },
    ]);
  });
});

describe('keys', () => {
  test('are shown once, with what they may do, and refused as soon as they are revoked', async () => {
    const account = await openAccount('--unlimited');
    const made = await admin(
      'admin',
      'keys',
      'create',
      account,
      '--name',
      'farm',
      '--scope',
      'tasks:read,usage',
      '--model',
      'kling-*',
      '--model',
      'rhart-*',
      '--address',
      '127.0.0.0/8',
      '--expires',
      '2099-12-31',
      '--max-running',
      '4',
      '--day-budget',
      '12.50 CNY',
    );
    const key = /^key +([0-9a-f]{32})$/m.exec(made.stdout)?.[1] ?? '';
    const id = /^id +(\S+)$/m.exec(made.stdout)?.[1] ?? '';
    expect(made).toMatchObject({ code: 0, stderr: 'Keep the key: it is shown this once.\n' });
    const shown = await admin('admin', 'keys', 'show', id);
    expect(shown.stdout).not.toContain(key);
    expect(shown.stdout).toMatch(/scopes +tasks:read, usage\nmodels +kling-\*, rhart-\*\naddresses +127\.0\.0\.0\/8\n/);
    expect(shown.stdout).toMatch(/limits +4 running\nlimits +12\.50 CNY a day\n/);
    expect(shown.stdout).toMatch(/expires +2099-12-31T00:00:00\.000Z/);
    expect((await admin('admin', 'keys', 'list', account)).stdout).not.toContain(key);
    const update = ['--scope', 'none', '--day-budget', 'none', '--expires', 'none', '--max-running', '2', '--admin'];
    expect(await json('admin', 'keys', 'update', id, ...update)).toMatchObject({
      scopes: null,
      models: ['kling-*', 'rhart-*'],
      expiresAt: null,
      isAdmin: true,
      limits: { maxRunning: 2, dayBudgetMicros: null },
    });
    expect((await json('admin', 'keys', 'update', id, '--no-admin')).isAdmin).toBe(false);
    expect((await as(key, 'tasks', 'list')).code).toBe(0);
    expect((await admin('admin', 'keys', 'revoke', id)).stdout).toMatch(/revoked/);
    const refused = await as(key, 'tasks', 'list');
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Check --key or REELAY_KEY'),
    });
    expect((await admin('admin', 'keys', 'revoke', id)).code).toBe(0);
  });

  test('for shells: --quiet prints the key and nothing else', async () => {
    const account = await openAccount('--unlimited');
    const made = await admin('admin', 'keys', 'create', account, '-q');
    expect(made).toEqual({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{32}\n$/), stderr: '' });
    expect((await as(made.stdout.trim(), 'tasks', 'list')).code).toBe(0);
  });
});

describe('what is wrong is told in the words of the command line, all of it', () => {
  test.each([
    [
      ['admin', 'keys', 'create', 'acct_default', '--scope', 'fly', '--model', 'no-such-*', '--address', '10.0.0.0/33'],
      ['--scope: ', '--model: ', '--address: '],
    ],
    [
      ['admin', 'keys', 'create', 'acct_default', '--max-running', '0'],
      ["'--max-running <number>'", 'from 1 to'],
    ],
    [
      ['admin', 'keys', 'create', 'acct_default', '--expires', 'soon'],
      ["'--expires <when>'", '2027-12-31'],
    ],
    [
      ['admin', 'keys', 'create', 'acct_default', '--hour-budget', '5'],
      ["'--hour-budget <amount>'", '12.50 CNY'],
    ],
    [
      ['admin', 'keys', 'create', 'acct_default', '--day-budget', '5 USD'],
      ['--day-budget: ', 'CNY'],
    ],
    [
      ['admin', 'keys', 'update', 'key_1'],
      ['nothing to change', '--help'],
    ],
    [
      ['admin', 'accounts', 'update', 'acct_default'],
      ['nothing to change', '--name'],
    ],
    [['admin', 'accounts', 'create', ' '], ['<name>: ']],
    [
      ['admin', 'accounts', 'create', 'a', '--currency', 'EUR'],
      ["'--currency <currency>'", 'CNY, USD'],
    ],
    [['admin', 'accounts', 'create'], ["'name'"]],
    [['admin', 'accounts', 'list', '--limit', '101'], ["'--limit <number>'"]],
    [['admin', 'accounts', 'list', '--cursor', 'x'], ['--cursor: ']],
    [['admin', 'accounts', 'list', '--colour', 'red'], ["'--colour'"]],
    [['tasks', 'list', '--status', 'fast'], ['--status: ']],
    [['tasks', 'list', '--from', 'yesterday'], ["'--from <when>'"]],
    [['tasks', 'submit', TEXT, '--webhook', 'ftp://x', '--tag', 'x'.repeat(101)], ['--tag: ']],
    [
      ['tasks', 'submit', TEXT, '--webhook', 'ftp://x'],
      ['prompt: ', '--webhook: '],
    ],
    [['tasks', 'submit', TEXT, '--dry-run'], ['error: prompt: required']],
    [
      ['tasks', 'submit', VEO, 'generateAudio=false', '--dry-run'],
      ['generateAudio: "false" is not', 'name:='],
    ],
    [
      ['tasks', 'submit', VEO, 'generateAudio=false'],
      ['generateAudio: "false" is not', 'name:='],
    ],
    [['tasks', 'submit', TEXT, 'prompt'], ['prompt: a parameter is name=text']],
    [['tasks', 'submit', TEXT, 'prompt:=x'], ['prompt:=: this is no JSON']],
    [['tasks', 'submit', TEXT, 'image@nowhere.png'], ['image@: cannot read nowhere.png (ENOENT)']],
    [['tasks', 'submit', TEXT, '--input', '[]'], ['--input: it must be a JSON object']],
    [['tasks', 'submit', TEXT, '--input', '@nowhere.json'], ['--input: cannot read nowhere.json (ENOENT)']],
    [['tasks', 'get', '..'], ['".." is no id']],
    [
      ['tasks', 'lst'],
      ['unknown command', 'list'],
    ],
    [['start', '--set', 'REELAY_ADMIN_KEY=hunter2'], ['is a secret']],
    [['start', '--set', 'port'], ['NAME=value']],
    [['start', '--port', '65536'], ["'--port <number>'"]],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await admin(...args);
    expect([code, stdout]).toEqual([2, '']);
    for (const word of words) expect(stderr).toContain(word);
    expect(stderr).not.toContain(ADMIN);
  });

  test.each([
    ['no key', {}, ['no key', 'REELAY_KEY', '--key'], 2],
    ['an empty key', { REELAY_KEY: '' }, ['no key'], 2],
    ['a key that is none', { REELAY_KEY: 'hunter2 x' }, ['--key (or REELAY_KEY) must be'], 2],
    ['a wrong key', { REELAY_KEY: 'f'.repeat(32) }, ['Check --key or REELAY_KEY'], 1],
    ['an address that is none', { REELAY_URL: 'http://user:hunter2@host' }, ['--url (or REELAY_URL) must be'], 2],
    ['an address where nobody is', { REELAY_URL: NOBODY }, ['no connection to', NOBODY, 'reelay start', '--url'], 1],
  ])('%s names the next step, and no secret', async (_name, env, words, code) => {
    const ended = await cli(['tasks', 'list'], {
      env: {
        REELAY_URL: server.url,
        ...(env === undefined || 'REELAY_URL' in env ? { REELAY_KEY: ADMIN } : {}),
        ...env,
      },
    });
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    for (const word of words) expect(ended.stderr).toContain(word);
    expect(ended.stderr).not.toMatch(/hunter2|ffff|0123456789abcdef/);
  });

  test('options win over the environment', async () => {
    const env = { REELAY_URL: NOBODY, REELAY_KEY: 'f'.repeat(32) };
    const { code } = await cli(['--url', server.url, 'tasks', 'list', '--key', ADMIN], { env });
    expect(code).toBe(0);
  });

  test('another service at the address is not taken for a server, and a missing right says whose key it takes', async () => {
    const website = createServer((_request, response) => response.end('<h1>Welcome</h1>')).listen(0, '127.0.0.1');
    await once(website, 'listening');
    const url = `http://127.0.0.1:${(website.address() as AddressInfo).port}`;
    const lost = await cli(['tasks', 'list', '--url', url], { env: envOf(ADMIN) });
    website.close();
    expect(lost).toMatchObject({ code: 1, stderr: expect.stringContaining('must be the address of a Reelay server') });
    const { key } = await openKey();
    expect(await as(key, 'admin', 'accounts', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("administrator's"),
    });
    expect((await admin('admin', 'accounts', 'show', 'acct_none')).stderr).toContain('reelay admin accounts list');
    expect((await admin('tasks', 'get', '1')).stderr).toContain('reelay tasks list');
  });
});

describe('tasks', () => {
  test('are priced, submitted, waited for and saved', async () => {
    const { key } = await openKey();
    const mine = (...args: string[]) => as(key, ...args);
    expect(await mine('tasks', 'submit', FILM, ...FILM_PARAMS, '--dry-run')).toEqual({
      code: 0,
      stdout: '8.40 CNY\n',
      stderr: '',
    });
    expect((await mine('tasks', 'list', '-q')).stdout).toBe('');
    const done = await mine(
      'tasks',
      'submit',
      TEXT,
      'prompt=Three names for a bakery.',
      '--tag',
      'a,b',
      '--save',
      folder,
    );
    const id = /^id +(\d{19})$/m.exec(done.stdout)?.[1] ?? '';
    const path = join(folder, `${id}-1.txt`);
    expect(done).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(new RegExp(`^task ${id}\n(\\w+\n)*succeeded\n$`)),
    });
    expect(done.stdout).toMatch(/status +succeeded\n/);
    expect(done.stdout).toContain(path);
    expect(await readFile(path, 'utf8')).toMatch(/\w/);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    const got = await mine('tasks', 'get', id, '--json');
    expect(JSON.parse(got.stdout)).toMatchObject({
      id,
      tags: ['a', 'b'],
      input: { prompt: 'Three names for a bakery.' },
      attempts: [{ outcome: 'succeeded' }],
    });
    expect((await mine('tasks', 'list', '--status', 'succeeded', '--tag', 'b')).stdout).toMatch(
      new RegExp(`^ID .*\n${id} +${TEXT} +succeeded`),
    );
    expect((await mine('tasks', 'wait', id, '-q')).code).toBe(0);
    const again = ['tasks', 'submit', TEXT, 'prompt=x', '--idempotency-key', 'one', '-q'];
    expect((await mine(...again)).stdout).toBe((await mine(...again)).stdout);
    const other = await mine('tasks', 'submit', TEXT, 'prompt=y', '--idempotency-key', 'one');
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('another --idempotency-key') });
  });

  test('in a terminal have one line of progress, which is gone at the end', async () => {
    const { key } = await openKey();
    const { code, stderr } = await cli(['tasks', 'submit', TEXT, 'prompt=x', '--wait'], {
      env: envOf(key),
      isTTY: true,
    });
    expect(code).toBe(0);
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  test('take parameters as text, JSON, files and standard input', async () => {
    const picture = join(folder, 'picture.png');
    // One transparent pixel.
    await writeFile(
      picture,
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
    );
    const other = join(folder, 'other.png');
    // A red one.
    await writeFile(
      other,
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
        'base64',
      ),
    );
    await writeFile(join(folder, 'task.json'), '{"prompt":"from a file"}');
    const { key } = await openKey();
    const env = envOf(key);
    const inputOf = async (args: string[], stdin?: string) => {
      const made = await cli(['tasks', 'submit', ...args, '--json'], {
        env,
        ...(stdin === undefined ? {} : { stdin }),
      });
      expect(made.code, made.stderr).toBe(0);
      return JSON.parse((await as(key, 'tasks', 'get', JSON.parse(made.stdout).id, '--json')).stdout).input;
    };
    const asset = expect.stringMatching(/^asset:\/\/asset_/);
    expect(
      await inputOf([
        'seedream-v4/image-to-image',
        'prompt=a=b@c',
        'width:=2048',
        'height:=2048',
        `imageUrls[]@${picture}`,
      ]),
    ).toMatchObject({ prompt: 'a=b@c', width: 2048, imageUrls: [asset] });
    expect(
      await inputOf(
        ['seedream-v4/image-to-image', '--input', '-', `imageUrls@${picture}`, `imageUrls@${other}`],
        '{"prompt":"from stdin","width":2048,"height":2048}',
      ),
    ).toMatchObject({ prompt: 'from stdin', imageUrls: [asset, asset] });
    expect(await inputOf([TEXT, '--input', '{"prompt":"x"}', 'prompt=y'])).toMatchObject({ prompt: 'y' });
    expect(await inputOf([TEXT, '--input', `@${join(folder, 'task.json')}`])).toMatchObject({ prompt: 'from a file' });
  });

  test('that fail or are canceled end with 1, and those that go on say how to wait on', async () => {
    const { key } = await openKey('--max-running', '1');
    const mine = (...args: string[]) => as(key, ...args);
    const first = (await mine('tasks', 'submit', FILM, ...FILM_PARAMS, '-q')).stdout.trim();
    const second = (await mine('tasks', 'submit', FILM, ...FILM_PARAMS, '-q')).stdout.trim();
    const stop = new AbortController();
    const { code, stderr } = await cli(['tasks', 'wait', second, '--timeout', '1'], {
      env: envOf(key),
      signal: stop.signal,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`reelay tasks wait`)]);
    expect((await mine('tasks', 'cancel', second)).stdout).toMatch(/status +canceled/);
    expect(await mine('tasks', 'wait', second)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/status +canceled/),
      stderr: expect.stringContaining(`error: task ${second} canceled`),
    });
    expect((await mine('tasks', 'cancel', second)).code).toBe(0);
    expect((await mine('tasks', 'cancel', first)).code).toBe(0);
  });

  test('that cannot be paid say how to pay', async () => {
    const account = await openAccount();
    const key = (await admin('admin', 'keys', 'create', account, '-q')).stdout.trim();
    const refused = await as(key, 'tasks', 'submit', TEXT, 'prompt=x');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('reelay admin deposits create') });
  });
});

test('names of others cannot move the cursor of a terminal, nor end a line', async () => {
  const id = await openAccount('--unlimited');
  const name = 'a\u001b[2Jb\nc\u202ed';
  await admin('admin', 'accounts', 'update', id, '--name', name);
  expect((await admin('admin', 'accounts', 'show', id)).stdout).toMatch(/name +a \[2Jb\nname +c d\n/);
  expect((await admin('admin', 'accounts', 'list', '--limit', '100')).stdout).toContain('a [2Jb c d');
  expect(await json('admin', 'accounts', 'show', id)).toMatchObject({ name });
});

test('audit ends with 0 while the books balance, and with 1 and what is wrong when they do not', async () => {
  const id = await openAccount();
  await admin('admin', 'deposits', 'create', id, '5 CNY');
  const whole = await admin('audit');
  expect(whole).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^balanced\n\d+ accounts, /) });
  expect(whole.stdout).toMatch(/PAID IN +REVENUE +AVAILABLE +HELD\n/);
  expect(await json('audit')).toMatchObject({ isBalanced: true, discrepancies: [] });
  expect((await admin('audit', '-q')).stdout).toBe('balanced\n');
  await server.stop('SIGTERM');
  const database = new DatabaseSync(join(dataDir, 'reelay.db'));
  database.prepare('update accounts set balance_micros = balance_micros + 1 where id = ?').run(id);
  database.close();
  await start();
  const broken = await admin('audit');
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('the books do not balance') });
  expect(broken.stdout).toMatch(new RegExp(`^not balanced\n(.*\n)*WHAT +ID +PROBLEM\naccount +${id} `));
  const { code, stdout } = await admin('audit', '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([
    1,
    { isBalanced: false, discrepancies: [{ what: 'account', id }] },
  ]);
});

test('channels are added, changed, tested, switched and removed', async () => {
  const standin = findDefinition('vidu');
  if (standin === undefined) throw new Error('there is no stand-in for vidu');
  const upstream = await createStandin(standin);
  onTestFinished(() => upstream.close());
  const secret = 'vda_standin_7f3c9a51e8';
  const base = `baseUrl=${upstream.url}/ent/v2`;
  const env = { ...envOf(ADMIN), VIDU_SECRET: secret };
  const add = ['channels', 'add', 'vidu', '--name', 'film', '--setting', base, '--max-concurrent', '3'];
  const made = await cli([...add, '--credential', 'apiKey=env:VIDU_SECRET', '--json'], { env });
  expect(made).toMatchObject({ code: 0 });
  expect(made.stdout).not.toContain(secret);
  expect(JSON.parse(made.stdout)).toMatchObject({
    name: 'film',
    maxConcurrent: 3,
    credentials: { apiKey: '********51e8' },
  });
  expect(await admin('channels', 'test', 'film')).toMatchObject({ code: 0 });
  expect(await json('channels', 'set', 'film', '--max-concurrent', 'none', '--include', 'vidu/*')).toMatchObject({
    maxConcurrent: null,
    include: ['vidu/*'],
  });
  const { items } = await json('channels', 'routes', 'film', '--endpoint', 'vidu/text-to-video', '--off');
  expect(items).toMatchObject([{ isOff: true }]);
  expect((await admin('channels', 'disable', 'film')).stdout).toContain('disabled');
  expect((await admin('channels', 'list')).stdout).toMatch(/film +vidu +api +disabled/);
  await admin('channels', 'set', 'film', '--credential', 'apiKey=vda_wrong_wrong_wrong');
  expect(await admin('channels', 'test', 'film')).toMatchObject({ code: 1 });
  expect((await admin('channels', 'set', 'film')).code).toBe(2);
  expect((await admin('channels', 'remove', 'film')).code).toBe(0);
  const own = await admin('channels', '--own', 'list');
  expect([own.code, own.stderr]).toEqual([1, expect.stringContaining('REELAY_OWN_CHANNELS')]);
});

test('webhooks are added, listed, told again and removed', async () => {
  const { id, key } = await openKey();
  expect(id).not.toBe('');
  const mine = async (...args: string[]) => {
    const { code, stdout, stderr } = await as(key, 'webhooks', ...args, '--json');
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const made = await mine('add', 'https://example.com/hook', '--event', 'task.canceled');
  expect(made).toMatchObject({ eventTypes: ['task.canceled'], items: [{ secret: expect.stringMatching(/^whsec_/) }] });
  expect((await mine('list')).items).toMatchObject([{ id: made.id, isEnabled: true }]);
  expect((await mine('deliveries', '--status', 'failed')).items).toEqual([]);
  expect((await as(key, 'webhooks', 'resend', '1')).code).toBe(1);
  expect((await as(key, 'webhooks', 'remove', made.id)).code).toBe(0);
  expect((await mine('list')).items).toEqual([]);
});
