/** `npm start`: the gateway in a terminal. Everything it is made of is wired in `server.ts`. */
import { ConfigError, loadConfig } from './config.ts';
import { AlreadyRunningError } from './store/owner-lock.ts';
import { type Server, startServer } from './server.ts';

const EXAMPLE = {
  endpoint: 'rhart-video-s-official/text-to-video-pro',
  body: {
    prompt: 'An elderly glassblower exhales into a pipe. A molten vase glows in the dark workshop. The camera slowly pushes in.',
    size: '720x1280',
    duration: '12',
  },
};

function greet({ url, firstKey }: Server, dataDir: string): string {
  const key = firstKey ?? '$KEY';
  return [
    `Reelay is at ${url}   (reference: ${url}/docs)`,
    `Data is in ${dataDir}. Stop with Ctrl-C.`,
    ...(firstKey === undefined ? [] : ['', `Your key, shown this once: ${firstKey}`]),
    '',
    'Try it:',
    `  curl -X POST ${url}/openapi/v2/${EXAMPLE.endpoint} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify(EXAMPLE.body)}'`,
    `  curl -X POST ${url}/openapi/v2/query -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"taskId":"<taskId of the answer>"}'`,
    '',
  ].join('\n');
}

/** Ends the process when asked to, or when the store is gone: a gateway that cannot write may not answer. */
function stopWhenAsked(server: Server): void {
  let isStopping = false;
  const stop = async (code: number) => {
    if (isStopping) return;
    isStopping = true;
    await server.close().catch(() => undefined);
    process.exit(code);
  };
  process.on('SIGINT', () => (isStopping ? process.exit(130) : void stop(0)));
  process.on('SIGTERM', () => void stop(0));
  process.on('SIGHUP', () => void stop(0));
  // The launcher holds the other end: when it is killed, nobody is left who could stop us.
  process.on('disconnect', () => void stop(0));
  server.failed.then(() => stop(1));
}

try {
  const config = loadConfig(process.env);
  const server = await startServer(config);
  stopWhenAsked(server);
  process.stdout.write(`${greet(server, config.databaseUrl === undefined ? config.dataDir : `${config.dataDir} and PostgreSQL`)}\n`);
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof AlreadyRunningError;
  process.stderr.write(`${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
  // A half-started server may hold handles open.
  setImmediate(() => process.exit(1));
}
