import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type Input, type Json, TASKS } from '@reelay/catalog';
import {
  RenderError,
  type RenderErrorCode,
  type Renderer,
  type RenderRequest,
  type RenderResult,
} from '@reelay/preview';
import { z } from 'zod';
import { type ErrorCode, GatewayError } from '../../contract/errors.ts';
import type { Log } from '../../contract/log.ts';
import type { Job, Progress, Provider, ProviderOutput } from '../provider.ts';

/** A child that crashed may have met a fault of the moment. One that crashes again has met the job. */
const MAX_TRIES = 2;
const PROGRESS_STEP = 0.01;
/** A child that is being killed may still write a file into a folder that is being removed. */
const REMOVE = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

/** The whole job: a process that has never heard of it can draw it from this. */
const Handle = z.object({
  taskId: z.string(),
  endpoint: z.string(),
  task: z.enum(TASKS),
  output: z.enum(['video', 'image', 'audio', '3d', 'string']),
  input: z.record(z.string(), z.json()),
  /** Paths are relative to the folder of renders, so that the data folder can be moved. */
  media: z.record(
    z.string(),
    z.array(
      z.object({
        path: z.string(),
        facts: z.object({
          kind: z.enum(['image', 'video', 'audio']),
          format: z.string(),
          sizeBytes: z.number(),
          widthPx: z.number().exactOptional(),
          heightPx: z.number().exactOptional(),
          durationMs: z.number().exactOptional(),
          hasAudio: z.boolean().exactOptional(),
        }),
      }),
    ),
  ),
  seed: z.number(),
});
type Handle = z.infer<typeof Handle>;

/** A render of this process. */
type Work = {
  fraction: number;
  /** Undefined while it runs. */
  end: Exclude<Progress, { state: 'pending' }> | undefined;
  readonly controller: AbortController;
  /** Settles when nothing writes to the folder any more. */
  settled: Promise<void>;
};

type Deps = {
  readonly renderer: Pick<Renderer, 'render'>;
  /** Holds a folder for each render. Nothing in it outlives the process: what is there at the start is removed. */
  readonly rendersDir: string;
  /** Is told when there is news of a task. */
  readonly wake: (taskId: string) => void;
  readonly log: Log;
};

/** The renderer of this process as a provider. A render that a stop or a crash cut off begins again at the next poll, and
 *  makes the same bytes: the handle holds everything it depends on. */
export function createPreviewProvider(deps: Deps): Provider {
  const works = new Map<string, Work>();
  const swept = rm(deps.rendersDir, REMOVE);
  swept.catch(() => undefined); // Whoever needs the folder first will meet the error.
  const folderOf = ({ taskId }: Handle) => join(deps.rendersDir, taskId);

  const forget = async (handle: Handle, work: Work | undefined) => {
    if (works.get(handle.taskId) === work) works.delete(handle.taskId);
    await rm(folderOf(handle), REMOVE);
  };
  const run = async (handle: Handle, work: Work) => {
    try {
      await swept;
      work.end = toSuccess(await render(deps, handle, work));
    } catch (error) {
      // Called off, by us or because the process ends: whoever polls next begins it again.
      if (error instanceof RenderError && error.code === 'canceled') return forget(handle, work);
      deps.log.warn({ taskId: handle.taskId, endpoint: handle.endpoint, err: error }, 'a preview failed');
      work.end = toFailure(error);
      await rm(folderOf(handle), REMOVE);
    }
    deps.wake(handle.taskId);
  };
  const start = (handle: Handle): Work => {
    const work: Work = { fraction: 0, end: undefined, controller: new AbortController(), settled: Promise.resolve() };
    works.set(handle.taskId, work);
    // A folder that cannot be removed is swept at the next start.
    work.settled = run(handle, work).catch(() => undefined);
    return work;
  };

  return {
    name: 'preview',
    submitIsRepeatable: true,
    async submit(job) {
      refuseForeignIds(job);
      const handle = toHandle(job, deps.rendersDir);
      if (!works.has(handle.taskId)) start(handle);
      return { handle };
    },
    async poll(stored) {
      const handle = Handle.parse(stored);
      const work = works.get(handle.taskId) ?? start(handle);
      // A success is kept until its files are taken over; of a failure nothing is left.
      if (work.end?.state === 'failed') works.delete(handle.taskId);
      return work.end ?? { state: 'pending', fraction: work.fraction };
    },
    async cancel(stored) {
      const handle = Handle.parse(stored);
      const work = works.get(handle.taskId);
      work?.controller.abort();
      await work?.settled;
      await forget(handle, work);
    },
    async release(stored) {
      const handle = Handle.parse(stored);
      await forget(handle, works.get(handle.taskId));
    },
  };
}

/** What was made elsewhere cannot be drawn on here. */
function refuseForeignIds({ foreignIds }: Job): void {
  if (foreignIds.length === 0) return;
  const problems = foreignIds.map(({ field, id }) => ({
    field,
    message: `${field}: there is no result ${JSON.stringify(id.slice(0, 64))} here; send an id that this server answered to this account`,
  }));
  throw new GatewayError('invalid_input', problems.map(({ message }) => message).join('; '), { details: problems });
}

function toHandle({ taskId, endpoint, input, media }: Job, rendersDir: string): Handle & Json {
  const files = Object.entries(media)
    // The files of single places are those of the parameter once more.
    .filter(([name]) => !name.includes('['))
    .map(([name, list]) => [
      name,
      list.map(({ path, facts }) => ({ path: relative(rendersDir, path), facts: { ...facts } })),
    ]);
  const { id, task, output } = endpoint;
  return {
    taskId,
    endpoint: id,
    task,
    output,
    input: { ...input },
    media: Object.fromEntries(files),
    seed: toSeed(input, taskId),
  };
}

/** A seed that was sent makes the same request the same bytes. Without one, each task draws its own: a caller who asks
 *  twice wants to see two. Negative means "choose for me". */
export function toSeed({ seed }: Input, taskId: string): number {
  const sent = typeof seed === 'string' && /^\d+$/.test(seed) ? Number(seed) : seed;
  if (typeof sent === 'number' && Number.isSafeInteger(sent) && sent >= 0) return sent;
  return createHash('sha256').update(taskId).digest().readUInt32BE(0);
}

async function render({ renderer, rendersDir, wake }: Deps, handle: Handle, work: Work): Promise<RenderResult> {
  const { taskId, endpoint, task, output, input, seed } = handle;
  const outputDir = join(rendersDir, taskId);
  const media = Object.fromEntries(
    Object.entries(handle.media).map(([name, files]) => [
      name,
      files.map(({ path, facts }) => ({ path: resolve(rendersDir, path), facts })),
    ]),
  );
  const request: RenderRequest = { endpoint, task, output, input, media, seed, taskId, outputDir };
  const onProgress = (fraction: number) => {
    if (fraction - work.fraction < PROGRESS_STEP) return;
    work.fraction = fraction;
    wake(taskId);
  };
  for (let tries = 1; ; tries += 1) {
    await rm(outputDir, REMOVE);
    await mkdir(outputDir, { recursive: true, mode: 0o700 });
    try {
      return await renderer.render(request, { signal: work.controller.signal, onProgress });
    } catch (error) {
      const isCrash = error instanceof RenderError && error.code === 'crashed';
      if (!isCrash || tries >= MAX_TRIES) throw error;
    }
  }
}

function toSuccess({ files, text }: RenderResult): Progress & { state: 'succeeded' } {
  const made = files.map(({ path, extension }): ProviderOutput => ({ kind: 'file', path, extension }));
  return { state: 'succeeded', outputs: [...made, ...(text === undefined ? [] : [{ kind: 'text' as const, text }])] };
}

const CODES: Readonly<Record<RenderErrorCode, ErrorCode>> = {
  bad_media: 'media_unusable',
  bad_input: 'invalid_input',
  crashed: 'generation_failed',
  out_of_memory: 'generation_failed',
  timed_out: 'timed_out',
  unavailable: 'provider_unavailable',
  canceled: 'canceled',
};

function toFailure(error: unknown): Progress & { state: 'failed' } {
  if (error instanceof RenderError) return { state: 'failed', code: CODES[error.code], message: error.message };
  return { state: 'failed', code: 'internal', message: 'the preview could not be drawn' };
}
