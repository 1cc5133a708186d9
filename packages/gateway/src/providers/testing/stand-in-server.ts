import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** How one submit goes.
 *  - `lost`: the job is accepted, and the connection breaks before the answer.
 *  - `late-arrival`: the connection breaks, and the job is accepted only when `arrive` is called.
 *  - `silent`: the job is accepted, and nothing is ever answered. */
export type SubmitManner = 'accept' | 'lost' | 'late-arrival' | 'silent' | 'unavailable' | 'busy' | 'refuse';

/** What is said of a job. A number is a status without a body, `broken` a connection that breaks. */
export type Answer = Readonly<Record<string, unknown>> | number | 'broken' | 'endless';

export type StandInJob = { readonly id: string; readonly taskId: string; polls: number; isCanceled: boolean };

export type StandInServer = {
  readonly url: string;
  /** Every job that was accepted, in order. */
  readonly jobs: StandInJob[];
  /** How the next submits go, in order; after them `accept`. */
  readonly manners: SubmitManner[];
  /** What a poll answers. @param polls of this job, this one included. */
  answer: (job: StandInJob, polls: number) => Answer;
  /** Whether a cancel breaks the connection and does nothing. */
  refusesCancel: boolean;
  /** The bytes at `/files/<name>`; a number is a status, `broken` a connection that breaks in the middle. */
  readonly files: Map<string, Buffer | number | 'broken'>;
  /** How often each file was asked for. */
  readonly fetches: Map<string, number>;
  /** Lets what is late arrive. */
  arrive(): void;
  close(): Promise<void>;
};

/** An upstream of the common kind, on a real socket, that can be told to misbehave. Its jobs are done at the first poll
 *  and have one text, unless `answer` says otherwise. */
export async function startStandIn(p: { isIdempotent?: boolean } = {}): Promise<StandInServer> {
  const late: (() => void)[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  const standIn: StandInServer = {
    url: `http://127.0.0.1:${port}`,
    jobs: [],
    manners: [],
    answer: () => ({ status: 'done', outputs: [{ text: 'made' }] }),
    refusesCancel: false,
    files: new Map(),
    fetches: new Map(),
    arrive: () => {
      for (const accept of late.splice(0)) accept();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const accept = (taskId: string): StandInJob => {
    const known = standIn.jobs.find((job) => job.taskId === taskId);
    if (p.isIdempotent === true && known !== undefined) return known;
    const job = { id: `job-${standIn.jobs.length + 1}`, taskId, polls: 0, isCanceled: false };
    standIn.jobs.push(job);
    return job;
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', standIn.url);
    const [, collection, id] = pathname.split('/');
    if (collection === 'files') return sendFile(response, id ?? '');
    if (request.method === 'POST') return takeJob(request, response);
    const job = standIn.jobs.find((one) =>
      id === undefined ? one.taskId === searchParams.get('task') : one.id === id,
    );
    if (job === undefined) return send(response, 404, {});
    if (id === undefined) return send(response, 200, { id: job.id });
    if (request.method === 'DELETE') {
      if (standIn.refusesCancel) return void response.destroy();
      job.isCanceled = true;
      return send(response, 200, {});
    }
    job.polls += 1;
    const answer = standIn.answer(job, job.polls);
    if (answer === 'broken') return void response.destroy();
    if (answer === 'endless') return sendEndless(response);
    if (typeof answer === 'number') return send(response, answer, {});
    send(response, 200, answer);
  }

  async function takeJob(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The adapter beside this file sends nothing else.
    const { taskId } = (await json(request)) as { taskId: string };
    switch (standIn.manners.shift() ?? 'accept') {
      case 'accept':
        return send(response, 202, { id: accept(taskId).id });
      case 'lost':
        accept(taskId);
        return void response.destroy();
      case 'late-arrival':
        late.push(() => void accept(taskId));
        return void response.destroy();
      case 'silent':
        return void accept(taskId);
      case 'unavailable':
        return send(response, 503, {});
      case 'busy':
        return send(response, 429, {});
      case 'refuse':
        return send(response, 422, { message: 'the prompt breaks the rules of the upstream' });
    }
  }

  function sendFile(response: ServerResponse, name: string): void {
    standIn.fetches.set(name, (standIn.fetches.get(name) ?? 0) + 1);
    const file = standIn.files.get(name) ?? 404;
    if (typeof file === 'number') send(response, file, {});
    else if (file !== 'broken') response.end(file);
    else response.writeHead(200, { 'content-length': 1_000 }).write('half', () => response.destroy());
  }
  return standIn;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendEndless(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write('"'.padEnd(65_536, 'a')));
  };
  response.on('drain', more);
  more();
}
