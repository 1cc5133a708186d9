import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFINITIONS } from '../providers/registry.ts';
import { vidu } from '../providers/vidu.ts';
import { toAssignments } from '../run.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { FAULTS } from './faults.ts';
import { createStandin, type Standin } from './standin.ts';
import { stillClock } from './time.ts';

let standin: Standin;
beforeEach(async () => {
  standin = await createStandin(vidu, { clock: stillClock(), pace: { queuedMs: 1_000, runningMs: 4_000 } });
});
afterEach(() => standin.close());

const call = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
  const response = await fetch(standin.url + path, {
    method,
    headers: {
      authorization: `Token ${standin.env.VIDU_API_KEY}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse((await response.text()) || 'null') };
};
const submit = (more: object = {}, headers: Record<string, string> = {}) =>
  call('POST', '/ent/v2/text2video', { model: 'viduq3-turbo', prompt: 'a red kite', ...more }, headers);
const poll = (id: string) => call('GET', `/ent/v2/tasks/${id}/creations`);

describe('jobs', () => {
  test('wait, run and end as time passes, and their files can be fetched until the link expires', async () => {
    const { body } = await submit();
    expect((await poll(body.task_id)).body).toMatchObject({ state: 'queueing', progress: 0, creations: [] });
    await standin.control.advance(3_000);
    expect((await poll(body.task_id)).body).toMatchObject({ state: 'processing', progress: 50 });
    await standin.control.advance(2_000);
    const [creation] = (await poll(body.task_id)).body.creations;
    const file = await fetch(creation.url);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect((await file.bytes()).length).toBe(standin.control.jobs[0]?.outputs[0]?.bytes.length);
    await standin.control.advance(vidu.links.lifetimeMs + 1);
    expect((await fetch(creation.url)).status).toBe(403);
  });

  test('run by the real clock where nothing else is said', async () => {
    const real = await createStandin(vidu, { pace: { queuedMs: 1, runningMs: 1 } });
    try {
      const headers = { authorization: `Token ${real.env.VIDU_API_KEY}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ model: 'viduq2', prompt: 'a kite' });
      await fetch(`${real.url}/ent/v2/text2video`, { method: 'POST', headers, body });
      await expect.poll(() => real.control.jobs[0]?.state).toBe('done');
    } finally {
      await real.close();
    }
  });

  test('a body that the service would not take makes none', async () => {
    expect(await submit({ size: 'large' })).toMatchObject({ status: 400, body: { reason: 'FieldInvalid' } });
    expect(await submit({ duration: '5' })).toMatchObject({ status: 400, body: { reason: 'FieldInvalid' } });
    expect(await submit({ model: 'viduq9' })).toMatchObject({ body: { reason: 'ModelUnavailable' } });
    expect(await submit({}, { authorization: 'Token wrong' })).toMatchObject({ status: 401 });
    expect(standin.control.jobs).toEqual([]);
  });

  test('the seed decides the ids', async () => {
    const ids = async (seed: number) => {
      const other = await createStandin(vidu, { clock: stillClock(), seed });
      try {
        const body = JSON.stringify({ model: 'viduq2', prompt: 'a kite' });
        const headers = { authorization: `Token ${other.env.VIDU_API_KEY}`, 'content-type': 'application/json' };
        await other.answer({ method: 'POST', path: '/ent/v2/text2video', headers, body });
        return other.control.jobs.map(({ id }) => id);
      } finally {
        await other.close();
      }
    };
    expect(await ids(5)).toEqual(await ids(5));
    expect(await ids(5)).not.toEqual(await ids(6));
  });
});

describe('faults are ordered', () => {
  const refused = { status: 400, body: { reason: 'CreditInsufficient' } };

  test('for the next job, for so many, or for all', async () => {
    standin.control.fault('refuse-quota', { jobs: 2 });
    expect(await submit()).toMatchObject(refused);
    expect(await submit()).toMatchObject(refused);
    expect((await submit()).status).toBe(200);
    standin.control.fault('refuse-quota', { jobs: 0 });
    for (let times = 0; times < 3; times += 1) expect(await submit()).toMatchObject(refused);
  });

  test('by the position of the submit, by model, and by what stands in the body', async () => {
    standin.control.fault('refuse-quota', { order: 2 });
    standin.control.fault('refuse-quota', { model: 'viduq2' });
    standin.control.fault('refuse-quota', { text: 'lantern' });
    expect((await submit()).status).toBe(200);
    expect(await submit()).toMatchObject(refused);
    expect((await submit()).status).toBe(200);
    expect(await submit({ model: 'viduq2' })).toMatchObject(refused);
    expect(await submit({ prompt: 'a lantern' })).toMatchObject(refused);
  });

  test('in the prompt and in a header', async () => {
    expect(await submit({ prompt: 'a kite [fault:refuse-quota]' })).toMatchObject(refused);
    expect(await submit({}, { 'x-standin-fault': 'big-ids, refuse-quota' })).toMatchObject(refused);
    const { body } = await submit({ prompt: '[fault:poll-5xx:2]' });
    const statuses = [];
    for (let polls = 0; polls < 3; polls += 1) {
      const url = `${standin.url}/ent/v2/tasks/${body.task_id}/creations`;
      statuses.push((await fetch(url, { headers: { authorization: `Token ${standin.env.VIDU_API_KEY}` } })).status);
    }
    expect(statuses).toEqual([503, 503, 200]);
  });

  test('over HTTP, with a reason where an order cannot be read', async () => {
    expect(await call('POST', '/_standin/faults', { fault: 'refuse-quota' })).toMatchObject({ status: 201 });
    expect(await submit()).toMatchObject(refused);
    const wrong = await call('POST', '/_standin/faults', { fault: 'meltdown' });
    expect(wrong).toMatchObject({ status: 400, body: { detail: expect.stringContaining('fault') } });
    expect((await call('GET', '/_standin/faults')).body.faults).toEqual(FAULTS);
  });
});

describe('control over HTTP', () => {
  test('shows jobs and requests, moves time, and forgets everything', async () => {
    const { body } = await submit({ prompt: 'a kite over HTTP' });
    await call('POST', '/_standin/time', { advanceMs: 5_000 });
    const { jobs } = (await call('GET', '/_standin/jobs')).body;
    expect(jobs).toMatchObject([{ id: body.task_id, state: 'done', outputs: [{ mediaType: 'video/mp4' }] }]);
    const { requests } = (await call('GET', '/_standin/requests')).body;
    expect(requests).toMatchObject([{ kind: 'submit', body: { prompt: 'a kite over HTTP' } }]);
    expect(JSON.stringify(requests)).not.toContain(standin.env.VIDU_API_KEY);
    await call('POST', '/_standin/reset');
    expect((await call('GET', '/_standin/jobs')).body.jobs).toEqual([]);
    expect((await poll(body.task_id)).status).toBe(404);
  });
});

describe('files', () => {
  test('come drop by drop for link-slow, as the clock goes', async () => {
    const { body } = await submit({ prompt: '[fault:link-slow]' });
    await standin.control.advance(5_000);
    const [{ url }] = (await poll(body.task_id)).body.creations;
    const reader = (await fetch(url)).body?.getReader();
    const first = await reader?.read();
    expect(first?.value?.length).toBe(64);
    await standin.control.advance(1_000);
    expect((await reader?.read())?.value?.length).toBe(64);
    await reader?.cancel();
  });
});

describe('callbacks', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());
  const states = () => receiver.received.map(({ body }) => JSON.parse(body).state);

  test('tell of each change, and are sent again to a receiver that is not well', async () => {
    await submit({ callback_url: receiver.url });
    receiver.status = 500;
    await standin.control.advance(1_000);
    receiver.status = 200;
    await standin.control.advance(5_000);
    expect(states().filter((state) => state === 'processing').length).toBe(2);
    expect(states()).toContain('success');
    expect(standin.control.deliveries.map(({ status }) => status)).toContain(500);
  });

  test('are forged, doubled, late or missing on request', async () => {
    await submit({ callback_url: receiver.url, prompt: '[fault:forged-callback] [fault:duplicate-callback]' });
    await standin.control.advance(1_000);
    expect(standin.control.deliveries.filter(({ kind }) => kind === 'forged').length).toBe(1);
    expect(states()).toContain('success');
    await standin.control.advance(4_000);
    expect(states().filter((state) => state === 'success').length).toBe(3);
    standin.control.reset();
    receiver.received.splice(0);
    await submit({ callback_url: receiver.url, prompt: '[fault:late-callback]' });
    await submit({ callback_url: receiver.url, prompt: '[fault:no-callback]' });
    await standin.control.advance(5_000);
    expect(states()).not.toContain('success');
    await standin.control.advance(600_000);
    expect(states().filter((state) => state === 'success').length).toBe(1);
  });
});

test('a request without a socket names the same host as one with', async () => {
  const hosts: (string | undefined)[] = [];
  const nosy = await createStandin(
    {
      ...vidu,
      authorize: (request) => {
        hosts.push(request.headers.host);
        return true;
      },
    },
    { clock: stillClock() },
  );
  try {
    await fetch(`${nosy.url}/ent/v2/credits`);
    await nosy.answer({ method: 'GET', path: '/ent/v2/credits', headers: {} });
    expect(hosts).toEqual([new URL(nosy.url).host, new URL(nosy.url).host]);
  } finally {
    await nosy.close();
  }
});

test('every service has a name, words for its states, and credentials that look like some', async () => {
  expect(new Set(DEFINITIONS.map(({ name }) => name)).size).toBe(DEFINITIONS.length);
  for (const definition of DEFINITIONS) {
    const env = definition.env('http://standin.test');
    expect(
      Object.values(env).some((value) => value.startsWith('http://standin.test')),
      definition.name,
    ).toBe(true);
    expect(
      Object.values(env).some((value) => value.length >= 8),
      definition.name,
    ).toBe(true);
  }
});

test('variables are written as a shell takes them, whatever they hold', async () => {
  const env = { A_URL: 'http://127.0.0.1:9100/v1', KEY: 'id:secret', NAMES: "Hug=1, It's=2" };
  const line = toAssignments(env);
  expect(line).toMatch(/^A_URL=http:\/\/127\.0\.0\.1:9100\/v1 KEY=id:secret NAMES='/);
  const { stdout } = await promisify(execFile)('sh', ['-c', `${line} env`], { env: { PATH: process.env.PATH } });
  for (const [name, value] of Object.entries(env)) expect(stdout.split('\n')).toContain(`${name}=${value}`);
});
