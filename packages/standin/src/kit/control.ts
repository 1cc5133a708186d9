import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Delivery } from './callbacks.ts';
import { FAULT_NAMES, FAULTS, type FaultName } from './faults.ts';
import type { Job } from './jobs.ts';
import type { FaultOrder } from './orders.ts';

/** A request that the stand-in got. Credentials are left out. */
export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly kind: 'submit' | 'poll' | 'cancel' | 'other' | 'file' | 'unknown';
  readonly body: unknown;
  readonly atMs: number;
};

/** How a stand-in is told what to do, and asked what it saw. */
export type Control = {
  /** Orders a fault for the next job, or for those that fit. */
  fault(fault: FaultName, fits?: Omit<FaultOrder, 'fault'>): void;
  /** Oldest first. */
  readonly jobs: readonly Job[];
  readonly requests: readonly Seen[];
  readonly deliveries: readonly Delivery[];
  /** Callbacks that are on their way, and answers that are held back until the clock has moved. */
  readonly underWay: { readonly callbacks: number; readonly held: number };
  nowMs(): number;
  /** Puts the clock forward, and waits for the callbacks that this sends. */
  advance(ms: number): Promise<void>;
  /** Waits until a job has been made that was not there when the call was made. */
  nextJob(): Promise<Job>;
  /** Forgets jobs, orders, requests and links. */
  reset(): void;
};

const Order = z.strictObject({
  // The keys of a constant.
  fault: z.enum(FAULT_NAMES as [FaultName, ...FaultName[]]),
  order: z.int().min(1).exactOptional(),
  model: z.string().exactOptional(),
  text: z.string().exactOptional(),
  jobs: z.int().min(0).exactOptional(),
  polls: z.int().min(1).exactOptional(),
});
const Advance = z.strictObject({ advanceMs: z.int().min(0) });

/** The same control over HTTP, below `/_standin`. */
export function controlRoutes(app: FastifyInstance, control: Control, orders: { list(): readonly FaultOrder[] }): void {
  const read = <T>(schema: z.ZodType<T>, body: unknown): T => {
    const text = Buffer.isBuffer(body) ? body.toString('utf8') : '';
    return schema.parse(text === '' ? undefined : JSON.parse(text));
  };
  app.get('/_standin/faults', async () => ({ faults: FAULTS, ordered: orders.list() }));
  app.post('/_standin/faults', async ({ body }, reply) => {
    const { fault, ...fits } = read(Order, body);
    control.fault(fault, fits);
    return reply.code(201).send({ ordered: orders.list() });
  });
  app.get('/_standin/jobs', async () => ({ jobs: control.jobs.map(toView) }));
  app.get('/_standin/requests', async () => ({ requests: control.requests }));
  app.get('/_standin/callbacks', async () => ({ callbacks: control.deliveries }));
  app.post('/_standin/time', async ({ body }) => {
    await control.advance(read(Advance, body).advanceMs);
    return { now: new Date(control.nowMs()).toISOString() };
  });
  app.post('/_standin/reset', async () => {
    control.reset();
    return {};
  });
}

const toView = ({ request, outputs, faults, wireId: _, ...job }: Job) => ({
  ...job,
  faults: [...faults],
  body: request.body,
  outputs: outputs.map(({ fileName, url, mediaType, bytes }) => ({
    fileName,
    url,
    mediaType,
    sizeBytes: bytes.length,
  })),
});
