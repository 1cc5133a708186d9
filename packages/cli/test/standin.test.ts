import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { run } from '../src/program.ts';
import { cli } from './cli.ts';

/** Starts `reelay standin …` in this process, and stops it as Ctrl-C would. */
function start(...args: string[]) {
  const stop = new AbortController();
  const said = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const io = { env: {}, stdin: Readable.from([]), stdout: sink('stdout'), stderr: sink('stderr'), signal: stop.signal };
  const ended = run(['standin', ...args], io);
  return {
    said,
    url: async () => {
      await expect.poll(() => said.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
      return /http:\/\/127\.0\.0\.1:\d+/.exec(said.stdout)?.[0] ?? '';
    },
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

test('it says how to use it, plays what it is told, and ends when it is asked to', async () => {
  const standin = start('vidu', '--fault', 'refuse-quota,big-ids', '--seed', '7', '--running', '1');
  const url = await standin.url();
  const key = /VIDU_API_KEY=(\S+)/.exec(standin.said.stdout)?.[1];
  expect(standin.said.stdout).toContain(`VIDU_BASE_URL=${url}/ent/v2`);
  expect(standin.said.stdout).toContain('Every job meets: refuse-quota, big-ids');
  const answer = await fetch(`${url}/ent/v2/text2video`, {
    method: 'POST',
    headers: { authorization: `Token ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'viduq2', prompt: 'a red kite' }),
  });
  expect(await answer.json()).toMatchObject({ reason: 'CreditInsufficient' });
  expect(await standin.stop()).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
});

test('programs are told in JSON, shells in a line', async () => {
  const [one, other] = [start('fal', '--json'), start('fal', '-q')];
  const url = await one.url();
  expect(JSON.parse(one.said.stdout)).toMatchObject({ service: 'fal', url, env: { FAL_BASE_URL: url } });
  await other.url();
  expect(other.said.stdout).toMatch(/^FAL_BASE_URL=\S+ FAL_REST_URL=\S+ FAL_KEY=\S+\n$/);
  expect([await one.stop(), await other.stop()]).toEqual([0, 0]);
});

test('without a service all are listed, and every fault is in the help', async () => {
  const { stdout } = await cli(['standin']);
  expect(stdout).toMatch(/^SERVICE +NAME +VARIABLES\n[\s\S]*^vidu +Vidu +VIDU_BASE_URL, VIDU_API_KEY$/m);
  expect((await cli(['standin', '--help'])).stdout).toMatch(/^ {2}lost-answer +The job is made/m);
});

test('what is not called right is told', async () => {
  expect(await cli(['standin', 'nobody'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('reelay standin'),
  });
  expect(await cli(['standin', 'vidu', '--fault', 'meltdown'])).toMatchObject({ code: 2, stdout: '' });
});
