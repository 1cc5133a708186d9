import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '@reelay/catalog';
import { afterEach, describe, expect, test } from 'vitest';
import { mp4Bytes, pngBytes } from '../assets/testing/media.ts';
import { UpstreamError } from '../providers/fault.ts';
import type { Job, Progress, Provider } from '../providers/provider.ts';
import type { StandInServer } from '../providers/testing/stand-in-server.ts';
import { setHandle } from '../store/tasks.ts';
import { DEADLINE_MS, OWNER } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const attemptsOf = (taskId: string) => scene.house.tasks.listAttempts({ caller: OWNER, taskId });
const working = { status: 'working' };
const done = (...outputs: object[]) => ({ status: 'done', outputs });
const fileUrl = ({ url }: StandInServer, name: string) => ({ url: `${url}/files/${name}` });
/** Submits one task and runs it to its end. */
async function runOne() {
  const { id } = await scene.house.submit();
  await scene.runToEnd(id);
  return scene.house.view(id);
}

test('a task goes from submit to files: status, outputs, attempt, times, and nothing left over', async () => {
  scene = await setScene();
  const { upstream, house, dataDir } = scene;
  const picture = pngBytes({ widthPx: 8, heightPx: 4 });
  upstream.files.set('a.png', picture);
  upstream.files.set('b', mp4Bytes({ durationMs: 4_000 }));
  upstream.answer = (_job, polls) =>
    polls < 3 ? working : done(fileUrl(upstream, 'a.png'), { text: 'a caption' }, fileUrl(upstream, 'b'));
  const submitted = await house.submit();
  expect(submitted).toMatchObject({ status: 'queued', progress: 0, outputs: [], channel: null, startedAtMs: null });
  await scene.runToEnd(submitted.id);
  const task = await house.view(submitted.id);
  expect(task).toMatchObject({
    status: 'succeeded',
    progress: 1,
    error: null,
    channel: 'stand-in',
    outputs: [
      { url: expect.stringMatching(/\/files\/asset_\w+\.png\?/), text: null, extension: 'png' },
      { url: expect.stringMatching(/\.txt\?/), text: 'a caption', extension: 'txt' },
      { url: expect.stringMatching(/\.mp4\?/), text: null, extension: 'mp4' },
    ],
  });
  expect(task.startedAtMs).toBeGreaterThanOrEqual(task.createdAtMs);
  expect(task.endedAtMs).toBeGreaterThan(task.startedAtMs ?? Number.POSITIVE_INFINITY);
  const [attempt, ...others] = await attemptsOf(task.id);
  expect(attempt).toMatchObject({ number: 1, channel: 'stand-in', outcome: 'succeeded', error: null });
  expect(attempt?.acceptedAtMs).toBeGreaterThanOrEqual(attempt?.startedAtMs ?? Number.POSITIVE_INFINITY);
  expect(others).toEqual([]);
  const { pathname, searchParams } = new URL(task.outputs[0]?.url ?? '');
  const asset = await house.assets.open({
    fileName: pathname.slice('/files/'.length),
    expires: searchParams.get('expires') ?? undefined,
    signature: searchParams.get('signature') ?? undefined,
  });
  expect(await readFile(asset.path)).toEqual(picture);
  expect(await readdir(join(dataDir, 'blobs', 'tmp'))).toEqual([]);
  expect(await house.db.read({ sql: 'select id from jobs', parameters: [] })).toEqual([]);
});

test('a job that was not accepted is tried again after growing waits, each an attempt of its own', async () => {
  scene = await setScene();
  scene.upstream.manners.push('unavailable', 'busy', 'unavailable');
  const task = await runOne();
  expect(task.status).toBe('succeeded');
  const attempts = await attemptsOf(task.id);
  expect(attempts.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
    ['not_accepted', 'provider_unavailable'],
    ['not_accepted', 'rate_limited'],
    ['not_accepted', 'provider_unavailable'],
    ['succeeded', undefined],
  ]);
  const waits = attempts.slice(1).map((one, index) => one.startedAtMs - (attempts[index]?.endedAtMs ?? 0));
  // Half of each wait is random, and 0.5 is the random number here.
  expect(waits.map((ms) => Math.round(ms / 10) * 10)).toEqual([750, 1_500, 3_000]);
  expect(scene.upstream.jobs).toHaveLength(1);
});

test('a provider that is away for good ends the task with its last word, before the deadline', async () => {
  scene = await setScene();
  scene.upstream.manners.push(...Array.from({ length: 100 }, () => 'unavailable' as const));
  const task = await runOne();
  expect(task).toMatchObject({ status: 'failed', error: { code: 'provider_unavailable' } });
  expect(task.endedAtMs).toBeLessThanOrEqual(task.createdAtMs + DEADLINE_MS);
  expect(task.endedAtMs).toBeGreaterThan(task.createdAtMs + DEADLINE_MS - 61_000);
});

test('a refusal ends the task at once, with the words of the provider', async () => {
  scene = await setScene();
  scene.upstream.manners.push('refuse');
  const task = await runOne();
  expect(task).toMatchObject({
    status: 'failed',
    error: { code: 'generation_failed', message: /rules of the upstream/ },
  });
  expect(await attemptsOf(task.id)).toMatchObject([{ outcome: 'failed', acceptedAtMs: null }]);
});

test.each(['lost', 'silent'] as const)(
  '%s answer: without a way to look, the fate is unknown and nothing is repeated',
  async (manner) => {
    scene = await setScene();
    scene.upstream.manners.push(manner);
    const { id } = await scene.house.submit();
    scene.house.worker.start();
    await untilJobs(1);
    // A silent upstream keeps the call open: only time ends it.
    await scene.clock.advance(120_000);
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
    expect(await attemptsOf(id)).toMatchObject([{ outcome: 'outcome_unknown', acceptedAtMs: null }]);
    expect(scene.upstream.jobs).toHaveLength(1);
  },
);

test.each(['lost', 'silent'] as const)(
  '%s answer: a provider that can look finds its job, and there is one',
  async (manner) => {
    scene = await setScene({ canFind: true });
    scene.upstream.manners.push(manner);
    const { id } = await scene.house.submit();
    scene.house.worker.start();
    await untilJobs(1);
    await scene.clock.advance(120_000);
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ status: 'succeeded' });
    expect(await attemptsOf(id)).toMatchObject([{ number: 1, outcome: 'succeeded' }]);
    expect(scene.upstream.jobs).toHaveLength(1);
  },
);

test('a provider that answers with the result may take its own time for a submit', async () => {
  scene = await setScene({ submitTimeoutMs: 400_000 });
  scene.upstream.manners.push('silent');
  const { id } = await scene.house.submit();
  scene.house.worker.start();
  await untilJobs(1);
  await scene.clock.advance(399_000);
  expect(await scene.house.view(id)).toMatchObject({ status: 'submitting' });
  await scene.clock.advance(1_000);
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
});

test('a provider that can look, but not for such a job, is asked once: its fate stays open', async () => {
  scene = await setScene({ canFind: true, isForgetful: true });
  scene.upstream.manners.push('lost');
  const task = await runOne();
  expect(task).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
  expect((task.endedAtMs ?? 0) - task.createdAtMs).toBeLessThan(10_000);
  expect(scene.upstream.jobs).toHaveLength(1);
});

const untilJobs = (count: number) => expect.poll(() => scene.upstream.jobs.length).toBe(count);

test('a submit that arrives after its connection broke is found, and not made twice', async () => {
  scene = await setScene({ canFind: true });
  scene.upstream.manners.push('late-arrival');
  const { id } = await scene.house.submit();
  scene.house.worker.start();
  await scene.clock.runUntil(() => scene.house.logged.some(({ message }) => /fate/.test(message)));
  scene.upstream.arrive();
  await scene.runToEnd(id);
  expect((await scene.house.view(id)).status).toBe('succeeded');
  expect(scene.upstream.jobs).toHaveLength(1);
});

test('a submit that never arrived is made again once the provider has said so for long enough', async () => {
  scene = await setScene({ canFind: true });
  scene.upstream.manners.push('late-arrival');
  const task = await runOne();
  expect(task.status).toBe('succeeded');
  expect(await attemptsOf(task.id)).toMatchObject([{ outcome: 'not_accepted' }, { outcome: 'succeeded' }]);
  const [first, second] = await attemptsOf(task.id);
  expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThan(12_000);
  expect(scene.upstream.jobs).toHaveLength(1);
});

test('where submitting twice makes one job, a lost answer is simply asked for again', async () => {
  scene = await setScene({ isRepeatable: true });
  scene.upstream.manners.push('lost', 'lost');
  const task = await runOne();
  expect(task.status).toBe('succeeded');
  expect(await attemptsOf(task.id)).toMatchObject([{ number: 1, outcome: 'succeeded' }]);
});

test('words that nobody knows, errors and broken connections do not end a job', async () => {
  scene = await setScene();
  const said = [
    { status: 'reviewing' },
    500,
    'broken',
    404,
    { status: 'working' },
    'endless',
    { other: 'shape' },
  ] as const;
  scene.upstream.answer = (_job, polls) => said[polls - 1] ?? done({ text: 'made' });
  expect((await runOne()).status).toBe('succeeded');
  expect(scene.upstream.jobs[0]?.polls).toBe(said.length + 1);
});

test('a job that failed is over, and its reason is told', async () => {
  scene = await setScene();
  scene.upstream.answer = () => ({ status: 'failed', message: 'no face was found' });
  const task = await runOne();
  expect(task).toMatchObject({ status: 'failed', error: { code: 'generation_failed', message: 'no face was found' } });
  expect(await attemptsOf(task.id)).toMatchObject([{ outcome: 'failed', error: { code: 'generation_failed' } }]);
});

test('success without a result is a failure', async () => {
  scene = await setScene();
  scene.upstream.answer = () => done();
  expect(await runOne()).toMatchObject({ status: 'failed', error: { code: 'generation_failed' } });
});

test('an address that is listed twice is one output', async () => {
  scene = await setScene();
  scene.upstream.files.set('a.png', pngBytes({ widthPx: 2, heightPx: 2 }));
  const file = fileUrl(scene.upstream, 'a.png');
  scene.upstream.answer = () => done(file, file);
  expect((await runOne()).outputs).toHaveLength(1);
});

test.each([500, 404, 'broken'] as const)(
  'a result whose file answers %s first is fetched again, whole',
  async (fault) => {
    scene = await setScene();
    const { upstream } = scene;
    const bytes = pngBytes({ widthPx: 30, heightPx: 20 });
    upstream.files.set('a.png', fault);
    upstream.answer = (_job, polls) => {
      if (polls === 3) upstream.files.set('a.png', bytes);
      return done(fileUrl(upstream, 'a.png'));
    };
    const task = await runOne();
    expect(task.status).toBe('succeeded');
    expect(upstream.fetches.get('a.png')).toBe(3);
    expect(task.outputs).toHaveLength(1);
    expect(await readdir(join(scene.dataDir, 'blobs', 'tmp'))).toEqual([]);
  },
);

test('a result that cannot be read as media is kept all the same', async () => {
  scene = await setScene();
  scene.upstream.files.set('odd.mp4', mp4Bytes({ durationMs: 0, isBroken: true }));
  scene.upstream.answer = () => done(fileUrl(scene.upstream, 'odd.mp4'));
  const task = await runOne();
  expect(task).toMatchObject({ status: 'succeeded', outputs: [{ extension: 'mp4' }] });
});

test('a result that is larger than anything may be does not fill the disk', async () => {
  scene = await setScene({ limits: { maxOutputBytes: 1_000, collectGraceMs: 30_000 } });
  scene.upstream.files.set('huge.bin', Buffer.alloc(100_000));
  scene.upstream.answer = () => done(fileUrl(scene.upstream, 'huge.bin'));
  expect(await runOne()).toMatchObject({ status: 'failed' });
  expect(await readdir(join(scene.dataDir, 'blobs'))).toEqual(['tmp']);
});

test('a job that does not end is canceled at the deadline, after a last look', async () => {
  scene = await setScene({ canCancel: true });
  scene.upstream.answer = () => working;
  const task = await runOne();
  expect(task).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
  expect(task.endedAtMs).toBe(task.createdAtMs + DEADLINE_MS);
  expect(scene.upstream.jobs).toMatchObject([{ isCanceled: true }]);
});

test('a result that is there at the deadline is kept, though it is late', async () => {
  scene = await setScene();
  const { upstream, clock, house } = scene;
  const { id, createdAtMs } = await house.submit();
  upstream.answer = () => (clock.nowMs() >= createdAtMs + DEADLINE_MS ? done({ text: 'late' }) : working);
  await scene.runToEnd(id);
  expect(await house.view(id)).toMatchObject({ status: 'succeeded', outputs: [{ text: 'late' }] });
});

test('a connection that breaks at the deadline does not lose the result behind it', async () => {
  scene = await setScene();
  const { upstream, clock, house } = scene;
  const { id, createdAtMs } = await house.submit();
  let late = 0;
  upstream.answer = () => {
    if (clock.nowMs() < createdAtMs + DEADLINE_MS) return working;
    late += 1;
    return late < 3 ? 'broken' : done({ text: 'late' });
  };
  await scene.runToEnd(id);
  expect((await house.view(id)).status).toBe('succeeded');
});

test('a result that exists is fetched beyond the deadline, but not for ever', async () => {
  scene = await setScene({ limits: { collectGraceMs: 60_000 } });
  const { upstream, clock, house } = scene;
  const { id, createdAtMs } = await house.submit();
  const readyAtMs = createdAtMs + DEADLINE_MS - 1_000;
  upstream.answer = () => (clock.nowMs() >= readyAtMs ? done(fileUrl(upstream, 'gone.mp4')) : working);
  await scene.runToEnd(id);
  const task = await house.view(id);
  expect(task).toMatchObject({ status: 'failed', error: { code: 'timed_out', message: /could not be fetched/ } });
  expect(task.endedAtMs).toBeGreaterThan(createdAtMs + DEADLINE_MS + 30_000);
});

test('a task that nobody claims in time ends at its deadline', async () => {
  scene = await setScene();
  const { id } = await scene.house.submit();
  await scene.clock.advance(DEADLINE_MS);
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
  expect(scene.upstream.jobs).toEqual([]);
  expect(await attemptsOf(id)).toEqual([]);
});

test('progress is seen at once, never goes back, and is written now and then', async () => {
  scene = await setScene();
  const { upstream, house, clock } = scene;
  const { id } = await house.submit();
  const seen: number[] = [];
  const fractions = [0.1, 0.105, 0.4, 0.2, 0.9];
  upstream.answer = (_job, polls) => {
    void house.view(id).then(({ progress }) => seen.push(progress));
    const fraction = fractions[polls - 1];
    return fraction === undefined ? done({ text: 'made' }) : { status: 'working', fraction };
  };
  house.worker.start();
  await clock.runUntil(() => seen.length === fractions.length);
  expect(seen).toEqual([0, 0.1, 0.105, 0.4, 0.4]);
  await scene.runToEnd(id);
  expect((await house.view(id)).progress).toBe(1);
});

test('news wakes a waiting task at once', async () => {
  scene = await setScene();
  const { upstream, house, clock } = scene;
  upstream.answer = (_job, polls) => (polls === 1 ? { ...working, pollAfterMs: 300_000 } : done({ text: 'made' }));
  const { id, createdAtMs } = await house.submit();
  house.worker.start();
  await clock.runUntil(() => upstream.jobs[0]?.polls === 1);
  house.alarms.wake(id);
  await scene.runToEnd(id);
  expect((await house.view(id)).endedAtMs).toBeLessThan(createdAtMs + 60_000);
});

test('a provider that asks for patience is given it', async () => {
  scene = await setScene();
  scene.upstream.answer = (_job, polls) =>
    polls === 1 ? { ...working, pollAfterMs: 300_000 } : done({ text: 'made' });
  const task = await runOne();
  expect(task.endedAtMs).toBeGreaterThan(task.createdAtMs + 300_000);
  expect(scene.upstream.jobs).toMatchObject([{ polls: 2 }]);
});

test('how long an endpoint takes is learnt, and kept over a restart', async () => {
  scene = await setScene();
  const { upstream, clock } = scene;
  const accepted = new Map<string, number>();
  upstream.answer = ({ id }) => {
    const sinceMs = accepted.get(id) ?? clock.nowMs();
    accepted.set(id, sinceMs);
    return clock.nowMs() - sinceMs >= 60_000 ? done({ text: 'made' }) : working;
  };
  for (let round = 0; round < 6; round += 1) await runOne();
  const [first, last] = [upstream.jobs.at(0)?.polls ?? 0, upstream.jobs.at(-1)?.polls ?? 0];
  expect(last).toBeLessThan(first);
  await scene.restart();
  await runOne();
  expect(upstream.jobs.at(-1)?.polls).toBeLessThan(first);
});

test('a task whose channel is configured no more is not run elsewhere', async () => {
  scene = await setScene();
  scene.upstream.answer = () => working;
  const { id } = await scene.house.submit();
  scene.house.worker.start();
  await scene.clock.runUntil(() => scene.upstream.jobs[0]?.polls === 2);
  await scene.restart([]);
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
});

test('without a channel a task ends with that', async () => {
  scene = await setScene({ providers: [] });
  expect(await runOne()).toMatchObject({ status: 'failed', error: { code: 'no_channel' } });
});

test('the log tells the end of a task and no address with its query', async () => {
  scene = await setScene();
  const { upstream } = scene;
  upstream.answer = (_job, polls) =>
    polls > 2 ? done({ text: 'made' }) : done({ url: `${upstream.url}/files/x?token=secret` });
  const task = await runOne();
  expect(scene.house.logged.find(({ message }) => message === 'task succeeded')?.fields).toMatchObject({
    taskId: task.id,
    accountId: OWNER.accountId,
    channel: 'stand-in',
    attempt: 1,
  });
  expect(JSON.stringify(scene.house.logged)).not.toContain('secret');
});

test('a result that arrives damaged is fetched again, and delivered whole', async () => {
  scene = await setScene();
  const { upstream } = scene;
  const whole = mp4Bytes({ durationMs: 4_000 });
  upstream.files.set('a.mp4', mp4Bytes({ durationMs: 0, isBroken: true }));
  upstream.answer = (_job, polls) => {
    if (polls > 2) upstream.files.set('a.mp4', whole);
    return done(fileUrl(upstream, 'a.mp4'));
  };
  expect(await runOne()).toMatchObject({ status: 'succeeded', outputs: [{ extension: 'mp4' }] });
  expect(upstream.fetches.get('a.mp4')).toBe(3);
});

test('a result that stays unreadable was paid for, and is kept as it is', async () => {
  scene = await setScene();
  const { upstream } = scene;
  upstream.files.set('a.mp4', mp4Bytes({ durationMs: 0, isBroken: true }));
  upstream.answer = () => done(fileUrl(upstream, 'a.mp4'));
  expect(await runOne()).toMatchObject({ status: 'succeeded', outputs: [{ extension: 'mp4' }] });
  expect(upstream.fetches.get('a.mp4')).toBe(3);
});

test('a page of words where a clip was promised is no result', async () => {
  scene = await setScene();
  const { upstream } = scene;
  upstream.files.set('a.mp4', Buffer.from('<html><body>Please log in</body></html>'));
  upstream.answer = () => done(fileUrl(upstream, 'a.mp4'));
  const task = await runOne();
  expect(task).toMatchObject({ status: 'failed', error: { code: 'generation_failed' }, outputs: [], chargeMicros: 0 });
  expect(upstream.fetches.get('a.mp4')).toBe(3);
});

test('what an upstream calls its result leads later requests back to the channel that made it', async () => {
  const given: Pick<Job, 'upstreamIds' | 'elsewhere'>[] = [];
  const maker = (name: string): Provider => ({
    name,
    submitIsRepeatable: false,
    submit: async ({ endpoint, upstreamIds, elsewhere }) => {
      given.push({ upstreamIds, elsewhere });
      return { handle: endpoint.id };
    },
    poll: async (handle) => ({
      state: 'succeeded',
      outputs: [{ kind: 'text', text: '8001' }],
      ...(handle === 'kling-elements' ? { upstreamId: '8001' } : {}),
    }),
  });
  scene = await setScene({ providers: [maker('one')] });
  const picture = (note: string) =>
    `data:image/png;base64,${pngBytes({ widthPx: 400, heightPx: 400, note }).toString('base64')}`;
  const run = async (endpoint: string, body: Record<string, Json>) => {
    const { id } = await scene.house.submit(body, endpoint);
    await scene.runToEnd(id);
  };
  await run('kling-elements', {
    name: 'Mia',
    description: 'A girl in a red coat.',
    imageUrl: picture('front'),
    elementReferList: [picture('side')],
  });
  const use = (element_id: string) =>
    run('kling-v3.0-pro/image-to-video', {
      prompt: '@Element1 waves.',
      firstImageUrl: picture('scene'),
      duration: '5',
      sound: false,
      elementList: [{ element_id }],
    });
  await use('8001');
  await scene.restart([maker('two')]);
  await use('8001');
  await use('7999');
  expect(given.slice(1)).toEqual([
    { upstreamIds: { '8001': '8001' }, elsewhere: [] },
    { upstreamIds: {}, elsewhere: ['8001'] },
    { upstreamIds: {}, elsewhere: [] },
  ]);
});

describe('a job in two steps', () => {
  const made: Progress = { state: 'succeeded', outputs: [{ kind: 'text', text: 'painted' }] };
  const cost = { micros: 5_000_000, currency: 'credits' };
  /** How each try to begin the second step goes. */
  const inSteps = (...tries: readonly (() => Json)[]) => {
    const begun: { next: Json; prompt: Json | undefined; stored: unknown }[] = [];
    const provider: Provider = {
      name: 'in-steps',
      submitIsRepeatable: false,
      submit: async () => ({ handle: 'shape' }),
      async poll(handle) {
        if (handle === 'shape') return { state: 'pending', fraction: 0.5, next: { handle: 'painting', cost } };
        if (handle !== 'painting') return made;
        return { state: 'failed', code: 'outcome_unknown', message: 'nobody knows' };
      },
      async proceed(next, { input }) {
        const rows = await scene.house.db.read<{ handle: string }>({ sql: 'select handle from tasks', parameters: [] });
        begun.push({ next, prompt: input.prompt, stored: rows[0]?.handle });
        return (tries[begun.length - 1] ?? (() => 'painted'))();
      },
    };
    return { begun, provider };
  };
  const refuse = (fault: ConstructorParameters<typeof UpstreamError>[0]) => () => {
    throw new UpstreamError(fault, 'so it is');
  };

  test('the second is written down before it is begun, and then followed', async () => {
    const { begun, provider } = inSteps();
    scene = await setScene({ providers: [provider] });
    expect(await runOne()).toMatchObject({ status: 'succeeded', outputs: [{ text: 'painted' }] });
    expect(begun).toEqual([{ next: 'painting', prompt: 'A paper boat.', stored: '"painting"' }]);
  });

  test('where nothing was begun, it is begun later', async () => {
    const { begun, provider } = inSteps(refuse('rate'), refuse('busy'));
    scene = await setScene({ providers: [provider] });
    expect(await runOne()).toMatchObject({ status: 'succeeded' });
    expect(begun).toHaveLength(3);
  });

  // biome-ignore format: a case a row
  test.each([
    ['refused', refuse('moderation'), 'content_refused', 'failed'],
    ['lost', refuse('unknown'), 'outcome_unknown', 'outcome_unknown'],
    ['lost in an error of ours', () => { throw new Error('a bug'); }, 'outcome_unknown', 'outcome_unknown'],
  ] as const)('where it was %s, it is not begun again', async (_name, how, code, outcome) => {
    const { begun, provider } = inSteps(how);
    scene = await setScene({ providers: [provider] });
    const task = await runOne();
    expect(task).toMatchObject({ status: 'failed', error: { code } });
    expect(await attemptsOf(task.id)).toMatchObject([{ outcome }]);
    expect(begun).toHaveLength(1);
  });

  test('one that may have been begun before a restart is not begun again', async () => {
    const first = inSteps();
    scene = await setScene({ providers: [{ ...first.provider, poll: async () => ({ state: 'pending' }) }] });
    const { id } = await scene.house.submit();
    scene.house.worker.start();
    await scene.clock.runUntil(async () => (await scene.house.view(id)).status === 'running');
    await scene.house.db.write([setHandle(scene.house.db, { id, handle: '"painting"' })]);
    const second = inSteps();
    await scene.restart([second.provider]);
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
    expect(await attemptsOf(id)).toMatchObject([{ outcome: 'outcome_unknown' }]);
    expect([first.begun, second.begun]).toEqual([[], []]);
  });
});
