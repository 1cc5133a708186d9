import { readFile } from 'node:fs/promises';
import type { Input, Json } from '@reelay/catalog';
import { type FaultName, LATE_MS, RETRY_AFTER_MS } from '@reelay/standin';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FAULTS, type Fault, UpstreamError } from '../fault.ts';
import type { CallbackRequest, Job, Progress, ProviderOutput } from '../provider.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { openScene, PACE, type Scene, type SceneOptions } from './scene.ts';

export type ProviderContract = SceneOptions & {
  /** One endpoint for each way in which the upstream takes jobs. The first meets every fault. */
  readonly endpoints: readonly [string, ...string[]];
  /** What is asked for where the example of an endpoint is refused. */
  readonly inputs?: Readonly<Record<string, Input>>;
  /** The class of a fault where the words of this upstream do not tell what they usually tell. */
  readonly expects?: Readonly<Partial<Record<FaultName, Fault>>>;
  /** Faults that this upstream cannot have, each with the reason. */
  readonly without?: Readonly<Partial<Record<FaultName, string>>>;
};

/** What a submit that is refused must be called. */
const REFUSALS: readonly (readonly [FaultName, Fault])[] = [
  ['refuse-auth', 'auth'],
  ['refuse-quota', 'quota'],
  ['refuse-rate', 'rate'],
  ['refuse-rate-no-hint', 'rate'],
  ['refuse-busy', 'busy'],
  ['refuse-invalid', 'invalid'],
  ['refuse-media', 'media'],
  ['refuse-moderation', 'moderation'],
  ['model-gone', 'model_gone'],
];
/** Answers after which nobody knows whether there is a job, and how many there are. */
const UNCLEAR: readonly (readonly [FaultName, number])[] = [
  ['lost-before', 0],
  ['lost-answer', 1],
  ['html-answer', 1],
  ['truncated-json', 1],
  ['oversized-answer', 1],
  ['server-error-after-accept', 1],
];
const SPOILT_POLLS: readonly (readonly [FaultName, Fault])[] = [
  ['poll-5xx', 'busy'],
  ['poll-429', 'rate'],
  ['poll-reset', 'busy'],
  ['poll-html', 'busy'],
];
const BAD_LINKS: readonly (readonly [FaultName, number])[] = [
  ['link-403', 403],
  ['link-404', 404],
];

/** What every provider must do, whatever its upstream does. Nothing here waits for real time to pass. */
export function providerContract(contract: ProviderContract): void {
  const { endpoints, inputs = {}, expects = {}, without = {}, ...options } = contract;
  const { type, standin: definition } = options;
  const [first] = endpoints;
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(options);
  });
  afterEach(() => {
    for (const text of scene.said.splice(0)) for (const secret of scene.secrets) expect(text).not.toContain(secret);
    scene.standin.control.reset();
  });
  afterAll(() => scene.close());

  const has = ([fault]: readonly [FaultName, unknown]) => without[fault] === undefined;
  const order = (fault: FaultName, fits = {}) => scene.standin.control.fault(fault, fits);
  const submits = () => scene.standin.control.requests.filter(({ kind }) => kind === 'submit').length;
  const jobs = () => scene.standin.control.jobs;
  const jobOf = (id: string, more: Partial<Job> = {}): Job => {
    const input = inputs[id];
    return input === undefined ? scene.job(id, more) : scene.jobOf(id, input, more);
  };
  const advance = (ms: number) => scene.standin.control.advance(ms);
  const accept = async (id = first, more = {}) => (await scene.submit(jobOf(id, more))).handle;
  /** Whether the answer to a submit is the result. */
  const isSynchronous = () => jobs().at(-1)?.endedAtMs === jobs().at(-1)?.createdAtMs;
  const errorOf = async (work: Promise<unknown>): Promise<UpstreamError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // Whatever else it is shows here.
    expect(error).toBeInstanceOf(UpstreamError);
    return error as UpstreamError;
  };

  describe('a job that goes well', () => {
    test.each(endpoints)('%s: from submit to its files', async (id) => {
      const { handle } = await scene.submit(jobOf(id));
      expect(JSON.parse(JSON.stringify(handle))).toEqual(handle);
      expect([submits(), jobs().length]).toEqual([1, 1]);
      if (!isSynchronous()) {
        expect((await scene.poll(handle)).state, 'while it waits').toBe('pending');
        await advance(PACE.queuedMs + PACE.runningMs / 2);
        expectPending(await scene.poll(handle));
      }
      const end = await scene.follow(handle);
      expect(end).toMatchObject({ state: 'succeeded' });
      if (end.state !== 'succeeded') return;
      if (end.cost !== undefined) expect(Number.isSafeInteger(end.cost.micros) && end.cost.micros >= 0).toBe(true);
      await expectOutputs(end.outputs);
    });

    test('a restart finds it by its handle', async () => {
      const handle: Json = JSON.parse(JSON.stringify(await accept()));
      const end = await scene.follow(handle);
      expect(await scene.poll(handle, scene.create())).toEqual(end);
      expect([submits(), jobs().length]).toEqual([1, 1]);
    });

    test('ids of 63 bits and unknown members do not disturb it', async () => {
      order('big-ids');
      order('extra-members');
      const handle = await accept();
      expect(await scene.follow(handle)).toMatchObject({ state: 'succeeded' });
    });

    test('a link that has expired gives nothing', async () => {
      const end = await scene.run(jobOf(first));
      await advance(definition.links.lifetimeMs + 1);
      for (const output of outputsOf(end))
        if (output.kind === 'url') expect((await fetchOutput(output)).status).toBe(403);
    });
  });

  describe('a submit that is refused', () => {
    test.each(REFUSALS.filter(has))('%s', async (fault, expected) => {
      order(fault);
      const error = await errorOf(accept());
      expect(error.fault).toBe(expects[fault] ?? expected);
      expect(error.retryAfterMs).toBe(fault === 'refuse-rate' ? RETRY_AFTER_MS : undefined);
      expect([submits(), jobs().length]).toEqual([1, 0]);
    });

    test('credentials that are wrong', async () => {
      const credentials = Object.fromEntries(type.credentials.map(({ name }) => [name, 'not-the-right-one']));
      const stranger = scene.create({ credentials });
      const error = await errorOf(stranger.submit(jobOf(first), AbortSignal.timeout(60_000)));
      expect(error.fault).toBe('auth');
      if (stranger.check !== undefined) {
        expect((await errorOf(stranger.check(AbortSignal.timeout(60_000)))).fault).toBe('auth');
        await scene.provider.check?.(AbortSignal.timeout(60_000));
      }
      expect(jobs()).toEqual([]);
    });
  });

  describe('a submit whose fate is open is never called safe to repeat', () => {
    test.each(UNCLEAR.filter(has))('%s', async (fault, made) => {
      order(fault);
      const job = jobOf(first);
      const error = await errorOf(scene.submit(job));
      expect(FAULTS[error.fault].accepted).toBe('unknown');
      expect([submits(), jobs().length]).toEqual([1, made]);
      if (scene.provider.find === undefined) return;
      const found = await scene.provider.find(job, AbortSignal.timeout(60_000)).catch(toOpen);
      // It is in no list, and says so.
      if (found === 'open') return;
      if (made === 0) expect(found).toBeUndefined();
      else expect(await scene.follow(found?.handle ?? null)).toMatchObject({ state: 'succeeded' });
      expect(submits()).toBe(1);
    });

    test('an answer that takes too long', async () => {
      order('slow-answer');
      const impatience = new AbortController();
      const isMade = scene.standin.control.nextJob();
      const submitted = scene.submit(jobOf(first), impatience.signal);
      submitted.catch(() => {});
      await isMade;
      impatience.abort(new Error('enough'));
      const error: unknown = await submitted.catch((reason: unknown) => reason);
      if (error instanceof UpstreamError) expect(FAULTS[error.fault].accepted).toBe('unknown');
      else expect(error).toBeInstanceOf(Error);
      expect([submits(), jobs().length]).toEqual([1, 1]);
    });

    test('a signal that has fired already', async () => {
      await expect(scene.submit(jobOf(first), AbortSignal.abort(new Error('enough')))).rejects.toThrow();
      expect(submits()).toBe(0);
    });
  });

  describe('polls', () => {
    test.each(SPOILT_POLLS.filter(has))('%s is no answer, and the next one counts', async (fault, expected) => {
      order(fault);
      const handle = await accept();
      if (isSynchronous()) return;
      const error = await errorOf(scene.poll(handle));
      expect(error.fault).toBe(expects[fault] ?? expected);
      if (fault === 'poll-429') expect(error.retryAfterMs).toBe(RETRY_AFTER_MS);
      expect(await scene.follow(handle)).toMatchObject({ state: 'succeeded' });
    });

    test.each(SPOILT_POLLS.filter(has))('%s does not lose a result that is there', async (fault) => {
      order(fault);
      const handle = await accept();
      if (isSynchronous()) return;
      await advance(PACE.queuedMs + PACE.runningMs);
      await errorOf(scene.poll(handle));
      expect(await scene.follow(handle)).toMatchObject({ state: 'succeeded' });
    });

    test('a word that nobody knows means that it goes on', async () => {
      order('unknown-word');
      const handle = await accept();
      if (isSynchronous()) return;
      await advance(PACE.queuedMs);
      expectPending(await scene.poll(handle));
      expect(await scene.follow(handle)).toMatchObject({ state: 'succeeded' });
    });

    test('a job that never ends is pending for ever', async () => {
      order('never-ends');
      // A synchronous one is `an answer that takes too long`.
      const impatience = new AbortController();
      const isMade = scene.standin.control.nextJob();
      const submitted = scene.submit(jobOf(first), impatience.signal);
      submitted.catch(() => {});
      await isMade;
      if (isSynchronous()) return impatience.abort();
      const { handle } = await submitted;
      await advance(30 * 3_600_000);
      expectPending(await scene.poll(handle));
    });

    test('a job that vanishes has failed', async () => {
      order('job-vanishes');
      const handle = await accept();
      if (isSynchronous()) return;
      await advance(PACE.queuedMs);
      expect(await scene.poll(handle)).toMatchObject({ state: 'failed' });
    });
  });

  describe('ends', () => {
    const codeOf = (fault: FaultName, usual: Fault) => FAULTS[expects[fault] ?? usual].code;

    test.runIf(without['fail-moderation'] === undefined)('a result that breaks the rules', async () => {
      order('fail-moderation');
      const end = await scene.run(jobOf(first));
      expect(end).toMatchObject({ state: 'failed', code: codeOf('fail-moderation', 'moderation') });
      expectMessage(end);
    });

    test.runIf(without['fail-upstream'] === undefined)('a job that failed at the upstream', async () => {
      order('fail-upstream');
      const end = await scene.run(jobOf(first));
      expect(end).toMatchObject({ state: 'failed', code: codeOf('fail-upstream', 'failed') });
      expectMessage(end);
    });

    test.runIf(without['done-without-file'] === undefined)('done, and no file: it failed', async () => {
      order('done-without-file');
      const end = await scene.run(jobOf(first));
      expect(end.state).toBe('failed');
      if (end.state !== 'failed') return;
      expect(['generation_failed', 'content_refused']).toContain(end.code);
      expectMessage(end);
    });

    test.each(BAD_LINKS.filter(has))('%s: the job is done, whatever becomes of its file', async (fault, status) => {
      order(fault);
      const end = await scene.run(jobOf(first));
      expect(end).toMatchObject({ state: 'succeeded' });
      for (const output of outputsOf(end)) {
        if (output.kind === 'url') expect((await fetchOutput(output)).status).toBe(status);
      }
    });

    test('link-truncated: a file that is cut off can be told from a whole one', async () => {
      order('link-truncated');
      const end = await scene.run(jobOf(first));
      for (const output of outputsOf(end)) {
        if (output.kind !== 'url') continue;
        // Once before the announced length, once between two chunks.
        for (let tries = 0; tries < 2; tries += 1) {
          await expect(fetchOutput(output).then((response) => response.bytes())).rejects.toThrow();
        }
      }
    });
  });

  describe('cancel', () => {
    test('a job that waits is stopped', async () => {
      const { provider } = scene;
      if (provider.cancel === undefined) return;
      const handle = await accept();
      if (isSynchronous()) return;
      await provider.cancel(handle, AbortSignal.timeout(60_000));
      expect(jobs()[0]).toMatchObject({ state: 'failed', failure: 'canceled', cancels: 1 });
      expect(await scene.follow(handle)).toMatchObject({ state: 'failed', code: 'canceled' });
    });

    test('too late is an error, and the job goes on', async () => {
      const { provider } = scene;
      if (provider.cancel === undefined) return;
      order('cancel-too-late');
      const handle = await accept();
      if (isSynchronous()) return;
      await expect(provider.cancel(handle, AbortSignal.timeout(60_000))).rejects.toThrow();
      expect(await scene.follow(handle)).toMatchObject({ state: 'succeeded' });
    });
  });

  describe.runIf(definition.callback !== undefined)('callbacks', () => {
    let receiver: Receiver;
    beforeAll(async () => {
      receiver = await startReceiver();
    });
    afterEach(() => void receiver.received.splice(0));
    afterAll(() => receiver.close());

    const verify = async (request: CallbackRequest | undefined) => {
      if (request === undefined) throw new Error('no callback came');
      return scene.provider.verifyCallback?.(request, AbortSignal.timeout(60_000));
    };
    const start = async (...faults: FaultName[]) => {
      for (const fault of faults) order(fault);
      const handle = await accept(first, { callbackUrl: receiver.url });
      expect(jobs()[0]?.callbackUrl).toBe(receiver.url);
      return handle;
    };
    const end = () => advance(PACE.queuedMs + PACE.runningMs);

    test('the end is told, and a changed or unsigned call is not taken for genuine', async () => {
      const handle = await start();
      await end();
      const last = receiver.received.at(-1);
      const word = await verify(last);
      expect(['genuine', 'hint']).toContain(word);
      expect(await scene.poll(handle)).toMatchObject({ state: 'succeeded' });
      if (last === undefined) return;
      const notGenuine = word === 'genuine' ? 'forged' : 'hint';
      const changed = Buffer.from(
        last.body.toString('utf8').replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
      );
      expect(await verify({ ...last, body: changed })).toBe(notGenuine);
      expect(await verify({ ...last, headers: { 'content-type': 'application/json' } })).toBe(notGenuine);
      expect(['forged', 'hint']).toContain(await verify({ ...last, headers: {}, body: Buffer.from('nonsense') }));
    });

    test('a forged one is not believed', async () => {
      const handle = await start('forged-callback');
      const before = receiver.received.length;
      await advance(PACE.queuedMs);
      const words = await Promise.all(receiver.received.slice(before).map(verify));
      expect(words.some((word) => word === 'forged' || word === 'hint')).toBe(true);
      expect(scene.standin.control.deliveries.filter(({ kind }) => kind === 'forged').length).toBe(1);
      expectPending(await scene.poll(handle));
    });

    test('one that comes twice says the same twice', async () => {
      const handle = await start('duplicate-callback');
      await end();
      const [one, other] = receiver.received.slice(-2);
      expect(await verify(one)).toBe(await verify(other));
      expect(one?.body).toEqual(other?.body);
      expect(await scene.poll(handle)).toMatchObject({ state: 'succeeded' });
    });

    test('one that never comes is not needed', async () => {
      const handle = await start('no-callback');
      await end();
      expect(receiver.received).toEqual([]);
      expect(await scene.poll(handle)).toMatchObject({ state: 'succeeded' });
    });

    test('one that comes late is not needed', async () => {
      const handle = await start('late-callback');
      await end();
      expect(await scene.poll(handle)).toMatchObject({ state: 'succeeded' });
      const before = receiver.received.length;
      await advance(LATE_MS);
      expect(receiver.received.length).toBe(before + 1);
      expect(['genuine', 'hint']).toContain(await verify(receiver.received.at(-1)));
    });
  });

  function toOpen(error: unknown): 'open' {
    if (error instanceof UpstreamError && error.fault === 'unknown') return 'open';
    throw error;
  }
  function expectPending(progress: Progress): void {
    expect(progress.state).toBe('pending');
    if (progress.state !== 'pending' || progress.fraction === undefined) return;
    expect(progress.fraction >= 0 && progress.fraction <= 1).toBe(true);
  }
  function expectMessage(end: Progress): void {
    if (end.state === 'failed') expect(end.message.trim()).not.toBe('');
  }
  const outputsOf = (end: Progress): readonly ProviderOutput[] => (end.state === 'succeeded' ? end.outputs : []);
  const fetchOutput = async ({ url, needsCredentials }: ProviderOutput & { kind: 'url' }) =>
    fetch(url, {
      headers:
        needsCredentials === true
          ? await scene.provider.downloadHeaders?.(url, AbortSignal.timeout(60_000))
          : undefined,
    } as RequestInit);

  /** The files of the job in their order, as they were made. */
  async function expectOutputs(outputs: readonly ProviderOutput[]): Promise<void> {
    const made = jobs()[0]?.outputs ?? [];
    expect(made.length).toBeGreaterThan(0);
    expect(outputs.length).toBe(made.length);
    for (const [index, output] of outputs.entries()) {
      const expected = made[index]?.bytes ?? Buffer.alloc(0);
      if (output.kind === 'text') expect(output.text).toBe(expected.toString('utf8').trim());
      else if (output.kind === 'file') expect(await readFile(output.path)).toEqual(expected);
      else expect(Buffer.from(await (await fetchOutput(output)).arrayBuffer())).toEqual(expected);
    }
  }
}
