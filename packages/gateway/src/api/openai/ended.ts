import type { FastifyRequest } from 'fastify';
import type { Asset, AssetService } from '../../contract/asset.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Caller, OutputView, TaskService, TaskView } from '../../contract/task.ts';

/** As long as the vendor's client waits for an answer. */
const MAX_WAIT_MS = 600_000;

/** Waits until all have ended. A client that goes away waits no longer, and its tasks go on.
 *  @throws {GatewayError} what the first that failed ended with; `timed_out` where one goes on after the longest wait. */
export async function waitForAll(
  tasks: Pick<TaskService, 'wait'>,
  p: { request: FastifyRequest; caller: Caller; made: readonly TaskView[] },
): Promise<TaskView[]> {
  const gone = new AbortController();
  const stop = () => gone.abort();
  const { socket } = p.request.raw;
  socket.once('close', stop);
  try {
    const { signal } = gone;
    const ended = await Promise.all(
      p.made.map(
        async (task) => (await tasks.wait({ caller: p.caller, taskId: task.id, ms: MAX_WAIT_MS, signal })) ?? task,
      ),
    );
    for (const task of ended) throwUnlessMade(task);
    return ended;
  } finally {
    socket.off('close', stop);
  }
}

function throwUnlessMade({ id, status, error }: TaskView): void {
  if (status === 'succeeded') return;
  if (status === 'failed' || status === 'canceled') {
    throw new GatewayError(error?.code ?? 'generation_failed', error?.message ?? `task ${id} ended as ${status}`);
  }
  throw new GatewayError('timed_out', `task ${id} has not ended yet, and goes on: ask for it at /api/v1/tasks/${id}`);
}

/** The stored file behind an output's link. Undefined: it is words alone, or was deleted. */
export async function openOutput(assets: Pick<AssetService, 'open'>, { url }: OutputView): Promise<Asset | undefined> {
  if (url === null) return undefined;
  const { pathname, searchParams } = new URL(url);
  return assets.open({
    fileName: pathname.slice(pathname.lastIndexOf('/') + 1),
    expires: searchParams.get('expires') ?? undefined,
    signature: searchParams.get('signature') ?? undefined,
  });
}
