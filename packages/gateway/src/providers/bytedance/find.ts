import { createHash } from 'node:crypto';
import type { Json } from '@reelay/catalog';
import { taskIdTimeMs } from '../../lib/ids.ts';
import { UpstreamError } from '../fault.ts';
import type { Upstream } from '../kit/upstream.ts';
import type { Job } from '../provider.ts';
import { List, type Listed } from './wire.ts';

// Ark takes no id of ours. What it tells of a job are its settings, the seed among them: where the caller names none, the
// seed is made of our id, and an echo of it is proof.

const PAGE_SIZE = 100;
const MAX_PAGES = 10;
/** Their clock may be slow. */
const SLACK_MS = 120_000;

/** A seed that is nobody else's. 31 bits, which every model takes. */
const seedOf = (taskId: string): number => createHash('sha256').update(taskId).digest().readUInt32BE(0) >>> 1;

/** Undefined: the caller named one, and may name it again. */
export const ownSeed = ({ input, taskId }: Job): number | undefined =>
  input.seed === undefined || input.seed === -1 ? seedOf(taskId) : undefined;

/** The id of a job that was submitted with this body. Undefined: there is none.
 *  @throws {UpstreamError} `unknown` where a job may be ours, and nothing proves it. */
export async function findJob(
  upstream: Upstream,
  p: { job: Job; body: Readonly<Record<string, Json>> },
  signal: AbortSignal,
): Promise<string | undefined> {
  const sinceS = (taskIdTimeMs(p.job.taskId) - SLACK_MS) / 1_000;
  const seed = ownSeed(p.job);
  let seen = 0;
  let isAnyOpen = false;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const query = { page_num: String(page), page_size: String(PAGE_SIZE), 'filter.model': String(p.body.model) };
    const call = { method: 'GET', path: '/contents/generations/tasks', query } as const;
    const { items, total } = await upstream.read(call, List, signal);
    const listed = items ?? [];
    const ours = seed === undefined ? undefined : listed.find((one) => one.seed === seed);
    if (ours !== undefined) return ours.id;
    isAnyOpen ||= listed.some((one) => (one.created_at ?? sinceS) >= sinceS && !differs(one, p.body));
    seen += listed.length;
    if (listed.length === 0 || seen >= (total ?? seen)) return close(isAnyOpen);
  }
  return close(true);
}

function close(isAnyOpen: boolean): undefined {
  if (isAnyOpen) throw new UpstreamError('unknown', 'Ark has jobs that may be this one, and nothing that proves it');
}

/** Whether a job was made with other settings than the body names. */
const differs = (listed: Listed, body: Readonly<Record<string, Json>>): boolean =>
  (['resolution', 'ratio', 'duration', 'generate_audio'] as const).some((name) => {
    const [asked, said] = [body[name], listed[name]];
    // `adaptive` and -1 leave it to the model.
    return asked !== undefined && asked !== 'adaptive' && asked !== -1 && said != null && said !== asked;
  });
